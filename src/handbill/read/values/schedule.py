"""When an issue is due: the day and the time of day."""

import re
from datetime import time
from typing import Any

from handbill.read.checking import Checking


def day(value: Any, checking: Checking) -> int | str | None:
    """A day of the month, or a weekday of the month in words."""
    if type(value) is int and 1 <= value <= 31:
        return value
    if type(value) is str and re.fullmatch(
        r"(first|second|third|fourth|last) (mon|tues|wednes|thurs|fri|satur|sun)day", value
    ):
        return value
    checking.say("E311", "send-on")
    return None


def clock(value: Any, checking: Checking) -> time | None:
    """A time of day."""
    if type(value) is str and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
        return time.fromisoformat(value)
    checking.say("E310", "send-at")
    return None
