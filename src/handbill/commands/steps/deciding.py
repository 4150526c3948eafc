"""What a person decides about an issue: to go on with it, discard it, correct it, or what becomes of doubts."""

import sqlite3
from argparse import Namespace
from datetime import datetime

from handbill.commands.steps import issues
from handbill.commands.steps.settings import Settings
from handbill.deliver import decisions, journal
from handbill.deliver.errors import DeliveryError
from handbill.model import Publication


def meant(connection: sqlite3.Connection, key: str | None) -> journal.Issue:
    """The issue of *key*; without it the last that is under way, or else the last. Raises DeliveryError."""
    known = [each for each in journal.issues(connection) if key in (None, each.key)]
    if not known:
        which = f" {key}" if key else " yet"
        raise DeliveryError(f"there is no issue{which}; handbill send --dry-run tells what is due", "settings")
    unfinished = [each for each in known if not each.finished]
    return (unfinished or known)[-1]


def decide(
    settings: Settings, publication: Publication, connection: sqlite3.Connection, arguments: Namespace, now: datetime
) -> None:
    """Do what the person who runs this has decided."""
    if arguments.resume:
        paused = [each for each in journal.issues(connection) if each.paused and arguments.issue in (None, each.key)]
        for each in paused:
            decisions.resume(connection, each)
        if not paused:
            print("no issue is paused")
        return
    issue = meant(connection, arguments.issue)
    if arguments.discard:
        issues.discard(settings, publication, connection, issue, now)
        print(f"issue {issue.name} is discarded; the next run makes what is due then")
    elif arguments.correction:
        _correct(settings, publication, connection, issue, now)
    else:
        all_meant = [issue] if arguments.issue else journal.issues(connection)
        if not sum(
            _resolve(settings, publication, connection, each, arguments.resolve_doubt, now) for each in all_meant
        ):
            print("nobody is in doubt")


def _correct(
    settings: Settings, publication: Publication, connection: sqlite3.Connection, issue: journal.Issue, now: datetime
) -> None:
    first = journal.find(connection, issue.key)
    assert first
    if not {"accepted", "in doubt"} & journal.counts(connection, first).keys():
        raise DeliveryError(
            f"there is nothing to correct: as far as is known here, nobody has issue {issue.key}. One not yet sent: "
            "handbill send --discard",
            "settings",
        )
    published = issues.published_now(settings, publication, connection, now)
    again = issues.issue_again(published, issues.digest_of(publication), issue.key)
    composed = issues.compose(settings, again, published.ledger.id, now)
    made = journal.correct(
        connection, first, subject=composed.subject, message=composed.message, kept=composed.kept, now=now
    )
    print(f"issue {made.name} is made, for {sum(journal.counts(connection, made).values())} recipients")


def _resolve(
    settings: Settings,
    publication: Publication,
    connection: sqlite3.Connection,
    issue: journal.Issue,
    choice: str,
    now: datetime,
) -> bool:
    """Decide about those in doubt of *issue*; whether anybody was."""
    if choice == "send" and not issue.known and not issue.finished:
        published = issues.published_now(settings, publication, connection, now)
        digest = issues.digest_of(publication)
        again = issues.issue_again(published, digest, issue.key)
        composed = issues.compose(settings, again, published.ledger.id, now)
        journal.freeze(
            connection, key=issue.key, number=issue.number, subject=issue.subject, record=issue.record,
            message=composed.message, kept=composed.kept, to=digest.to, now=now,
        )  # fmt: skip
        print(f"issue {issue.name} is made again, for everybody who is active")
        return True
    count = decisions.resolve_doubt(connection, issue, "send" if choice == "send" else "skip", now)
    if count:
        print(f"issue {issue.name}: {count} in doubt, to be {'sent again' if choice == 'send' else 'left as they are'}")
    elif not issue.known and not issue.finished:
        print(f"issue {issue.name} is left as it is")
    return bool(count) or (not issue.known and not issue.finished)
