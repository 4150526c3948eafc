"""What a mail that came back says: a bounce (RFC 3464), a complaint (RFC 5965), or somebody's wish to leave.

Only what we signed counts: envelope senders (VERP) and links for leaving. Whom a mail says it is from is nothing to us.
"""

import re
from collections.abc import Iterable, Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses
from typing import Literal, NamedTuple

from handbill.deliver.answers import ABOUT_THE_MAILBOX
from handbill.deliver.tokens import LEAVE_TOKEN, Bounced, Signer

_SAFE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


class Report(NamedTuple):
    """What is to be noted of the subscriber with *handle*: *number* is that of the issue, where it is known."""

    what: Literal["leave", "hard bounce", "soft bounce", "complaint"]
    handle: str
    number: int
    evidence: str


def reports(raw: bytes, signer: Signer, recipients: Iterable[str] = ()) -> Iterator[Report]:
    """All that the mail *raw* says of subscribers. *recipients* are more addresses that it was delivered to."""
    message = BytesParser(policy=compat32).parsebytes(raw)
    kind = message.get_content_type()
    report_type = str(message.get_param("report-type", "")).lower()
    if kind == "multipart/report" and report_type == "feedback-report":
        yield from _complaint(message, signer)
    elif kind == "multipart/report":
        yield from _bounce(message, signer, recipients)
    elif handle := _wish(message, signer):
        yield Report("leave", handle, 0, "by mail")


def _wish(message: Message, signer: Signer) -> str | None:
    """Only the subject speaks: an answer or a forwarded issue has the link of somebody else in its text."""
    found = LEAVE_TOKEN.search(_text(message.get("Subject", "")))
    return signer.who_leaves(found[0]) if found else None


def _text(header: object) -> str:
    from email.header import decode_header, make_header

    try:
        return re.sub(r"\r?\n[ \t]?", "", str(make_header(decode_header(str(header)))))
    except (LookupError, ValueError):
        return str(header)


def _bounce(message: Message, signer: Signer, recipients: Iterable[str]) -> Iterator[Report]:
    bounced = next(_signed([*recipients, *_delivered_to(message)], signer), None)
    if bounced is None:
        return
    for fields in _blocks(message, "message/delivery-status"):
        action = _value(fields, "Action").lower()
        if action != "failed":
            continue  # delayed, relayed, delivered, expanded: no failure
        status = _value(fields, "Status").split(" ")[0]
        words = _value(fields, "Diagnostic-Code") or f"status {status}"
        hard = status in ABOUT_THE_MAILBOX
        yield Report("hard bounce" if hard else "soft bounce", bounced.handle, bounced.number, words[:500])
        return


def _delivered_to(message: Message) -> list[str]:
    names = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To", "To", "Cc")
    values = [str(value) for name in names for value in message.get_all(name, [])]
    return [address for _, address in getaddresses(values)]


def _signed(addresses: Iterable[str], signer: Signer) -> Iterator[Bounced]:
    for address in addresses:
        if bounced := signer.who_bounced(address):
            yield bounced


def _blocks(message: Message, kind: str) -> Iterator[Message]:
    """The groups of fields in the parts of *message* that are *kind*."""
    for part in message.walk():
        if part.get_content_type() == kind and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message))


def _value(fields: Message, name: str) -> str:
    """A field of a report without its type (``rfc822;``, ``smtp;``)."""
    text = _SAFE.sub(" ", str(fields.get(name, ""))).strip()
    return re.sub(r"^[A-Za-z0-9-]+;\s*", "", text)


def _complaint(message: Message, signer: Signer) -> Iterator[Report]:
    feedback = _feedback(message)
    if _value(feedback, "Feedback-Type").lower() not in ("abuse", "fraud", "virus", "opt-out", "other"):
        return  # among them: not-spam
    number = 0
    handle: str | None = None
    bounced = next(_signed([str(feedback.get("Original-Mail-From", ""))], signer), None)
    if bounced:
        handle, number = bounced.handle, bounced.number
    else:
        handle = next(_links(message, signer), None)
    if handle:
        yield Report("complaint", handle, number, f"a complaint by {_value(feedback, 'User-Agent') or 'mail'}"[:500])


def _feedback(message: Message) -> Message:
    for part in message.walk():
        if part.get_content_type() == "message/feedback-report":
            return _inner(part)
    return Message()


def _inner(part: Message) -> Message:
    """The fields that *part* consists of: the parser takes ``message/*`` for a message, and text for text."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return next((each for each in payload if isinstance(each, Message)), Message())
    raw = part.get_payload(decode=True)
    return BytesParser(policy=compat32).parsebytes(raw if isinstance(raw, bytes) else b"")


def _links(message: Message, signer: Signer) -> Iterator[str]:
    """Who could leave by the links in the header of the message that was complained about."""
    for part in message.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            for token in LEAVE_TOKEN.findall(str(_inner(part).get("List-Unsubscribe", ""))):
                if handle := signer.who_leaves(token):
                    yield handle
