"""Dates as people write them, and what each may mean."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.read.written_dates import read_date


@pytest.mark.parametrize(
    "text",
    [
        "5 March 2026", "March 5, 2026", "Mar 5 2026", "5th of March 2026", "Thursday, 5 March 2026", "2026 March 5",
        "5 mars 2026", "5. März 2026", "5 de marzo de 2026", "5 марта 2026", "mar 5 marzo 2026", "Febuary 5, 2026",
        "2026-3-5", "2026/03/05", "2026.03.05", "2026 03 05", "20260305", "5.3.2026", "2O26-O3-05",
        "２０２６-０３-０５", "٢٠٢٦-٠٣-٠٥", "2026–03–05", "2026‑03‑05", "“2026-03-05”", "2026-03-05.",
    ],
)  # fmt: skip
def test_one_reading(text: str) -> None:
    expected = "2026-02-05" if text.startswith("Feb") else "2026-03-05"
    written = read_date(text)
    assert written
    assert (written.readings, written.fault) == ((expected,), "")


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("2026-03-05 08:00", "2026-03-05T08:00:00"),
        ("2026-03-05T8", "2026-03-05T08:00:00"),
        ("5 March 2026 at 9am", "2026-03-05T09:00:00"),
        ("March 5, 2026, 9:30 p.m.", "2026-03-05T21:30:00"),
        ("2026-03-05 12am", "2026-03-05T00:00:00"),
        ("Thu, 5 Mar 2026 08:00:00 GMT", "2026-03-05T08:00:00Z"),
        ("2026-03-05T08:00:00+0100", "2026-03-05T08:00:00+01:00"),
        ("2026-03-05 08:00:00 EST", "2026-03-05T08:00:00-05:00"),
        ("5.3.2026 08:00 Uhr", "2026-03-05T08:00:00"),
        ("2026-03-05T24:00:00", "2026-03-06T00:00:00"),
    ],
)
def test_with_a_time(text: str, reading: str) -> None:
    written = read_date(text)
    assert written
    assert (written.readings, written.fault) == ((reading,), "")


@pytest.mark.parametrize(
    ("text", "day_first", "readings"),
    [
        ("3/5/2026", None, ("2026-03-05", "2026-05-03")),
        ("3/5/2026", True, ("2026-05-03", "2026-03-05")),
        ("03-05-2026", None, ("2026-05-03", "2026-03-05")),
        ("26-03-05", None, ("2026-03-05", "2005-03-26")),
        ("31/5/2026", False, ("2026-05-31",)),
        ("5/31/2026", True, ("2026-05-31",)),
        ("4/4/2026", None, ("2026-04-04",)),
    ],
)
def test_several_readings_in_their_order(text: str, day_first: bool | None, readings: tuple[str, ...]) -> None:
    written = read_date(text, day_first)
    assert written
    assert written.readings == readings


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2026-02-30", "February 2026 has 28 days"),
        ("30/02/2026", "February 2026 has 28 days"),
        ("31 April 2026", "April 2026 has 30 days"),
        ("2026-13-01", "there is no month 13"),
        ("2026-00-10", "there is no month 0"),
        ("2026-03-05T25:00:00", "a day has no hour 25"),
        ("2026-03-05T08:61:00", "an hour has no minute 61"),
    ],
)
def test_what_does_not_exist(text: str, fault: str) -> None:
    written = read_date(text)
    assert written
    assert written.fault == fault


@pytest.mark.parametrize(
    "text", ["", "tides", "soon", "12", "1.5", "50 entries", "1.234.567", "https://example.org/2026/03/05", "12:30"]
)
def test_no_dates(text: str) -> None:
    assert read_date(text) is None


@given(st.dates(min_value=date(1970, 1, 1), max_value=date(2069, 12, 31)))
def test_every_day_in_every_form(day: date) -> None:
    for form in ("%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%d.%m.%Y", "%a, %d %b %Y", "%d-%b-%y"):
        written = read_date(day.strftime(form))
        assert written
        assert written.readings == (day.isoformat(),)


@given(st.text(max_size=70))
def test_any_text_is_read_or_left(text: str) -> None:
    written = read_date(text)
    for reading in written.readings if written else ():
        date.fromisoformat((reading + "-01")[:10])
