"""One SMTP connection after its greeting (RFC 5321, RFC 2920): bytes in, bytes out, no network.

Each message is offered, its envelope goes out (in one group where the server takes that), its body follows when the
server asks for it, and its final dot only when `release` is called. What was offered ends in exactly one `Done`.

RFC 2920 would let the next envelope travel with a final dot. A server that closes after so many messages would then
break the line with that envelope unread, and with it could go its answer to the dot: a doubt for a few milliseconds.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from handbill.deliver.answers import Reply, Stage

_LONGEST_REPLY = 65536
_REPLY_LINE = re.compile(rb"([2-5][0-9][0-9])(?:([ -])(.*))?$", re.DOTALL)


class BrokenError(Exception):
    """The server does not speak SMTP, or speaks out of turn; the message says how."""


class Phase(Enum):
    """How far a message has come."""

    ENVELOPE = "envelope"
    BODY = "body"
    MARKED = "marked"
    DOTTED = "dotted"


@dataclass(slots=True, eq=False)
class Outgoing:
    """One message to one recipient: envelope *sender* and *to*, and *body*, ready for the line (see `stuffed`)."""

    id: int
    sender: str
    to: str
    body: bytes
    phase: Phase = Phase.ENVELOPE
    problem: Reply | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The end of *outgoing*, by the server's *reply*."""

    outgoing: Outgoing
    reply: Reply


def stuffed(message: bytes) -> bytes:
    """*message* (its lines end in CRLF) with its dots doubled (RFC 5321 section 4.5.2), up to the final dot."""
    body = message.replace(b"\r\n.", b"\r\n..")
    if body.startswith(b"."):
        body = b"." + body
    return body if body.endswith(b"\r\n") else body + b"\r\n"


def lacking(outgoing: Outgoing, features: frozenset[str]) -> str:
    """What the server would have to offer to take *outgoing*."""
    if not (outgoing.sender + outgoing.to).isascii() and "smtputf8" not in features:
        return "not sent: the server does not take addresses with letters outside ASCII (SMTPUTF8)"
    if not outgoing.body.isascii() and not {"8bitmime", "smtputf8"} & features:
        return "not sent: the server does not take text outside ASCII (8BITMIME)"
    return ""


@dataclass(slots=True)
class Conversation:
    """What is under way on one connection; *features* is what EHLO offered, in lower case."""

    features: frozenset[str]
    out: bytearray = field(default_factory=bytearray)
    closing: str = ""
    _in: bytearray = field(default_factory=bytearray)
    _lines: list[bytes] = field(default_factory=list)
    _expected: deque[tuple[Stage | None, Outgoing | None]] = field(default_factory=deque)
    _reset: bool = False
    head: Outgoing | None = None

    @property
    def free(self) -> bool:
        """Whether a message may be offered."""
        return self.head is None and not self.closing

    @property
    def wants_mark(self) -> Outgoing | None:
        """The message of which all but the final dot has been handed to the network."""
        return self.head if self.head and self.head.phase is Phase.BODY and not self.out else None

    def offer(self, outgoing: Outgoing) -> None:
        """Begin *outgoing*."""
        self.head = outgoing
        if self._reset:
            self._say(b"RSET", None, None)
            self._reset = False
        parameters = f" SIZE={len(outgoing.body)}" if "size" in self.features else ""
        if not outgoing.body.isascii():
            parameters += " BODY=8BITMIME"
        if not (outgoing.sender + outgoing.to).isascii():
            parameters += " SMTPUTF8"
        self._say(f"MAIL FROM:<{outgoing.sender}>{parameters}".encode(), Stage.MAIL, outgoing)
        if "pipelining" in self.features:
            self._say_next(Stage.MAIL, outgoing)
            self._say_next(Stage.RCPT, outgoing)

    def _say_next(self, stage: Stage, outgoing: Outgoing) -> None:
        if stage is Stage.MAIL:
            self._say(f"RCPT TO:<{outgoing.to}>".encode(), Stage.RCPT, outgoing)
        else:
            self._say(b"DATA", Stage.DATA, outgoing)

    def _say(self, command: bytes, stage: Stage | None, outgoing: Outgoing | None) -> None:
        self.out += command + b"\r\n"
        self._expected.append((stage, outgoing))

    def release(self, outgoing: Outgoing) -> None:
        """Send the final dot of *outgoing*, which is marked."""
        outgoing.phase = Phase.MARKED
        self._say(b".", Stage.DOT, outgoing)

    def quit(self) -> None:
        """Take leave; nothing may be under way."""
        self._say(b"QUIT", None, None)
        self.closing = self.closing or "done"

    @property
    def over(self) -> bool:
        """Whether both sides have taken leave."""
        return self.closing == "done" and not self._expected

    def sent(self, count: int) -> None:
        """The network has taken the first *count* bytes of `out`, or some of them: a dot among them is out."""
        del self.out[:count]
        if self.head and self.head.phase is Phase.MARKED:
            self.head.phase = Phase.DOTTED

    def receive(self, data: bytes) -> Iterator[Done]:
        """Take *data* from the server. Raises BrokenError."""
        self._in += data
        while (end := self._in.find(b"\n")) >= 0:
            line = bytes(self._in[:end]).rstrip(b"\r")
            del self._in[: end + 1]
            found = _REPLY_LINE.match(line)
            if not found:
                raise BrokenError("the server's reply is not SMTP")
            self._lines.append(found[3] or b"")
            if found[2] != b"-":
                code, text = int(found[1]), b" ".join(self._lines).decode("utf-8", "replace")
                self._lines.clear()
                yield from self._replied(code, text)
        if len(self._in) + sum(map(len, self._lines)) > _LONGEST_REPLY:
            raise BrokenError("the server's reply has no end")

    def _replied(self, code: int, text: str) -> Iterator[Done]:
        if code == 421 or not self._expected:
            self.closing = self.closing or f"{code} {text}"
        if not self._expected:
            return
        stage, outgoing = self._expected.popleft()
        if code == 421:  # no other command will be answered
            self._expected.clear()
        if stage is None or outgoing is None:
            return
        reply = Reply(stage, code, text)
        if stage is Stage.DOT:
            yield self._end(outgoing, reply)
            return
        good = code // 100 == (3 if stage is Stage.DATA else 2)
        if not good and outgoing.problem is None:
            outgoing.problem = reply
        if "pipelining" in self.features and code != 421:
            if stage is Stage.DATA:
                yield from self._envelope_over(outgoing, accepted=code == 354)
        elif outgoing.problem:
            yield self._end(outgoing, outgoing.problem)
        elif stage is Stage.DATA:
            yield from self._envelope_over(outgoing, accepted=True)
        else:
            self._say_next(stage, outgoing)

    def _envelope_over(self, outgoing: Outgoing, *, accepted: bool) -> Iterator[Done]:
        if outgoing.problem is None:
            outgoing.phase = Phase.BODY
            self.out += outgoing.body
            return
        if accepted:  # RFC 2920 section 3.1: nobody will get it, but the server waits for an end
            self._say(b".", None, None)
        yield self._end(outgoing, outgoing.problem)

    def _end(self, outgoing: Outgoing, reply: Reply) -> Done:
        if outgoing.phase is Phase.ENVELOPE:
            self._reset = True
        self.head = None
        return Done(outgoing, reply)
