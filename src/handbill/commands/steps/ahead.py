"""Before an issue goes out: a proof to the editors, a test to one address, and what a run would do."""

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from handbill.commands.steps import issues
from handbill.commands.steps.letters import composer, signer_of
from handbill.commands.steps.publication import ledger_of
from handbill.commands.steps.settings import Settings
from handbill.deliver import decisions, journal, state, subscribers
from handbill.deliver.addresses import parse
from handbill.deliver.errors import DeliveryError
from handbill.deliver.outcome import Letter
from handbill.deliver.sending import send_singly
from handbill.deliver.settings import Folder, Sendmail, Transport
from handbill.masking import masked
from handbill.model import Publication
from handbill.publish.documents import issue_path
from handbill.publish.issues import next_issue
from handbill.publish.schedule import next_due
from handbill.render.address import address_of

PROOF = timedelta(days=1)
"""So long before an issue is due its proof goes out."""


def told(line: str) -> int:
    """Print *line*; all is done."""
    print(line)
    return 0


def send_proof(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    way: Transport,
    now: Callable[[], datetime],
    complain: Callable[[str], None],
    tell: Callable[[str], None],
) -> int:
    """The issue goes to each of `proof-to` once, a day before it is due; the exit status."""
    digest = issues.digest_of(publication)
    moment = now()
    due = next_due(digest, publication.zone, moment) if digest.proof_to else None
    if due is None or due.moment - moment > PROOF or not _may_send(settings, connection):
        return 0
    key, sent, status = due.key.isoformat(), 0, 0
    for address in digest.proof_to:
        name = f"{key} {address}"
        with state.transaction(connection):
            new = connection.execute("INSERT OR IGNORE INTO proof VALUES (?, ?)", [name, moment.isoformat()]).rowcount
        if not new:
            continue
        try:
            sent += _send_next(settings, publication, connection, way, (address,), now, due.moment)
        except DeliveryError as error:
            status = error.status
            with state.transaction(connection):
                connection.execute("DELETE FROM proof WHERE key = ?", [name])
            complain(f"handbill send: the proof of issue {key}: {masked(str(error))}")
    if sent:
        tell(f"issue {key}: proof sent to {sent}")
    return status


def _may_send(settings: Settings, connection: sqlite3.Connection) -> bool:
    ledger = ledger_of(settings.out)
    return decisions.standing(connection, ledger.sender if ledger else "") != "another"


def _send_next(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    way: Transport,
    addresses: tuple[str, ...],
    now: Callable[[], datetime],
    moment: datetime,
) -> bool:
    """Send the issue as it would be at *moment*, as a subscriber gets it; False if there is nothing in it."""
    published = issues.published_now(settings, publication, connection, moment)
    digest = issues.digest_of(publication)
    due = next_due(digest, publication.zone, moment - timedelta(seconds=1))
    issue = next_issue(published, digest, due.key)
    if not (issue.new or issue.revised or issue.withdrawn):
        return False
    composed = issues.compose(settings, issue, published.ledger.id, now())
    signer = signer_of(connection, published.ledger.id)
    name = f"proof-{due.key.isoformat()}"
    made = composer(composed.message, composed.kept, name, issue.number or 0, signer)

    def compose(recipient: journal.Recipient) -> Letter:
        return made(recipient if digest.to else recipient._replace(match=parse(recipient.address).match))

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


def dry_run(settings: Settings, publication: Publication, way: Transport, now: datetime, publish: str | None) -> int:
    """Tell what a run would do. The state is opened only if it is there, and nothing is written."""
    with TemporaryDirectory(prefix="handbill-") as copy:
        file = settings.state / state.FILE
        if file.exists():
            _copy(file, Path(copy) / state.FILE)
        with state.opened(Path(copy)) as connection:
            for line in _would_do(settings, publication, connection, way, now, publish):
                print(line)
    return 0


def _would_do(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    way: Transport,
    now: datetime,
    publish: str | None,
) -> Iterator[str]:
    ledger, digest = ledger_of(settings.out), issues.digest_of(publication)
    published = issues.published_now(settings, publication, connection, now)
    issue = issues.due_issue(published, publication, now)
    standing = decisions.standing(connection, ledger.sender if ledger else "")
    yield f"transport: {_in_words(way)}"
    if standing == "another":
        yield "another state folder is the sender: nothing would be sent from here"
    elif standing == "older":
        yield "this state is an older copy: all who wait in it would be in doubt"
    if issue:
        active = subscribers.count(connection).get("active", 0)
        whom = f"the list {digest.to}" if digest.to else f"{active} subscriber{'' if active == 1 else 's'}"
        entries = len(issue.new) + len(issue.revised) + len(issue.withdrawn)
        composed = issues.compose(settings, issue, published.ledger.id, now)
        yield (f"issue {issue.key} is due: “{composed.subject}”, {entries} {'entry' if entries == 1 else 'entries'}, "
               f"to {whom}")  # fmt: skip
        yield f"  from {digest.sender}, {len(composed.message) / 1024:.0f} KB each; bounces go to " + (
            f"{digest.bounces}, signed for each recipient" if digest.bounces else "the sender, unsigned"
        )
        if not digest.to:
            yield f"  leaving: {'one click at ' + digest.leave_url if digest.leave_url else 'by mail'}"
        yield f"  on the web: {address_of(issue_path(issue.key.isoformat()), publication.site)}" + (
            f", after: {publish}" if publish else ", which must answer before any mail goes out"
        )
    else:
        due = next_due(digest, publication.zone, now)
        yield f"no issue is due; the next date is {due.moment.astimezone(publication.zone):%Y-%m-%d %H:%M}"
    for each in journal.issues(connection):
        if not each.finished:
            counts = ", ".join(f"{count} {name}" for name, count in journal.counts(connection, each).items())
            yield f"issue {each.name} is under way: {counts or 'in doubt'}{', paused' if each.paused else ''}"


def _in_words(way: Transport) -> str:
    if isinstance(way, Folder):
        return f"files in the folder {way.path}"
    if isinstance(way, Sendmail):
        return f"the program {way.program}"
    safe = {"implicit": "TLS from the start", "starttls": "STARTTLS", "none": "no TLS, on this machine"}[way.tls]
    rate = f", {way.rate:g} messages a minute at most" if way.rate else ""
    return (f"the relay {way.host}, port {way.port}, {safe}, {'with' if way.user else 'without'} login; "
            f"{way.connections} connection{'s' if way.connections > 1 else ''}{rate}")  # fmt: skip


def _copy(file: Path, to: Path) -> None:
    """Copy the state as its bytes are, with its log: to open it where it is would change what lies beside it."""
    parts = [Path(f"{file}{ending}") for ending in ("", "-wal")]
    for _ in range(20):
        before = [_stamp(part) for part in parts]
        for part in parts:
            with suppress(FileNotFoundError):
                shutil.copyfile(part, to.with_name(part.name))
        if [_stamp(part) for part in parts] == before:  # nobody wrote meanwhile
            return
        time.sleep(0.05)
    raise DeliveryError("a run is sending just now: look again when it has ended")


def _stamp(part: Path) -> tuple[int, int] | None:
    try:
        found = part.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns
