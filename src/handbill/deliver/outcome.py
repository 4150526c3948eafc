"""What transports take and give: one recipient's letter, and what came of a run."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from handbill.deliver.answers import Meaning
from handbill.deliver.journal import Recipient


class Letter(NamedTuple):
    """One message for one recipient: envelope *sender* and *to*, and the *message* (its lines end in CRLF).

    *name* is the same whenever this issue is composed for this recipient, and says nothing of who that is.
    """

    sender: str
    to: str
    message: bytes
    name: str


Compose = Callable[[Recipient], Letter]


@dataclass(slots=True)
class Outcome:
    """What came of a run: recipients by what became of them, and why it *paused* the issue or *stopped* early.

    *deferred* counts tries: one recipient may be put off several times, and accepted in the end.
    """

    accepted: int = 0
    refused: int = 0
    deferred: int = 0
    skipped: int = 0
    doubt: int = 0
    paused: str | None = None
    stopped: str | None = None

    def count(self, what: Meaning) -> None:
        """One more recipient of whom *what* is known."""
        self.accepted += what is Meaning.ACCEPTED
        self.refused += what is Meaning.REFUSED
        self.deferred += what in (Meaning.LATER, Meaning.PAUSE)
        self.doubt += what is Meaning.DOUBT

    @property
    def done(self) -> int:
        """For how many recipients all is at an end."""
        return self.accepted + self.refused + self.skipped + self.doubt
