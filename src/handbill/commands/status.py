"""Tell how things stand, in one screen: what is published, what comes next and when, the last run, the deliveries.

Who is in doubt, refused or deferred is named, with the server's words. Nothing is changed.
"""

import json
import sqlite3
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from handbill.commands.steps import coming, issues
from handbill.commands.steps.memory import last_looked, recall
from handbill.commands.steps.publication import ledger_of, reading_of
from handbill.commands.steps.settings import Settings, common_options, settings_from
from handbill.dates import rfc3339
from handbill.deliver import decisions, journal, state, subscribers
from handbill.failure import FailureError
from handbill.model import Publication
from handbill.publish import Published, publish
from handbill.publish.ledger import Ledger

SHOWN: tuple[journal.State, ...] = ("in doubt", "refused", "deferred")
"""States whose recipients are named."""

MOST = 20

LATE = timedelta(days=1, hours=1)
"""Cron that has not run the command for so long has probably stopped."""

LATELY = timedelta(days=366)


@dataclass(slots=True)
class Standing:
    """How the publication stands: *publication* and *published* are None where the file has errors."""

    ledger: Ledger | None = None
    publication: Publication | None = None
    published: Published | None = None
    problems: list[str] = field(default_factory=list)


def options(parser: ArgumentParser) -> None:
    """Add the options of `status`."""
    parser.add_argument("--json", action="store_true", help="for programs; names people only with --all")
    parser.add_argument("--all", action="store_true", help="name everybody, also who waits or was accepted")
    parser.add_argument("--issue", metavar="YYYY-MM-DD", help="that issue alone (default: those of the last year)")
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Print what is published, what comes next, and a few lines for each issue. For the operator: people are named."""
    settings = settings_from(arguments)
    with _state(settings) as connection:
        standing, now = _standing(settings, connection)
        chosen = [] if connection is None else _chosen(connection, arguments.issue, now)
        if arguments.json:
            told = _publication_json(standing, now) | _run_json(settings, now)
            told |= _deliveries_json(connection, chosen, everybody=arguments.all)
            print(json.dumps(told, ensure_ascii=False, indent=2))
            return 0
        for line in _publication_lines(standing, settings, now):
            print(line)
        for line in _run_lines(settings, standing.publication, now):
            print(line)
        if connection is None:
            print("deliveries   nothing was sent yet, and nobody subscribes")
            return 0
        for line in _state_lines(connection, standing):
            print(line)
        for issue in chosen:
            _tell(connection, issue, everybody=arguments.all)
    return 0


@contextmanager
def _state(settings: Settings) -> Iterator[sqlite3.Connection | None]:
    """The private state where there is one; looking makes none."""
    if not (settings.state / state.FILE).exists():
        yield None
        return
    with state.opened(settings.state) as connection:
        yield connection


def _chosen(connection: sqlite3.Connection, key: str | None, now: datetime) -> list[journal.Issue]:
    """The issue of *key*; without it those of the last year, and any that is not finished."""
    known = journal.issues(connection)
    if key:
        return [issue for issue in known if issue.key == key]
    return [issue for issue in known if not issue.finished or issue.frozen > now - LATELY]


def _standing(settings: Settings, connection: sqlite3.Connection | None) -> tuple[Standing, datetime]:
    from datetime import UTC

    standing, now = Standing(), settings.now(UTC)
    try:
        standing.ledger = ledger_of(settings.out)
    except FailureError as error:
        standing.problems.append(str(error))
        return standing, now
    try:
        reading = reading_of(settings)
        if reading.publication is None:
            errors = sum(finding.is_error for finding in reading.findings)
            standing.problems.append(
                f"{settings.file} has {errors} error{'s' if errors > 1 else ''}, so what is published stays as it is; "
                "handbill check tells them"
            )
            return standing, now
        standing.publication, now = reading.publication, settings.now(reading.publication.zone)
        standing.published = (
            publish(reading.publication, standing.ledger, now)
            if connection is None
            else issues.published_now(settings, reading.publication, connection, now)
        )
    except FailureError as error:
        standing.problems.append(str(error))
    return standing, now


def _published_entries(ledger: Ledger | None) -> int:
    return sum(record.state in ("live", "withdrawn") for record in ledger.records.values()) if ledger else 0


def _changed(ledger: Ledger) -> datetime | None:
    """When what readers see was last changed."""
    return max(filter(None, [ledger.latest, *(record.updated for record in ledger.records.values())]), default=None)


def _publication_lines(standing: Standing, settings: Settings, now: datetime) -> Iterator[str]:
    publication, published, ledger = standing.publication, standing.published, standing.ledger
    if publication:
        yield f"{publication.site.title}  {publication.site.base}"
    if ledger is None:
        yield f"published    nothing yet in {settings.out}; handbill build makes it"
    else:
        count, when = _published_entries(ledger), _changed(ledger)
        told = f"; last change {_local(when, publication)}" if when else ""
        yield f"published    {count} {'entry' if count == 1 else 'entries'}{told}"
    for problem in standing.problems:
        yield f"problem      {problem}"
    if publication and published:
        following = coming.changes(publication, published, now)
        for number, change in enumerate(following[:3]):
            label = "" if number else "next"
            yield f"{label:<12} {coming.local(change.moment, publication)}  “{change.title}” {change.what}"
        if len(following) > 3:
            yield f"{'':<12} and {len(following) - 3} more by {coming.local(following[-1].moment, publication)}"
        if not following:
            yield "next         nothing changes by the clock alone"
        if issue := coming.coming_issue(publication, published, now):
            yield f"next issue   {coming.in_words(issue, publication, now)}"


def _local(moment: datetime, publication: Publication | None) -> str:
    return coming.local(moment, publication) if publication else rfc3339(moment)


def _run_lines(settings: Settings, publication: Publication | None, now: datetime) -> Iterator[str]:
    """When cron's command last looked, and what came of the last run that did something or failed."""
    looked, last = last_looked(settings.state), recall(settings.state, now).last
    if looked is None:
        yield "last run     none: is handbill run in the crontab?"
        return
    late = looked < now - LATE
    missed = ", and none since: does cron still run it?" if late else ""
    if last is None or last.moment < looked:
        yield f"last run     {_local(looked, publication)}, nothing to do{missed}"
        missed = ""
    if last is not None:
        label = "last run" if last.moment >= looked else "before"
        words = f": {last.words}" if last.words else ""
        yield f"{label:<12} {_local(last.moment, publication)}, status {last.status}{words}{missed}"


def _run_json(settings: Settings, now: datetime) -> dict[str, Any]:
    looked, last = last_looked(settings.state), recall(settings.state, now).last
    return {
        "looked": looked and rfc3339(looked),
        "last_run": last and {"moment": rfc3339(last.moment), "status": last.status, "words": last.words},
    }


def _state_lines(connection: sqlite3.Connection, standing: Standing) -> Iterator[str]:
    if standing.ledger and decisions.standing(connection, standing.ledger.sender) == "another":
        yield "sender       another state folder: nothing is sent from here (handbill send --take-over moves the right)"
    counts = subscribers.count(connection)
    told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
    yield f"subscribers: {told or 'none'}"


def _how(issue: journal.Issue) -> str:
    if not issue.known and not issue.finished:
        return "in doubt as a whole"
    return "done" if issue.finished else "paused" if issue.paused else "under way"


def _tell(connection: sqlite3.Connection, issue: journal.Issue, *, everybody: bool) -> None:
    counts = journal.counts(connection, issue)
    numbers = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nobody"
    print(f"issue {issue.name} “{issue.subject}”, {_how(issue)}: {numbers}")
    if issue.paused and not issue.finished:
        print(f"  paused: {issue.paused}")
    for name in counts if everybody else SHOWN:
        for number, each in enumerate(journal.told(connection, issue, name)):
            if number >= MOST and not everybody:
                print(f"  ... and {counts[name] - MOST} more {name} (--all names them)")
                break
            again = f", again {rfc3339(each.due)}" if each.due and name == "deferred" else ""
            print(f"  {name} {rfc3339(each.changed)}{again}  {each.address or '(erased)'}: {each.words or '-'}")


def _publication_json(standing: Standing, now: datetime) -> dict[str, Any]:
    publication, published, ledger = standing.publication, standing.published, standing.ledger
    changed = _changed(ledger) if ledger else None
    told: dict[str, Any] = {
        "title": publication.site.title if publication else None,
        "url": publication.site.base if publication else None,
        "entries": _published_entries(ledger),
        "changed": rfc3339(changed) if changed else None,
        "problems": standing.problems,
        "next": [],
        "next_issue": None,
    }
    if publication and published:
        following = coming.changes(publication, published, now)
        told["next"] = [
            {"moment": rfc3339(change.moment), "what": change.what, "title": change.title} for change in following
        ]
        if issue := coming.coming_issue(publication, published, now):
            told["next_issue"] = {
                "key": issue.due.key.isoformat(), "moment": rfc3339(issue.due.moment), "subject": issue.subject,
                "entries": issue.entries, "enough": issue.enough, "sent": issue.sent,
            }  # fmt: skip
    return told


def _deliveries_json(
    connection: sqlite3.Connection | None, chosen: list[journal.Issue], *, everybody: bool
) -> dict[str, Any]:
    if connection is None:
        return {"subscribers": {}, "issues": []}
    return {
        "subscribers": subscribers.count(connection),
        "issues": [_issue_json(connection, issue, everybody=everybody) for issue in chosen],
    }


def _issue_json(connection: sqlite3.Connection, issue: journal.Issue, *, everybody: bool) -> dict[str, Any]:
    counts = journal.counts(connection, issue)
    told: dict[str, Any] = {
        "key": issue.key, "correction": issue.correction, "number": issue.number, "subject": issue.subject,
        "frozen": rfc3339(issue.frozen), "finished": rfc3339(issue.finished) if issue.finished else None,
        "standing": _how(issue), "recipients": counts,
    }  # fmt: skip
    if everybody:
        told["people"] = [
            {"address": each.address, "state": each.state, "words": each.words, "changed": rfc3339(each.changed)}
            for name in counts
            for each in journal.told(connection, issue, name)
        ]
    return told
