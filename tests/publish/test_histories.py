"""Random histories: edits between builds, the clock moving. Promises 1 and 3 hold, and readers see what happened."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from lists import NOON, SITE, History, entry

from handbill.model import Entry, Site
from handbill.publish.ledger import dump, load

DAY = timedelta(days=1)


@dataclass
class Resource:
    """What the editor has in mind: an entry that stays itself, and what readers were told of it."""

    entry: Entry
    id: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    touched: bool = False  # since the last build: one edit at a time


class Histories(RuleBasedStateMachine):
    @initialize(first=st.integers(0, 6))
    def begin(self, first: int) -> None:
        self.history = History()
        self.now = NOON
        self.site: Site = SITE
        self.count = 0
        self.file: list[Resource] = []
        for _ in range(first):
            self.add(0, 0, True)
        self.build()

    def _fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix} {self.count}"

    def _pick(self, which: int) -> Resource | None:
        free = [resource for resource in self.file if not resource.touched]
        return free[which % len(free)] if free else None

    @rule(at=st.integers(0, 99), back=st.integers(0, 5500), has_url=st.booleans())
    def add(self, at: int, back: int, has_url: bool) -> None:
        url = f"https://example.org/{self._fresh('x')[2:]}" if has_url else None
        made = entry(self._fresh("Entry"), (self.now - back * DAY).date(), url)
        self.file.insert(at % (len(self.file) + 1), Resource(made, touched=True))

    @rule(which=st.integers(0, 99), fact=st.sampled_from(["title", "url", "date", "summary"]))
    def edit_one_fact(self, which: int, fact: str) -> None:
        if resource := self._pick(which):
            value: Any = {
                "title": self._fresh("Renamed"),
                "url": f"https://example.org/{self._fresh('y')[2:]}",
                "date": (self.now - (which % 30) * DAY).date(),
                "summary": self._fresh("Corrected"),
            }[fact]
            resource.entry = replace(resource.entry, **{fact: value})
            resource.touched = True
            self.build()

    @rule(which=st.integers(0, 99), other=st.integers(0, 99))
    def swap_addresses(self, which: int, other: int) -> None:
        one, two = self._pick(which), self._pick(other)
        if one and two and one is not two:
            first, second = one.entry.url, two.entry.url
            one.entry, two.entry = replace(one.entry, url=second), replace(two.entry, url=first)
            self.build()

    @rule(at=st.integers(0, 99), to=st.integers(0, 99))
    def move_in_the_file(self, at: int, to: int) -> None:
        if self.file:
            resource = self.file.pop(at % len(self.file))
            self.file.insert(to % (len(self.file) + 1), resource)
            self.build()

    @rule(which=st.integers(0, 99))
    def revise(self, which: int) -> None:
        if resource := self._pick(which):
            resource.entry = replace(resource.entry, updated=self.now)

    @rule(which=st.integers(0, 99))
    def remove(self, which: int) -> None:
        if self.file:
            del self.file[which % len(self.file)]
            self.build()

    @precondition(lambda self: self.site is SITE)
    @rule(zone=st.sampled_from(["Asia/Tokyo", "UTC"]))
    def change_the_time_zone(self, zone: str) -> None:
        self.site = replace(self.site, timezone=zone)

    @rule(days=st.integers(0, 100))
    def wait(self, days: int) -> None:
        self.now += days * DAY + timedelta(minutes=15)

    @rule()
    def merge_with_itself(self) -> None:
        assert self.history.text
        self.history.text = dump(
            load("<<<<<<< a\n" + self.history.text + "=======\n" + self.history.text + ">>>>>>> b\n")
        )

    @rule(counts=st.tuples(st.integers(0, 3), st.integers(0, 3)), which=st.integers(0, 99))
    def merge_two_branches(self, counts: tuple[int, int], which: int) -> None:
        """Each adds entries and builds, one renames an entry; git keeps both sides of the ledger."""
        self.build()
        before, texts, added = self.history.text, [], []
        for count in counts:
            branch = History()
            branch.text = before
            # Of days that nobody else has: two branches may give the same moment.
            own = [Resource(entry(self._fresh("Entry"), date(1990, 1, 1) + self.count * DAY)) for _ in range(count)]
            listed = [*own, *self.file]
            branch.build(*(resource.entry for resource in listed), now=self.now, site=self.site)
            assert branch.last
            for number, resource in enumerate(own):
                record = branch.last.of_entry[number]
                resource.id, resource.published, resource.updated = record.id, record.published, record.updated
            texts.append(branch.text)
            added += own
            if renamed := self._pick(which):
                renamed.entry = replace(renamed.entry, title=self._fresh("Renamed"))
        self.history.text = f"<<<<<<< a\n{texts[0]}=======\n{texts[1]}>>>>>>> b\n"
        self.file += added
        self.build()

    @rule()
    def build(self) -> None:
        self.history.build(*(resource.entry for resource in self.file), now=self.now, site=self.site)
        assert self.history.last
        records = self.history.last.of_entry
        for number, resource in enumerate(self.file):
            record = records[number]
            if resource.id:
                assert record.id == resource.id, "another identifier"
                assert record.published == resource.published, "another moment"
                assert resource.updated
                assert record.updated >= resource.updated, "`updated` went back"
            resource.id, resource.published, resource.updated = record.id, record.published, record.updated
            resource.touched = False
        text = self.history.text
        self.history.build(*(resource.entry for resource in self.file), now=self.now, site=self.site)
        assert self.history.text == text, "a second build changed something"

    @invariant()
    def identifiers_and_moments_are_distinct(self) -> None:
        if self.history.last:
            items = self.history.last.documents.page.items
            assert len({item.id for item in items}) == len(items)
            assert len({item.published for item in items}) == len(items)


Histories.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
TestHistories = Histories.TestCase


def test_back_filling_of_75_entries_over_15_years() -> None:
    history = History()
    recent = [entry(f"Recent {n}", NOON.date() - n * DAY) for n in range(5)]
    before = history.build(*recent)
    filled = [entry(f"Old {n}", date(2011, 1, 1) + n * 73 * DAY, categories=("old",)) for n in range(75)][::-1]
    after = history.build(*recent, *filled, now=NOON + DAY)
    assert {title: after[title] for title in before} == before
    assert history.last
    assert [item.entry.title for item in history.last.documents.page.items] == [e.title for e in [*recent, *filled]]
    assert len(history.last.documents.live.items) == 50
    assert [len(feed.items) for feed in history.last.documents.archives] == [50]
