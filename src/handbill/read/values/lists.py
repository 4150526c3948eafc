"""Lists of texts, of web addresses, and of mail addresses."""

from typing import Any

from handbill.read.checking import Check, Checking
from handbill.read.values import addresses as _addresses
from handbill.read.values import mails as _mails
from handbill.read.values import texts as _texts
from handbill.read.values.kinds import kind_of


def texts(value: Any, checking: Checking) -> tuple[str, ...] | None:
    """A list of texts."""
    return _each(value, checking, _texts.text)


def addresses(value: Any, checking: Checking) -> tuple[str, ...] | None:
    """A list of web addresses."""
    return _each(value, checking, _addresses.address)


def mails(value: Any, checking: Checking) -> tuple[str, ...] | None:
    """A list of mail addresses."""
    return _each(value, checking, _mails.mail)


def _each(value: Any, checking: Checking, check: Check) -> tuple[str, ...] | None:
    if type(value) is not list:
        checking.say("E402", f"`{checking.name}` must be a list, and this is {kind_of(value)}")
        return None
    found = []
    for number, each in enumerate(value):
        checking.items = (number,)
        found.append(check(each, checking))
    checking.items = ()
    return tuple(each for each in found if each is not None)
