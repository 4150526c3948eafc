"""The issue that is due: composed, frozen, its copy on the web and the ledger written."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from handbill import write
from handbill.commands.steps.letters import kept_for, web_copies
from handbill.commands.steps.publication import ledger_of
from handbill.commands.steps.settings import LEDGER, Settings
from handbill.deliver import decisions, journal, subscribers, turns
from handbill.deliver.errors import DeliveryError
from handbill.model import Digest, Publication
from handbill.publish import Published, publish
from handbill.publish.documents import issue_path
from handbill.publish.issues import has_enough, next_issue, passing, record_of
from handbill.publish.ledger import IssueRecord, Ledger, dump, load
from handbill.publish.schedule import began, due_now, schedule_of
from handbill.published import Issue, Item
from handbill.read.file import templates

PATIENCE = 60.0
"""Seconds to wait for another run that writes."""


@dataclass(frozen=True, slots=True)
class Composed:
    """An issue ready to be frozen: its message and what is kept with it."""

    subject: str
    message: bytes
    kept: str


def digest_of(publication: Publication) -> Digest:
    """The digest, which has a sender. Raises DeliveryError."""
    if publication.digest is None or not publication.digest.sender:
        raise DeliveryError(
            'nothing can be sent: write a [digest] with from = "Name <address@your.domain>" into the file', "settings"
        )
    return publication.digest


def site_id_of(publication: Publication, ledger: Ledger | None) -> str:
    """The name of the list for ever, as `publish` has it."""
    return publication.site.id or (ledger.id if ledger else "") or publication.site.base


def compose(settings: Settings, issue: Issue, site_id: str, now: datetime) -> Composed:
    """Make the message of *issue*, dated *now*, and its copy for the web."""
    from handbill.render.digest import compose as compose_issue
    from handbill.render.message import freeze
    from handbill.render.templating import environment

    own = environment(templates(settings.templates))
    for_mail, for_web = compose_issue(issue, own), compose_issue(issue, own, for_web=True)
    assert issue.digest.sender
    frozen = freeze(for_mail, issue.site, issue.digest, sender=issue.digest.sender, date=now)
    page = issue_path(issue.key.isoformat())
    web = {page: for_web.html, page.removesuffix(".html") + ".txt": for_web.text}
    return Composed(for_mail.subject, frozen.data, kept_for(issue.digest, site_id, issue.site.base, web))


def published_now(
    settings: Settings, publication: Publication, connection: sqlite3.Connection, now: datetime
) -> Published:
    """What is public at *now*, by the ledger and by what the journal knows of issues (a lost ledger's too)."""
    ledger = ledger_of(settings.out)
    before = ledger or Ledger()
    issues = {**_journal_records(connection), **before.issues}
    if issues != before.issues:
        ledger = replace(before, issues=issues)
    return publish(publication, ledger, now)


def _journal_records(connection: sqlite3.Connection) -> Mapping[str, IssueRecord]:
    return {each.key: load(each.record).issues[each.key] for each in journal.issues(connection) if each.record}


def due_date(published: Published, publication: Publication, now: datetime) -> date | None:
    """The date of the schedule that has come at *now* and is not done with."""
    ledger = published.ledger
    began_at = began(schedule_of(digest_of(publication), publication.site.timezone), ledger.schedules)
    done = {date.fromisoformat(key) for key in (*ledger.issues, *ledger.passed)}
    due = due_now(digest_of(publication), publication.zone, since=began_at or now, done=done, now=now)
    return due.key if due else None


def due_issue(published: Published, publication: Publication, now: datetime) -> Issue | None:
    """The issue that is to be made at *now*, if one is due and has enough to say."""
    key = due_date(published, publication, now)
    issue = key and next_issue(published, digest_of(publication), key)
    return issue if issue and has_enough(issue) else None


def issue_again(published: Published, digest: Digest, key: str) -> Issue:
    """The issue of *key* once more, of the entries that the ledger says it held, as they are now."""
    record = published.ledger.issues[key]
    items = {item.id: item for item in published.documents.page.items}

    def held(identifiers: Mapping[str, str]) -> tuple[Item, ...]:
        return tuple(items[each] for each in identifiers if each in items)

    day = date.fromisoformat(key)
    fresh = next_issue(published, digest, day)
    return replace(
        fresh,
        number=record.number,
        new=held(record.new),
        revised=held(record.revised),
        withdrawn=held(record.withdrawn),
    )


def freeze(
    settings: Settings, publication: Publication, connection: sqlite3.Connection, now: datetime, *, take_over: bool
) -> bool:
    """Freeze what is due, then write the web copy and the ledger, which names this state as the sender.

    True if mail is to go out. Raises DeliveryError when another state folder is the sender, or both a list and
    subscribers are to get it.
    """
    digest = digest_of(publication)
    with write.locked(settings.out, PATIENCE) as folder:
        published = published_now(settings, publication, connection, now)
        ledger = published.ledger
        _claim(connection, ledger, now, take_over=take_over)
        site_id = ledger.id
        if issue := due_issue(published, publication, now):
            _see_that_one_way_is_meant(connection, digest)
            composed = compose(settings, issue, site_id, now)
            record = record_of(issue, composed.subject, now)
            line = dump(Ledger(id=ledger.id, created=ledger.created, issues={record.key: record}))
            journal.freeze(
                connection, key=record.key, number=record.number, subject=composed.subject, record=line,
                message=composed.message, kept=composed.kept, to=digest.to, now=now,
            )  # fmt: skip
            published = published_now(settings, publication, connection, now)  # the page names the issue now
            ledger = published.ledger
        elif key := due_date(published, publication, now):
            ledger = passing(ledger, key)
        going = turns.going(connection, now)
        sender = decisions.next_sender(connection) if going else decisions.sender(connection)
        if going or take_over:
            ledger = replace(ledger, sender=sender)
        folder.replace(_files(settings, replace(published, ledger=ledger), connection))
    return bool(going)


def _see_that_one_way_is_meant(connection: sqlite3.Connection, digest: Digest) -> None:
    count = subscribers.count(connection).get("active", 0)
    if digest.to and count:
        raise DeliveryError(
            f"`to` in [digest] names a list, and there are subscribers here as well ({count}), so nothing was sent. If "
            "the list is meant, remove them (handbill subscribers list, remove); if they are, take `to` out",
            "settings",
        )


def _files(settings: Settings, published: Published, connection: sqlite3.Connection) -> list[tuple[str, bytes]]:
    from handbill.render.everything import everything
    from handbill.render.templating import environment

    outputs = everything(published.documents, environment(templates(settings.templates)), write.whole(settings.out))
    made = [(output.path, output.make()) for output in outputs]
    return [*web_copies(connection).items(), *made, (LEDGER, dump(published.ledger).encode())]


def go_on(settings: Settings, connection: sqlite3.Connection) -> bool:
    """Let the ledger name this state as the sender that goes on with mail under way; the rest of it stays as it is.

    False where it names another, or a later copy of this state: all then waits for a file without errors.
    """
    with write.locked(settings.out, PATIENCE) as folder:
        ledger = ledger_of(settings.out)
        if ledger is None or decisions.standing(connection, ledger.sender) != "ours":
            return False
        ledger = replace(ledger, sender=decisions.next_sender(connection))
        folder.replace([(LEDGER, dump(ledger).encode())])
    return True


def _claim(connection: sqlite3.Connection, ledger: Ledger, now: datetime, *, take_over: bool) -> None:
    """See that this state may send, and put in doubt what another, or a later copy of it, may have sent."""
    standing = decisions.standing(connection, ledger.sender)
    if standing == "another" and not take_over:
        raise DeliveryError(
            "another state folder is the sender of this digest, so nothing was sent from here. To send from here from "
            "now on: handbill send --take-over",
            "decide",
        )
    for key in decisions.unknown_to(connection, list(ledger.issues)):
        record = ledger.issues[key]
        line = dump(Ledger(id=ledger.id, created=ledger.created, issues={key: record}))
        journal.adopt(connection, key=key, number=record.number, subject=record.subject, record=line, now=now)
    if standing == "older":
        decisions.doubt_the_rest(connection, now, "this state is an older copy: a later run may have sent this")
        decisions.catch_up_with(connection, ledger.sender)
    elif standing == "another":
        decisions.doubt_the_rest(connection, now, "another state folder may have sent this meanwhile")


def discard(
    settings: Settings, publication: Publication, connection: sqlite3.Connection, issue: journal.Issue, now: datetime
) -> None:
    """Forget *issue*, in the journal, in the ledger and on the web. Raises DeliveryError once it may have gone out."""
    with write.locked(settings.out, PATIENCE) as folder:
        decisions.discard(connection, issue)
        ledger = ledger_of(settings.out)
        if ledger and issue.key in ledger.issues and not issue.correction:
            issues = {key: record for key, record in ledger.issues.items() if key != issue.key}
            published = publish(publication, replace(ledger, issues=issues), now)
            folder.replace(_files(settings, published, connection))
            page = issue_path(issue.key)
            folder.remove([page, page.removesuffix(".html") + ".txt"])  # now that nothing links to them
