"""Recipients, a page at a time: memory does not grow with the list."""

import sqlite3
from collections import deque
from collections.abc import Callable
from datetime import datetime

from handbill.deliver.journal import Issue, Recipient, due, next_due

_PAGE = 200


class Source:
    """Hands out each recipient of *issue* that is to be tried, once, until it is `finished` or `put_back`."""

    def __init__(self, connection: sqlite3.Connection, issue: Issue, now: Callable[[], datetime]) -> None:
        """Read from *connection*; *now* tells the time."""
        self._connection, self._issue, self._now = connection, issue, now
        self._page: deque[Recipient] = deque()
        self._again: deque[Recipient] = deque()
        self._in_hand: dict[int, Recipient] = {}
        self._last = 0

    def take(self) -> Recipient | None:
        """The next recipient, if one is to be tried now."""
        if self._again:
            recipient = self._again.popleft()
        else:
            if not self._page:
                self._turn()
            if not self._page:
                return None
            recipient = self._page.popleft()
        self._in_hand[recipient.id] = recipient
        return recipient

    def _turn(self) -> None:
        page = due(self._connection, self._issue, self._now(), self._last, _PAGE)
        if page:
            self._last = page[-1].id
        elif not self._in_hand:  # from the start again: some may be due once more, and none of them is at work
            page = due(self._connection, self._issue, self._now(), 0, _PAGE)
            self._last = page[-1].id if page else self._last
        self._page.extend(page)

    def finished(self, identifier: int) -> None:
        """The try for this recipient has come to an end."""
        self._in_hand.pop(identifier, None)

    def put_back(self, identifier: int) -> None:
        """This recipient was certainly not sent anything: try again in this run."""
        self._again.append(self._in_hand.pop(identifier))

    @property
    def at_hand(self) -> int:
        """How many can be handed out without reading on."""
        return len(self._page) + len(self._again)

    @property
    def next_due(self) -> datetime | None:
        """When a deferred recipient is due again."""
        return next_due(self._connection, self._issue)
