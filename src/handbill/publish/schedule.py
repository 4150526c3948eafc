"""When an issue of the digest is due: moments of the schedule, and which of them counts now."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from dateutil.rrule import FR, MO, MONTHLY, SA, SU, TH, TU, WE, rrule
from dateutil.tz import datetime_exists

from handbill.model import Digest

_WEEKDAYS = {"mon": MO, "tues": TU, "wednes": WE, "thurs": TH, "fri": FR, "satur": SA, "sun": SU}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_LONGEST = timedelta(days=40)  # no two dates of a schedule are as far apart


class Due(NamedTuple):
    """A date of the schedule: *key* is the local date, *moment* (UTC) when on it the issue is due."""

    key: date
    moment: datetime


def due_moments(digest: Digest, zone: tzinfo, after: datetime) -> Iterator[Due]:
    """The dates of the schedule whose moments come later than *after*, in order, as far as the calendar goes."""
    begin = datetime.combine(after.astimezone(zone).date() - timedelta(days=1), time())
    for day in _days(digest.send_on, begin):
        moment = due_on(digest, zone, day.date())
        if moment > after:
            yield Due(day.date(), moment)


def due_on(digest: Digest, zone: tzinfo, key: date) -> datetime:
    """The moment on the day *key* at which its issue is due: `send-at`, or the first time after it that clocks show.

    A time that clocks show twice is the first of the two.
    """
    local = datetime.combine(key, digest.send_at, zone)
    while not datetime_exists(local):
        local += timedelta(minutes=1)
    return local.astimezone(UTC)


def next_due(digest: Digest, zone: tzinfo, after: datetime) -> Due:
    """The first date of the schedule later than *after*. Raises ValueError when the calendar ends before it."""
    for due in due_moments(digest, zone, after):
        return due
    raise ValueError("the calendar ends with the year 9999")


def due_now(digest: Digest, zone: tzinfo, *, since: datetime, done: Collection[date], now: datetime) -> Due | None:
    """The issue that is to be made at *now*, if any: the latest date that has come since the schedule was there.

    Earlier dates that were missed are made up for by it. *since* is what `began` gives, *done* the keys of issues that
    were made, and of dates on which there was too little to make one.
    """
    latest = None
    for due in due_moments(digest, zone, max(since, now - _LONGEST)):
        if due.moment > now:
            break
        latest = due
    return None if latest is None or latest.key in done else latest


def schedule_of(digest: Digest, timezone: str) -> str:
    """The schedule in words, as the ledger names it; another time zone is another schedule."""
    return f"{digest.send_on} {digest.send_at:%H:%M} {timezone}"


def seen(schedule: str, schedules: Mapping[str, datetime], now: datetime) -> dict[str, datetime]:
    """*schedules* (by name, when each was first seen) after *schedule* has been seen at *now*.

    One that comes back after another counts anew, under a name of its own. A moment in the future came from a clock
    that was wrong: it becomes *now*.
    """
    known = {name: min(first, now) for name, first in schedules.items()}
    if began(schedule, known) is None:
        times = sum(_is_named(schedule, name) for name in known)
        known[f"{schedule} ({times + 1})" if times else schedule] = now
    return known


def began(schedule: str, schedules: Mapping[str, datetime]) -> datetime | None:
    """Since when *schedule* has been the present one of *schedules*; None if it is not."""
    own = max((first for name, first in schedules.items() if _is_named(schedule, name)), default=None)
    others = max((first for name, first in schedules.items() if not _is_named(schedule, name)), default=None)
    return own if own and (others is None or others <= own) else None


def _is_named(schedule: str, name: str) -> bool:
    return name == schedule or name.startswith(f"{schedule} (")


def _days(send_on: int | str, begin: datetime) -> rrule:
    """The days of *send_on* from *begin* on: a day of the month, or the last one of a shorter month; or a weekday."""
    if isinstance(send_on, int):
        candidates = range(min(send_on, 28), send_on + 1)
        return rrule(MONTHLY, dtstart=begin, bymonthday=tuple(candidates), bysetpos=-1)
    ordinal, weekday = send_on.split()
    return rrule(MONTHLY, dtstart=begin, byweekday=_WEEKDAYS[weekday.removesuffix("day")](_ORDINALS[ordinal]))
