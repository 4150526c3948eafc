"""The private state: one SQLite file, for its owner's eyes alone, that is on disk before it answers."""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from handbill.deliver.errors import DeliveryError

FILE = "handbill.sqlite3"

_MIGRATIONS = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE subscriber (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never given twice: an erased one's rows in the journal stay its own
        address TEXT,                          -- as it was given; NULL once erased
        match TEXT UNIQUE,                     -- as it is compared; NULL once erased
        hash TEXT UNIQUE,                      -- the keyed hash of match: all that stays of an erased one
        name TEXT NOT NULL DEFAULT '',
        state TEXT NOT NULL CHECK (state IN ('active', 'left', 'bouncing', 'complained')),
        since TEXT NOT NULL,
        consent TEXT NOT NULL DEFAULT '',
        CHECK ((address IS NULL) = (match IS NULL) AND (match IS NOT NULL OR hash IS NOT NULL))
    );
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        subscriber INTEGER NOT NULL REFERENCES subscriber,
        at TEXT NOT NULL,
        what TEXT NOT NULL,
        evidence TEXT NOT NULL DEFAULT '',
        issue TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX event_of ON event (subscriber, id);
    CREATE TABLE issue (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL,
        correction INTEGER NOT NULL DEFAULT 0,
        number INTEGER NOT NULL,
        subject TEXT NOT NULL,
        record TEXT NOT NULL,                  -- what the ledger is to say of it
        frozen TEXT NOT NULL,
        paused TEXT,                           -- why
        finished TEXT,
        answers INTEGER NOT NULL DEFAULT 0,    -- accepted and refused since it began or a person resumed it
        early INTEGER NOT NULL DEFAULT 0,      -- refusals among the first of these
        row INTEGER NOT NULL DEFAULT 0,        -- refusals without an acceptance between
        doubts INTEGER NOT NULL DEFAULT 0,     -- lines that broke after the dot, without an answer between
        UNIQUE (key, correction)
    );
    CREATE TABLE message (
        issue INTEGER PRIMARY KEY REFERENCES issue ON DELETE CASCADE,
        frozen BLOB NOT NULL,
        kept TEXT NOT NULL                     -- the caller's own, to have with it
    );
    CREATE TABLE recipient (
        id INTEGER PRIMARY KEY,
        issue INTEGER NOT NULL REFERENCES issue ON DELETE CASCADE,
        subscriber INTEGER REFERENCES subscriber,
        list TEXT,                             -- the address of a mailing list, which is no subscriber
        state TEXT NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'accepted', 'refused', 'deferred', 'skipped', 'in doubt')),
        words TEXT NOT NULL DEFAULT '',        -- the server's, or ours for what happened
        changed TEXT NOT NULL,
        due TEXT NOT NULL DEFAULT '',          -- a deferred one is not tried before
        tries INTEGER NOT NULL DEFAULT 0,
        first TEXT,                            -- when it was first deferred
        given_up INTEGER NOT NULL DEFAULT 0,   -- refused because nothing else came of it for days
        UNIQUE (issue, subscriber),
        CHECK ((subscriber IS NULL) != (list IS NULL))
    );
    CREATE TABLE seen (digest TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE proof (key TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
    """,
)
"""Each brings the file from the version of its index to the next; one that was released is never edited."""


@contextmanager
def opened(folder: Path) -> Iterator[sqlite3.Connection]:
    """The state in *folder*, made if it is not there (folder 0700, file 0600), brought to this version's form.

    Write-ahead logging with ``synchronous=FULL``: each commit is one sync and outlives a power cut, and the web
    application can read and write beside a sending run. Raises DeliveryError.
    """
    with _told(folder):
        connection = _open(folder)
        try:
            _migrate(connection, folder)
            yield connection
        finally:
            connection.close()


def _open(folder: Path) -> sqlite3.Connection:
    file = folder / FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        if file.stat().st_mode & 0o077:
            file.chmod(0o600)
    except OSError as error:
        raise _unusable(folder, error) from error
    connection = sqlite3.connect(file, isolation_level=None, timeout=30)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _migrate(connection: sqlite3.Connection, folder: Path) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(_MIGRATIONS):
        raise DeliveryError(
            f"{folder / FILE} was written by a newer Handbill (form {version}, this one knows {len(_MIGRATIONS)}); "
            "it stays as it is: upgrade Handbill",
            "settings",
        )
    if version == len(_MIGRATIONS):
        return
    if version:
        copy_to(connection, folder / f"{FILE}.form-{version}")
    with transaction(connection):
        (version,) = connection.execute("PRAGMA user_version").fetchone()  # another process may have been quicker
        for script in _MIGRATIONS[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        connection.execute("INSERT OR IGNORE INTO meta VALUES ('name', ?)", [secrets.token_hex(8)])
        connection.execute(f"PRAGMA user_version={len(_MIGRATIONS)}")


def copy_to(connection: sqlite3.Connection, file: Path) -> None:
    """Write all that *connection* holds at this moment into *file* (0600), whole or not at all; writers may be at work.

    Raises DeliveryError.
    """
    part = file.with_name(f".{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        with closing(sqlite3.connect(part, isolation_level=None)) as copy:
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, without companions
        part.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except (OSError, sqlite3.Error) as error:
        part.unlink(missing_ok=True)
        raise DeliveryError(f"{file} cannot be written ({error}); the private state stays as it is") from error


def form_of(connection: sqlite3.Connection) -> int:
    """The form of the state in *connection*; 0 if it is none of Handbill's. Raises DeliveryError for a newer one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(_MIGRATIONS):
        raise DeliveryError(
            f"written by a newer Handbill (form {version}, this one knows {len(_MIGRATIONS)})", "settings"
        )
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return int(version) if {"meta", "subscriber", "issue", "recipient"} <= names else 0


def _statements(script: str) -> Iterator[str]:
    """Each statement of *script*; `executescript` would commit what is open."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that is done within is on disk when this ends, or nothing of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _unusable(folder, error) from error
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a fault of ours
    except sqlite3.DatabaseError as error:
        raise DeliveryError(
            f"{folder / FILE} is damaged ({error}): restore it from a backup, or move it away and import the "
            "subscribers again",
            "settings",
        ) from error


def _unusable(folder: Path, error: Exception) -> DeliveryError:
    return DeliveryError(f"the private state in {folder} cannot be used ({error}); what it held stays")


@contextmanager
def sending_lock(folder: Path) -> Iterator[bool]:
    """Whether this process alone may send from *folder* until the end; that of a dead process does not block."""
    try:
        descriptor = os.open(folder / "send.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise _unusable(folder, error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        except OSError as error:
            raise _unusable(folder, error) from error
        else:
            yield True
    finally:
        os.close(descriptor)


def note(connection: sqlite3.Connection, name: str) -> str | None:
    """What `take_note` was last told under *name*."""
    row = connection.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
    return None if row is None else str(row[0])


def take_note(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Keep *value* under *name*."""
    with transaction(connection):
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", [name, value])


def forget_deleted(connection: sqlite3.Connection) -> None:
    """Leave no trace of what was deleted or overwritten, in the write-ahead log either. Raises DeliveryError."""
    (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise DeliveryError(
            "it is done, but while another process reads the private state, its log holds what was there before: "
            "say it again when that has ended"
        )
