"""Dates and moments as the formats want them. Moments are aware, in UTC, of whole seconds."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple


class PartialDate(NamedTuple):
    """A date as precisely as it is known: a year, a month of a year, or a day."""

    year: int
    month: int | None = None
    day: int | None = None

    def __str__(self) -> str:
        """The W3CDTF form, for `dcterms:issued`: ``2010``, ``2010-11`` or ``2010-11-23``."""
        year, month, day = self
        if month is None:
            return f"{year:04}"
        return f"{year:04}-{month:02}" if day is None else f"{year:04}-{month:02}-{day:02}"


def parse_partial_date(text: str) -> PartialDate | None:
    """Read ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; anything else, and days that do not exist, give None."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return None
    parts = [int(part) for part in text.split("-")]
    try:
        date(*[*parts, 1, 1][:3])
    except ValueError:
        return None
    return PartialDate(*parts)


@lru_cache(maxsize=4096)
def start_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment of *day* in *zone*: 00:00, or the first time that exists where clocks skip it."""
    from dateutil.tz import resolve_imaginary

    return resolve_imaginary(datetime.combine(day, time(), zone)).astimezone(UTC)


def moment_of(when: date, zone: tzinfo) -> datetime:
    """The moment meant by *when*: a bare date begins at the start of its day in *zone*."""
    if isinstance(when, datetime):
        return when.astimezone(UTC).replace(microsecond=0)
    return start_of_day(when, zone)


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The first moment after *day* in *zone*; of 9999-12-31, which people write for "never", the last one."""
    if day == date.max:
        return datetime.max.replace(microsecond=0, tzinfo=UTC)
    return start_of_day(day + timedelta(days=1), zone)


def rfc3339(moment: datetime) -> str:
    """RFC 3339 in UTC with whole seconds: ``2010-11-23T05:00:00Z``."""
    return (moment if moment.tzinfo is UTC else moment.astimezone(UTC)).isoformat()[:19] + "Z"


def parse_rfc3339(text: str) -> datetime:
    """The reverse of `rfc3339`. Raises ValueError for a text of another form."""
    if len(text) != 20 or text[10] != "T" or text[19] != "Z":
        raise ValueError(f"not a moment in UTC: {text!r}")
    return datetime.fromisoformat(text)
