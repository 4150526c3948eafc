"""What goes into the journal while mail goes out: answers and marks, many in one commit."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from handbill.dates import rfc3339
from handbill.deliver import subscribers
from handbill.deliver.answers import Meaning
from handbill.deliver.journal import Issue, State
from handbill.deliver.pace import GIVE_UP, LONGEST, Tally, next_try
from handbill.deliver.state import transaction
from handbill.masking import masked


class Answer(NamedTuple):
    """What came of one try for the recipient *id*: its *meaning*, and the *words* for it."""

    id: int
    meaning: Meaning
    words: str = ""


class Settled(NamedTuple):
    """The outcome of a commit: who may be sent the final dot, how many left meanwhile, why all must pause."""

    granted: frozenset[int]
    skipped: int
    paused: str | None


_ANSWER = (
    "UPDATE recipient SET state = ?, changed = ?, words = CASE WHEN EXISTS"
    " (SELECT 1 FROM subscriber s WHERE s.id = subscriber AND s.match IS NULL) THEN '' ELSE ? END WHERE id = ?"
)
_MARK = (
    "UPDATE recipient SET state = 'in doubt', words = '', changed = ? WHERE id = ?"
    " AND state IN ('waiting', 'deferred')"
    " AND (subscriber IS NULL OR EXISTS (SELECT 1 FROM subscriber s WHERE s.id = subscriber AND s.state = 'active'))"
)
_SKIP = (
    "UPDATE recipient SET state = 'skipped', changed = ?1,"
    " words = (SELECT s.state || ' since ' || s.since FROM subscriber s WHERE s.id = subscriber)"
    " WHERE id = ?2 AND state IN ('waiting', 'deferred')"
)


def settle(
    connection: sqlite3.Connection,
    issue: Issue,
    answers: Sequence[Answer],
    marks: Sequence[int],
    now: datetime,
    unit: float = 1.0,
    most_doubts: int = 4,
) -> Settled:
    """In one transaction, and on disk when this returns: *answers* are written, then *marks* are made.

    A mark says that the recipient's message is in flight. It is not made for one who is no longer active (that one is
    skipped), and for nobody when the issue is paused, which it may be because of one of these *answers*.
    """
    moment = rfc3339(now)
    with transaction(connection):
        row = connection.execute(
            "SELECT answers, early, row, doubts, paused FROM issue WHERE id = ?", [issue.id]
        ).fetchone()
        if row is None:
            return Settled(frozenset(), 0, "it was discarded")
        before, paused = Tally(*row[:4]), row[4]
        tally = before
        for answer in answers:
            if answer.meaning is Meaning.ACCEPTED:
                tally = tally.accepted()
            elif answer.meaning is Meaning.REFUSED:
                tally = tally.refused()
            elif answer.meaning is Meaning.DOUBT:
                tally = tally.doubted()
            elif answer.meaning is Meaning.PAUSE:
                paused = paused or masked(answer.words)  # whom it was about, the recipient's own words tell
            paused = paused or tally.suspicion(most_doubts)
            _write(connection, answer, now, unit)
        if (tally, paused) != (before, row[4]):
            connection.execute(
                "UPDATE issue SET answers = ?, early = ?, row = ?, doubts = ?, paused = ? WHERE id = ?",
                [*tally, paused, issue.id],
            )
        granted: list[int] = []
        skipped = 0
        for mark in marks if paused is None else ():
            if connection.execute(_MARK, [moment, mark]).rowcount:
                granted.append(mark)
            else:
                skipped += connection.execute(_SKIP, [moment, mark]).rowcount
    return Settled(frozenset(granted), skipped, paused)


def _write(connection: sqlite3.Connection, answer: Answer, now: datetime, unit: float) -> None:
    moment = rfc3339(now)
    if answer.meaning in (Meaning.LATER, Meaning.PAUSE):
        (tries,) = connection.execute("SELECT tries FROM recipient WHERE id = ?", [answer.id]).fetchone()
        connection.execute(
            "UPDATE recipient SET tries = ?, due = ?, first = coalesce(first, ?) WHERE id = ?",
            [tries + 1, rfc3339(next_try(tries + 1, now, unit)), moment, answer.id],
        )
    state: State = _STATES[answer.meaning]
    connection.execute(_ANSWER, [state, moment, answer.words, answer.id])


_STATES: dict[Meaning, State] = {
    Meaning.ACCEPTED: "accepted",
    Meaning.REFUSED: "refused",
    Meaning.LATER: "deferred",
    Meaning.PAUSE: "deferred",  # the others go first when a person lets the issue go on
    Meaning.UNSENT: "waiting",
    Meaning.DOUBT: "in doubt",
}


def clear_up(connection: sqlite3.Connection, issue: Issue, now: datetime) -> None:
    """What a run begins and ends with: doubts get their words, who was put off for days is given up, who left skipped.

    When nobody is left to be tried the issue is finished, and those it refused are bouncing. Only under the sending
    lock: a mark without words is then one that a dead process left.
    """
    moment = rfc3339(now)
    with transaction(connection):
        connection.execute(  # put off by a clock that was ahead
            "UPDATE recipient SET due = ?1, first = min(first, ?1)"
            " WHERE issue = ?2 AND state = 'deferred' AND due > ?3",
            [moment, issue.id, rfc3339(now + LONGEST)],
        )
        connection.execute(
            "UPDATE recipient SET words = 'sending ended between the end of the message and the server''s answer'"
            " WHERE issue = ? AND state = 'in doubt' AND words = ''",
            [issue.id],
        )
        gone = "SELECT r.id FROM recipient r JOIN subscriber s ON s.id = r.subscriber WHERE r.issue = ? AND r.state IN"
        rows = connection.execute(f"{gone} ('waiting', 'deferred') AND s.state != 'active'", [issue.id]).fetchall()
        connection.executemany(_SKIP, [(moment, each) for (each,) in rows])
        _give_up(connection, issue, now)
        (left,) = connection.execute(
            "SELECT count(*) FROM recipient WHERE issue = ? AND state IN ('waiting', 'deferred')", [issue.id]
        ).fetchone()
        if not left and issue.known and issue.finished is None:
            _finish(connection, issue, now)


def _give_up(connection: sqlite3.Connection, issue: Issue, now: datetime) -> None:
    late = connection.execute(
        "SELECT id, subscriber, words FROM recipient WHERE issue = ? AND state = 'deferred' AND first <= ?",
        [issue.id, rfc3339(now - GIVE_UP)],
    ).fetchall()
    for identifier, subscriber, words in late:
        connection.execute(
            "UPDATE recipient SET state = 'refused', given_up = 1, changed = ?, words = ? WHERE id = ?",
            [rfc3339(now), f"given up after {GIVE_UP.days} days: {words}", identifier],
        )
        if subscriber is not None:
            subscribers.bounce(connection, subscriber, issue.key, now, words, hard=False)


def _finish(connection: sqlite3.Connection, issue: Issue, now: datetime) -> None:
    connection.execute("UPDATE issue SET finished = ? WHERE id = ?", [rfc3339(now), issue.id])
    refused = connection.execute(
        "SELECT subscriber, words FROM recipient WHERE issue = ? AND state = 'refused' AND NOT given_up"
        " AND subscriber IS NOT NULL",
        [issue.id],
    ).fetchall()
    for subscriber, words in refused:
        subscribers.bounce(connection, subscriber, issue.key, now, words, hard=True)
