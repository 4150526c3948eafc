"""What a server's answer means for one recipient (RFC 5321 section 4.2, RFC 3463): pure, a table of cases."""

import re
from dataclasses import dataclass
from enum import Enum


class Stage(Enum):
    """What an answer answers."""

    CONNECT = "connecting"
    LOGIN = "login"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    DOT = "the message"


class Meaning(Enum):
    """What came of one try for one recipient."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    LATER = "later"
    PAUSE = "pause"
    UNSENT = "unsent"
    DOUBT = "doubt"


ABOUT_THE_MAILBOX = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""Enhanced codes that speak of the recipient's mailbox and of nothing else."""

_ENHANCED = re.compile(r"[245]\.[0-9]{1,3}\.[0-9]{1,3}(?=\s|$)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's reply: its *code*, its *text* (lines joined by a blank) and the *stage* at which it came."""

    stage: Stage
    code: int
    text: str

    @property
    def enhanced(self) -> str:
        """The enhanced code that opens the text (RFC 2034), or nothing."""
        found = _ENHANCED.match(self.text)
        return found[0] if found else ""

    @property
    def words(self) -> str:
        """The reply for people: printable, at most 500 characters."""
        return _UNPRINTABLE.sub(" ", f"{self.code} {self.text}").strip()[:500]


def meaning(reply: Reply) -> Meaning:
    """What *reply* means for the recipient.

    A bare 550 means that somebody is unknown to one server and that relaying is denied to another: without one of the
    codes above it is not taken for an answer about the mailbox.
    """
    kind = reply.code // 100
    if reply.stage is Stage.DOT and kind == 2:
        return Meaning.ACCEPTED
    if kind == 4:
        return Meaning.LATER
    if kind == 5:
        about_recipient = reply.stage in (Stage.RCPT, Stage.DOT) and reply.enhanced in ABOUT_THE_MAILBOX
        return Meaning.REFUSED if about_recipient else Meaning.PAUSE
    return Meaning.DOUBT if reply.stage is Stage.DOT else Meaning.UNSENT
