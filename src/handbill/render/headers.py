"""Header fields of an e-mail message (RFC 5322): text of any kind, and mail addresses, that can never end their line.

Values are made here and not by `email.policy`, which reads encoded words in what a person wrote, and encodes what must
not be encoded. Lines end in CRLF and fold at 78 characters where that is possible.
"""

import re
from email.header import Header
from urllib.parse import urlsplit

from handbill.render.address import uri

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_PLAIN = re.compile(r"[!-~]{1,60}( [!-~]{1,60})*")  # a longer word would be put on a line of its own, after a space
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~ ]*")
_MAILBOX = re.compile(r"\s*(?P<name>.*?)\s*<(?P<address>[^<>]*)>\s*", re.DOTALL)


def unstructured(name: str, text: str) -> str:
    """The value of header *name* that reads as *text*; control characters, line ends too, become a space.

    Text that is not plain ASCII, or that looks like an encoded word, becomes encoded words (RFC 2047).
    """
    text = one_line(text)
    return _folded(name, text, "us-ascii" if _is_plain(text) else "utf-8")


def mailbox(name: str, text: str) -> str:
    """The value of header *name* that is the mailbox *text*: a mail address, or a name and the address in ``<>``."""
    found = _MAILBOX.fullmatch(text)
    if not found:
        return addr_spec(text)
    address = f"<{addr_spec(found['address'])}>"
    phrase = _phrase(name, _unquoted(" ".join(one_line(found["name"]).split())))
    if not phrase:
        return address
    last_line = phrase.rpartition("\r\n")[2]
    space = " " if len(name) + len(last_line) + len(address) < 74 else "\r\n "
    return phrase + space + address


def address_in(text: str) -> str:
    """The mail address alone of the mailbox *text*."""
    found = _MAILBOX.fullmatch(text)
    return found["address"].strip() if found else text.strip()


def addr_spec(text: str) -> str:
    """The mail address *text* with its domain in IDNA.

    A local part outside ASCII stays as it is: such a message needs SMTPUTF8 (RFC 6531). Raises ValueError for what
    cannot stand in a header.
    """
    address = text.strip()
    if not address.isprintable() or " " in address:
        raise ValueError(f"not a mail address: {text!r}")
    local, at, domain = address.rpartition("@")
    return address if domain.isascii() else f"{local}{at}{host_of(f'//{domain}')}"


def host_of(address: str) -> str:
    """The host of the web *address*, in IDNA; empty when it has none."""
    return urlsplit(uri(address)).hostname or ""


def one_line(text: str) -> str:
    """*text* without control characters: each run of them becomes a space."""
    return _CONTROL.sub(" ", text).strip()


def _unquoted(phrase: str) -> str:
    if len(phrase) > 1 and phrase[0] == phrase[-1] == '"':
        return re.sub(r"\\(.)", r"\1", phrase[1:-1])
    return phrase


def _phrase(name: str, text: str) -> str:
    quoted = text if _ATOMS.fullmatch(text) else '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
    if _is_plain(quoted):
        return _folded(name, quoted, "us-ascii")
    return _folded(name, text, "utf-8") if text else ""


def _is_plain(text: str) -> bool:
    return "=?" not in text and bool(_PLAIN.fullmatch(text))


def _folded(name: str, text: str, charset: str) -> str:
    return Header(text, charset, maxlinelen=76, header_name=name).encode(linesep="\r\n")
