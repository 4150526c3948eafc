"""When to try again, when to wait, when to stop and ask: pure, a table of cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

GIVE_UP = timedelta(days=5)
"""A deferred recipient is tried again for so long (RFC 5321 section 4.5.4.1 asks for four or five days)."""

_MINUTE = 60
_BETWEEN_TRIES = (
    10,
    _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    60 * _MINUTE,
    2 * 60 * _MINUTE,
    4 * 60 * _MINUTE,
)

LONGEST = timedelta(seconds=_BETWEEN_TRIES[-1])
"""No recipient waits longer for the next try."""

EARLY_ANSWERS, EARLY_REFUSALS, REFUSALS_IN_A_ROW = 50, 5, 10


def next_try(tries: int, now: datetime, unit: float = 1.0) -> datetime:
    """When a recipient that was deferred *tries* times (1 or more) is due again; *unit* is the length of a second."""
    return now + timedelta(seconds=_BETWEEN_TRIES[min(tries, len(_BETWEEN_TRIES)) - 1] * unit)


class Tally(NamedTuple):
    """Answers of an issue: *answers* accepted or refused, refusals among the *early* ones, and in a *row*.

    *doubts* are lines that broke after the final dot, since the last answer.
    """

    answers: int = 0
    early: int = 0
    row: int = 0
    doubts: int = 0

    def accepted(self) -> "Tally":
        """With one more accepted."""
        return Tally(self.answers + 1, self.early, 0)

    def refused(self) -> "Tally":
        """With one more refused."""
        return Tally(self.answers + 1, self.early + (self.answers < EARLY_ANSWERS), self.row + 1)

    def doubted(self) -> "Tally":
        """With one more in doubt."""
        return self._replace(doubts=self.doubts + 1)

    def suspicion(self, most_doubts: int) -> str | None:
        """Why so many refusals, or more doubts than *most_doubts*, are more likely one fault than so many."""
        if self.doubts > most_doubts:
            return f"the connection broke {self.doubts} times between the end of a message and the answer"
        if self.answers <= EARLY_ANSWERS and self.early >= EARLY_REFUSALS:
            return f"{self.early} of the first {self.answers} recipients were refused"
        if self.row >= REFUSALS_IN_A_ROW:
            return f"{self.row} recipients in a row were refused"
        return None


RESUMED = Tally(answers=EARLY_ANSWERS)
"""After a person has looked: what came early no longer counts."""


@dataclass(slots=True)
class Patience:
    """How a run bears a server that does not take mail: it waits longer each time, and in the end stops.

    *waits* are the pauses in seconds. *soft_row* is how many recipients deferred one after the other count as a
    failure of the whole.
    """

    waits: tuple[float, ...] = (1, 5, 20)
    soft_row: int = 10
    failures: int = 0
    softly: int = 0
    resume_at: float = 0.0

    def succeeded(self) -> None:
        """A message was accepted or a recipient refused: the server is at work."""
        self.failures = self.softly = 0

    def deferred(self, clock: float) -> None:
        """The server put one recipient off."""
        self.softly += 1
        if self.softly >= self.soft_row:
            self.softly = 0
            self.failed(clock)

    def failed(self, clock: float) -> None:
        """The server was not there, or wanted no mail from us now. Several failures during one wait count once."""
        if clock >= self.resume_at:
            self.resume_at = clock + (self.waits[self.failures] if self.failures < len(self.waits) else 0)
            self.failures += 1

    @property
    def exhausted(self) -> bool:
        """Whether this run has waited long enough."""
        return self.failures > len(self.waits)
