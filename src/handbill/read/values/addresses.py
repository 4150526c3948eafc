"""Web addresses: whole, and http or https."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Any

from handbill.read.checking import Checking
from handbill.read.slips.marks import straight
from handbill.read.values.address_slips import slip
from handbill.read.values.kinds import line, not_text, short

_PLAIN = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]*+(?<!-))?+\.)+[a-z]{2,63}+"
    r"(?:/[A-Za-z0-9\-._~!$&*+=:@/]*+(?:\?[A-Za-z0-9\-._~!$&*+=:@/?]*+)?+(?:\#[A-Za-z0-9\-._~!$&*+=:@/?]*+)?+)?+(?<!\.)"
)
"""Addresses of every day."""
_LONGEST_QUICK_HOST = 200
_LONGEST = 8000  # of any address that servers and browsers take
_WHOLE = re.compile(
    r"https?://(?:(?P<user>[^/?#@]*)@)?(?P<host>\[[^\]/?#]*\]|[^:/?#@\[\]]*)(?P<port>:[^/?#]*)?(?P<rest>[/?#].*)?",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*\.?")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HANGING = re.compile(r"(?:[,;]+|(?<=\.(?:pdf|htm|php|jpg|png|mp3))\.|(?<=\.html)\.)$", re.IGNORECASE)
_HERE_ONLY = re.compile(r"(?:localhost|127(?:\.[0-9]+){3}|0\.0\.0\.0|\[::1\])", re.IGNORECASE)


def address(value: Any, checking: Checking) -> str | None:
    """An absolute address of the web."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if _PLAIN.fullmatch(value) and value.find("/", 8, _LONGEST_QUICK_HOST) > 0:
        return value
    if len(value) > _LONGEST and not value.startswith("data:"):
        checking.say("E417", f"this address is too long: it has {len(value)} characters", "write a shorter one")
        return None
    if found := slip(value, checking):
        checking.say(found.code, found.message, found.hint, write=found.write, offset=found.offset, length=found.length)
        return None
    whole = _WHOLE.fullmatch(value)
    if not whole:
        checking.say("E417", f"“{short(value)}” is no web address", "copy it from the address line of the browser")
        return None
    if fault := _host_fault(whole["host"]) or _port_fault(whole["port"] or ":"):
        hint = "copy it from the address line of the browser"
        if "," in whole["host"]:
            host = whole["host"].replace(",", ".")
            hint = f"write {line(checking, straight(value.replace(whole['host'], host, 1)))}"
        checking.say("E417", f"no web address can begin like this: {fault}", hint)
        return None
    if whole["user"] is not None:
        rest = value.replace(f"{whole['user']}@", "", 1)
        secret = "a user name and a password" if ":" in whole["user"] else "a user name"
        checking.say(
            "E418", f"{secret} would be published with this address", f"write {line(checking, straight(short(rest)))}"
        )
        return None
    _doubtful(value, whole, checking)
    return value


def _host_fault(host: str) -> str:
    """What is wrong with the *host* of an address, "" if nothing is (RFC 3986 section 3.2.2, RFC 5890)."""
    if not host:
        return "the name of the server is missing"
    try:
        if host[0] == "[":
            IPv6Address(host[1:-1])
            return ""
        if _NUMBERS.fullmatch(host):
            IPv4Address(host)
            return ""
    except AddressValueError:
        return f"there is no server {short(host)}"
    labels = host.removesuffix(".").split(".")
    if not all(labels):
        return f"two dots stand together in {short(host)}" if ".." in host else f"{short(host)} begins with a dot"
    if host.isascii():
        names = labels
    else:
        import idna

        try:
            names = idna.encode(host, uts46=True).decode("ascii").removesuffix(".").split(".")
        except (idna.IDNAError, UnicodeError):
            return f"no server can have the name {short(host)}"
    if any(len(each) > 63 for each in names) or len(".".join(names)) > 253:
        return "the name of the server is too long"
    odd = next((each for each in "".join(names) if not (each.isalnum() or each in "-_")), "")
    return f"the name of a server has no “{odd}” in it" if odd else ""


def _port_fault(port: str) -> str:
    number = port[1:]
    if not number or (number.isdecimal() and number.isascii() and len(number) < 6 and int(number) < 65536):
        return ""
    return f"“{short(number)}” behind the colon is no number of a port"


def _doubtful(value: str, whole: re.Match[str], checking: Checking) -> None:
    """Tell of what is an address, and hardly the one that was meant."""
    host, rest = whole["host"], whole["rest"] or ""
    if _HERE_ONLY.fullmatch(host):
        checking.say(
            "W419", f"only this computer can open an address with {host}", "write the address that readers can open"
        )
    elif "." not in host and host[0] != "[" and "." in (checking.host or "."):
        checking.say(
            "W419", f"“{short(host)}” has no dot: outside your own network nobody can open this", "look at it once more"
        )
    elif percent := _PERCENT.search(value):
        checking.say(
            "W419",
            "a percent sign in an address begins a code of two digits",
            "write %25 for the sign itself",
            offset=percent.start(),
        )
    elif hanging := _HANGING.search(rest):
        at = len(value) - len(hanging[0])
        hint = f"write it without the “{hanging[0]}” at its end, if that came with the sentence around it"
        checking.say("W419", f"the address ends with “{hanging[0]}”", hint, offset=at, length=len(hanging[0]))
    elif rest.endswith(")") and rest.count(")") > rest.count("("):
        hint = "write it without the bracket, if that came with the sentence around it"
        checking.say("W419", "the address ends with a bracket that was never opened", hint, offset=len(value) - 1)
