"""Copies of the private state: made while others are at work in it, and put back without a second copy to anybody."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from handbill.dates import parse_rfc3339
from handbill.deliver import decisions, state, subscribers
from handbill.deliver.errors import DeliveryError

_LATEST = (
    "SELECT max(at) FROM (SELECT max(at) AS at FROM event UNION ALL SELECT max(frozen) FROM issue"
    " UNION ALL SELECT max(finished) FROM issue UNION ALL SELECT max(changed) FROM recipient)"
)

_NEWER = "newer than"

BEFORE = f"{state.FILE}.before-restore"
"""Beside the state: what was there when a backup took its place."""


def back_up(folder: Path, file: Path) -> None:
    """Copy the state in *folder* into *file*, in place of an earlier backup. Raises DeliveryError."""
    if not (folder / state.FILE).exists():
        raise DeliveryError(
            f"there is no private state in {folder}: nobody subscribes and nothing was sent", "settings"
        )
    if file.exists():
        with _read(file):
            pass
    with state.opened(folder) as connection:
        state.copy_to(connection, file)


class Restored(NamedTuple):
    """What came of it: when the backup's last word is from (None: it has none), how many are in *doubt*, and how many
    *stay_off* the list because the state that gave way knew that they left.
    """

    last: datetime | None
    doubts: int
    stay_off: int


def restore(folder: Path, file: Path, now: datetime, *, replace: bool, new_secret: bool) -> Restored:
    """Put the backup *file* in the place of the state in *folder*.

    Whoever still waits in it for a message may have got it since it was made, so they are in doubt. A state that is
    newer, or another, is left alone unless *replace*; it is kept beside. With *new_secret* the next command that signs
    makes one. Raises DeliveryError.
    """
    with _read(file) as backup:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with state.sending_lock(folder) as alone:
            if not alone:
                raise DeliveryError("a run is sending just now: nothing was restored; try again when it is done")
            # All is settled before it is in place: killed between the two, the next run would send again.
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
                backup.backup(copy)
                (last,) = copy.execute(_LATEST).fetchone()
                stay_off = 0
                if (folder / state.FILE).exists():
                    stay_off = _make_room(folder, file, copy, now, replace=replace)
                doubts = decisions.doubt_the_rest(copy, now, "restored from a backup: it may have been sent since")
                if new_secret:
                    copy.execute("DELETE FROM meta WHERE name = 'secret'")
                with state.opened(folder) as connection:
                    copy.backup(connection)
            return Restored(parse_rfc3339(last) if last else None, doubts, stay_off)


@contextmanager
def _read(file: Path) -> Iterator[sqlite3.Connection]:
    """The backup *file*, of which nothing can be changed, once it is known to be whole."""
    try:
        if not file.is_file():
            raise DeliveryError(f"{file} is no file; name one that handbill backup has made", "settings")
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            try:
                form = state.form_of(connection)
            except DeliveryError as error:
                raise DeliveryError(f"{file} was {error}; nothing was changed: upgrade Handbill", "settings") from error
            if not form or connection.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise DeliveryError(f"{file} is no whole backup of Handbill's; nothing was changed", "settings")
            yield connection
    except sqlite3.DatabaseError as error:
        raise DeliveryError(
            f"{file} is no whole backup of Handbill's ({error}); nothing was changed", "settings"
        ) from error


def _make_room(folder: Path, file: Path, copy: sqlite3.Connection, now: datetime, *, replace: bool) -> int:
    """See that the state in *folder* may go, and keep it beside; how many of *copy* stay off the list for its sake."""
    try:
        with state.opened(folder) as present:
            if why := _stays(present, copy):
                if not replace:
                    raise DeliveryError(
                        f"the state in {folder} is {why} {file}: nothing was restored. handbill restore --replace "
                        f"puts the backup in its place and keeps what is there as {BEFORE}",
                        "decide",
                    )
                state.copy_to(present, folder / BEFORE)
                if why == _NEWER:
                    return _keep_off(present, copy, now)
    except DeliveryError as error:
        if "is damaged" not in str(error):
            raise
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                (folder / f"{state.FILE}{ending}").replace(folder / f"{BEFORE}{ending}")
    return 0


def _keep_off(present: sqlite3.Connection, copy: sqlite3.Connection, now: datetime) -> int:
    """Take over into *copy* who left, bounced, complained or was erased in the *present* state since; how many.

    Not whom the operator removed: a restore is how one takes that back.
    """
    count = 0
    with state.transaction(copy):
        for row in present.execute(
            "SELECT id, address, match, hash, name, state, since, consent FROM subscriber WHERE state != 'active'"
            " AND (match IS NULL OR NOT coalesce((SELECT evidence = ? FROM event WHERE subscriber = subscriber.id"
            " ORDER BY event.id DESC LIMIT 1), 0))",
            [subscribers.BY_OPERATOR],
        ).fetchall():
            identifier, *known = row
            changed = copy.execute(
                "UPDATE subscriber SET (address, match, hash, name, state, since, consent) = (?, ?, ?, ?, ?, ?, ?)"
                " WHERE id = ? AND state = 'active'",
                [*known, identifier],
            ).rowcount
            if changed:
                what = "erased" if row[2] is None else row[5]
                subscribers.record(copy, identifier, now, what, "known to the state before a restore")
                if row[2] is None:
                    copy.execute("UPDATE event SET evidence = '' WHERE subscriber = ?", [identifier])
                    copy.execute("UPDATE recipient SET words = '' WHERE subscriber = ?", [identifier])
            count += changed
    return count


def _stays(present: sqlite3.Connection, backup: sqlite3.Connection) -> str:
    """Why the *present* state should not go for the *backup*; empty when it holds nothing that the backup lacks."""
    (latest,), (saved,) = present.execute(_LATEST).fetchone(), backup.execute(_LATEST).fetchone()
    if not latest:
        return ""  # nobody subscribed and nothing was sent
    if state.note(present, "name") != state.note(backup, "name"):
        return "another one than"
    runs = [int(state.note(each, "runs") or 0) for each in (present, backup)]
    return _NEWER if latest > (saved or "") or runs[0] > runs[1] else ""
