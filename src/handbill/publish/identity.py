"""Identity: which entry of the file is which published one, through any edit of one of title, address or date.

Entries and records are matched one to one, in rounds from the strongest evidence to the weakest. A round first takes
only what is unique on both sides; what several could claim is settled at the end, and told.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Literal, NamedTuple

from handbill.dates import rfc3339
from handbill.findings import Remark
from handbill.model import Entry, When
from handbill.publish.ledger import Record

LONG_AGO = timedelta(days=90)
"""A record removed longer ago than this matches only from two facts."""

_Fact = Literal["url", "title", "date"]

_ROUNDS: tuple[tuple[_Fact, ...], ...] = (
    ("title", "date", "url"),
    # Title and date minted the identifier, so they come first: entries that swap addresses keep theirs.
    ("title", "date"),
    ("url", "title"),
    ("url", "date"),
    ("url",),
    ("title",),
    ("date",),
)


class Facts(NamedTuple):
    """What an entry is known by: *url* is None when unknown, and then no evidence."""

    title: str
    date: str
    url: str | None


def date_text(when: When) -> str:
    """*when* as identifiers and the ledger have it: ``2010-11-23``, or RFC 3339 in UTC."""
    return rfc3339(when) if isinstance(when, datetime) else when.isoformat()


def facts_of(entry: Entry) -> Facts:
    """What *entry* is known by."""
    return Facts(entry.title, date_text(entry.date), entry.url)


class Matching(NamedTuple):
    """The record of each entry that has one, by the entry's number in the file, and what had to be guessed."""

    records: Mapping[int, Record]
    remarks: tuple[Remark, ...]


def match(entries: Sequence[Entry], records: Iterable[Record], now: datetime) -> Matching:
    """Find each of *entries* among the published *records*. Same input, same answer; nothing matches twice."""
    return _Matcher(entries, list(records), now).match()


class _Matcher:
    def __init__(self, entries: Sequence[Entry], records: list[Record], now: datetime) -> None:
        self.entries = entries
        self.facts = [facts_of(entry) for entry in entries]
        self.records = {record.id: record for record in records}
        self.now = now
        self.open_entries = dict.fromkeys(range(len(entries)))
        self.open_records = dict.fromkeys(self.records)
        self.found: dict[int, Record] = {}
        self.remarks: list[Remark] = []

    def match(self) -> Matching:
        for number, entry in enumerate(self.entries):
            if entry.id is not None:
                # An identifier that the editor gave stands by itself: it never takes over another's record.
                del self.open_entries[number]
                if entry.id in self.open_records:
                    del self.open_records[entry.id]
                    self.found[number] = self.records[entry.id]
        for settle in (self._unique, self._nearest):
            for facts in _ROUNDS:
                if self.open_entries and self.open_records:
                    self._round(facts, settle)
        return Matching(self.found, tuple(self.remarks))

    def _round(
        self, facts: tuple[_Fact, ...], settle: Callable[[tuple[_Fact, ...], list[int], list[Record]], None]
    ) -> None:
        known_by = attrgetter(*facts)
        entries: defaultdict[object, list[int]] = defaultdict(list)
        for number in self.open_entries:
            entry = self.facts[number]
            if entry.url is not None or "url" not in facts:
                entries[known_by(entry)].append(number)
        records: defaultdict[object, list[Record]] = defaultdict(list)
        for id_ in self.open_records:
            record = self.records[id_]
            if (known := known_by(record)) in entries and self._may_match(record, facts):
                records[known].append(record)
        for values, candidates in records.items():
            settle(facts, entries[values], candidates)

    def _may_match(self, record: Record, facts: tuple[_Fact, ...]) -> bool:
        if record.state != "removed" or len(facts) > 1:
            return True
        # A bare date says nothing of an entry that earlier builds already saw gone.
        return facts != ("date",) and record.since is not None and self.now - record.since < LONG_AGO

    def _unique(self, facts: tuple[_Fact, ...], numbers: list[int], records: list[Record]) -> None:
        if len(numbers) == 1 and len(records) == 1:
            self._take(numbers[0], records[0])
        elif len(facts) == 3 and len(numbers) == len(records):
            # Alike in everything, and as many as before: the order of the file is the order in which they were.
            for number, record in zip(numbers, sorted(records, key=_newest_first), strict=True):
                self._take(number, record)

    def _nearest(self, facts: tuple[_Fact, ...], numbers: list[int], records: list[Record]) -> None:
        if len(numbers) == len(records) == 1:
            self._take(numbers[0], records[0])
            return
        if facts == ("date",):
            return  # several of one day, with nothing else in common, are other entries
        places, ranks = self._places(numbers), self._ranks(records)
        claims = sorted(
            (abs(places[number] - ranks[record.id]), number, record.id) for number in numbers for record in records
        )
        for _, number, id_ in claims:
            if number in self.open_entries and id_ in self.open_records:
                others = [other for other in numbers if other != number]
                self._take(number, self.records[id_])
                self._tell(number, others, self.records[id_], [r for r in records if r.id != id_])

    def _take(self, number: int, record: Record) -> None:
        del self.open_entries[number]
        del self.open_records[record.id]
        self.found[number] = record

    def _places(self, numbers: list[int]) -> dict[int, int]:
        """Which of its day, counted down the file, each entry is."""
        days = {self.facts[number].date for number in numbers}
        counts: defaultdict[str, int] = defaultdict(int)
        places = {}
        for number, facts in enumerate(self.facts):
            if facts.date in days:
                places[number] = counts[facts.date]
                counts[facts.date] += 1
        return {number: places[number] for number in numbers}

    def _ranks(self, records: list[Record]) -> dict[str, int]:
        """Which of its day, the newest first, each record is."""
        days = {record.date for record in records}
        counts: defaultdict[str, int] = defaultdict(int)
        ranks = {}
        for record in sorted(self.records.values(), key=_newest_first):
            if record.date in days and record.state != "removed":
                ranks[record.id] = counts[record.date]
                counts[record.date] += 1
        return {record.id: ranks.get(record.id, 0) for record in records}

    def _tell(self, number: int, others: list[int], record: Record, other_records: list[Record]) -> None:
        if others:
            hint = f'if it is the other one, write there: id = "{record.id}"'
            message = f"this entry and another could both be the published “{record.title}”; this one is taken for it"
        else:
            other = other_records[0]
            hint = f'if it is the other one, write here: id = "{other.id}"'
            message = (
                f"this could be the published “{record.title}” of {record.date} or “{other.title}” of {other.date}; "
                "it is taken for the first"
            )
        self.remarks.append(Remark("W601", message, hint, entry=number, also=others[0] if others else None))


def _newest_first(record: Record) -> tuple[float, str]:
    return (-record.published.timestamp(), record.id)


def mint(site_id: str, facts: Facts, taken: Callable[[str], bool]) -> str:
    """A new identifier: ``urn:uuid:`` with version 5 (RFC 9562, section 5.5) of *site_id*, first date and title.

    The same each time for the same facts; where that one is *taken*, the next of the same row.
    """
    namespace = uuid.uuid5(uuid.NAMESPACE_URL, site_id)
    name, count = f"{facts.date}\n{facts.title}", 1
    id_ = f"urn:uuid:{uuid.uuid5(namespace, name)}"
    while taken(id_):
        count += 1
        numbered = f"{name}\n{count}"
        id_ = f"urn:uuid:{uuid.uuid5(namespace, numbered)}"
    return id_


def anchor_of(id_: str) -> str:
    """The entry's place on the page, kept as long as its identifier: a short hash of it.

    The first half of a ``uuid:`` with version 5 of it, without what makes that a UUID: all entries need one each time.
    """
    return "e" + hashlib.sha1(uuid.NAMESPACE_URL.bytes + id_.encode(), usedforsecurity=False).hexdigest()[:12]
