"""Sending an issue through an SMTP relay: several connections, one thread, and one commit for as many marks as wait.

A recipient's message is handed to the network up to its final dot; then the journal marks it as in flight, together
with those on other connections that have come as far; when that commit is on disk the dots follow.
"""

import selectors
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from handbill.deliver.addresses import envelope
from handbill.deliver.answers import Meaning, Reply, Stage, meaning
from handbill.deliver.conversation import Done, Outgoing, Phase, lacking, stuffed
from handbill.deliver.decisions import pause
from handbill.deliver.errors import DeliveryError
from handbill.deliver.journal import Issue
from handbill.deliver.line import Line, LostError
from handbill.deliver.outcome import Compose, Outcome
from handbill.deliver.pace import Patience
from handbill.deliver.session import Opener, Session, UnreachableError, UnwillingError
from handbill.deliver.settings import Smtp
from handbill.deliver.settling import Answer, settle
from handbill.deliver.source import Source

_TRIES_IN_A_RUN = 3
_DOUBTS = 4
_LINGER = 60.0
_GRACE = 20.0


@dataclass(slots=True)
class Run:
    """One sending run of *issue* through *smtp*.

    *compose* makes the letter for a recipient; *now* tells the time of day, *clock* seconds that only grow; *stop*
    says that the run must end; *report* is told how it goes. *unit* is the length of a second (tests have less time).
    """

    connection: sqlite3.Connection
    issue: Issue
    smtp: Smtp
    compose: Compose
    now: Callable[[], datetime]
    clock: Callable[[], float]
    stop: Callable[[], bool] = lambda: False
    report: Callable[[Outcome], None] = lambda outcome: None
    patience: Patience = field(default_factory=Patience)
    unit: float = 1.0
    outcome: Outcome = field(default_factory=Outcome)
    _lines: list[Line] = field(default_factory=list)
    _answers: list[Answer] = field(default_factory=list)
    _tries: dict[int, int] = field(default_factory=dict)
    _urgent: bool = False
    _next_start: float = 0.0
    _stop_by: float | None = None
    _target: int = 0
    _idle: bool = False
    _source: Source = field(init=False)
    _selector: selectors.BaseSelector = field(init=False)
    _opener: Opener = field(init=False)

    def send(self) -> Outcome:
        """Send to all whose turn it is. Raises DeliveryError when the journal cannot be written."""
        self._source = Source(self.connection, self.issue, self.now)
        self._target = self.smtp.connections
        self._opener = Opener(self.smtp)
        with selectors.DefaultSelector() as self._selector:
            self._selector.register(self._opener.wake, selectors.EVENT_READ)
            try:
                while self._step():
                    pass
            finally:
                for line in list(self._lines):
                    self._drop(line)
                self._opener.close()
        self.report(self.outcome)
        return self.outcome

    def _step(self) -> bool:
        clock = self.clock()
        if self.outcome.stopped is None and self.stop():
            self.outcome.stopped = "it was told to stop"
            self._stop_by = clock + _GRACE
        self._take_opened(clock)
        self._expire(clock)
        if not self._stopping:
            self._offer_all(clock)
            self._open_more()
        self._dismiss()
        if not self._lines and not self._answers and self._over(clock):
            return False
        wanting = [] if self._stopping else [line for line in self._lines if line.conversation.wants_mark]
        ready = self._selector.select(0 if wanting or self._answers else self._patience_left(clock))
        for key, mask in ready:
            if key.data is not None:
                self._serve(key.data, mask)
        if self._urgent or (not ready and (wanting or self._answers)):
            self._settle(wanting)
            self.report(self.outcome)
        return True

    @property
    def _stopping(self) -> bool:
        return self.outcome.paused is not None or self.outcome.stopped is not None

    def _over(self, clock: float) -> bool:
        """Whether nothing is left that this run would wait for, with no connection open."""
        if self._stopping:
            return True
        if self.patience.exhausted:
            self.outcome.stopped = self.outcome.stopped or "the server takes no mail now"
            return True
        if not self._idle or self._opener.under_way:
            return False
        next_due = self._source.next_due
        return next_due is None or (next_due - self.now()).total_seconds() > _LINGER * self.unit

    def _patience_left(self, clock: float) -> float:
        """How long to wait for the network when there is nothing else to do."""
        times = [line.deadline for line in self._lines]
        if not self._stopping:
            times += [at for at in (self.patience.resume_at, self._next_start) if at > clock]
        if self._stop_by is not None:
            times.append(self._stop_by)
        soonest = min(times, default=clock + 1) - clock
        return max(0.0, min(soonest, 1.0))

    # Connections

    def _open_more(self) -> None:
        if self._idle or self.patience.exhausted or self.clock() < self.patience.resume_at:
            return
        most = min(self._target, len(self._lines) + self._source.at_hand)
        while len(self._lines) + self._opener.under_way < most:
            self._opener.begin()

    def _take_opened(self, clock: float) -> None:
        for result in self._opener.taken():
            if isinstance(result, Session):
                self._lines.append(Line.begin(result, self.smtp, self._selector, clock))
            elif isinstance(result, UnreachableError):
                self._failed(clock, str(result))
            elif isinstance(result, UnwillingError):
                self._unwilling(clock, result.reply)
            elif isinstance(result, DeliveryError):
                self.outcome.stopped = self.outcome.stopped or str(result)
            else:
                raise result

    def _unwilling(self, clock: float, reply: Reply) -> None:
        if meaning(reply) is Meaning.PAUSE:
            self._pause(f"{reply.stage.value}: {reply.words}")
        elif self._lines:  # others are served: it wants no more at a time
            self._target = max(1, len(self._lines))
        else:
            self._failed(clock, reply.words)

    def _failed(self, clock: float, words: str) -> None:
        self.patience.failed(clock)
        if self.patience.exhausted and not self._stopping:
            self.outcome.stopped = words

    def _pause(self, why: str) -> None:
        pause(self.connection, self.issue, why)
        self.outcome.paused = self.outcome.paused or why

    def _drop(self, line: Line) -> None:
        self._lines.remove(line)
        line.close()

    def _dismiss(self) -> None:
        """Take leave on connections that have nothing to do, or have done enough."""
        for line in list(self._lines):
            conversation = line.conversation
            if conversation.head and (not self._stopping or conversation.head.phase is Phase.DOTTED):
                continue
            if conversation.head:  # begun, and not to be ended
                self._break(line, "sending was stopped before the end of the message")
            elif not conversation.closing and (self._stopping or self._idle or line.begun >= self.smtp.messages):
                conversation.quit()
                line.deadline = self.clock() + 5
                self._flush(line)

    def _expire(self, clock: float) -> None:
        hurried = self._stop_by is not None and clock >= self._stop_by
        for line in list(self._lines):
            if clock >= line.deadline or hurried:
                self._break(line, "the server did not answer in time")

    # Messages

    def _offer_all(self, clock: float) -> None:
        if clock < self.patience.resume_at:
            return
        self._idle = False
        if not self._lines:
            self._probe()
        for line in list(self._lines):
            if not self._idle:
                self._offer(line, clock)

    def _probe(self) -> None:
        """Without a connection: see whether there is work that is worth one."""
        recipient = self._source.take()
        self._idle = recipient is None
        if recipient:
            self._source.put_back(recipient.id)

    def _offer(self, line: Line, clock: float) -> None:
        while line.conversation.free and line.begun < self.smtp.messages and clock >= self._next_start:
            recipient = self._source.take()
            if recipient is None:
                self._idle = True
                return
            letter = self.compose(recipient)
            outgoing = Outgoing(recipient.id, envelope(letter.sender), envelope(letter.to), stuffed(letter.message))
            if missing := lacking(outgoing, line.conversation.features):
                self._answer(recipient.id, Meaning.LATER, missing)
                continue
            line.begun += 1
            line.conversation.offer(outgoing)
            line.deadline = clock + self.smtp.timeout
            if self.smtp.rate:
                self._next_start = max(clock, self._next_start) + 60 / self.smtp.rate
            self._flush(line)

    def _serve(self, line: Line, mask: int) -> None:
        if line not in self._lines:
            return
        if mask & selectors.EVENT_WRITE:
            self._flush(line)
        if mask & selectors.EVENT_READ and line in self._lines:
            self._receive(line)

    def _receive(self, line: Line) -> None:
        try:
            for done in line.receive(self.clock()):
                self._done(line, done)
        except LostError as error:
            self._break(line, str(error))
            return
        if line.conversation.over:
            self._drop(line)
        elif line.conversation.closing not in ("", "done"):
            self._break(line, line.conversation.closing)
        else:
            self._flush(line)

    def _flush(self, line: Line) -> None:
        try:
            line.flush(self.clock())
        except LostError as error:
            self._break(line, str(error))

    def _done(self, line: Line, done: Done) -> None:
        reply, clock = done.reply, self.clock()
        what = meaning(reply)
        if reply.stage is not Stage.DOT and reply.code == 421:
            self._unsent(done.outgoing, reply.words, blame=False)
        elif reply.stage is Stage.MAIL and what is Meaning.LATER:
            self._unsent(done.outgoing, reply.words, blame=False)
            self._failed(clock, reply.words)
        elif what is Meaning.UNSENT:
            self._unsent(done.outgoing, f"unexpected: {reply.words}", blame=True)
        else:
            self._answer(done.outgoing.id, what, reply.words)
            if what in (Meaning.ACCEPTED, Meaning.REFUSED):
                self.patience.succeeded()
                line.accepted += what is Meaning.ACCEPTED
            elif what is Meaning.LATER:
                self.patience.deferred(clock)
                if self.patience.exhausted and not self._stopping:
                    self.outcome.stopped = reply.words

    def _answer(self, identifier: int, what: Meaning, words: str) -> None:
        self._answers.append(Answer(identifier, what, words))
        self._urgent = self._urgent or what is not Meaning.ACCEPTED
        self._tries.pop(identifier, None)
        self.outcome.count(what)

    def _unsent(self, outgoing: Outgoing, words: str, *, blame: bool) -> None:
        """*outgoing* certainly reached nobody: it is tried again, and put off when it is to *blame* too often."""
        identifier = outgoing.id
        if outgoing.phase is Phase.MARKED:
            self._answers.append(Answer(identifier, Meaning.UNSENT))
        if blame:
            self._tries[identifier] = self._tries.get(identifier, 0) + 1
            if self._tries[identifier] >= _TRIES_IN_A_RUN:
                self._answer(identifier, Meaning.LATER, words)
                return
        self._source.put_back(identifier)

    def _break(self, line: Line, words: str) -> None:
        """The connection is at an end; how far its message had come decides what becomes of that."""
        clock = self.clock()
        failed = line.accepted == 0 and line.conversation.closing != "done"
        outgoing = line.conversation.head
        if outgoing and outgoing.phase is Phase.DOTTED:
            self._answer(outgoing.id, Meaning.DOUBT, f"between the end of the message and the answer: {words}")
            failed = True
        elif outgoing:
            self._unsent(outgoing, words, blame=outgoing.phase is not Phase.ENVELOPE)
        self._drop(line)
        if self._stopping:
            return
        if failed:
            self._failed(clock, words)

    def _settle(self, wanting: list[Line]) -> None:
        wanted = {line: line.conversation.wants_mark for line in wanting if line in self._lines}
        marks = {outgoing.id for outgoing in wanted.values() if outgoing}
        most_doubts = max(_DOUBTS, 2 * self.smtp.connections - 1)  # each connection may break when a server restarts
        answers, self._answers, self._urgent = self._answers, [], False
        settled = settle(self.connection, self.issue, answers, sorted(marks), self.now(), self.unit, most_doubts)
        for answer in answers:  # not before it is written: until then the journal would hand it out again
            if answer.meaning is not Meaning.UNSENT:
                self._source.finished(answer.id)
        self.outcome.skipped += settled.skipped
        self.outcome.paused = self.outcome.paused or settled.paused
        for line, outgoing in wanted.items():
            if outgoing and outgoing.id in settled.granted:
                line.conversation.release(outgoing)
                self._flush(line)
            elif outgoing:  # without its dot it is discarded
                self._source.finished(outgoing.id)
                self._drop(line)
