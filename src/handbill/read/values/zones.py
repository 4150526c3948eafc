"""Time zones by their names in the IANA database."""

from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handbill.read.checking import Checking
from handbill.read.values.kinds import not_text


def zone(value: Any, checking: Checking) -> str | None:
    """The name of a time zone that exists."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    try:
        checking.zone = ZoneInfo(value)
    except (ValueError, OSError, ZoneInfoNotFoundError):
        checking.say("E308", f"there is no time zone {value}")
        return None
    return value
