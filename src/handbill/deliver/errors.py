"""What can go wrong at this edge, told once to whoever runs the command."""

from typing import Literal


class DeliveryError(Exception):
    """An operating fault: the message says what happened, what stayed as it was, and what to do.

    *kind* is ``settings`` (wrong usage or settings), ``decide`` (a person must decide) or ``passing`` (what is left
    goes on with the next run). The message names no subscriber's address.
    """

    def __init__(self, message: str, kind: Literal["settings", "decide", "passing"] = "passing") -> None:
        """Say *message*."""
        super().__init__(message)
        self.kind = kind
