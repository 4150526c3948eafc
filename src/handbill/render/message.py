"""The digest as an e-mail message: composed and frozen once, then filled with what is each recipient's own.

What does not depend on the recipient is encoded once; a recipient costs joining bytes. Every line ends in CRLF, as SMTP
wants it, none is longer than 998 bytes, and all is ASCII but for a mail address that cannot be (RFC 6532).
"""

import re
from binascii import b2a_qp
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from html import escape
from urllib.parse import urlsplit

from handbill.model import Digest, Site
from handbill.published import Issue
from handbill.render.address import uri
from handbill.render.composed import LEAVE, Composed, mailto
from handbill.render.headers import addr_spec, address_in, host_of, mailbox, one_line, unstructured

_NOBODY = "unsent@handbill.invalid"
_SAFE = re.compile(r"[!-;=?-~]+")  # what stands in angle brackets as it is
_SLOT = "\0"  # no message holds this character; between two of them stands the name of a slot


@dataclass(frozen=True, slots=True)
class Frozen:
    """A message of which only what is a recipient's own is missing; *data* is all there is to store."""

    data: bytes
    pieces: tuple[bytes, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Bytes of the message and names of slots, in turns."""
        object.__setattr__(self, "pieces", tuple(self.data.split(_SLOT.encode())))


@dataclass(frozen=True, slots=True)
class Recipient:
    """What is a recipient's own.

    *to* is a mail address without a name; *message_id* is without its angle brackets. At *leave_url* and at
    *leave_mailto* (a mail address, or ``mailto:`` and all that it needs) this recipient can leave; the message shows
    the first one given.
    """

    to: str
    message_id: str
    leave_url: str = ""
    leave_mailto: str = ""


def freeze(composed: Composed, site: Site, digest: Digest, *, sender: str, date: datetime) -> Frozen:
    """The message of *composed* from *sender* (a mail address with or without a name), dated *date* (aware).

    One to a list (`digest.to`) names no list and no way to leave: that is the list's own business.
    """
    text, html = _body(composed.text, "leave-text"), _body(composed.html, "leave-html")
    boundary = "=_" + sha256(text + html).hexdigest()[:32]  # "=_" stands in no quoted-printable text
    headers = [
        ("Date", format_datetime(date)),
        ("From", mailbox("From", sender)),
        ("To", _slot("to")),
        *([("Reply-To", mailbox("Reply-To", digest.reply_to))] if digest.reply_to else []),
        ("Subject", unstructured("Subject", composed.subject)),
        ("Message-ID", f"<{_slot('message-id')}>"),
        *([] if digest.to else _list_headers(site, digest)),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative;\r\n boundary="{boundary}"'),
    ]
    edge = f"--{boundary}".encode()
    parts = [_lines(headers), edge, _part("plain"), text, edge, _part("html"), html, edge + b"--\r\n"]
    return Frozen(b"\r\n".join(parts))


def fill(frozen: Frozen, recipient: Recipient) -> bytes:
    """The complete message for *recipient*. Raises ValueError for a value that cannot stand in a header."""
    given = (recipient.leave_url, mailto(recipient.leave_mailto))
    ways = [way if _SAFE.fullmatch(way) else uri(way) for way in given if way]
    if not _SAFE.fullmatch(recipient.message_id):
        raise ValueError(f"not a Message-ID: {recipient.message_id!r}")
    shown = ways[0] if ways else ""
    own = {
        b"to": addr_spec(recipient.to).encode(),
        b"message-id": recipient.message_id.encode(),
        b"list-unsubscribe": ",\r\n ".join([f"<{way}>" for way in ways]).encode(),
        b"leave-text": _breakable(shown),
        b"leave-html": _breakable(escape(shown)),
    }
    pieces = list(frozen.pieces)
    for place in range(1, len(pieces), 2):
        pieces[place] = own[pieces[place]]
        if not pieces[place]:
            raise ValueError("nowhere for this recipient to leave")
    return b"".join(pieces)


def preview(composed: Composed, issue: Issue, *, date: datetime) -> bytes:
    """The message of *issue* as it would be sent at *date*, to look at: to the list, or to the sender itself.

    Without a sender it comes from an address that cannot be (RFC 6761), so that nobody sends it by mistake.
    """
    site, digest = issue.site, issue.digest
    sender = digest.sender or f"{site.author or site.title} <{_NOBODY}>"
    recipient = Recipient(
        to=digest.to or address_in(sender),
        message_id=f"{issue.key.isoformat()}.preview@{host_of(site.base)}",
        leave_url=digest.leave_url or "",
        leave_mailto=digest.leave_mailto or address_in(digest.reply_to or sender),
    )
    return fill(freeze(composed, site, digest, sender=sender, date=date), recipient)


def list_id(site: Site, digest: Digest) -> str:
    """The name of the mailing list for ever (RFC 2919): as declared, or made of the site's folder and host."""
    if digest.list_id:
        return one_line(digest.list_id).strip("<>")
    folders = re.findall(r"[a-z0-9-]+", urlsplit(uri(site.base)).path.lower())
    return ".".join([*reversed(folders or ["digest"]), host_of(site.base)])


def _list_headers(site: Site, digest: Digest) -> list[tuple[str, str]]:
    one_click = digest.leave_url and digest.leave_url.startswith("https:")  # RFC 8058 section 3.1
    return [
        ("List-Id", f"<{list_id(site, digest)}>"),
        ("List-Unsubscribe", _slot("list-unsubscribe")),
        *([("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")] if one_click else []),
        ("Auto-Submitted", "auto-generated"),
        ("Precedence", "bulk"),
    ]


def _lines(headers: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode()


def _part(subtype: str) -> bytes:
    headers = [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "quoted-printable")]
    return _lines(headers)


def _slot(name: str) -> str:
    return f"{_SLOT}{name}{_SLOT}"


def _body(text: str, slot: str) -> bytes:
    """*text* encoded, each place of `LEAVE` in it on a line of its own: what goes there breaks no line."""
    *before, last = text.split(LEAVE)
    place = f"=\r\n{_slot(slot)}=\r\n".encode()
    return b"".join([_breakable(piece) + place for piece in before]) + _quoted_printable(last)


def _breakable(text: str) -> bytes:
    """*text* encoded so that its last line has room for a soft line break."""
    return _quoted_printable(text + "x")[:-1]


def _quoted_printable(text: str) -> bytes:
    """RFC 2045 section 6.7. *text* has bare newlines; `b2a_qp` tells by the first of them how lines are to end."""
    return b2a_qp(text.encode()).replace(b"\n", b"\r\n")
