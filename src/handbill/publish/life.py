"""The life of an entry: draft, future, live, revised, withdrawn, expired, removed, and back again.

Each step is told to readers once; the moment at which it was first seen is recorded in the ledger and stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any, Literal, NamedTuple

from handbill.dates import end_of_day, moment_of, start_of_day
from handbill.failure import FailureError
from handbill.findings import Remark
from handbill.model import Digest, Entry, Publication
from handbill.publish import facets, times
from handbill.publish.identity import Matching, date_text, facts_of, match, mint
from handbill.publish.ledger import Ledger, Record, State

NOTICE = timedelta(days=90)
"""How long a withdrawn entry stays as a visible notice."""

TOMBSTONE = timedelta(days=365)
"""How long an Atom feed tells that an entry is gone."""

_SECOND = timedelta(seconds=1)

Stage = Literal["draft", "future", "live", "expired", "withdrawn"]


class AccidentError(FailureError):
    """So much of what was published is missing from the file that it is taken for an accident."""

    status = 1

    def __init__(self, missing: int, published: int) -> None:
        """Tell that *missing* of *published* entries are gone."""
        super().__init__(
            f"{missing} of the {published} published entries are missing from the file: taken for an accident, so "
            "nothing was changed; if they are to go, say so: handbill build --accept-removals"
        )


@dataclass(frozen=True, slots=True)
class Lives:
    """What became of every entry at a moment.

    *records* is the next ledger's, by identifier; *of_entry* the identifier of each published entry by its number in
    the file. *changed* are the identifiers whose archive document must be written again, *turns* the moments at which
    the clock alone will change something. *held* are the numbers of entries that a preview alone shows.
    """

    records: Mapping[str, Record]
    of_entry: Mapping[int, str]
    changed: frozenset[str]
    turns: tuple[datetime, ...]
    remarks: tuple[Remark, ...]
    held: frozenset[int]


def stage_of(entry: Entry, zone: tzinfo, now: datetime) -> Stage:
    """Where *entry* stands at *now*, by what the file says of it."""
    if entry.draft:
        return "draft"
    if entry.withdrawn and start_of_day(entry.withdrawn, zone) <= now:
        return "withdrawn"
    if entry.expires and end_of_day(entry.expires, zone) <= now:
        return "expired"
    return "live" if moment_of(entry.date, zone) <= now else "future"


def live_on(
    publication: Publication, ledger: Ledger, site_id: str, now: datetime, accept_removals: bool, preview: bool
) -> Lives:
    """Take every entry one step further, from what *ledger* knows to what is so at *now*. Raises AccidentError."""
    return _Step(publication, ledger, site_id, now, accept_removals, preview).lives()


class _Seen(NamedTuple):
    """An entry that is to be published for the first time."""

    number: int
    stage: Stage


class _Step:
    def __init__(
        self,
        publication: Publication,
        ledger: Ledger,
        site_id: str,
        now: datetime,
        accept_removals: bool,
        preview: bool,
    ) -> None:
        self.zone = publication.zone
        self.entries: Sequence[Entry] = publication.entries
        self.digest = publication.digest
        self.site = publication.site
        self.ledger = ledger
        self.site_id = site_id
        self.now = now
        self.matching: Matching = match(self.entries, ledger.records.values(), now)
        self.stages = [stage_of(entry, self.zone, now) for entry in self.entries]
        self.held = frozenset(self._held() if preview else ())
        self.records: dict[str, Record] = dict(ledger.records)
        self.of_entry: dict[int, str] = {}
        self.changed: set[str] = set()
        self.remarks = list(self.matching.remarks)
        if not accept_removals:
            self._guard()

    def _held(self) -> Iterator[int]:
        """What is not public yet, and from now on taken as if it were."""
        for number, stage in enumerate(self.stages):
            record = self.matching.records.get(number)
            if stage == "draft" or (stage == "future" and (record is None or record.state == "removed")):
                undrafted = stage_of(replace(self.entries[number], draft=False), self.zone, self.now)
                self.stages[number] = "live" if undrafted == "future" else undrafted
                yield number

    def _guard(self) -> None:
        """A file that lacks at least three and over half of what was published was cut off, not edited."""
        published = {r.id for r in self.ledger.records.values() if r.state in ("live", "withdrawn")}
        missing = published - {record.id for record in self.matching.records.values()}
        if len(missing) >= 3 and 2 * len(missing) > len(published):
            raise AccidentError(len(missing), len(published))

    def lives(self) -> Lives:
        new = []
        for number, entry in enumerate(self.entries):
            record = self.matching.records.get(number)
            stage = self.stages[number]
            if record is None:
                if stage in ("live", "withdrawn"):
                    new.append(_Seen(number, stage))
                continue
            if stage == "draft":
                self._tell_draft(number, entry, record)
                continue  # taken out of sight: as good as removed
            if stage == "future" and record.state == "removed":
                continue
            if stage == "future":
                self._tell_future(number, entry, record)
            state = record.state if stage == "future" else stage
            self._keep(number, self._next(entry, record, state))
        kept = set(self.of_entry.values())
        for record in self.ledger.records.values():
            if record.id not in kept and record.state in ("live", "withdrawn"):
                since = record.since if record.state == "withdrawn" else self.now
                self.records[record.id] = replace(record, state="removed", since=since, archive=None)
                if record.archive is not None:
                    self.changed.add(record.id)
        self._publish(new)
        return Lives(
            self.records, self.of_entry, frozenset(self.changed), self._turns(), tuple(self.remarks), self.held
        )

    def _tell_future(self, number: int, entry: Entry, record: Record) -> None:
        since = f"{record.published:%Y-%m-%d}"
        message = f"“{entry.title}” has been public since {since} and stays so, although its date is in the future"
        self.remarks.append(
            Remark("W602", message, "to take it back, write: withdrawn = … with the day", number, "date")
        )

    def _tell_draft(self, number: int, entry: Entry, record: Record) -> None:
        if record.state != "removed":
            message = (
                f"“{entry.title}” has been public since {record.published:%Y-%m-%d}; as a draft it is gone for readers"
            )
            hint = "to tell them why, write: withdrawn = … and withdrawn-reason = … instead of draft"
            self.remarks.append(Remark("W603", message, hint, number, "draft"))

    def _keep(self, number: int, record: Record) -> None:
        self.records[record.id] = record
        self.of_entry[number] = record.id

    def _next(self, entry: Entry, record: Record, state: State) -> Record:
        """The record of an entry that was published before, one step further."""
        facts = facts_of(entry)
        updated, since, archive, mark = record.updated, record.since, record.archive, record.mark
        if state == "live":
            if record.state != "live":  # reinstated, extended, brought back
                updated, since, archive = max(self.now, updated + _SECOND), None, None
            marked = self._mark(entry)
            if marked and marked != mark:
                # Told again, so it goes into the live document and a later archive; the older archive stays as it is.
                # An `updated` that was set back tells nothing new.
                if not mark or marked > mark:
                    updated, archive = self._later(entry, updated), None
                mark = marked
        elif state == "withdrawn":
            if record.state != "withdrawn":
                since = since if record.state == "removed" and since else self.now
                updated = max(self.now, updated + _SECOND)
                if archive is not None:
                    archive = None
                    self.changed.add(record.id)
        elif record.state == "live" and entry.expires:
            since = end_of_day(entry.expires, self.zone)
        told: dict[str, Any] = {
            "title": facts.title, "date": facts.date, "url": facts.url, "state": state, "updated": updated,
            "since": since, "archive": archive, "mark": mark, "facets": self._facets(entry),
        }  # fmt: skip
        changed = {name: value for name, value in told.items() if value != getattr(record, name)}
        return replace(record, **changed) if changed else record

    def _later(self, entry: Entry, updated: datetime) -> datetime:
        """The moment of a revision: the editor's, unless readers were already told a later one."""
        moment = moment_of(entry.updated, self.zone) if entry.updated else self.now
        return moment if moment > updated else max(self.now, updated + _SECOND)

    def _mark(self, entry: Entry) -> str:
        """The editor's `updated`, once its time has come."""
        if entry.updated is None or moment_of(entry.updated, self.zone) > self.now:
            return ""
        return date_text(entry.updated)

    def _publish(self, new: list[_Seen]) -> None:
        """Give those that are public for the first time their identifier and moment."""
        given = {number: self.records[id_].published for number, id_ in self.of_entry.items()}
        taken = (record.published for record in self.records.values())
        moments = times.assign(self.entries, self.zone, given, (seen.number for seen in new), taken)
        # A moment ahead of now was recorded by a clock that was wrong.
        before = min(self.ledger.latest or self.now, self.now)
        catch_up = timedelta(days=(self.digest or Digest()).catch_up)
        given_ids = {entry.id for entry in self.entries if entry.id}
        for number, stage in new:
            entry = self.entries[number]
            facts = facts_of(entry)
            id_ = entry.id or mint(self.site_id, facts, lambda id_: id_ in self.records or id_ in given_ids)
            published = updated = moments[number]
            since, mark = None, self._mark(entry)
            if mark and entry.updated:
                updated = max(published, moment_of(entry.updated, self.zone))
            if stage == "withdrawn" and entry.withdrawn:
                # Known to the file as withdrawn and to no ledger: the day it names is all that can be told.
                since = updated = max(updated, start_of_day(entry.withdrawn, self.zone))
            backlog = before - published > catch_up
            self._keep(
                number,
                Record(
                    id=id_, title=facts.title, url=facts.url, date=facts.date, published=published, updated=updated,
                    seen=self.now, state="withdrawn" if stage == "withdrawn" else "live", since=since, mark=mark,
                    backlog=backlog, facets=self._facets(entry),
                ),
            )  # fmt: skip

    def _facets(self, entry: Entry) -> tuple[str, ...]:
        return tuple(sorted({path for path, _ in facets.paths_of(entry, self.site)}))

    def _turns(self) -> tuple[datetime, ...]:
        moments = []
        for entry, stage in zip(self.entries, self.stages, strict=True):
            if stage == "draft":
                continue
            if stage == "future":
                moments.append(moment_of(entry.date, self.zone))
            if entry.expires:
                moments.append(end_of_day(entry.expires, self.zone))
            if entry.withdrawn:
                moments.append(start_of_day(entry.withdrawn, self.zone))
            if entry.updated:
                moments.append(moment_of(entry.updated, self.zone))
        for record in self.records.values():
            if record.state in ("withdrawn", "removed") and record.since:
                moments += (record.since + NOTICE, record.since + TOMBSTONE)
        return tuple(sorted({moment for moment in moments if moment > self.now}))
