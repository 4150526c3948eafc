"""An entry keeps its identifier through any edit of one of title, address or date, and through moving in the file."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import NOON, History, entry

from handbill.model import Entry

SIX = (
    entry("Fact sheet", url="https://example.org/facts"),
    entry("Telebriefing"),
    entry("Report", url="https://example.org/report"),
    entry("Detainers"),
    entry("Draft policy"),
    entry("Priorities", url="https://example.org/priorities"),
)


def ids_of(history: History) -> list[str]:
    """The identifiers in the order of the file."""
    assert history.last
    return [record.id for _, record in sorted(history.last.of_entry.items())]


def built(*entries: Entry) -> tuple[History, list[str]]:
    history = History()
    history.build(*entries)
    return history, ids_of(history)


@pytest.mark.parametrize("number", range(6))
@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Another title"},
        {"title": "Report"},
        {"url": "https://example.org/elsewhere"},
        {"url": None},
        {"url": "https://example.org/report"},
        {"date": entry("", "2026-02-20").date},
    ],
)
def test_one_edit_changes_no_identifier(number: int, edit: dict[str, object]) -> None:
    history, before = built(*SIX)
    edited = [replace(e, **edit) if n == number else e for n, e in enumerate(SIX)]  # type: ignore[arg-type]
    history.build(*edited)
    assert ids_of(history) == before


def test_the_order_of_the_file_changes_no_identifier() -> None:
    history, before = built(*SIX)
    history.build(*reversed(SIX))
    assert ids_of(history) == before[::-1]


def test_entries_that_swap_addresses_keep_theirs() -> None:
    history, before = built(*SIX)
    swapped = list(SIX)
    swapped[0], swapped[2] = replace(SIX[0], url=SIX[2].url), replace(SIX[2], url=SIX[0].url)
    history.build(*swapped)
    assert ids_of(history) == before


def test_a_lost_ledger_mints_the_same_again() -> None:
    _, before = built(*SIX)
    assert built(*SIX)[1] == before


def test_identifiers_are_uuids_of_version_5() -> None:
    assert all(id_.startswith("urn:uuid:") and id_[23] == "5" for id_ in built(*SIX)[1])


def test_two_alike_differ() -> None:
    _, ids = built(entry("Same"), entry("Same"))
    assert len(set(ids)) == 2


def test_a_new_entry_under_the_old_name_of_a_renamed_one_is_new() -> None:
    history, (old,) = built(entry("News", url="https://example.org/a"))
    history.build(entry("Old news", url="https://example.org/a"))
    history.build(entry("Old news", url="https://example.org/a"), entry("News", url="https://example.org/b"))
    kept, new = ids_of(history)
    assert kept == old != new


def test_a_given_identifier_is_used_and_kept() -> None:
    history, (first,) = built(entry("News", id="tag:example.org,2020:1"))
    assert first == "tag:example.org,2020:1"
    history.build(entry("Newer", "2026-02-02", url="https://example.org/", id="tag:example.org,2020:1"))
    assert ids_of(history) == [first]


def test_what_stays_ambiguous_is_told_with_the_line_to_write() -> None:
    history, (id_,) = built(entry("News", "2026-02-01", "https://example.org/1"))
    history.build(
        entry("News", "2026-02-02", "https://example.org/2"), entry("News", "2026-02-03", "https://example.org/3")
    )
    assert history.last
    (remark,) = [r for r in history.last.remarks if r.code == "W601"]
    assert {remark.entry, remark.also} == {0, 1}
    assert f'id = "{id_}"' in remark.hint


def test_a_record_removed_long_ago_needs_two_facts() -> None:
    history, (old,) = built(entry("News", "2026-02-01", "https://example.org/1"))
    history.build()
    later = NOON + timedelta(days=100)
    history.build(entry("Else", "2026-06-01", "https://example.org/1"), now=later)
    assert ids_of(history) != [old]
    history.build(entry("News", "2026-02-01", "https://example.org/9"), now=later)
    assert ids_of(history) == [old]


def test_an_address_and_a_day_tell_renamed_entries_apart() -> None:
    """All titles are new; one address is shared by two days, and each day by two entries."""
    shared = "https://example.org/minutes"
    history, before = built(
        entry("Minutes of the first", "2026-03-02", shared),
        entry("Notice", "2026-03-02"),
        entry("Minutes of the second", "2026-03-01", shared),
        entry("Warning", "2026-03-01"),
    )
    history.build(
        entry("What was decided then", "2026-03-01", shared),
        entry("High water", "2026-03-01"),
        entry("What was decided", "2026-03-02", shared),
        entry("Low water", "2026-03-02"),
    )
    assert ids_of(history) == [before[2], before[3], before[0], before[1]]
    assert history.last
    assert history.last.remarks == ()


def test_an_address_and_a_day_bring_back_what_was_removed_long_ago() -> None:
    old = entry("Report", "2026-03-01", "https://example.org/report")
    other = entry("Tides", "2026-03-02")
    history, (_, before) = built(other, old)
    history.build(other)
    late = NOON + timedelta(days=500)
    history.build(other, now=late)
    history.build(other, replace(old, title="The report"), now=late)
    assert ids_of(history)[1] == before


def test_a_day_alone_brings_nothing_back() -> None:
    history, (old,) = built(entry("News"))
    history.build()
    history.build(entry("Something else"))
    assert ids_of(history) != [old]


titles = st.sampled_from(["A", "B", "C", "News"])
days = st.sampled_from(["2026-02-01", "2026-02-02", "2026-03-01"])
urls = st.sampled_from([None, "https://example.org/1", "https://example.org/2", "https://example.org/3"])
lists = st.lists(st.builds(entry, titles, days, urls), max_size=7)


@given(st.lists(lists, min_size=1, max_size=5))
def test_no_identifier_is_used_twice_whatever_is_edited(versions: list[list[Entry]]) -> None:
    history = History()
    for number, entries in enumerate(versions):
        history.build(*entries, now=NOON + timedelta(days=number))
        ids = ids_of(history)
        assert len(ids) == len(entries)
        assert len(set(ids)) == len(ids)


distinct = st.lists(
    st.builds(entry, st.text(min_size=1, max_size=3), days, urls), min_size=1, max_size=7, unique_by=lambda e: e.title
)


@given(distinct, st.data())
def test_one_edit_of_one_entry_and_any_order_keep_identifiers(entries: list[Entry], data: st.DataObject) -> None:
    history, before = built(*entries)
    number = data.draw(st.integers(0, len(entries) - 1))
    other = data.draw(st.builds(entry, st.text(min_size=4, max_size=6), days, urls))
    fact = data.draw(st.sampled_from(["title", "url", "date"]))
    edited = list(entries)
    edited[number] = replace(entries[number], **{fact: getattr(other, fact)})
    order = data.draw(st.permutations(range(len(entries)))) if fact != "title" else range(len(entries))
    history.build(*(edited[n] for n in order))
    assert ids_of(history) == [before[n] for n in order]
