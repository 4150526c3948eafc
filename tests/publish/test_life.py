"""Draft, future, live, revised, withdrawn, expired, removed, and back again: each step is told once."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from lists import NOON, History, entry, publication

from handbill.model import Entry
from handbill.publish import publish
from handbill.publish.life import AccidentError
from handbill.published import Item

DAY = timedelta(days=1)
PLAIN = entry("News", url="https://example.org/news")


def shown(history: History) -> list[Item]:
    assert history.last
    return list(history.last.documents.live.items)


def stones(history: History) -> list[tuple[str, datetime]]:
    assert history.last
    return [(stone.title, stone.when) for stone in history.last.documents.live.tombstones]


def test_drafts_and_future_entries_are_not_public() -> None:
    history = History()
    assert history.build(replace(PLAIN, draft=True), entry("Later", "2026-03-11")) == {}
    assert history.last
    assert history.last.turns == (datetime(2026, 3, 11, 4, tzinfo=UTC),)
    assert list(history.build(entry("Later", "2026-03-11"), now=datetime(2026, 3, 11, 4, tzinfo=UTC))) == ["Later"]


def test_a_preview_shows_what_is_held_back_and_says_so() -> None:
    drafts = (replace(PLAIN, draft=True), entry("Later", "2026-03-11"), entry("Old", "2026-01-01", draft=True))
    ended = replace(PLAIN, title="Ended", url=None, draft=True, expires=date(2026, 3, 1))
    published = publish(publication(*drafts, ended, entry("Now")), None, NOON, preview=True)
    held = {item.entry.title: item.held for item in published.documents.page.items}
    assert held == {"News": True, "Later": True, "Old": True, "Now": False}


def test_a_preview_shows_a_public_entry_moved_into_the_future_as_what_it_is() -> None:
    history = History()
    history.build(PLAIN)
    moved = publication(replace(PLAIN, date=date(2026, 4, 1)))
    (item,) = publish(moved, history.ledger, NOON + DAY, preview=True).documents.page.items
    assert not item.held


def test_updated_is_the_editors_word_and_no_other() -> None:
    history = History()
    history.build(PLAIN)
    (first,) = shown(history)
    history.build(replace(PLAIN, summary="A typo less", title="News!"), now=NOON + DAY)
    assert shown(history)[0].updated == first.updated == first.published
    history.build(replace(PLAIN, updated=date(2026, 3, 9)), now=NOON + DAY)
    assert shown(history)[0].updated == datetime(2026, 3, 9, 4, tzinfo=UTC)
    history.build(replace(PLAIN, updated=date(2026, 3, 9)), now=NOON + 9 * DAY)
    assert shown(history)[0].updated == datetime(2026, 3, 9, 4, tzinfo=UTC)


def test_updated_on_the_day_of_publication_is_seen() -> None:
    history = History()
    history.build(PLAIN)
    history.build(replace(PLAIN, updated=PLAIN.date), now=NOON + DAY)
    assert shown(history)[0].updated == NOON + DAY


def test_updated_never_goes_back_and_waits_for_its_day() -> None:
    history = History()
    history.build(PLAIN)
    history.build(replace(PLAIN, updated=date(2026, 3, 9)))
    told = shown(history)[0].updated
    history.build(replace(PLAIN, updated=date(2026, 3, 5)), now=NOON + DAY)
    assert shown(history)[0].updated == told
    history.build(replace(PLAIN, updated=date(2026, 4, 1)), now=NOON + DAY)
    assert shown(history)[0].updated == told
    history.build(replace(PLAIN, updated=date(2026, 4, 1)), now=NOON + 30 * DAY)
    assert shown(history)[0].updated == datetime(2026, 4, 1, 4, tzinfo=UTC)


def test_a_withdrawn_entry_is_a_notice_and_a_tombstone_then_neither() -> None:
    history = History()
    ids = history.build(PLAIN)
    taken = replace(PLAIN, withdrawn=date(2026, 3, 11), withdrawn_reason="Wrong figures.")
    when = NOON + DAY
    history.build(taken, now=when)
    (item,) = shown(history)
    assert (item.id, item.withdrawn, item.updated) == (ids["News"], date(2026, 3, 11), when)
    assert stones(history) == [("News", when)]
    history.build(taken, now=when + 89 * DAY)
    assert shown(history)[0].updated == when
    history.build(taken, now=when + 90 * DAY)
    assert shown(history) == []
    assert stones(history) == [("News", when)]
    assert history.last
    assert [ended.title for ended in history.last.documents.page.ended] == ["News"]
    history.build(taken, now=when + 365 * DAY)
    assert stones(history) == []


def test_a_reinstated_entry_has_no_tombstone_and_is_told_again() -> None:
    history = History()
    history.build(PLAIN)
    history.build(replace(PLAIN, withdrawn=date(2026, 3, 10)), now=NOON + DAY)
    history.build(PLAIN, now=NOON + 2 * DAY)
    (item,) = shown(history)
    assert item.withdrawn is None
    assert item.updated == NOON + 2 * DAY
    assert stones(history) == []


def test_a_removed_entry_leaves_a_tombstone_and_may_come_back() -> None:
    history = History()
    ids = history.build(PLAIN)
    history.build(now=NOON + DAY)
    assert stones(history) == [("News", NOON + DAY)]
    assert history.build(PLAIN, now=NOON + 2 * DAY) == ids
    assert shown(history)[0].updated == NOON + 2 * DAY
    assert stones(history) == []


def test_a_published_entry_made_a_draft_is_gone_and_told() -> None:
    history = History()
    history.build(PLAIN)
    history.build(replace(PLAIN, draft=True), now=NOON + DAY)
    assert shown(history) == []
    assert stones(history) == [("News", NOON + DAY)]
    assert history.last
    assert [remark.code for remark in history.last.remarks] == ["W603"]


def test_expiry_is_silent_and_extension_is_told() -> None:
    history = History()
    short = replace(PLAIN, expires=date(2026, 3, 12))
    ids = history.build(short)
    history.build(short, now=datetime(2026, 3, 13, 3, 59, tzinfo=UTC))
    assert len(shown(history)) == 1
    history.build(short, now=datetime(2026, 3, 13, 4, tzinfo=UTC))
    assert shown(history) == []
    assert stones(history) == []
    assert history.last
    assert [ended.title for ended in history.last.documents.page.ended] == ["News"]
    assert history.build(replace(PLAIN, expires=date(2027, 1, 1)), now=NOON + 9 * DAY) == ids
    assert shown(history)[0].updated == NOON + 9 * DAY


def test_a_published_entry_moved_into_the_future_stays_with_a_warning() -> None:
    history = History()
    ids = history.build(PLAIN)
    assert history.build(replace(PLAIN, date=date(2030, 1, 1))) == ids
    assert history.last
    assert [remark.code for remark in history.last.remarks] == ["W602"]


def test_a_cut_off_file_is_an_accident() -> None:
    history = History()
    entries = [entry(f"{n}") for n in range(5)]
    history.build(*entries)
    before = history.text
    with pytest.raises(AccidentError, match="3 of the 5"):
        history.build(*entries[:2], accept=False)
    assert history.text == before
    history.build(*entries[:3], accept=False)
    assert len(stones(history)) == 2


def test_the_feeds_updated_is_the_newest_of_what_it_tells_never_the_clock() -> None:
    history = History()
    history.build(PLAIN)
    assert history.last
    assert history.last.documents.live.updated == shown(history)[0].updated
    history.build(now=NOON + DAY)
    history.build(now=NOON + 500 * DAY)
    assert history.last.documents.live.updated == NOON  # an empty list: the moment of the first build


def test_backlog_is_what_is_long_past_when_first_seen() -> None:
    history = History()
    history.build(PLAIN, entry("Old", "2025-11-01"))
    assert history.last
    flags = {record.title: record.backlog for record in history.last.ledger.records.values()}
    assert flags == {"News": False, "Old": True}
    # After a silence of half a year, what was dated meanwhile is not long past.
    later = NOON + 180 * DAY
    history.build(PLAIN, entry("Old", "2025-11-01"), entry("Meanwhile", "2026-04-01"), now=later)
    flags = {record.title: record.backlog for record in history.last.ledger.records.values()}
    assert flags == {"News": False, "Old": True, "Meanwhile": False}


def test_the_same_again_changes_nothing() -> None:
    history = History()
    entries: list[Entry] = [
        PLAIN,
        replace(PLAIN, title="Gone", url=None, withdrawn=date(2026, 3, 5)),
        entry("Short", expires=date(2026, 3, 2)),
        entry("Later", "2026-04-01"),
    ]
    history.build(*entries)
    text, documents = history.text, history.last and history.last.documents
    history.build(*entries, now=NOON + timedelta(minutes=15))
    assert history.text == text
    assert history.last
    assert documents
    assert (history.last.documents.live, history.last.documents.page) == (documents.live, documents.page)
