"""Whatever the bytes: a publication, or findings, all at once, each at its place."""

import time
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.dates import PartialDate
from handbill.read import read

ROOT = Path(__file__).parents[2]
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/harbour/"\n'
ENTRY = '[[entry]]\ndate = 2026-03-31\ntitle = "Tide tables for 2026"\n'


def lines(text: str) -> list[str]:
    """The findings of *text*, each as ``line:column CODE message; hint``."""
    found = read(text.encode()).findings
    return [f"{each.place and each.place[:2]} {each.code} {each.message}; {each.hint}" for each in found]


def test_reads_our_own_publication() -> None:
    reading = read((ROOT / "entries.toml").read_bytes())
    assert reading.findings == ()
    assert reading.publication is not None
    assert [entry.date for entry in reading.publication.entries] == [date(2010, 11, 23)] * 6
    assert reading.publication.entries[2].issued == PartialDate(2009, 11)
    assert "287(g) program" in (reading.publication.entries[0].summary or "")


def test_moments_without_an_offset_are_meant_in_the_zone_of_the_site() -> None:
    zone = 'timezone = "America/New_York"\n'
    dates = "2026-03-08T02:30:00", "2026-11-01T01:30:00.75", "2026-03-31T08:00:00+05:00", "2026-03-31 08:00:00Z"
    text = SITE + zone + "".join(f'[[entry]]\ntitle = "{each}"\ndate = {each}\n' for each in dates)
    publication = read(text.encode()).publication
    assert publication is not None
    assert publication.zone == ZoneInfo("America/New_York")
    skipped, first_of_two, offset, zulu = (entry.date for entry in publication.entries)
    assert isinstance(skipped, datetime)
    assert skipped.isoformat() == "2026-03-08T03:30:00-04:00"
    assert isinstance(first_of_two, datetime)
    assert first_of_two.isoformat() == "2026-11-01T01:30:00-04:00"
    assert offset == datetime(2026, 3, 31, 8, tzinfo=timezone(timedelta(hours=5)))
    assert zulu == datetime(2026, 3, 31, 8, tzinfo=UTC)


def test_texts_lose_white_space_at_their_ends_and_nothing_within() -> None:
    text = SITE + ENTRY + 'summary = """\nOne.  Two\n  three.\n"""\ncontent = """\n    code\n\nText  \n"""\n'
    publication = read(text.encode()).publication
    assert publication is not None
    assert publication.entries[0].summary == "One.  Two\n  three."
    assert publication.entries[0].content == "    code\n\nText"


def test_own_fields_are_kept_as_they_are() -> None:
    text = "x-top = 1\n" + SITE + "x-colour = [1, 2]\n" + ENTRY + 'x-pages = "12"\n[x-table]\nany = true\n'
    publication = read(text.encode()).publication
    assert publication is not None
    assert publication.extra == {"x-top": 1, "x-table": {"any": True}}
    assert publication.site.extra == {"x-colour": [1, 2]}
    assert publication.entries[0].extra == {"x-pages": "12"}


def test_places_of_entries_and_fields() -> None:
    reading = read((SITE + ENTRY + "\n" + ENTRY).encode())
    assert reading.place(1, "title") == (10, 9, 31)
    assert reading.place(1) == reading.place(1, "url") == (8, 1, 10)
    assert reading.place(7) is None


def test_all_findings_at_once_in_the_order_of_their_places() -> None:
    text = SITE + '[[entry]]\ntitle = 5\nauthors = "A. Author"\n[[entry]]\ndate = "2026-03-05"\ntitle = "B"\nfoo = 1\n'
    assert [line.split()[2] for line in lines(text)] == ["E207", "E401", "E402", "E301", "E201"]


@given(st.binary(max_size=200))
def test_any_bytes_give_findings_or_a_publication(data: bytes) -> None:
    reading = read(data)
    assert (reading.publication is None) == any(each.is_error for each in reading.findings)


def _seconds(job: Callable[[], object]) -> float:
    """The processor's time that *job* takes, at best."""
    times = []
    for _ in range(3):
        started = time.process_time()
        job()
        times.append(time.process_time() - started)
    return min(times)


def _large(entries: int) -> str:
    """A file of so many realistic entries."""
    entry = (
        '[[entry]]\ndate = 2024-03-{day:02}\ntitle = "Survey {number} of the east channel"\n'
        'url = "https://example.org/surveys/{number}"\nkind = "report"\npublisher = "Harbour Office"\n'
        'authors = ["M. Ferrier", "J. Oduya"]\nissued = "2024-02"\ncategories = ["surveys", "safety"]\n'
        'summary = "Depths between buoys 4 and 9 — as the council’s divers found them.  A second survey follows."\n'
        'content = """\nThe channel is **clear**.\n\n- buoy 4: 6.1 m\n- buoy 9: 5.8 m\n"""\n\n'
    )
    return SITE + "\n" + "".join(entry.format(day=number % 28 + 1, number=number) for number in range(entries))


@pytest.mark.slow
def test_reading_costs_at_most_half_again_what_parsing_costs() -> None:
    text = _large(1500)
    data = text.encode()
    assert read(data).findings == ()
    assert _seconds(lambda: read(data)) < 1.5 * _seconds(lambda: tomllib.loads(text))


@pytest.mark.slow
def test_mistakes_cost_in_proportion() -> None:
    few, many = (_large(number).replace("kind =", "knid =").encode() for number in (100, 800))
    assert len(read(many).findings) == 800
    assert _seconds(lambda: read(many)) < 16 * _seconds(lambda: read(few))
