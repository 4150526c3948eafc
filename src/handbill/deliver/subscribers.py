"""Who gets the digest: states with dates and evidence, and a suppression that no import undoes."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from handbill.dates import parse_rfc3339, rfc3339
from handbill.deliver.addresses import Address
from handbill.deliver.state import forget_deleted, transaction
from handbill.deliver.tokens import Signer

State = Literal["active", "left", "bouncing", "complained"]

BY_OPERATOR = "removed by the operator"
"""The evidence where it was not the subscriber who asked."""

SOFT_BOUNCES = 3
"""In so many issues, after the last time somebody spoke for the address, make it a bouncing one."""

_COLUMNS = "id, address, match, hash, name, state, since, consent"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """One who gets the digest, or did. An erased one has only *hash*; all others have *address*, *match* and *name*.

    The others have their *hash* from the first time that `find_handle` is asked for anybody.
    """

    id: int
    address: str | None
    match: str | None
    hash: str | None
    name: str
    state: State
    since: datetime
    consent: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a subscriber: *at* when, *what*, and the *evidence* for it."""

    at: datetime
    what: str
    evidence: str
    issue: str


def _subscriber(row: tuple[int, str | None, str | None, str | None, str, State, str, str]) -> Subscriber:
    identifier, address, match, erased, name, state, since, consent = row
    return Subscriber(identifier, address, match, erased, name, state, parse_rfc3339(since), consent)


def find(connection: sqlite3.Connection, match: str, signer: Signer | None = None) -> Subscriber | None:
    """The subscriber whose address compares as *match*; with *signer* an erased one is known again too."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM subscriber WHERE match = ? OR hash = ?", [match, signer and signer.handle(match)]
    ).fetchone()
    return row and _subscriber(row)


def find_handle(connection: sqlite3.Connection, handle: str, signer: Signer) -> Subscriber | None:
    """The subscriber whose address has the keyed hash *handle*, unless erased."""
    hash_all(connection, signer)
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM subscriber WHERE hash = ? AND match IS NOT NULL", [handle]
    ).fetchone()
    return row and _subscriber(row)


def hash_all(connection: sqlite3.Connection, signer: Signer) -> None:
    """Give those a hash who have none yet, so that whoever is looked for by it is found without trying everybody."""
    without = "SELECT id, match FROM subscriber WHERE hash IS NULL"
    if connection.execute(f"{without} LIMIT 1").fetchone():
        with transaction(connection):
            rows = connection.execute(without).fetchall()
            connection.executemany(
                "UPDATE subscriber SET hash = ? WHERE id = ?",
                [(signer.handle(match), identifier) for identifier, match in rows],
            )


def everyone(connection: sqlite3.Connection, state: State | None = None) -> Iterator[Subscriber]:
    """All subscribers (of one *state*), in the order in which they came; the erased ones too."""
    for row in connection.execute(
        f"SELECT {_COLUMNS} FROM subscriber WHERE ?1 IS NULL OR state = ?1 ORDER BY id", [state]
    ):
        yield _subscriber(row)


def count(connection: sqlite3.Connection) -> dict[State, int]:
    """How many subscribers are in each state that has any."""
    return dict(connection.execute("SELECT state, count(*) FROM subscriber GROUP BY state"))


def events(connection: sqlite3.Connection, subscriber: int) -> list[Event]:
    """All that happened to *subscriber*, oldest first."""
    rows = connection.execute(
        "SELECT at, what, evidence, issue FROM event WHERE subscriber = ? ORDER BY id", [subscriber]
    )
    return [Event(parse_rfc3339(at), what, evidence, issue) for at, what, evidence, issue in rows]


def record(
    connection: sqlite3.Connection, subscriber: int, now: datetime, what: str, evidence: str, issue: str = ""
) -> None:
    """Write down, in the transaction that is open, that *what* happened to *subscriber*."""
    connection.execute(
        "INSERT INTO event (subscriber, at, what, evidence, issue) VALUES (?, ?, ?, ?, ?)",
        [subscriber, rfc3339(now), what, evidence, issue],
    )


def insert(
    connection: sqlite3.Connection,
    address: Address,
    name: str,
    state: State,
    since: datetime,
    consent: str,
    how: str,
    *,
    at: datetime,
) -> None:
    """Put a new subscriber in, in the transaction that is open; *how* is what brought it here, *at* when."""
    new = connection.execute(
        "INSERT INTO subscriber (address, match, name, state, since, consent) VALUES (?, ?, ?, ?, ?, ?)",
        [address.shown, address.match, name, state, rfc3339(since), consent],
    ).lastrowid
    assert new is not None
    record(connection, new, at, how, consent)


class SuppressedError(Exception):
    """The address is on the list already, in a state that only a person may change. *subscriber* is whose it is."""

    def __init__(self, subscriber: Subscriber) -> None:
        """Name *subscriber*."""
        super().__init__(subscriber.state)
        self.subscriber = subscriber


def add(
    connection: sqlite3.Connection,
    signer: Signer,
    address: Address,
    *,
    name: str,
    consent: str,
    now: datetime,
    again: bool = False,
) -> bool:
    """Add *address*, whose owner gave *consent* (when and how); False if it is active already.

    One who left, complained, bounces or was erased comes back only with *again*; else SuppressedError is raised.
    """
    with transaction(connection):
        known = find(connection, address.match, signer)
        if known and known.state == "active":
            return False
        if known and not again:
            raise SuppressedError(known)
        if known and known.match:
            connection.execute(
                "UPDATE subscriber SET address = ?, name = ?, consent = ? WHERE id = ?",
                [address.shown, name or known.name, consent, known.id],
            )
            move(connection, known.id, "active", now, "joined again", consent)
            return True
        if known:  # the erased one's rows in the journal must not become this person's
            connection.execute("UPDATE subscriber SET hash = 'replaced:' || id WHERE id = ?", [known.id])
        insert(connection, address, name, "active", now, consent, "joined", at=now)
        return True


def move(
    connection: sqlite3.Connection,
    subscriber: int,
    state: State,
    now: datetime,
    what: str,
    evidence: str,
    issue: str = "",
) -> None:
    """Bring *subscriber* into another *state*, in the transaction that is open."""
    connection.execute("UPDATE subscriber SET state = ?, since = ? WHERE id = ?", [state, rfc3339(now), subscriber])
    record(connection, subscriber, now, what, evidence, issue)


def leave(connection: sqlite3.Connection, subscriber: int, now: datetime, evidence: str) -> bool:
    """Note that *subscriber* left; False if that changes nothing (one who complained stays so)."""
    return _suppress(connection, subscriber, "left", ("active", "bouncing"), now, evidence)


def complain(connection: sqlite3.Connection, subscriber: int, now: datetime, evidence: str) -> bool:
    """Note that *subscriber* called the digest spam; False if that was known."""
    return _suppress(connection, subscriber, "complained", ("active", "bouncing", "left"), now, evidence)


def _suppress(
    connection: sqlite3.Connection,
    subscriber: int,
    state: State,
    before: tuple[State, ...],
    now: datetime,
    evidence: str,
) -> bool:
    with transaction(connection):
        (was,) = connection.execute("SELECT state FROM subscriber WHERE id = ?", [subscriber]).fetchone()
        if was not in before:
            return False
        move(connection, subscriber, state, now, state, evidence)
        return True


def bounce(
    connection: sqlite3.Connection, subscriber: int, issue: str, now: datetime, evidence: str, *, hard: bool
) -> bool:
    """Note, in the transaction that is open, that *issue* came back from *subscriber*; True if it is bouncing now.

    A *hard* one is enough; soft ones count once an issue, and in `SOFT_BOUNCES` issues.
    """
    row = connection.execute("SELECT state, since FROM subscriber WHERE id = ?", [subscriber]).fetchone()
    if row is None or row[0] != "active":
        return False
    if hard:
        move(connection, subscriber, "bouncing", now, "bounced", evidence, issue)
        return True
    counted = "SELECT DISTINCT issue FROM event WHERE subscriber = ? AND what = 'bounced softly' AND at >= ?"
    before = {found for (found,) in connection.execute(counted, [subscriber, row[1]])}
    if issue in before:
        return False
    record(connection, subscriber, now, "bounced softly", evidence, issue)
    if len(before) + 1 < SOFT_BOUNCES:
        return False
    move(connection, subscriber, "bouncing", now, "bounced", f"softly in {SOFT_BOUNCES} issues", issue)
    return True


def erase(connection: sqlite3.Connection, signer: Signer, subscriber: Subscriber, now: datetime) -> None:
    """Forget *subscriber*: of the person only a keyed hash stays, by which an import leaves them out.

    Raises DeliveryError when that is done and traces of it stay for a while.
    """
    with transaction(connection):
        erase_within(connection, signer, subscriber, now)
    forget_deleted(connection)


def erase_within(connection: sqlite3.Connection, signer: Signer, subscriber: Subscriber, now: datetime) -> None:
    """The same, in the transaction that is open. Servers' words that name the address go, whomever they were about."""
    if subscriber.match is not None:
        connection.execute(
            "UPDATE subscriber SET address = NULL, match = NULL, hash = ?, name = '', consent = '', since = ?,"
            " state = CASE state WHEN 'complained' THEN state ELSE 'left' END WHERE id = ?",
            [signer.handle(subscriber.match), rfc3339(now), subscriber.id],
        )
        connection.execute("UPDATE event SET evidence = '' WHERE subscriber = ?", [subscriber.id])
        connection.execute("UPDATE recipient SET words = '' WHERE subscriber = ?", [subscriber.id])
        for table, column in (("event", "evidence"), ("recipient", "words")):
            connection.execute(f"UPDATE {table} SET {column} = '…' WHERE instr(lower({column}), ?)", [subscriber.match])
        record(connection, subscriber.id, now, "erased", "")
