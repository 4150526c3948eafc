"""Mail that comes back, taken in once: from a Maildir, or one message from an MTA's pipe."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from handbill.dates import rfc3339
from handbill.deliver import journal
from handbill.deliver.errors import DeliveryError
from handbill.deliver.reports import Report, reports
from handbill.deliver.state import take_note, transaction
from handbill.deliver.subscribers import bounce, complain, find_handle, leave
from handbill.deliver.tokens import Signer

LONGEST = 20 * 1024 * 1024
"""A mail of more bytes is none of ours."""


def take_in(
    connection: sqlite3.Connection, signer: Signer, raw: bytes, now: datetime, recipients: Sequence[str] = ()
) -> Counter[str]:
    """Note what the mail *raw* says, unless that was done before; what was noted, and how often.

    ``already done`` says that the same mail was taken in before, ``not understood`` that a person should read it.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if connection.execute("SELECT 1 FROM seen WHERE digest = ?", [digest]).fetchone():
        return Counter({"already done": 1})
    found = list(reports(raw, signer, recipients))
    if not found:
        return Counter({"not understood": 1})
    noted: Counter[str] = Counter()
    for report in found:
        noted[report.what] += 1
        _note(connection, signer, report, now)
    # Last, so that a mail whose taking in broke off is taken in again: noting the same twice changes nothing.
    with transaction(connection):
        connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", [digest, rfc3339(now)])
    return noted


def _note(connection: sqlite3.Connection, signer: Signer, report: Report, now: datetime) -> None:
    subscriber = find_handle(connection, report.handle, signer)
    if subscriber is None:
        return
    if report.what == "leave":
        leave(connection, subscriber.id, now, report.evidence)
    elif report.what == "complaint":
        complain(connection, subscriber.id, now, report.evidence)
    else:
        hard = report.what == "hard bounce"
        with transaction(connection):
            bounce(connection, subscriber.id, _key(connection, report.number), now, report.evidence, hard=hard)


def _key(connection: sqlite3.Connection, number: int) -> str:
    return next((issue.key for issue in journal.issues(connection) if issue.number == number), f"number {number}")


def take_in_maildir(connection: sqlite3.Connection, signer: Signer, folder: Path, now: datetime) -> Counter[str]:
    """Take in every mail of the Maildir *folder*; those understood move from ``new`` to ``cur``, as read.

    Mail that is not understood stays where it is, for a person. Raises DeliveryError.
    """
    if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
        raise DeliveryError(f"{folder} is no Maildir: it has no folders new and cur", "settings")
    noted: Counter[str] = Counter()
    for file in _mails(folder):
        try:
            if file.stat().st_size > LONGEST:
                noted["not understood"] += 1
                continue
            of_this = take_in(connection, signer, file.read_bytes(), now)
            if file.parent.name == "new" and "not understood" not in of_this:
                file.rename(folder / "cur" / f"{file.name}:2,S")
        except FileNotFoundError:  # another program moved it
            continue
        except OSError as error:
            raise DeliveryError(f"{file.parent} cannot be read or written ({error.strerror})") from error
        noted += of_this
    take_note(connection, "inbox", rfc3339(now))
    return noted


def _mails(folder: Path) -> list[Path]:
    """All that are there now: those that move meanwhile are not to be met again."""
    found = [each for part in ("new", "cur") for each in sorted((folder / part).iterdir())]
    return [each for each in found if each.is_file() and each.name[0] != "."]
