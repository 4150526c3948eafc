"""Issues: what an issue of the digest holds, so that nothing is announced twice and nothing is lost."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo

from handbill.dates import moment_of, parse_rfc3339, rfc3339
from handbill.model import Digest
from handbill.publish import Published
from handbill.publish.documents import issue_path
from handbill.publish.ledger import IssueRecord, Ledger
from handbill.published import Issue, Item


def next_issue(published: Published, digest: Digest, key: date) -> Issue:
    """The issue due on *key*: all that is live and not yet announced, revisions, and withdrawals of what was.

    It may be empty; whether it has enough is for `has_enough`.
    """
    ledger, page = published.ledger, published.documents.page
    announced, mentioned, taken_back = _told(ledger)
    begin = _first_interest(ledger, digest)
    new, revised, withdrawn = [], [], []
    for item in page.items:
        if item.withdrawn:
            if item.id in announced and item.id not in taken_back:
                withdrawn.append(item)
        elif item.id in announced:
            if item.updated > mentioned[item.id]:
                revised.append(item)
        elif not ledger.records[item.id].backlog and not (begin and item.published < begin):
            new.append(item)
    return Issue(
        site=page.site,
        digest=digest,
        key=key,
        month_of=key - timedelta(days=1),
        number=max((issue.number for issue in ledger.issues.values()), default=0) + 1,
        new=tuple(new),
        revised=tuple(revised),
        withdrawn=tuple(withdrawn),
        view_path=issue_path(key.isoformat()),
    )


def has_enough(issue: Issue) -> bool:
    """Whether *issue* holds enough to go out; otherwise it waits for the next date."""
    return len(issue.new) + len(issue.revised) + len(issue.withdrawn) >= max(1, issue.digest.min_entries)


def is_over(ledger: Ledger, key: date) -> bool:
    """Whether the date *key* of the schedule is done with: its issue was made, or there was too little for one."""
    return key.isoformat() in ledger.issues or key.isoformat() in ledger.passed


def passing(ledger: Ledger, key: date) -> Ledger:
    """*ledger* after the date *key* went by with too little for an issue: what there is waits for the next date."""
    return replace(ledger, passed=ledger.passed | {key.isoformat()})


def announcing(ledger: Ledger, record: IssueRecord) -> Ledger:
    """*ledger* after an issue was made."""
    return replace(ledger, issues={**ledger.issues, record.key: record})


def record_of(issue: Issue, subject: str, moment: datetime) -> IssueRecord:
    """What the ledger is to know of *issue*, frozen at *moment* under *subject*."""

    def held(items: tuple[Item, ...]) -> dict[str, str]:
        return {item.id: rfc3339(item.updated) for item in items}

    return IssueRecord(
        key=issue.key.isoformat(),
        number=issue.number or 0,
        moment=moment,
        subject=subject,
        new=held(issue.new),
        revised=held(issue.revised),
        withdrawn=held(issue.withdrawn),
    )


def month_issue(published: Published, digest: Digest, year: int, month: int, zone: tzinfo) -> Issue:
    """What was announced, by date, in a month; nothing is recorded of it."""
    page = published.documents.page
    after = date(year + month // 12, month % 12 + 1, 1)
    items = tuple(item for item in page.items if not item.withdrawn and _month(item, zone) == (year, month))
    return Issue(
        site=page.site, digest=digest, key=after, month_of=after - timedelta(days=1), number=None, new=items
    )  # fmt: skip


def latest_month(published: Published, zone: tzinfo) -> tuple[int, int] | None:
    """The latest month in which something shown was announced, None when there is nothing."""
    return max((_month(item, zone) for item in published.documents.page.items if not item.withdrawn), default=None)


def _month(item: Item, zone: tzinfo) -> tuple[int, int]:
    day = moment_of(item.entry.date, zone).astimezone(zone)
    return day.year, day.month


def _told(ledger: Ledger) -> tuple[set[str], dict[str, datetime], set[str]]:
    """What earlier issues announced, the `updated` each was last mentioned with, and what they took back."""
    announced: set[str] = set()
    mentioned: dict[str, datetime] = {}
    taken_back: dict[str, datetime] = {}
    for issue in ledger.issues.values():
        announced.update(issue.new)
        for held in (issue.new, issue.revised, issue.withdrawn):
            _newest(mentioned, held)
        _newest(taken_back, issue.withdrawn)
    # What was reinstated and is taken back again is told again.
    told = {id_ for id_, moment in taken_back.items() if (since := ledger.records[id_].since) and since <= moment}
    return announced, mentioned, told


def _newest(kept: dict[str, datetime], held: Mapping[str, str]) -> None:
    for id_, text in held.items():
        moment = parse_rfc3339(text)
        kept[id_] = max(moment, kept.get(id_, moment))


def _first_interest(ledger: Ledger, digest: Digest) -> datetime | None:
    """Before this moment everything is backlog: a first digest on an old list announces none of the years before."""
    first = min(ledger.schedules.values(), default=None)
    return first and first - timedelta(days=digest.catch_up)
