"""What can go wrong at this edge, told once to whoever runs the command."""

from typing import Literal

from handbill.failure import FailureError

_STATUS = {"settings": 2, "decide": 3, "passing": 75}


class DeliveryError(FailureError):
    """An operating fault. The message names no subscriber's address.

    *kind* is ``settings`` (wrong usage or settings), ``decide`` (a person must decide) or ``passing`` (what is left
    goes on with the next run).
    """

    def __init__(self, message: str, kind: Literal["settings", "decide", "passing"] = "passing") -> None:
        """Say *message*."""
        super().__init__(message)
        self.kind = kind
        self.status = _STATUS[kind]
