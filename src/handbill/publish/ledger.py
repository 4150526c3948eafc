"""The ledger: what has been published, as values and as the text of ``feeds/ledger.jsonl``.

One JSON object a line, sorted, so that two branches merge by keeping both sides: conflict markers are read as just
that, and two records of one thing are combined by rules that give the same result in either order.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from handbill.dates import parse_rfc3339, rfc3339
from handbill.model import Site
from handbill.published import Feed

VERSION = 1
"""Of the ledger's form. A newer one is refused."""

MERGED = "merged"
"""Stands for a hash of which there are two."""

State = Literal["live", "expired", "withdrawn", "removed"]

Key = TypeVar("Key")
Value = TypeVar("Value")

_MARKERS = ("<<<<<<<", "|||||||", "=======", ">>>>>>>")


class LedgerError(Exception):
    """The ledger cannot be read. *line* counts from 1; the message says what is wrong there."""

    def __init__(self, line: int, message: str) -> None:
        """Say *message* of *line*."""
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Record:
    """One entry that has been published.

    *title*, *url* and *date* are as the file last had them, for finding it again. *published* and *updated* are what
    readers were told. *mark* is the editor's ``updated`` that is accounted for in *updated*. *seen* is when it first
    went live, *since* when it left off being live. *backlog* entries are never announced. *archive* is the number of
    the archive document that holds it. *facets* are the paths of the facet feeds that it stands in.
    """

    id: str
    title: str
    url: str | None
    date: str
    published: datetime
    updated: datetime
    seen: datetime
    state: State = "live"
    since: datetime | None = None
    mark: str = ""
    backlog: bool = False
    archive: int | None = None
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IssueRecord:
    """An issue of the digest that was made: what it announced, each with the `updated` that readers then saw.

    *key* is its local date, *moment* when it was frozen. *new*, *revised* and *withdrawn* are identifiers in the
    order of the issue, with the RFC 3339 moment of `updated`.
    """

    key: str
    number: int
    moment: datetime
    subject: str = ""
    new: Mapping[str, str] = field(default_factory=dict)
    revised: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ledger:
    """All that has been published.

    *id* is the name from which identifiers are minted; *created* the moment of the first build (None before it);
    *look* a hash of what the site said of itself; *records* by identifier; *facets* the title of each facet feed by its
    path; *issues* by key; *passed* the keys of dates on which there was too little for an issue; *schedules* when each
    schedule of the digest was first seen; *archives* a hash of each archive document, as it was last written, by its
    number; *sender* the name of the one state folder that may send. A hash of which two branches had each its own is
    `MERGED`: git put together what stands there.
    """

    id: str = ""
    created: datetime | None = None
    look: str = ""
    records: Mapping[str, Record] = field(default_factory=dict)
    facets: Mapping[str, str] = field(default_factory=dict)
    issues: Mapping[str, IssueRecord] = field(default_factory=dict)
    passed: frozenset[str] = frozenset()
    schedules: Mapping[str, datetime] = field(default_factory=dict)
    archives: Mapping[int, str] = field(default_factory=dict)
    sender: str = ""

    @property
    def latest(self) -> datetime | None:
        """The newest moment at which something was recorded: the last build that changed anything."""
        moments = [self.created, *self.schedules.values(), *(issue.moment for issue in self.issues.values())]
        for record in self.records.values():
            moments.append(record.seen)
            if record.state != "expired":
                moments.append(record.since)
        return max((moment for moment in moments if moment), default=None)


def hash_of(fact: Site | Feed) -> str:
    """A short hash of all that *fact* consists of."""
    return hashlib.blake2s(repr(fact).encode(errors="surrogatepass"), digest_size=8).hexdigest()


def dump(ledger: Ledger) -> str:
    """The text of *ledger*; the same value gives the same text."""
    rows: list[Mapping[str, Any]] = []
    if ledger.created:
        rows.append({"handbill": VERSION, "id": ledger.id, "created": rfc3339(ledger.created)})
        rows.append({"look": ledger.look})
    if ledger.sender:
        rows.append({"sender": ledger.sender})
    rows += ({"schedule": text, "first": rfc3339(first)} for text, first in ledger.schedules.items())
    rows += ({"passed": key} for key in ledger.passed)
    rows += ({"archive": number, "hash": mark} for number, mark in ledger.archives.items())
    rows += ({"facet": path, "title": title} for path, title in ledger.facets.items())
    rows += map(_issue_row, ledger.issues.values())
    rows += map(_record_row, ledger.records.values())
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return "".join(sorted(encode(row) + "\n" for row in rows))


def _record_row(record: Record) -> dict[str, Any]:
    row: dict[str, Any] = {"entry": record.id, "date": record.date, "title": record.title}
    if record.url is not None:
        row["url"] = record.url
    row["published"] = rfc3339(record.published)
    row["updated"] = rfc3339(record.updated)
    row["seen"] = rfc3339(record.seen)
    if record.state != "live":
        row["state"] = record.state
    if record.since:
        row["since"] = rfc3339(record.since)
    if record.mark:
        row["mark"] = record.mark
    if record.backlog:
        row["backlog"] = True
    if record.archive is not None:
        row["archive"] = record.archive
    if record.facets:
        row["facets"] = record.facets
    return row


def _issue_row(issue: IssueRecord) -> dict[str, Any]:
    row: dict[str, Any] = {"issue": issue.key, "number": issue.number, "moment": rfc3339(issue.moment)}
    if issue.subject:
        row["subject"] = issue.subject
    for name in ("new", "revised", "withdrawn"):
        if held := getattr(issue, name):
            row[name] = dict(held)
    return row


def load(text: str) -> Ledger:
    """Read what `dump` wrote, or what git made of two of them. Raises LedgerError; an empty text is an error too."""
    if not text.strip():
        raise LedgerError(1, "it is empty")
    numbered = [
        (number, line)
        for number, line in enumerate(text.split("\n"), 1)
        if line.strip() and not line.startswith(_MARKERS)
    ]
    ledger = Ledger()
    records: dict[str, Record] = {}
    facets: dict[str, str] = {}
    issues: dict[str, IssueRecord] = {}
    passed: set[str] = set()
    schedules: dict[str, datetime] = {}
    archives: dict[int, str] = {}
    looks: dict[str, str] = {}
    moved: set[int] = set()
    for number, line in numbered:
        try:
            row = json.loads(line)
            if "entry" in row:
                record = _record(row)
                moved |= _archives_apart(record, records.get(record.id, record))
                _keep(records, record.id, record, _combine)
            elif "issue" in row:
                _keep(issues, row["issue"], _issue(row), _combine_issues)
            elif "passed" in row:
                passed.add(str(row["passed"]))
            elif "facet" in row:
                _keep(facets, row["facet"], str(row["title"]), max)
            elif "schedule" in row:
                _keep(schedules, row["schedule"], parse_rfc3339(row["first"]), min)
            elif "look" in row:
                _keep(looks, "look", str(row["look"]), _one_or_merged)
            elif "archive" in row:
                _keep(archives, int(row["archive"]), str(row["hash"]), _one_or_merged)
            elif "sender" in row:
                ledger = replace(ledger, sender=max(ledger.sender, str(row["sender"])))
            else:
                ledger = _head(ledger, row, number)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise LedgerError(number, f"this is no record of a ledger ({_reason(error)})") from error
    if ledger.created is None:
        raise LedgerError(1, 'its first record (`{"handbill":1,…`) is missing')
    archives |= dict.fromkeys(moved, MERGED)
    return replace(
        ledger, look=looks.get("look", ""), records=records, facets=facets, issues=issues, passed=frozenset(passed),
        schedules=schedules, archives=archives,
    )  # fmt: skip


def _reason(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _head(ledger: Ledger, row: Mapping[str, Any], number: int) -> Ledger:
    version = int(row["handbill"])
    if version > VERSION:
        raise LedgerError(number, f"it was written by a newer Handbill (form {version}, this one reads {VERSION})")
    found = (parse_rfc3339(row["created"]), str(row["id"]))
    created, id_ = min(found, (ledger.created, ledger.id)) if ledger.created else found
    return replace(ledger, id=id_, created=created)


def _record(row: Mapping[str, Any]) -> Record:
    state = row.get("state", "live")
    if state not in ("live", "expired", "withdrawn", "removed"):
        raise ValueError(f"unknown state {state!r}")
    since = row.get("since")
    archive = row.get("archive")
    url = row.get("url")
    return Record(
        id=str(row["entry"]),
        title=str(row["title"]),
        url=None if url is None else str(url),
        date=str(row["date"]),
        published=parse_rfc3339(row["published"]),
        updated=parse_rfc3339(row["updated"]),
        seen=parse_rfc3339(row["seen"]),
        state=state,
        since=None if since is None else parse_rfc3339(since),
        mark=str(row.get("mark", "")),
        backlog=bool(row.get("backlog", False)),
        archive=None if archive is None else int(archive),
        facets=tuple(map(str, row.get("facets", ()))),
    )


def _issue(row: Mapping[str, Any]) -> IssueRecord:
    held = {name: {str(k): str(v) for k, v in row.get(name, {}).items()} for name in ("new", "revised", "withdrawn")}
    return IssueRecord(
        key=str(row["issue"]),
        number=int(row["number"]),
        moment=parse_rfc3339(row["moment"]),
        subject=str(row.get("subject", "")),
        **held,
    )


def _keep(kept: dict[Key, Value], key: Key, value: Value, combine: Callable[[Value, Value], Value]) -> None:
    kept[key] = combine(kept[key], value) if key in kept else value


def _one_or_merged(one: str, two: str) -> str:
    return one if one == two else MERGED


def _combine(one: Record, two: Record) -> Record:
    """Two branches' records of one entry: what was told first stays, what was told last counts."""
    older, newer = sorted((one, two), key=lambda r: (r.updated, r.since or r.seen, r.state, json.dumps(_record_row(r))))
    archives = [record.archive for record in (one, two) if record.archive is not None]
    return replace(
        newer,
        published=min(one.published, two.published),
        seen=min(one.seen, two.seen),
        backlog=older.backlog and newer.backlog,
        archive=min(archives) if archives and older.updated == newer.updated else newer.archive,
    )


def _archives_apart(one: Record, two: Record) -> set[int]:
    """The archive documents of which only one branch has the entry in its own."""
    return {number for number in (one.archive, two.archive) if number is not None and one.archive != two.archive}


def _combine_issues(one: IssueRecord, two: IssueRecord) -> IssueRecord:
    first, second = sorted((one, two), key=lambda issue: (issue.moment, json.dumps(_issue_row(issue))))
    return replace(
        first,
        number=max(one.number, two.number),
        new={**second.new, **first.new},
        revised={**second.revised, **first.revised},
        withdrawn={**second.withdrawn, **first.withdrawn},
    )
