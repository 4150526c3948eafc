"""Before an issue goes out: a proof to the editors, a test to one address, and what a run would do."""

import re
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from handbill.commands import issues
from handbill.commands.letters import composer, signer_of
from handbill.commands.publication import ledger_of
from handbill.commands.settings import Settings
from handbill.deliver import decisions, journal, state, subscribers
from handbill.deliver.addresses import parse
from handbill.deliver.errors import DeliveryError
from handbill.deliver.sending import send_singly
from handbill.deliver.settings import Transport
from handbill.model import Publication
from handbill.publish.issues import next_issue
from handbill.publish.schedule import next_due


def told(line: str) -> int:
    """Print *line*; all is done."""
    print(line)
    return 0


def masked(words: str) -> str:
    """A server's words without mail addresses: those are for `status` alone."""
    return re.sub(r"[^\s<>\"'(),;:=]+@[^\s<>\"'(),;]+", "…", words)


def send_proof(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    way: Transport,
    now: Callable[[], datetime],
) -> None:
    """The issue goes to `proof-to` a day before it is due."""
    digest = issues.digest_of(publication)
    moment = now()
    due = next_due(digest, publication.zone, moment) if digest.proof_to else None
    if due is None or due.moment - moment > timedelta(days=1):
        return
    key = due.key.isoformat()
    with state.transaction(connection):
        if connection.execute("INSERT OR IGNORE INTO proof VALUES (?, ?)", [key, moment.isoformat()]).rowcount == 0:
            return
    try:
        if _send_next(settings, publication, connection, way, digest.proof_to, now, due.moment):
            print(f"issue {key}: proof sent to {len(digest.proof_to)}")
    except DeliveryError as error:
        with state.transaction(connection):
            connection.execute("DELETE FROM proof WHERE key = ?", [key])
        print(f"handbill send: the proof of issue {key}: {masked(str(error))}", file=sys.stderr)


def _send_next(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    way: Transport,
    addresses: tuple[str, ...],
    now: Callable[[], datetime],
    moment: datetime,
) -> bool:
    """Send the issue as it would be at *moment*; False if there is nothing in it."""
    published = issues.published_now(settings, publication, connection, moment)
    digest = issues.digest_of(publication)
    due = next_due(digest, publication.zone, moment - timedelta(seconds=1))
    issue = next_issue(published, digest, due.key)
    if not (issue.new or issue.revised or issue.withdrawn):
        return False
    composed = issues.compose(settings, issue, published.ledger.id, now())
    signer = signer_of(connection, published.ledger.id)
    name = f"proof-{due.key.isoformat()}"
    compose = composer(composed.message, composed.kept, name, issue.number or 0, signer)
    send_singly(addresses, way, compose, name=name, now=now, clock=time.monotonic)
    return True


def send_test(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    way: Transport,
    address: str,
    now: Callable[[], datetime],
) -> int:
    """Send the issue that comes next to *address* alone."""
    try:
        shown = parse(address).shown
    except ValueError as error:
        raise DeliveryError(f"--test: this is no mail address: {error}", "settings") from error
    try:
        sent = _send_next(settings, publication, connection, way, (shown,), now, now())
    except DeliveryError as error:
        raise DeliveryError(masked(str(error)), error.kind) from error
    if not sent:
        return told("there is nothing new to send: the issue that comes next would be empty")
    return told("the issue that comes next was sent to that address alone; nothing was recorded")


def dry_run(settings: Settings, publication: Publication, way: Transport, now: datetime) -> int:
    """Tell what a run would do. The state is opened only if it is there, and nothing is written."""
    from handbill.render.digest import subject

    with TemporaryDirectory(prefix="handbill-") as copy:
        file = settings.state / state.FILE
        if file.exists():
            _copy(file, Path(copy) / state.FILE)
        with state.opened(Path(copy)) as connection:
            ledger = ledger_of(settings.out)
            published = issues.published_now(settings, publication, connection, now)
            issue = issues.due_issue(published, publication, now)
            active = subscribers.count(connection).get("active", 0)
            standing = decisions.standing(connection, ledger.sender if ledger else "")
            digest = issues.digest_of(publication)
            print(f"transport: {way}")
            if standing == "another":
                print("another state folder is the sender: nothing would be sent from here")
            if issue:
                whom = f"the list {digest.to}" if digest.to else f"{active} subscribers"
                print(f"issue {issue.key} is due: “{subject(issue)}”, "
                      f"{len(issue.new) + len(issue.revised) + len(issue.withdrawn)} entries, to {whom}")  # fmt: skip
            else:
                due = next_due(digest, publication.zone, now)
                print(f"no issue is due; the next date is {due.moment.astimezone(publication.zone):%Y-%m-%d %H:%M}")
            for each in journal.issues(connection):
                if not each.finished:
                    counts = ", ".join(f"{count} {name}" for name, count in journal.counts(connection, each).items())
                    print(f"issue {each.name} is under way: {counts or 'in doubt'}{', paused' if each.paused else ''}")
    return 0


def _copy(file: Path, to: Path) -> None:
    """Copy the state without leaving anything beside it: with nobody at work in it, it needs no companions."""
    at_work = file.with_name(f"{file.name}-wal").exists()
    how = "mode=ro" if at_work else "mode=ro&immutable=1"
    there = sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True)
    with closing(there), closing(sqlite3.connect(to)) as copy:
        there.backup(copy)
