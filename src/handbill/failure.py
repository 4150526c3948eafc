"""Operating errors: each edge has one type, all are told once, by `cli`."""

FAULT = 70
"""The exit status for a fault of ours (EX_SOFTWARE of sysexits.h)."""


class FailureError(Exception):
    """Something outside went wrong, or a person must act.

    The message says in a line what happened, what stayed as it was, and what to do; *status* is the exit status.
    """

    status: int = 75
