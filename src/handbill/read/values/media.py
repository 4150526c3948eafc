"""Media types (RFC 6838)."""

import re
from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import not_text


def media_type(value: Any, checking: Checking) -> str | None:
    """A media type, with or without parameters."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if re.fullmatch(r"[a-z]+/[a-zA-Z0-9!#$&^_.+-]+", value):
        return value
    checking.say("E427", f"`{checking.name}` is no media type")
    return None
