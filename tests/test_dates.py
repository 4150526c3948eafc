"""Days become moments, at the edges of the calendar too."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handbill.dates import end_of_day


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_a_day_that_stands_for_never_has_an_end(zone: str) -> None:
    assert end_of_day(date.max, ZoneInfo(zone)) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert end_of_day(date(9999, 12, 30), ZoneInfo(zone)) < datetime.max.replace(tzinfo=UTC)


def test_a_day_ends_when_the_next_one_begins() -> None:
    assert end_of_day(date(2026, 3, 7), ZoneInfo("America/New_York")) == datetime(2026, 3, 8, 5, tzinfo=UTC)
