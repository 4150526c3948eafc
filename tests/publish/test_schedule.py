"""When an issue is due: every kind of date, every trick of clocks, and what a wrong or changed one must not do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.model import Digest
from handbill.publish.schedule import Due, began, due_moments, due_now, next_due, schedule_of, seen

NEW_YORK = ZoneInfo("America/New_York")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("send_on", "after", "keys"),
    [
        (1, "2026-01-01T12:00", ["2026-01-01", "2026-02-01", "2026-03-01"]),
        (15, "2026-01-15T13:00", ["2026-02-15", "2026-03-15"]),
        (29, "2027-01-30T00:00", ["2027-02-28", "2027-03-29"]),
        (29, "2028-01-30T00:00", ["2028-02-29", "2028-03-29"]),
        (30, "2026-01-31T00:00", ["2026-02-28", "2026-03-30", "2026-04-30"]),
        (31, "2026-01-01T00:00", ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        (31, "2028-02-01T00:00", ["2028-02-29", "2028-03-31"]),
        (31, "2099-12-31T23:00", ["2100-01-31", "2100-02-28"]),
        (28, "2026-01-28T14:00", ["2026-02-28", "2026-03-28"]),
        ("first monday", "2026-01-01T00:00", ["2026-01-05", "2026-02-02", "2026-03-02"]),
        ("second tuesday", "2026-01-01T00:00", ["2026-01-13", "2026-02-10"]),
        ("third wednesday", "2026-01-01T00:00", ["2026-01-21"]),
        ("fourth thursday", "2026-01-01T00:00", ["2026-01-22"]),
        ("last friday", "2026-01-01T00:00", ["2026-01-30", "2026-02-27", "2026-03-27", "2026-04-24", "2026-05-29"]),
        ("last friday", "2026-05-29T13:00", ["2026-06-26"]),
        ("last sunday", "2028-02-01T00:00", ["2028-02-27"]),
        ("first saturday", "2026-08-01T11:59", ["2026-08-01", "2026-09-05"]),
    ],
)
def test_dates(send_on: int | str, after: str, keys: list[str]) -> None:
    """Due at 08:00 in New York, which is 13:00 UTC in winter and 12:00 in summer."""
    found = due_moments(Digest(send_on=send_on), NEW_YORK, utc(after))
    assert [str(due.key) for due in islice(found, len(keys))] == keys


@pytest.mark.parametrize(
    ("zone", "day", "at", "moment"),
    [
        ("America/New_York", "2026-03-08", "01:59", "2026-03-08T06:59"),
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00"),  # 03:00, the first that exists
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00"),
        ("America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30"),  # the first of two
        ("America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30"),  # half an hour is skipped
        ("America/Sao_Paulo", "2018-11-04", "00:00", "2018-11-04T03:00"),  # midnight is skipped
        ("Pacific/Apia", "2011-12-30", "08:00", "2011-12-30T10:00"),  # a whole day is skipped
        ("Asia/Kolkata", "2026-06-01", "08:00", "2026-06-01T02:30"),
        ("Pacific/Kiritimati", "2026-06-01", "08:00", "2026-05-31T18:00"),
        ("UTC", "2026-06-01", "00:00", "2026-06-01T00:00"),
    ],
)
def test_moments(zone: str, day: str, at: str, moment: str) -> None:
    key = date.fromisoformat(day)
    digest = Digest(send_on=key.day, send_at=time.fromisoformat(at))
    assert next_due(digest, ZoneInfo(zone), utc(moment) - timedelta(seconds=1)) == Due(key, utc(moment))


def test_a_moment_is_not_later_than_itself() -> None:
    digest = Digest(send_on=1)
    assert next_due(digest, UTC, utc("2026-06-01T08:00")) == Due(date(2026, 7, 1), utc("2026-07-01T08:00"))


def test_the_calendar_ends() -> None:
    with pytest.raises(ValueError, match="calendar ends"):
        next_due(Digest(send_on=1), UTC, utc("9999-12-02T00:00"))


def due(now: str, since: str = "2026-01-10T00:00", done: str = "", send_on: int | str = 1) -> str:
    """The key that is due at *now* by a schedule in UTC at 08:00, as text."""
    keys = {date.fromisoformat(key) for key in done.split()}
    found = due_now(Digest(send_on=send_on), UTC, since=utc(since), done=keys, now=utc(now))
    return str(found.key) if found else ""


@pytest.mark.parametrize(
    ("now", "given", "key"),
    [
        ("2026-01-31T23:59", {}, ""),
        ("2026-02-01T07:59", {}, ""),
        ("2026-02-01T08:00", {}, "2026-02-01"),
        ("2026-02-27T00:00", {}, "2026-02-01"),
        ("2026-02-01T08:05", {"done": "2026-02-01"}, ""),
        # asleep for three months: the latest, and it alone
        ("2026-05-20T00:00", {"done": "2026-02-01"}, "2026-05-01"),
        ("2026-05-20T00:00", {"done": "2026-02-01 2026-05-01"}, ""),
        ("2026-06-01T08:00", {"done": "2026-02-01 2026-05-01"}, "2026-06-01"),
        # a clock a year ahead made an issue; it is back, and nothing is silenced
        ("2027-02-03T00:00", {"done": "2026-02-01"}, "2027-02-01"),
        ("2026-03-01T08:00", {"done": "2026-02-01 2027-02-01"}, "2026-03-01"),
        ("2026-03-02T08:00", {"done": "2026-02-01 2026-03-01 2027-02-01"}, ""),
        # a clock set back makes nothing a second time
        ("2026-02-15T08:00", {"done": "2026-02-01 2026-03-01"}, ""),
        # a schedule first seen in mid-month makes no older date due
        ("2026-01-20T00:00", {"since": "2026-01-15T00:00"}, ""),
        ("2026-01-15T08:00", {"since": "2026-01-15T08:00", "send_on": 15}, ""),
        ("2026-01-15T08:00", {"since": "2026-01-15T07:59", "send_on": 15}, "2026-01-15"),
        # a first digest on an old list
        ("2026-01-10T00:01", {"since": "2026-01-10T00:00"}, ""),
    ],
)
def test_due_now(now: str, given: dict[str, str], key: str) -> None:
    assert due(now, **given) == key


def test_a_schedule_changed_in_mid_month() -> None:
    """From the 15th to the 1st, on the 10th: the 1st of this month has gone, the next one is due."""
    old, new = Digest(send_on=15), Digest(send_on=1)
    schedules = seen(schedule_of(old, "UTC"), {}, utc("2026-01-01T00:00"))
    schedules = seen(schedule_of(new, "UTC"), schedules, utc("2026-06-10T00:00"))
    since = began(schedule_of(new, "UTC"), schedules)
    assert since == utc("2026-06-10T00:00")
    done = {date(2026, 5, 15)}
    assert due_now(new, UTC, since=since, done=done, now=utc("2026-06-20T00:00")) is None
    assert due_now(new, UTC, since=since, done=done, now=utc("2026-07-01T08:00")) == Due(
        date(2026, 7, 1), utc("2026-07-01T08:00")
    )


def test_a_schedule_that_comes_back_counts_anew() -> None:
    """From the 1st to the 15th and back: no first of a month between the two changes becomes due."""
    moments = [utc("2026-01-01T00:00"), utc("2026-03-10T00:00"), utc("2026-04-20T00:00")]
    schedules: dict[str, datetime] = {}
    for send_on, moment in zip((1, 15, 1), moments, strict=True):
        schedules = seen(schedule_of(Digest(send_on=send_on), "UTC"), schedules, moment)
    assert sorted(schedules.values()) == moments
    assert began("1 08:00 UTC", schedules) == moments[2]
    assert began("15 08:00 UTC", schedules) is None


def test_another_time_zone_is_another_schedule_with_the_same_keys() -> None:
    """An issue made this morning in Tokyo is not made again when it is morning in New York."""
    digest, tokyo = Digest(send_on=1), "1 08:00 Asia/Tokyo"
    schedules = seen(tokyo, {}, utc("2026-05-15T00:00"))
    schedules = seen(schedule_of(digest, "America/New_York"), schedules, utc("2026-06-01T02:00"))
    since = began(schedule_of(digest, "America/New_York"), schedules)
    assert since == utc("2026-06-01T02:00")
    now = utc("2026-06-01T12:00")
    assert due_now(digest, NEW_YORK, since=since, done={date(2026, 6, 1)}, now=now) is None
    assert due_now(digest, NEW_YORK, since=since, done=set(), now=now) == Due(date(2026, 6, 1), now)


def test_a_schedule_seen_by_a_clock_that_was_ahead_does_not_wait_for_it() -> None:
    schedules = seen("1 08:00 UTC", {}, utc("2027-06-10T00:00"))
    schedules = seen("1 08:00 UTC", schedules, utc("2026-06-10T00:00"))
    assert schedules == {"1 08:00 UTC": utc("2026-06-10T00:00")}
    schedules = seen("1 08:00 UTC", schedules, utc("2026-06-11T00:00"))
    assert began("1 08:00 UTC", schedules) == utc("2026-06-10T00:00")


def test_another_schedule_seen_by_a_clock_that_was_ahead_does_not_hide_the_present_one() -> None:
    schedules = {"1 08:00 UTC": utc("2026-01-01T00:00"), "15 08:00 UTC": utc("2027-01-01T00:00")}
    schedules = seen("1 08:00 UTC", schedules, utc("2026-06-10T00:00"))
    again = seen("1 08:00 UTC", schedules, utc("2026-06-11T00:00"))
    assert again == schedules
    assert began("1 08:00 UTC", again) == utc("2026-06-10T00:00")


SEND_ON = st.one_of(
    st.integers(1, 31),
    st.builds(
        "{} {}day".format,
        st.sampled_from(["first", "second", "third", "fourth", "last"]),
        st.sampled_from(["mon", "tues", "wednes", "thurs", "fri", "satur", "sun"]),
    ),
)
DIGESTS = st.builds(Digest, send_on=SEND_ON, send_at=st.times().map(lambda at: at.replace(second=0, microsecond=0)))
ZONES = st.timezones().filter(lambda zone: zone.key != "localtime")
MOMENTS = st.integers(631152000, 3786912000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(DIGESTS, ZONES, MOMENTS)
def test_one_date_a_month_for_ever(digest: Digest, zone: ZoneInfo, after: datetime) -> None:
    found = list(islice(due_moments(digest, zone, after), 14))
    months = [due.key.year * 12 + due.key.month for due in found]
    assert months == list(range(months[0], months[0] + 14))
    assert all(one.moment < two.moment for one, two in pairwise(found))
    assert found[0].moment - after <= timedelta(days=40)


@given(DIGESTS, ZONES, MOMENTS, st.lists(st.integers(0, 10**7), min_size=1, max_size=60))
def test_however_often_it_is_asked_each_date_is_made_once_or_made_up_for(
    digest: Digest, zone: ZoneInfo, since: datetime, pauses: list[int]
) -> None:
    done: set[date] = set()
    now = since
    for pause in pauses:
        now += timedelta(seconds=pause)
        issue = due_now(digest, zone, since=since, done=done, now=now)
        if issue:
            assert since < issue.moment <= now
            assert issue.key not in done
            done.add(issue.key)
        passed = [each.key for each in due_moments_until(digest, zone, since, now)]
        assert not passed or passed[-1] in done


def due_moments_until(digest: Digest, zone: ZoneInfo, after: datetime, until: datetime) -> list[Due]:
    found = []
    for each in due_moments(digest, zone, after):
        if each.moment > until:
            break
        found.append(each)
    return found
