"""A connection to the relay that does not block, and the conversation on it: bytes out, bytes in, until when."""

import selectors
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

from handbill.deliver.conversation import BrokenError, Conversation, Done, Phase
from handbill.deliver.session import Session
from handbill.deliver.settings import Smtp

_AT_ONCE = 65536
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class LostError(Exception):
    """The connection is at an end; the message says why."""


@dataclass(slots=True, eq=False)
class Line:
    """A *session* with *smtp* that *selector* watches; past the *deadline* it counts as lost.

    *begun* messages were offered on it, and *accepted* so many.
    """

    session: Session
    smtp: Smtp
    selector: selectors.BaseSelector
    conversation: Conversation
    deadline: float
    begun: int = 0
    accepted: int = 0
    _writing: bool = False

    @classmethod
    def begin(cls, session: Session, smtp: Smtp, selector: selectors.BaseSelector, clock: float) -> "Line":
        """Begin the conversation on *session*."""
        line = cls(session, smtp, selector, Conversation(session.features), clock + smtp.timeout)
        selector.register(session.sock, selectors.EVENT_READ, line)
        return line

    def close(self) -> None:
        """End the connection at once."""
        self.selector.unregister(self.session.sock)
        self.session.close()

    def flush(self, clock: float) -> None:
        """Hand to the network what it takes now. Raises LostError."""
        conversation = self.conversation
        while conversation.out:
            try:
                conversation.sent(self.session.sock.send(conversation.out))
            except _NOT_NOW:
                break
            except OSError as error:
                raise LostError(error.strerror or "the connection broke") from error
            self.deadline = clock + self.smtp.timeout
        if conversation.head and conversation.head.phase is Phase.DOTTED:
            self.deadline = max(self.deadline, clock + self.smtp.answer_timeout)
        if bool(conversation.out) != self._writing:
            self._writing = bool(conversation.out)
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._writing else 0)
            self.selector.modify(self.session.sock, events, self)

    def receive(self, clock: float) -> Iterator[Done]:
        """What the server says now has ended. Raises LostError, after all that it said before."""
        secure = isinstance(self.session.sock, ssl.SSLSocket)
        try:
            while data := self.session.sock.recv(_AT_ONCE):
                yield from self.conversation.receive(data)
                self.deadline = clock + self.smtp.timeout
                if len(data) < _AT_ONCE and not secure:
                    return
        except _NOT_NOW:
            return
        except BrokenError as error:
            raise LostError(str(error)) from error
        except OSError as error:
            raise LostError(error.strerror or "the connection broke") from error
        raise LostError(self.conversation.closing or "the server closed the connection")
