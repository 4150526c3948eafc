"""Archive documents (RFC 5005): a crawler finds the whole list; new entries leave them alone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lists import NOON, SITE, History, entry

from handbill.model import Entry
from handbill.published import Feed, Item

SMALL = replace(SITE, entries_in_feed=4)
START = datetime(2020, 1, 1, tzinfo=UTC)


class Server:
    """What is served: the archive documents as they were last written, and the live one."""

    def __init__(self) -> None:
        self.history = History()
        self.archives: dict[str, Feed] = {}
        self.written: list[str] = []
        self.live: Feed | None = None

    def build(self, entries: Sequence[Entry], now: datetime) -> None:
        self.history.build(*entries, now=now, site=SMALL)
        assert self.history.last
        documents = self.history.last.documents
        self.live = documents.live
        self.written = [f.path for f in documents.archives if f.path in documents.due or f.path not in self.archives]
        for feed in documents.archives:
            if feed.path in self.written:
                self.archives[feed.path] = feed

    def crawl(self) -> list[Item]:
        """Every entry in its latest form, as one gathers them who follows prev-archive from the live document."""
        found: dict[str, Item] = {}
        document = self.live
        gone = {stone.id: stone.when for stone in document.tombstones} if document else {}
        while document:
            for item in document.items:
                if item.id not in found:
                    found[item.id] = item
            document = self.archives[document.prev_archive] if document.prev_archive else None
        kept = [item for item in found.values() if item.id not in gone or item.updated >= gone[item.id]]
        return sorted(kept, key=lambda item: (item.published, item.id), reverse=True)


def day(number: int) -> date:
    return (START + timedelta(days=number)).date()


def numbered(number: int) -> Entry:
    return entry(f"Entry {number}", day(number))


def test_a_list_that_grows_is_whole_and_old_archives_stay() -> None:
    server = Server()
    entries: list[Entry] = []
    for number in range(30):
        entries.insert(0, numbered(number))
        before = dict(server.archives)
        server.build(entries, START + timedelta(days=number, hours=12))
        assert [item.entry.title for item in server.crawl()] == [e.title for e in entries]
        assert all(server.archives[path] is feed for path, feed in before.items())
        assert server.live
        assert len(server.live.items) == min(number + 1, 4)
    assert len(server.archives) == 7
    assert {len(feed.items) for feed in server.archives.values()} == {4}


def test_back_filled_entries_are_found() -> None:
    server = Server()
    recent = [numbered(number) for number in range(1000, 990, -1)]
    server.build(recent, NOON)
    filled = recent + [numbered(number) for number in range(75, 0, -1)]
    server.build(filled, NOON + timedelta(days=1))
    assert [item.entry.title for item in server.crawl()] == [e.title for e in filled]


def test_a_revision_of_an_archived_entry_is_found_without_touching_its_archive() -> None:
    server = Server()
    entries = [numbered(number) for number in range(20, 0, -1)]
    server.build(entries, NOON)
    entries[-1] = replace(entries[-1], summary="Corrected.", updated=date(2026, 3, 11))
    server.build(entries, NOON + timedelta(days=2))
    assert server.written in ([], ["archive/5.xml"])
    assert server.live
    assert "Corrected." in [item.entry.summary for item in server.live.items]
    assert server.crawl()[-1].entry.summary == "Corrected."
    for number in range(21, 40):
        entries.insert(0, numbered(number))
        server.build(entries, NOON + timedelta(days=number))
        assert server.crawl()[-1].entry.summary == "Corrected."


def test_a_withdrawal_and_a_removal_take_the_entry_out_of_its_archive() -> None:
    server = Server()
    entries = [numbered(number) for number in range(20, 0, -1)]
    server.build(entries, NOON)
    archived = {item.entry.title for feed in server.archives.values() for item in feed.items}
    assert {"Entry 1", "Entry 7"} <= archived
    entries[-1] = replace(entries[-1], withdrawn=date(2026, 3, 11))
    entries = [e for e in entries if e.title != "Entry 7"]
    server.build(entries, NOON + timedelta(days=2))
    assert server.written == ["archive/1.xml", "archive/2.xml"]
    titles = [item.entry.title for item in server.crawl()]
    assert "Entry 7" not in titles
    assert server.crawl()[-1].withdrawn
    still = {item.entry.title for feed in server.archives.values() for item in feed.items}
    assert archived - still == {"Entry 1", "Entry 7"}


edits = st.lists(st.tuples(st.sampled_from(["add", "revise", "withdraw", "remove"]), st.integers(0, 99)), max_size=25)


@given(edits)
def test_whatever_is_edited_a_crawler_has_the_list(changes: list[tuple[str, int]]) -> None:
    server = Server()
    entries: list[Entry] = [numbered(number) for number in range(6, 0, -1)]
    server.build(entries, NOON)
    for step, (what, which) in enumerate(changes, 1):
        now = NOON + timedelta(days=step)
        if what == "add":
            entries.insert(0, entry(f"New {step}", now.date() - timedelta(days=which)))
        elif entries:
            at = which % len(entries)
            if what == "revise":
                entries[at] = replace(entries[at], updated=now.date(), summary=f"{step}")
            elif what == "withdraw":
                entries[at] = replace(entries[at], withdrawn=now.date())
            else:
                del entries[at]
        server.build(entries, now)
        crawled = server.crawl()
        assert sorted(item.entry.title for item in crawled) == sorted(e.title for e in entries)
        assert {item.entry.title: item.entry.summary for item in crawled} == {e.title: e.summary for e in entries}


def merged(one: Server, two: Server) -> Server:
    """What git makes of two branches: of a document that both wrote, both sides (here: nothing of use)."""
    assert one.history.text
    assert two.history.text
    server = Server()
    server.history.text = f"<<<<<<< one\n{one.history.text}=======\n{two.history.text}>>>>>>> two\n"
    for path in one.archives.keys() | two.archives.keys():
        ours, theirs = one.archives.get(path), two.archives.get(path)
        taken = ours or theirs
        assert taken
        server.archives[path] = taken if ours in (None, theirs) or theirs is None else replace(taken, items=())
    return server


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.lists(st.tuples(st.booleans(), st.integers(0, 30))))
def test_what_two_branches_archived_is_whole_after_a_merge(
    common: int, ours: int, theirs: int, withdrawn: list[tuple[bool, int]]
) -> None:
    old = [numbered(number) for number in range(common)]
    branches = [Server(), Server()]
    lists = [[*old], [*old]]
    for server in branches:
        server.build(old[::-1], START + timedelta(days=100))
    for entries, first, count in zip(lists, (100, 200), (ours, theirs), strict=True):
        entries += [numbered(number) for number in range(first, first + count)]
    for other, which in withdrawn:
        if entries := lists[other]:
            number = which % len(entries)
            entries[number] = replace(entries[number], withdrawn=day(300))
    for server, entries in zip(branches, lists, strict=True):
        server.build(entries[::-1], START + timedelta(days=301))
    both = {e.title: e for entries in lists for e in sorted(entries, key=lambda e: e.withdrawn is not None)}
    whole = sorted(both.values(), key=lambda e: e.date, reverse=True)
    server = merged(*branches)
    server.build(whole, START + timedelta(days=302))
    assert [item.entry.title for item in server.crawl()] == [e.title for e in whole]
    documents = server.history.last and server.history.last.documents
    assert documents
    assert {path: feed.items for path, feed in server.archives.items()} == {
        feed.path: feed.items for feed in documents.archives
    }
    server.build(whole, START + timedelta(days=303))
    assert server.written == []
