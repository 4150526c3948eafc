"""Send what is due: freeze the issue, publish its copy on the web, then send the mail, each recipient once.

How mail goes out is set in the environment (HANDBILL_SMTP_HOST, _PORT, _TLS, _USER, _PASSWORD or _PASSWORD_FILE,
_CONNECTIONS, _MESSAGES, _RATE; HANDBILL_TRANSPORT=smtp, sendmail or folder). Without any of it, each message becomes a
file in build/outbox beside entries.toml.
"""

import os
import signal
import sqlite3
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from handbill.commands.steps import issues
from handbill.commands.steps.ahead import dry_run, send_proof, send_test, told
from handbill.commands.steps.deciding import decide, meant
from handbill.commands.steps.letters import composer, list_of, signer_of
from handbill.commands.steps.publication import reading_of, tell_errors
from handbill.commands.steps.settings import Settings, common_options, on_terminal, settings_from
from handbill.commands.steps.telling import publish_if_due, say, tell_hubs
from handbill.dates import parse_rfc3339, rfc3339
from handbill.deliver import decisions, journal, state, turns
from handbill.deliver.errors import DeliveryError
from handbill.deliver.outcome import Outcome
from handbill.deliver.sending import send_issue
from handbill.deliver.settings import Folder, Transport, transport
from handbill.masking import masked
from handbill.model import Publication

OUTBOX = Path("build/outbox")
"""Where messages go as files when no transport is set, beside the file."""


def options(parser: ArgumentParser) -> None:
    """Add the options of `send`."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="tell what would be done, and touch nothing")
    what.add_argument("--test", metavar="ADDRESS", help="send the issue that comes next to this address alone")
    what.add_argument("--pause", action="store_true", help="send nobody else the issue that is under way")
    what.add_argument("--resume", action="store_true", help="go on with what is paused")
    what.add_argument("--discard", action="store_true", help="forget an issue of which nothing has been sent yet")
    what.add_argument(
        "--resolve-doubt", choices=("send", "skip"), help="send again to those in doubt, or to none of them"
    )
    what.add_argument("--correction", action="store_true", help="send the last issue, as the file has it now, to those"
                      " who have it")  # fmt: skip
    what.add_argument("--take-over", action="store_true", help="send from here from now on, and from nowhere else")
    parser.add_argument("--issue", metavar="YYYY-MM-DD", help="which issue is meant (default: the last one)")
    publishing_options(parser)
    common_options(parser)


def publishing_options(parser: ArgumentParser) -> None:
    """Add the options about what comes between the web copy and the mail."""
    parser.add_argument("--publish", metavar="COMMAND", help="run this when the web copy is written, before any mail")
    parser.add_argument("--no-web-check", action="store_true", help="do not ask whether the issue's address answers")


def run(arguments: Namespace) -> int:
    """Decide what a person asked for, or send what is due."""
    settings = settings_from(arguments)
    reading = reading_of(settings)
    if reading.publication is None:
        return tell_errors(settings, reading)
    publication = reading.publication
    now = _clock(settings, publication.zone)
    issues.digest_of(publication)
    way = transport(os.environ, settings.file.parent / OUTBOX)
    if arguments.dry_run:
        return dry_run(settings, publication, way, now(), arguments.publish)
    with state.opened(settings.state) as connection:
        if arguments.test:
            return send_test(settings, publication, connection, way, arguments.test, now)
        if arguments.pause:
            issue = meant(connection, arguments.issue)
            decisions.pause(connection, issue, "a person paused it")
            return told(f"issue {issue.name} is paused; handbill send --resume lets it go on")
        with state.sending_lock(settings.state) as alone:
            asked = arguments.resume or arguments.discard or arguments.resolve_doubt or arguments.correction
            if not alone and asked:
                raise DeliveryError("a run is sending just now, so nothing was decided: say it again when it has ended")
            if not alone:
                return 0
            if asked:
                decide(settings, publication, connection, arguments, now())
            return 0 if arguments.discard else _send(settings, publication, connection, way, arguments, now)


def send_due(
    settings: Settings,
    publication: Publication,
    arguments: Namespace,
    complain: Callable[[str], None],
    tell: Callable[[str], None],
) -> int:
    """Send what is due, unless another run is at it; gives the exit status.

    *complain* gets a line for each failure, *tell* one for all that was done.
    """
    now, way = _clock(settings, publication.zone), transport(os.environ, settings.file.parent / OUTBOX)
    with state.opened(settings.state) as connection, state.sending_lock(settings.state) as alone:
        return _send(settings, publication, connection, way, arguments, now, complain, tell) if alone else 0


def go_on(settings: Settings, command: str | None, tell: Callable[[str], None]) -> None:
    """Go on with mail that has begun to go out: what it says was settled when the file was right.

    *command* is what uploads the ledger first, which says that this state goes on; *tell* gets a line for what was
    done. Raises DeliveryError.
    """
    now = _clock(settings, UTC)
    with state.opened(settings.state) as connection, state.sending_lock(settings.state) as alone:
        if not alone:
            return
        begun = [
            issue
            for issue in turns.going(connection, now())
            if journal.counts(connection, issue).keys() - {"waiting", "skipped"}
        ]
        if begun and issues.go_on(settings, connection):
            publish_if_due(settings, command)
            way = transport(os.environ, settings.file.parent / OUTBOX)
            for issue in begun:
                send_one(connection, issue, way, now, tell)


def _clock(settings: Settings, zone: tzinfo) -> Callable[[], datetime]:
    begin, started = settings.now(zone), time.monotonic()
    return lambda: (begin + timedelta(seconds=time.monotonic() - started)).replace(microsecond=0)


def _send(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    way: Transport,
    arguments: Namespace,
    now: Callable[[], datetime],
    complain: Callable[[str], None] = say,
    tell: Callable[[str], None] = print,
) -> int:
    """Freeze; web copy and ledger; publish; the issue's address answers; hubs; mail."""
    status = send_proof(settings, publication, connection, way, now, complain, tell)
    try:
        moment, take_over = settings.now(publication.zone), getattr(arguments, "take_over", False)
        to_send = issues.freeze(settings, publication, connection, moment, take_over=take_over)
    except DeliveryError as error:
        if error.kind == "decide" and not _is_news(connection, str(error)):
            return error.status
        raise
    if to_send:
        publish_if_due(settings, arguments.publish)
        going = turns.going(connection, now())
        for issue in going:
            if not arguments.no_web_check and not issue.correction:
                _check_web(publication, issue)
        status = tell_hubs(settings, publication.site, complain) or status
        for issue in going:
            send_one(connection, issue, way, now, tell)
    return _judge(connection, now()) or status


def _check_web(publication: Publication, issue: journal.Issue) -> None:
    """See that the copy on the web is there before mail links to it."""
    from http.client import HTTPException
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    from handbill.publish.documents import issue_path
    from handbill.render.address import address_of

    address = address_of(issue_path(issue.key), publication.site)
    try:
        with urlopen(Request(address, headers={"User-Agent": "Handbill"}), timeout=30):
            return
    except (URLError, OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        raise DeliveryError(
            f"{address} does not answer ({reason}); no mail was sent, the next run goes on. Publish the folder first "
            "(handbill send --publish COMMAND), or send without looking: --no-web-check"
        ) from error


def send_one(
    connection: sqlite3.Connection,
    issue: journal.Issue,
    way: Transport,
    now: Callable[[], datetime],
    tell: Callable[[str], None],
) -> None:
    """Send *issue* to all whose turn it is. Raises DeliveryError when the run ends early."""
    signer = signer_of(connection, list_of(connection, issue))
    compose = composer(
        journal.message(connection, issue), journal.kept(connection, issue), issue.name, issue.number, signer
    )
    counts = journal.counts(connection, issue)
    total = counts.get("waiting", 0) + counts.get("deferred", 0)
    with _stoppable() as stop:
        report = _progress(issue, total) if on_terminal() and sys.stderr.isatty() else lambda outcome: None
        outcome = send_issue(
            connection, issue, way, compose, now=now, clock=time.monotonic, stop=stop, report=report
        )  # fmt: skip
    outcome.deferred = journal.counts(connection, issue).get("deferred", 0) if outcome.deferred else 0
    if outcome.done or outcome.deferred:
        where = f", as files in {way.path}" if isinstance(way, Folder) else ""
        tell(f"issue {issue.name}: {_counted(outcome)}{where}")
    if outcome.stopped:
        raise DeliveryError(f"issue {issue.name}: {masked(outcome.stopped)}; what is left goes on with the next run")


def _counted(outcome: Outcome) -> str:
    names = ("accepted", "refused", "deferred", "skipped", "doubt")
    counts = [(name, getattr(outcome, name)) for name in names]
    return ", ".join(f"{count} {'in doubt' if name == 'doubt' else name}" for name, count in counts if count)


def _progress(issue: journal.Issue, total: int) -> Callable[[Outcome], None]:
    """One line on the terminal that is written over and over, and gone at the end: rate, done, left."""
    begin = shown = time.monotonic()

    def report(outcome: Outcome) -> None:
        nonlocal shown
        clock, left = time.monotonic(), total - outcome.done
        if clock - shown >= 0.2 or not left:
            shown = clock
            rate = outcome.done / max(clock - begin, 0.001)
            line = f"issue {issue.name}: {outcome.done} done, {left} left, {rate:.0f} a second" if left else ""
            print(f"\r{line:<79}\r", end="", file=sys.stderr, flush=True)

    return report


@contextmanager
def _stoppable() -> Iterator[Callable[[], bool]]:
    """Whether somebody wants the program to end; it then waits for the answers that it is owed."""
    asked: list[int] = []
    before = {
        each: signal.signal(each, lambda number, _: asked.append(number)) for each in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield lambda: bool(asked)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _judge(connection: sqlite3.Connection, now: datetime) -> int:
    """0, or 3 when a person must decide: told once, when there is more of it, and again each day that it waits."""
    lines = []
    for issue in journal.issues(connection):
        doubt = journal.counts(connection, issue).get("in doubt", 0)
        if issue.paused and not issue.finished:
            lines.append(f"issue {issue.name} is paused: {masked(issue.paused)}; handbill status tells more, "
                         "handbill send --resume lets it go on")  # fmt: skip
        if doubt or (not issue.known and not issue.finished):
            lines.append(f"issue {issue.name}: {doubt or 'all'} in doubt; handbill status names them, "
                         "handbill send --resolve-doubt send|skip decides")  # fmt: skip
    if _is_news(connection, "\n".join(lines), now):
        for line in lines:
            print(f"handbill send: {line}", file=sys.stderr)
    return 3 if lines else 0


def _is_news(connection: sqlite3.Connection, text: str, now: datetime | None = None) -> bool:
    """Whether *text* is not what the last run told, or was told by a day before *now*."""
    before, _, when = (state.note(connection, "told") or "").rpartition("\n")
    if text == before:
        if now is None or not text or not when:
            return False
        if abs(now - parse_rfc3339(when)) < timedelta(days=1):
            return False
    state.take_note(connection, "told", f"{text}\n{rfc3339(now) if now else ''}")
    return True
