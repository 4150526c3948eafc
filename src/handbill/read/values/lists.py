"""Lists of texts, of web addresses, and of mail addresses."""

import re
from typing import Any

from handbill.read.checking import Check, Checking
from handbill.read.slips.marks import straight
from handbill.read.values import addresses as _addresses
from handbill.read.values import mails as _mails
from handbill.read.values import texts as _texts
from handbill.read.values.kinds import kind_of

_SEPARATOR = re.compile(r"\s*[;|\n]\s*|\s*,\s+|\s+(?:and|und|y|et|&)\s+")
_LONGEST = 2000
_MOST = 5
"""After so many findings in one list nothing new is said."""
_AT_COMMA = re.compile(r"\s*[;,|\n]\s*|\s+(?:and|und|y|et|&)\s+|\s+")


def texts(value: Any, checking: Checking) -> tuple[str, ...] | None:
    """A list of texts."""
    return _each(value, checking, _texts.text, _SEPARATOR)


def addresses(value: Any, checking: Checking) -> tuple[str, ...] | None:
    """A list of web addresses."""
    return _each(value, checking, _addresses.address, _AT_COMMA)


def mails(value: Any, checking: Checking) -> tuple[str, ...] | None:
    """A list of mail addresses."""
    return _each(value, checking, _mails.mail, _AT_COMMA)


def _each(value: Any, checking: Checking, check: Check, separator: re.Pattern[str]) -> tuple[str, ...] | None:
    if type(value) is not list:
        _no_list(value, checking, separator)
        return None
    found: dict[str, None] = {}
    start = len(checking.defects)
    for number, each in enumerate(value):
        checking.items = (number,)
        if type(each) is not str and len(checking.defects) > start:
            continue  # that a list holds no texts is one mistake
        checked = check(each, checking)
        if checked is None:
            if len(checking.defects) >= start + _MOST:
                break
        elif checked in found:
            checking.say("W435", f"“{checked}” stands twice in `{checking.name}`", "take one of them out")
        else:
            found[checked] = None
    checking.items = ()
    return tuple(found)


def _no_list(value: Any, checking: Checking, separator: re.Pattern[str]) -> None:
    message = f"`{checking.name}` is a list: it stands in square brackets, and this is {kind_of(value)}"
    if (
        not isinstance(value, str)
        or len(value) > _LONGEST
        or not value.strip()
        or not value.replace("\n", "").isprintable()
    ):
        checking.say("E402", message, f"write for example `{checking.name} = {checking.field.declared.example}`")
        return
    parts = [part for part in separator.split(value.strip(" \t\n,;|")) if part]
    write = f"[{', '.join(map(straight, parts))}]"
    if len(parts) == 1 and "," not in value:
        checking.say("E402", message, f"write `{checking.name} = {write}`", write=write)
    elif checking.name == "authors" and re.fullmatch(r"[^\W\d]+, [^\W\d]+(?: [^\W\d]\.?)?", value):
        one = f"[{straight(value)}]"
        checking.say("E402", message, f"write `{checking.name} = {one}` if this is one, or `{checking.name} = {write}`")
    else:
        checking.say("E402", message, f"write `{checking.name} = {write}`, each in its own quotation marks")
