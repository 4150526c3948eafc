"""What only a person decides: pausing, going on, discarding, doubts; and which state folder may send."""

import sqlite3
from datetime import datetime
from typing import Literal

from handbill.dates import rfc3339
from handbill.deliver.errors import DeliveryError
from handbill.deliver.journal import Issue, find
from handbill.deliver.pace import RESUMED
from handbill.deliver.state import note, take_note, transaction

Standing = Literal["unclaimed", "ours", "older", "another"]


def pause(connection: sqlite3.Connection, issue: Issue, why: str) -> None:
    """Let nobody else be sent *issue*; a running send stops before its next final dot."""
    with transaction(connection):
        connection.execute("UPDATE issue SET paused = coalesce(paused, ?) WHERE id = ?", [why, issue.id])


def resume(connection: sqlite3.Connection, issue: Issue) -> None:
    """Let *issue* go on; what was suspicious about its first answers counts no longer."""
    with transaction(connection):
        connection.execute(
            "UPDATE issue SET paused = NULL, answers = ?, early = ?, row = ?, doubts = ? WHERE id = ?",
            [*RESUMED, issue.id],
        )


def discard(connection: sqlite3.Connection, issue: Issue) -> None:
    """Forget *issue*, of which nobody has seen anything. Raises DeliveryError once a message may have gone out."""
    with transaction(connection):
        (gone,) = connection.execute(
            "SELECT count(*) FROM recipient WHERE issue = ? AND (tries OR state NOT IN ('waiting', 'skipped'))",
            [issue.id],
        ).fetchone()
        if gone or not issue.known:
            raise DeliveryError(
                f"issue {issue.name} cannot be discarded: sending has begun. Stop it with `handbill send --pause`, "
                "and tell those who have it with `handbill send --correction`",
                "decide",
            )
        connection.execute("DELETE FROM issue WHERE id = ?", [issue.id])


def resolve_doubt(connection: sqlite3.Connection, issue: Issue, choice: Literal["send", "skip"], now: datetime) -> int:
    """Send again to everyone in doubt of *issue*, or to nobody of them; how many they are. Under the sending lock."""
    state = "waiting" if choice == "send" else "skipped"
    words = "was in doubt" if choice == "send" else "was in doubt, and is not sent again"
    with transaction(connection):
        changed = connection.execute(
            "UPDATE recipient SET state = ?, words = ?, changed = ? WHERE issue = ? AND state = 'in doubt'",
            [state, words, rfc3339(now), issue.id],
        ).rowcount
        if choice == "send" and changed:
            connection.execute("UPDATE issue SET finished = NULL WHERE id = ?", [issue.id])
        if choice == "skip" and not issue.known:
            connection.execute("UPDATE issue SET finished = ? WHERE id = ?", [rfc3339(now), issue.id])
    return changed


def doubt_the_rest(connection: sqlite3.Connection, now: datetime, why: str) -> int:
    """Put all who wait in doubt, in every issue, because another may have sent to them; how many they are."""
    with transaction(connection):
        return connection.execute(
            "UPDATE recipient SET state = 'in doubt', words = ?, changed = ? WHERE state IN ('waiting', 'deferred')",
            [why, rfc3339(now)],
        ).rowcount


def sender(connection: sqlite3.Connection) -> str:
    """The name of this state folder, with the number of its last sending run: ``0f3a… 000012``."""
    return f"{note(connection, 'name')} {int(note(connection, 'runs') or 0):06}"


def next_sender(connection: sqlite3.Connection) -> str:
    """The same for the sending run that begins now; the ledger is to hold it before any mail goes out."""
    take_note(connection, "runs", str(int(note(connection, "runs") or 0) + 1))
    return sender(connection)


def standing(connection: sqlite3.Connection, ledger_sender: str) -> Standing:
    """How this state stands to the *ledger_sender*: the one that may send, none, another, or an *older* copy of it.

    Older is one restored from a backup: since then it has sent, and does not know to whom.
    """
    name, _, run = ledger_sender.partition(" ")
    if not name:
        return "unclaimed"
    own_name, _, own_run = sender(connection).partition(" ")
    if name != own_name:
        return "another"
    return "older" if run.isdecimal() and int(run) > int(own_run) else "ours"


def catch_up_with(connection: sqlite3.Connection, ledger_sender: str) -> None:
    """Count on from the run that the *ledger_sender* names, so that this state is not older any more."""
    run = ledger_sender.partition(" ")[2]
    if run.isdecimal():
        take_note(connection, "runs", run)


def unknown_to(connection: sqlite3.Connection, keys: list[str]) -> list[str]:
    """Those of *keys* (of issues, from the ledger) of which this journal has nothing."""
    return [key for key in keys if find(connection, key) is None]
