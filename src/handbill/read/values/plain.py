"""Whole numbers, and true or false."""

import re
from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import example, kind_of, mend, short

_COUNTED_OUT = "none one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_WORDS = {word: number for number, word in enumerate(_COUNTED_OUT.split())} | {
    "zero": 0, "twenty": 20, "thirty": 30, "fifty": 50, "sixty": 60, "hundred": 100, "one hundred": 100,
}  # fmt: skip
_YES = frozenset(("true", "yes", "y", "on", "1", "ja", "sí", "si", "oui", "x", "✓"))
_NO = frozenset(("false", "no", "n", "off", "0", "nein", "non"))
_SIZE = re.compile(
    r"([0-9]+(?:[.,][0-9]+)?)\s*(bytes?|b|ki?b|mi?b|gi?b|kilobytes?|megabytes?|gigabytes?|k|m|g)", re.IGNORECASE
)
_COUNTED = re.compile(r"([0-9]+)\s*(?:days?|d|tage?|entries|entry|items?|posts?)", re.IGNORECASE)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,.'’ \u00a0\u202f][0-9]{3})+")


def whole(value: Any, checking: Checking) -> int | None:
    """A whole number, not below the field's minimum."""
    minimum = checking.field.declared.minimum
    if type(value) is int:
        if minimum <= value < 2**63:
            return value
        bound = f"must be at least {minimum}" if value < minimum else "is too large"
        what = str(value) if abs(value) < 10**20 else "this number"
        checking.say("E405", f"`{checking.name}` {bound}, and this is {what}", f"write for example {example(checking)}")
        return None
    message = f"`{checking.name}` must be a whole number, and this is {kind_of(value)}"
    if isinstance(value, float) and value.is_integer() and minimum <= value < 2**53:
        mend(checking, "E404", f"{message} with a decimal point", str(int(value)))
    elif isinstance(value, str):
        _number_in_words(value.strip(), message, checking)
    else:
        checking.say("E404", message, f"write for example {example(checking)}")
    return None


def _number_in_words(written: str, message: str, checking: Checking) -> None:
    if written.isdecimal() and written.isascii() and len(written) < 16:
        mend(checking, "E404", f"{message}: a number stands without quotation marks", str(int(written)))
    elif (size := _SIZE.fullmatch(written)) and checking.name == "length":
        _size(size, checking)
    elif counted := _COUNTED.fullmatch(written):
        mend(checking, "E404", f"{message}: the number stands alone", str(int(counted[1])))
    elif _GROUPED.fullmatch(written):
        mend(checking, "E404", f"{message}: digits stand together", re.sub(r"[^0-9]", "", written))
    elif written.lower() in _WORDS:
        mend(checking, "E404", f"{message}: a number stands in digits", str(_WORDS[written.lower()]))
    elif checking.name == "length":
        hint = f"write the number of bytes, which the file's properties show, for example {example(checking)}"
        checking.say("E404", message, hint)
    else:
        checking.say("E404", message, f"write for example {example(checking)}")


def _size(match: re.Match[str], checking: Checking) -> None:
    number, unit = float(match[1].replace(",", ".")), match[2].lower()
    if unit in ("b", "byte", "bytes") and number.is_integer():
        mend(checking, "E404", "`length` is the number of bytes, without quotation marks", str(int(number)))
        return
    power = {"k": 1, "m": 2, "g": 3}[unit[0]]
    size = round(number * 1000**power)
    hint = f"write the exact number, which the file's properties show; {match[0]} is about `length = {size}`"
    checking.say("E404", "`length` is the exact number of bytes, without a unit", hint)


def flag(value: Any, checking: Checking) -> bool | None:
    """True or false."""
    if type(value) is bool:
        return value
    message = f"`{checking.name}` must be true or false, without quotation marks, and this is {kind_of(value)}"
    word = value.strip().lower() if isinstance(value, str) else str(value) if value in (0, 1) else ""
    if word in _YES or word in _NO:
        mend(checking, "E403", message, "true" if word in _YES else "false")
    else:
        shown = f": “{short(value)}”" if isinstance(value, str) else ""
        checking.say("E403", message + shown, f"write `{checking.name} = true` or `{checking.name} = false`")
    return None
