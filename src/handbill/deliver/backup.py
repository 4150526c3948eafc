"""Copies of the private state: made while others are at work in it, and put back without a second copy to anybody."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from handbill.deliver import decisions, state
from handbill.deliver.errors import DeliveryError

_LATEST = (
    "SELECT max(at) FROM (SELECT max(at) AS at FROM event UNION ALL SELECT max(frozen) FROM issue"
    " UNION ALL SELECT max(finished) FROM issue UNION ALL SELECT max(changed) FROM recipient)"
)

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


def restore(folder: Path, file: Path, now: datetime, *, replace: bool) -> int:
    """Put the backup *file* in the place of the state in *folder*; how many recipients are in doubt then.

    Whoever still waits in it for a message may have got it since it was made, so they are in doubt. A state that is
    newer, or another, is left alone unless *replace*; it is kept beside. Raises DeliveryError.
    """
    with _read(file) as backup:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with state.sending_lock(folder) as alone:
            if not alone:
                raise DeliveryError("a run is sending just now: nothing was restored; try again when it is done")
            if (folder / state.FILE).exists():
                _make_room(folder, file, backup, replace=replace)
            # In doubt before it is in place: killed between the two, the next run would send again.
            with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy:
                backup.backup(copy)
                doubts = decisions.doubt_the_rest(copy, now, "restored from a backup: it may have been sent since")
                with state.opened(folder) as connection:
                    copy.backup(connection)
            return doubts


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


def _make_room(folder: Path, file: Path, backup: sqlite3.Connection, *, replace: bool) -> None:
    """See that the state in *folder* may go, and keep it beside."""
    try:
        with state.opened(folder) as present:
            if why := _stays(present, backup):
                if not replace:
                    raise DeliveryError(
                        f"the state in {folder} is {why} {file}: nothing was restored. handbill restore --replace "
                        f"puts the backup in its place and keeps what is there as {BEFORE}",
                        "decide",
                    )
                state.copy_to(present, folder / BEFORE)
    except DeliveryError as error:
        if "is damaged" not in str(error):
            raise
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                (folder / f"{state.FILE}{ending}").replace(folder / f"{BEFORE}{ending}")


def _stays(present: sqlite3.Connection, backup: sqlite3.Connection) -> str:
    """Why the *present* state should not go for the *backup*; empty when it holds nothing that the backup lacks."""
    (latest,), (saved,) = present.execute(_LATEST).fetchone(), backup.execute(_LATEST).fetchone()
    if not latest:
        return ""  # nobody subscribed and nothing was sent
    if state.note(present, "name") != state.note(backup, "name"):
        return "another one than"
    runs = [int(state.note(each, "runs") or 0) for each in (present, backup)]
    return "newer than" if latest > (saved or "") or runs[0] > runs[1] else ""
