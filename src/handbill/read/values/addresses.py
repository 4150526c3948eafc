"""Web addresses: absolute, http or https."""

import re
from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import not_text

_PLAIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*+[a-z0-9])?+\.)+[a-z]{2,}+(?::[0-9]{1,5})?+"
    r"(?:[/?#][A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]*+)?"
)


def address(value: Any, checking: Checking) -> str | None:
    """An absolute address of the web."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if _PLAIN.fullmatch(value):
        return value
    if not re.match(r"https?://[^\s/]", value, re.IGNORECASE) or re.search(r"\s", value):
        checking.say("E410", f"`{checking.name}` is no web address")
        return None
    return value
