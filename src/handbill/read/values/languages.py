"""Language codes (BCP 47)."""

from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import not_text


def language(value: Any, checking: Checking) -> str | None:
    """A language code that is registered."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    return value
