"""Mail addresses, alone or with a name before them."""

import re
from typing import Any

from handbill.read.checking import Checking
from handbill.read.slips.marks import called, straight
from handbill.read.values.kinds import empty, example, line, mend, not_text, short

_PLAIN = re.compile(r"[A-Za-z0-9_]+(?:[.+-][A-Za-z0-9_]+)*@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}")
"""Addresses of every day: they spare the import of `email_validator`, which takes longer than most checks."""
_LONGEST_QUICK, _LONGEST, _LONGEST_NAMED, _LONGEST_LIST_ID = 64, 320, 800, 255
_NAMED = re.compile(r"(?P<name>[^<>]*+)<(?P<address>[^<>]*+)>\s*+")
_INSIDE = re.compile(r"[^\s<>,;:()\[\]\"'“”]+@[^\s<>,;:()\[\]\"'“”]+")
_AROUND = re.compile('[<>()\\[\\],;:"“”„«»]')
_SPLIT = re.compile(r"\S+(?:\s+@\s*|@\s+)\S+")
_AT = re.compile(r"\s*(?:\(at\)|\[at\]|\{at\}|\s+at\s+)\s*", re.IGNORECASE)
_DOT = re.compile(r"\s*(?:\(dot\)|\[dot\]|\{dot\}|\s+dot\s+)\s*", re.IGNORECASE)
_IN_HOUSE = re.compile(r"[A-Za-z0-9-]+|(?:[A-Za-z0-9-]+\.)+(?:local|localhost|localdomain|test|invalid|onion|arpa)")
_STAND_IN = "example.org"
_LIST_ID = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)+")
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\u00a0]")


def mail(value: Any, checking: Checking) -> str | None:
    """A mail address alone."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if _is_plain(value):
        return value
    named = _NAMED.fullmatch(value)
    address = named["address"].strip() if named else ""
    if address and _is_right(address):
        mend(checking, "E421", f"`{checking.name}` is a mail address alone, without a name", straight(address))
        return None
    return _checked(value, checking)


def sender(value: Any, checking: Checking) -> str | None:
    """A mail address, with or without a name before it."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    named = _NAMED.fullmatch(value)
    if not named or len(value) > _LONGEST_NAMED:
        return mail(value, checking)
    if odd := _ODD.search(named["name"].strip()):
        what = "a line break" if odd[0] in "\r\n" else called(odd[0])
        at = value.index(odd[0])
        checking.say("E420", f"the name of the sender has {what} in it", "take it out", offset=at)
        return None
    address = named["address"].strip()
    return value.strip() if _is_plain(address) or _checked(address, checking) else None


def leave_mailto(value: Any, checking: Checking) -> str | None:
    """A mail address, with or without ``mailto:`` before and a subject behind it (RFC 6068)."""
    if type(value) is str and value.lower().startswith("mailto:"):
        address = value[7:].partition("?")[0]
        return value if _is_right(address) else _checked(address, checking)
    return mail(value, checking)


def _is_plain(value: str) -> bool:
    return len(value) <= _LONGEST_QUICK and bool(_PLAIN.fullmatch(value))


def _is_right(address: str) -> bool:
    return _is_plain(address) or not _fault(address)


def _fault(address: str) -> str:
    """What is wrong with *address*, "" if nothing is."""
    from email_validator import EmailNotValidError, validate_email

    if len(address) > _LONGEST:
        return "it is too long"
    if " " in address or not address.isprintable():
        return "it has a space in it"
    local, at, domain = address.rpartition("@")
    try:
        validate_email(
            f"{local}@{_STAND_IN}" if at and _IN_HOUSE.fullmatch(domain) else address,
            check_deliverability=False,
            allow_quoted_local=True,
            allow_domain_literal=True,
            globally_deliverable=False,
        )
    except EmailNotValidError as problem:
        fault = str(problem).removeprefix("The email address is not valid. ").rstrip(".")
        return fault[:1].lower() + fault[1:]
    return ""


def _checked(value: str, checking: Checking) -> str | None:
    """*value* if it is a mail address after all; else what was meant is told."""
    if not value.strip():
        empty(checking)
        return None
    if fault := _fault(value):
        _no_mail(value, fault, checking)
        return None
    domain = value.rpartition("@")[2]
    if _IN_HOUSE.fullmatch(domain):
        checking.say(
            "W422", f"mail to “{short(domain)}” reaches nobody outside your own network", "look at it once more"
        )
    return value


def _no_mail(value: str, fault: str, checking: Checking) -> None:
    name, shown = checking.name, short(value)
    if len(value) > _LONGEST:
        hint = f"write for example {example(checking)}"
        checking.say("E420", f"`{name}` is too long for a mail address", hint)
        return
    clean = _ODD.sub("", value).strip()
    if _SPLIT.fullmatch(clean):
        clean = re.sub(r"\s+", "", clean)
    dotted = clean.replace(",", ".")
    addresses = _INSIDE.findall(value)
    alone = addresses[0].removeprefix("mailto:") if addresses else ""
    spelt_out = _DOT.sub(".", _AT.sub("@", clean, count=1))
    if clean != value and _is_right(clean):
        odd = _ODD.search(value)
        what = "a space" if not odd else "a line break" if odd[0] in "\r\n" else called(odd[0])
        mend(checking, "E420", f"`{name}` has {what} in it", straight(clean))
    elif dotted != clean and _is_right(dotted):
        checking.say("E420", f"“{shown}” has a comma in it", f"write {line(checking, straight(dotted))}")
    elif len(addresses) > 1:
        checking.say("E420", f"`{name}` is one mail address, and here are {len(addresses)}", f"write one: {alone}")
    elif alone and alone != value and _is_right(alone):
        around = " ".join(_AROUND.sub(" ", value.replace(addresses[0], " ")).split()) if name == "from" else ""
        mend(
            checking,
            "E420",
            f"“{shown}” is not how a mail address is written here",
            straight(f"{around} <{alone}>" if around else alone),
        )
    elif spelt_out != clean and _is_right(spelt_out):
        checking.say("E420", f"“{shown}” has no @ sign", f"write {line(checking, straight(spelt_out))}")
    elif value.startswith(("http://", "https://")):
        hint = f"write for example {example(checking)}"
        checking.say("E420", f"`{name}` is a mail address, and this is one of the web", hint)
    else:
        checking.say("E420", f"“{shown}” is no mail address: {fault}", f"write for example {example(checking)}")


def list_id(value: Any, checking: Checking) -> str | None:
    """The identifier of a list (RFC 2919 section 2): names with dots between, which nobody else uses."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if _LIST_ID.fullmatch(value) and len(value) <= _LONGEST_LIST_ID:
        return value
    inner = value.strip().strip("<>").replace("@", ".").lower()
    message = f"“{short(value)}” is no identifier of a list: names with dots between, without spaces"
    if not inner:
        empty(checking)
    elif _LIST_ID.fullmatch(inner) and len(inner) <= _LONGEST_LIST_ID:
        mend(checking, "E431", message, straight(inner))
    else:
        checking.say("E431", message, f"write for example {example(checking)}")
    return None
