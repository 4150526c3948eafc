"""What comes next, and when: entries that appear, change or end by the clock alone, and the digest's next issue."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from handbill.dates import end_of_day, moment_of, start_of_day
from handbill.model import Entry, Publication
from handbill.publish import Published
from handbill.publish.issues import has_enough, is_over, next_issue
from handbill.publish.life import stage_of
from handbill.publish.schedule import Due, began, due_now, next_due, schedule_of


class Change(NamedTuple):
    """At *moment* the entry of *title* ``appears``, ``is revised``, ``is withdrawn`` or ``ends``."""

    moment: datetime
    what: str
    title: str


class Coming(NamedTuple):
    """The issue that comes next: its date, its subject and how many *entries* it would hold today.

    *enough* tells whether these are enough for it to go out; *sent* whether the file says from whom.
    """

    due: Due
    subject: str
    entries: int
    enough: bool
    sent: bool


def changes(publication: Publication, published: Published, now: datetime) -> list[Change]:
    """All that the clock alone will change in the list after *now*, soonest first."""
    found = []
    for number, entry in enumerate(publication.entries):
        stage = stage_of(entry, publication.zone, now)
        if stage in ("draft", "expired") or (stage == "withdrawn" and not entry.expires):
            continue
        is_public = number in published.of_entry
        for moment, what in _moments(publication, entry, is_public=is_public):
            if moment > now:
                found.append(Change(moment, what, entry.title))
    return sorted(found)


def _moments(publication: Publication, entry: Entry, *, is_public: bool) -> Iterator[tuple[datetime, str]]:
    zone = publication.zone
    if not is_public:
        yield moment_of(entry.date, zone), "appears"
    if entry.updated:
        yield moment_of(entry.updated, zone), "is revised"
    if entry.withdrawn:
        yield start_of_day(entry.withdrawn, zone), "is withdrawn"
    elif entry.expires:
        yield end_of_day(entry.expires, zone), "ends"


def coming_issue(publication: Publication, published: Published, now: datetime) -> Coming | None:
    """The issue that is due at *now*, else the one of the next date of the schedule, as it would be today."""
    from handbill.render.digest import subject

    digest, ledger = publication.digest, published.ledger
    if digest is None:
        return None
    since = began(schedule_of(digest, publication.site.timezone), ledger.schedules) or now
    due = due_now(digest, publication.zone, since=since, done=(), now=now)
    if due is None or is_over(ledger, due.key):
        due = next_due(digest, publication.zone, now)
    issue = next_issue(published, digest, due.key)
    entries = len(issue.new) + len(issue.revised) + len(issue.withdrawn)
    return Coming(due, subject(issue), entries, has_enough(issue), digest.sender is not None)


def in_words(coming: Coming, publication: Publication, now: datetime) -> str:
    """A line about the issue that comes next: when it is due, what its subject would be today, what it holds."""
    when = "due now" if coming.due.moment <= now else f"due {local(coming.due.moment, publication)}"
    entries = f"{coming.entries} {'entry' if coming.entries == 1 else 'entries'} so far"
    notes = [entries]
    if not coming.enough:
        least = publication.digest.min_entries if publication.digest else 1
        notes.append(f"waits for at least {least}")
    if not coming.sent:
        notes.append("made, never sent: [digest] has no from")
    return f"{when}: “{coming.subject}” ({'; '.join(notes)})"


def local(moment: datetime, publication: Publication) -> str:
    """*moment* to the minute, in the site's time zone."""
    return f"{moment.astimezone(publication.zone):%Y-%m-%d %H:%M}"
