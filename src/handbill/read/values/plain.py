"""Whole numbers and true or false."""

from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import kind_of


def whole(value: Any, checking: Checking) -> int | None:
    """A whole number, not below the field's minimum."""
    minimum = checking.field.declared.minimum
    if type(value) is int:
        if value >= minimum:
            return value
        checking.say("E405", f"`{checking.name}` is {value}, and must be at least {minimum}")
        return None
    checking.say("E404", f"`{checking.name}` must be a whole number, and this is {kind_of(value)}")
    return None


def flag(value: Any, checking: Checking) -> bool | None:
    """True or false."""
    if type(value) is bool:
        return value
    checking.say("E403", f"`{checking.name}` must be true or false, and this is {kind_of(value)}")
    return None
