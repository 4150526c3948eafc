"""The journal: issues frozen with their recipients, and for each of these, at any moment, exactly one state.

The mark *in flight* is the state "in doubt" itself, with no words yet: a process that dies leaves behind just what is
true, and nothing has to be mended afterwards.
"""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from handbill.dates import parse_rfc3339, rfc3339
from handbill.deliver.errors import DeliveryError
from handbill.deliver.state import transaction

State = Literal["waiting", "accepted", "refused", "deferred", "skipped", "in doubt"]


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue in the journal.

    *key* is its local date; *correction* is 0, or counts the corrections sent after it; *record* is what the ledger
    is to say of it, as the caller gave it. *known* is False for one that the ledger alone knows.
    """

    id: int
    key: str
    correction: int
    number: int
    subject: str
    record: str
    frozen: datetime
    paused: str | None
    finished: datetime | None
    known: bool

    @property
    def name(self) -> str:
        """As it is spoken of."""
        return f"{self.key}, correction {self.correction}" if self.correction else self.key


class Recipient(NamedTuple):
    """One to whom an issue is to go: *match* is None for a mailing list."""

    id: int
    address: str
    match: str | None
    name: str
    tries: int


class Told(NamedTuple):
    """One recipient as `status` shows it; *address* is None for one who was erased."""

    address: str | None
    state: State
    words: str
    changed: datetime
    due: datetime | None


_ISSUE = (
    "SELECT id, key, correction, number, subject, record, frozen, paused, finished,"
    " EXISTS (SELECT 1 FROM message WHERE message.issue = issue.id) FROM issue"
)


def _issue(row: tuple[int, str, int, int, str, str, str, str | None, str | None, int]) -> Issue:
    identifier, key, correction, number, subject, record, frozen, paused, finished, known = row
    when = parse_rfc3339(finished) if finished else None
    return Issue(identifier, key, correction, number, subject, record, parse_rfc3339(frozen), paused, when, bool(known))


def issues(connection: sqlite3.Connection) -> list[Issue]:
    """All issues, oldest first."""
    return [_issue(row) for row in connection.execute(f"{_ISSUE} ORDER BY key, correction")]


def find(connection: sqlite3.Connection, key: str, correction: int = 0) -> Issue | None:
    """The issue of *key*, or one *correction* of it."""
    row = connection.execute(f"{_ISSUE} WHERE key = ? AND correction = ?", [key, correction]).fetchone()
    return row and _issue(row)


def _again(connection: sqlite3.Connection, identifier: int) -> Issue:
    return _issue(connection.execute(f"{_ISSUE} WHERE id = ?", [identifier]).fetchone())


def message(connection: sqlite3.Connection, issue: Issue) -> bytes:
    """The frozen message of *issue*, as it was handed to `freeze`."""
    row = connection.execute("SELECT frozen FROM message WHERE issue = ?", [issue.id]).fetchone()
    if row is None:
        raise DeliveryError(f"the message of issue {issue.name} is not in this journal", "decide")
    return bytes(row[0])


def kept(connection: sqlite3.Connection, issue: Issue) -> str:
    """What the caller had kept with the message of *issue*."""
    row = connection.execute("SELECT kept FROM message WHERE issue = ?", [issue.id]).fetchone()
    return str(row[0]) if row else ""


def freeze(
    connection: sqlite3.Connection,
    *,
    key: str,
    number: int,
    subject: str,
    record: str,
    message: bytes,
    now: datetime,
    kept: str = "",
    to: str | None = None,
) -> Issue:
    """Put an issue down in one transaction: message, record, and every active subscriber (or the list *to*).

    *kept* is any text that the caller wants to have with the message later.

    One that is there already stays as it is, and is returned.
    """
    with transaction(connection):
        known = find(connection, key)
        if known and known.known:
            return known
        if known:
            connection.execute("DELETE FROM issue WHERE id = ?", [known.id])
        new = _insert(connection, key, 0, number, subject, record, now)
        connection.execute("INSERT INTO message VALUES (?, ?, ?)", [new, message, kept])
        if to:
            connection.execute("INSERT INTO recipient (issue, list, changed) VALUES (?, ?, ?)", [new, to, rfc3339(now)])
        else:
            connection.execute(
                "INSERT INTO recipient (issue, subscriber, changed)"
                " SELECT ?, id, ? FROM subscriber WHERE state = 'active' ORDER BY id",
                [new, rfc3339(now)],
            )
        return _again(connection, new)


def _insert(
    connection: sqlite3.Connection, key: str, correction: int, number: int, subject: str, record: str, now: datetime
) -> int:
    new = connection.execute(
        "INSERT INTO issue (key, correction, number, subject, record, frozen) VALUES (?, ?, ?, ?, ?, ?)",
        [key, correction, number, subject, record, rfc3339(now)],
    ).lastrowid
    assert new is not None
    return new


def correct(
    connection: sqlite3.Connection, issue: Issue, *, subject: str, message: bytes, kept: str = "", now: datetime
) -> Issue:
    """Put a correction of *issue* down: a new message to those who have it or may have it, and have not left."""
    with transaction(connection):
        (last,) = connection.execute("SELECT max(correction) FROM issue WHERE key = ?", [issue.key]).fetchone()
        new = _insert(connection, issue.key, last + 1, issue.number, subject, issue.record, now)
        connection.execute("INSERT INTO message VALUES (?, ?, ?)", [new, message, kept])
        connection.execute(
            "INSERT INTO recipient (issue, subscriber, list, changed)"
            " SELECT ?, r.subscriber, r.list, ? FROM recipient r LEFT JOIN subscriber s ON s.id = r.subscriber"
            " WHERE r.issue = ? AND r.state IN ('accepted', 'in doubt') AND (s.id IS NULL OR s.state = 'active')"
            " ORDER BY r.id",
            [new, rfc3339(now), issue.id],
        )
        return _again(connection, new)


def adopt(connection: sqlite3.Connection, *, key: str, number: int, subject: str, record: str, now: datetime) -> None:
    """Note an issue that the ledger knows and this journal does not: to whom it went is in doubt as a whole."""
    with transaction(connection):
        if find(connection, key) is None:
            _insert(connection, key, 0, number, subject, record, now)


def counts(connection: sqlite3.Connection, issue: Issue) -> dict[State, int]:
    """How many recipients of *issue* are in each state that has any."""
    return dict(connection.execute("SELECT state, count(*) FROM recipient WHERE issue = ? GROUP BY state", [issue.id]))


def told(connection: sqlite3.Connection, issue: Issue, state: State) -> Iterator[Told]:
    """The recipients of *issue* that are in *state*, with the server's words."""
    rows = connection.execute(
        "SELECT coalesce(s.address, r.list), r.state, r.words, r.changed, r.due FROM recipient r"
        " LEFT JOIN subscriber s ON s.id = r.subscriber WHERE r.issue = ? AND r.state = ? ORDER BY r.id",
        [issue.id, state],
    )
    for address, its, words, changed, due in rows:
        yield Told(address, its, words, parse_rfc3339(changed), parse_rfc3339(due) if due else None)


def due(connection: sqlite3.Connection, issue: Issue, now: datetime, after: int, limit: int) -> list[Recipient]:
    """The next *limit* recipients of *issue* to be tried at *now*, whose number is greater than *after*.

    Who left in the meantime is not among them.
    """
    rows = connection.execute(
        "SELECT r.id, coalesce(s.address, r.list, ''), s.match, coalesce(s.name, ''), r.tries FROM recipient r"
        " LEFT JOIN subscriber s ON s.id = r.subscriber"
        " WHERE r.issue = ? AND r.id > ? AND (r.state = 'waiting' OR r.state = 'deferred' AND r.due <= ?)"
        " AND (r.subscriber IS NULL OR s.state = 'active')"
        " ORDER BY r.id LIMIT ?",
        [issue.id, after, rfc3339(now), limit],
    )
    return [Recipient(*row) for row in rows]


def next_due(connection: sqlite3.Connection, issue: Issue) -> datetime | None:
    """When the first of the deferred recipients of *issue* is due again."""
    (first,) = connection.execute(
        "SELECT min(due) FROM recipient WHERE issue = ? AND state = 'deferred'", [issue.id]
    ).fetchone()
    return parse_rfc3339(first) if first else None
