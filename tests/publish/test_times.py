"""One day's entries keep their order in every reader that sorts by the second."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from lists import NOON, History, entry

from handbill.model import Entry

MIDNIGHT = datetime(2026, 3, 1, 5, tzinfo=UTC)  # in New York


def times_of(history: History) -> list[int]:
    """Seconds after midnight of each entry, in the order of the file."""
    assert history.last
    return [int((r.published - MIDNIGHT).total_seconds()) for _, r in sorted(history.last.of_entry.items())]


def test_a_day_begins_at_midnight_and_counts_minutes_upwards() -> None:
    history = History()
    history.build(*(entry(title) for title in "ABCDEF"))
    assert times_of(history) == [300, 240, 180, 120, 60, 0]
    assert history.last
    assert [item.entry.title for item in history.last.documents.page.items] == list("ABCDEF")


def test_one_inserted_later_takes_the_middle() -> None:
    history = History()
    history.build(entry("A"), entry("B"), entry("C"))
    history.build(entry("A"), entry("new"), entry("B"), entry("C"))
    assert times_of(history) == [120, 90, 60, 0]


def test_on_top_and_below_of_a_day() -> None:
    history = History()
    history.build(entry("A"), entry("B"))
    history.build(entry("top"), entry("A"), entry("B"), entry("below"))
    assert times_of(history) == [120, 60, 0, -60]


def test_a_corrected_date_leaves_the_moment_alone() -> None:
    history = History()
    history.build(entry("A"), entry("B", "2026-02-20"))
    before = times_of(history)
    history.build(entry("A"), entry("B"))
    assert times_of(history) == before
    history.build(entry("A"), entry("new"), entry("B"))
    assert times_of(history)[1] < times_of(history)[0]


def test_one_moment_for_two_date_times_is_spread() -> None:
    history = History()
    moment = datetime(2026, 3, 1, 5, 0, tzinfo=UTC)
    history.build(Entry(title="A", date=moment), Entry(title="B", date=moment), entry("C"))
    first, second, third = times_of(history)
    assert second == 0
    assert len({first, second, third}) == 3
    assert first > second


def test_more_entries_than_minutes_stay_in_their_day() -> None:
    history = History()
    history.build(*(entry(f"{n}") for n in range(3000)))
    times = times_of(history)
    assert times == sorted(times, reverse=True)
    assert len(set(times)) == 3000
    assert 0 <= min(times) <= max(times) < 24 * 60 * 60


@given(st.lists(st.lists(st.integers(0, 9), unique=True, max_size=8), min_size=1, max_size=6))
def test_moments_are_distinct_and_never_change(versions: list[list[int]]) -> None:
    history = History()
    given_: dict[str, datetime] = {}
    for number, present in enumerate(versions):
        history.build(*(entry(f"{n}") for n in present), now=NOON + timedelta(hours=number))
        assert history.last
        items = history.last.documents.page.items
        assert len({item.published for item in items}) == len(items)
        for item in items:
            assert given_.setdefault(item.id, item.published) == item.published


@given(st.permutations(range(6)))
def test_order_holds_in_whatever_order_entries_are_added(order: list[int]) -> None:
    history = History()
    present: list[int] = []
    for number in order:
        present = sorted([*present, number])
        history.build(*(entry(f"{n}") for n in present))
        assert history.last
        assert [item.entry.title for item in history.last.documents.page.items] == [f"{n}" for n in present]
