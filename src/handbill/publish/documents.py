"""Documents: which entries stand in which feed, and what the page shows."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from handbill.model import Entry, Publication, Site
from handbill.publish import facets
from handbill.publish.identity import anchor_of
from handbill.publish.ledger import MERGED, IssueRecord, Ledger, Record, hash_of
from handbill.publish.life import NOTICE, TOMBSTONE, Lives
from handbill.published import ISSUE_FEED, Documents, Ended, Feed, FeedLink, Item, Page, PastIssue, Tombstone

LIVE = "atom.xml"
"""The path of the live document."""


def issue_path(key: str) -> str:
    """Where the issue of *key* (its local date) stands on the web, below feeds/."""
    return f"digest/{key}.html"


def archive_path(number: int) -> str:
    """Where archive document *number* (from 1) stands below feeds/."""
    return f"archive/{number}.xml"


class LaidOut(NamedTuple):
    """Everything that is to be shown, and what the ledger keeps of it.

    That are its *records*, the *facet_titles* of facet feeds by their paths, and a hash of each of the *archives*.
    """

    documents: Documents
    records: Mapping[str, Record]
    facet_titles: Mapping[str, str]
    archives: Mapping[int, str]


def lay_out(
    publication: Publication, ledger: Ledger, lives: Lives, created: datetime, look: str, now: datetime
) -> LaidOut:
    """Lay out what *lives* says is public at *now*.

    *ledger* is the one before, *created* its first moment; *look* is a hash of what the site says of itself, which
    stands in archive documents too.
    """
    site = publication.site
    items, ended = _items(publication, lives, now)
    records, due, count = _archive(items, ledger, lives, site.entries_in_feed)
    tombstones = _tombstones(publication, lives, now)
    newest = {item.id for item in items[: site.entries_in_feed]}
    recent = {item.id for item in items if item.withdrawn or records[item.id].archive is None}
    live = _feed(site, LIVE, site.title, [i for i in items if i.id in newest or i.id in recent], tombstones, created)
    if count:
        live = replace(live, prev_archive=archive_path(count))
    held: defaultdict[int, list[Item]] = defaultdict(list)
    for item in items:
        if number := records[item.id].archive:
            held[number].append(item)
    archives = {number: _archive_document(site, number, held[number], created) for number in range(1, count + 1)}
    if look != ledger.look:
        due = set(archives)
    # What two branches wrote, each in its way, git may have put together; nobody but the ledger can tell.
    due |= {number for number in archives if ledger.archives.get(number, MERGED) == MERGED}
    facet_feeds, links = _facets(site, ledger.facets, records, items, recent, tombstones, created)
    past = _past_issues(ledger, items)
    issues = _issues(site, ledger, past)
    main = (FeedLink(LIVE, site.title, count=len(items)), *([FeedLink(ISSUE_FEED, issues.title)] if issues else []))
    page = Page(site, tuple(items), tuple(ended), (*main, *links), past)
    return LaidOut(
        Documents(live, tuple(archives.values()), frozenset(map(archive_path, due)), facet_feeds, issues, page),
        records,
        {link.path: link.title for link in links},
        {number: hash_of(feed) if number in due else ledger.archives[number] for number, feed in archives.items()},
    )


def _items(publication: Publication, lives: Lives, now: datetime) -> tuple[list[Item], list[Ended]]:
    """What is shown, newest first, and what has ended."""
    items, ended = [], []
    base = publication.site.base
    for number, id_ in lives.of_entry.items():
        record, entry = lives.records[id_], publication.entries[number]
        anchor = anchor_of(id_)
        notice = record.state == "withdrawn" and record.since is not None and now < record.since + NOTICE
        if record.state == "live" or notice:
            withdrawn = (entry.withdrawn or record.since) if notice else None
            link = entry.url or f"{base}#{anchor}"
            held = number in lives.held
            items.append(Item(entry, id_, anchor, link, record.published, record.updated, withdrawn, held))
        elif record.state in ("expired", "withdrawn"):
            ended.append(Ended(anchor, entry.title))
    # What was removed is named no more, but its anchor stays as long as feeds tell that it is gone.
    ended += (
        Ended(anchor_of(record.id), "")
        for record in lives.records.values()
        if record.state == "removed" and record.since and now < record.since + TOMBSTONE
    )
    items.sort(key=lambda item: (item.published, item.id), reverse=True)
    return items, ended


def _archive(items: list[Item], ledger: Ledger, lives: Lives, size: int) -> tuple[dict[str, Record], set[int], int]:
    """The records with what is newly archived, the archive documents that must be written, and how many there are.

    Whenever more than *size* entries are in no archive, the *size* that were published first go into a new one.
    """
    records = dict(lives.records)
    due = {number for id_ in lives.changed if (number := ledger.records[id_].archive)}
    waiting = [item for item in items if not item.withdrawn and records[item.id].archive is None]
    waiting.sort(key=lambda item: (max(records[item.id].seen, item.updated), item.published, item.id))
    number = max([0, *ledger.archives, *(record.archive or 0 for record in records.values())])
    while len(waiting) > size:
        number += 1
        due.add(number)
        for item in waiting[:size]:
            records[item.id] = replace(records[item.id], archive=number)
        del waiting[:size]
    return records, due, number


def _tombstones(publication: Publication, lives: Lives, now: datetime) -> list[tuple[Record, Tombstone]]:
    """Who is gone and still told of, the latest first."""
    reasons = {id_: publication.entries[number].withdrawn_reason for number, id_ in lives.of_entry.items()}
    gone = [
        (record, Tombstone(record.id, record.since, record.title, reasons.get(record.id) or ""))
        for record in lives.records.values()
        if record.state in ("withdrawn", "removed") and record.since and now < record.since + TOMBSTONE
    ]
    return sorted(gone, key=lambda pair: (pair[1].when, pair[1].id), reverse=True)


def _archive_document(site: Site, number: int, items: list[Item], created: datetime) -> Feed:
    feed = _feed(site, archive_path(number), site.title, items, (), created)
    # Of one feed with the live document, so under its identifier. No link to the next one: it would have to be added
    # later, and an archive document never changes (RFC 5005, section 4).
    return replace(
        feed,
        id=identifier_of(site, LIVE),
        archive=True,
        current=LIVE,
        prev_archive=archive_path(number - 1) if number > 1 else None,
    )


def _facets(
    site: Site,
    titles: Mapping[str, str],
    records: Mapping[str, Record],
    items: list[Item],
    recent: set[str],
    tombstones: list[tuple[Record, Tombstone]],
    created: datetime,
) -> tuple[tuple[Feed, ...], tuple[FeedLink, ...]]:
    """A feed for each facet there is or ever was, each with its newest entries and whatever the live document has."""
    held: defaultdict[str, list[Item]] = defaultdict(list)
    named: dict[str, str] = {}  # of several spellings, that of the newest entry
    for item in items:
        for path in records[item.id].facets:
            held[path].append(item)
            if path not in named:
                named = dict(facets.paths_of(item.entry, site)) | named
    feeds, links = [], []
    for path, title in sorted({**titles, **named}.items()):
        members = held[path]
        shown = members[: site.entries_in_feed] + [m for m in members[site.entries_in_feed :] if m.id in recent]
        gone = [pair for pair in tombstones if path in pair[0].facets]
        feeds.append(_feed(site, path, f"{site.title} – {title}", shown, gone, created))
        links.append(FeedLink(path, title, facets.facet_of(path), len(members)))
    return tuple(feeds), tuple(links)


def _latest_first(ledger: Ledger) -> list[IssueRecord]:
    return sorted(ledger.issues.values(), key=lambda issue: issue.key, reverse=True)


def _past_issues(ledger: Ledger, items: Iterable[Item]) -> tuple[PastIssue, ...]:
    """What is told of each issue; of an entry that is no longer shown, only that there was one."""
    shown = {item.id: item for item in items} if ledger.issues else {}
    past = []
    for issue in _latest_first(ledger):
        held = [shown[id_] for id_ in {**issue.new, **issue.revised, **issue.withdrawn} if id_ in shown]
        held.sort(key=lambda item: (item.withdrawn is not None, not item.entry.highlight))
        past.append(
            PastIssue(
                path=issue_path(issue.key),
                title=issue.subject,
                day=date.fromisoformat(issue.key),
                number=issue.number,
                new=len(issue.new),
                revised=len(issue.revised),
                withdrawn=len(issue.withdrawn),
                items=tuple(held),
            )
        )
    return tuple(past)


def _issues(site: Site, ledger: Ledger, past: Iterable[PastIssue]) -> Feed | None:
    """The feed of the digest's issues, once there is one: each is an entry that leads to the issue on the web.

    It sums up the issue by the titles of what is still shown.
    """
    items = []
    for issue in islice(past, site.entries_in_feed):
        key = issue.day.isoformat()
        link, moment = site.base + issue.path, ledger.issues[key].moment
        titles = " · ".join(item.entry.title for item in issue.items if not item.withdrawn)
        entry = Entry(date=moment, title=issue.title, url=link, summary=titles or None)
        id_ = identifier_of(site, f"issue {key}")
        items.append(Item(entry, id_, anchor_of(id_), link, moment, moment))
    if not items:
        return None
    return _feed(site, ISSUE_FEED, f"{site.title} (digest)", items, (), items[0].updated)


def identifier_of(site: Site, name: str) -> str:
    """The identifier of a document or an issue of *site*: ``urn:uuid:``, version 5."""
    return f"urn:uuid:{uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, site.id or site.base), name)}"


def _feed(
    site: Site,
    path: str,
    title: str,
    items: Iterable[Item],
    tombstones: Iterable[tuple[Record, Tombstone]],
    created: datetime,
) -> Feed:
    items, stones = tuple(items), tuple(stone for _, stone in tombstones)
    moments = [item.updated for item in items] + [stone.when for stone in stones]
    return Feed(
        path=path,
        id=identifier_of(site, path),
        title=title,
        site=site,
        updated=max(moments, default=created),
        items=items,
        tombstones=stones,
    )
