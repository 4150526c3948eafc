"""Dates and moments."""

from datetime import date, datetime
from typing import Any

from handbill.dates import PartialDate, parse_partial_date
from handbill.read.checking import Checking
from handbill.read.values.kinds import kind_of


def when(value: Any, checking: Checking) -> date | None:
    """A day, or a moment: without an offset it is meant in the site's zone."""
    if type(value) is date:
        return value
    if type(value) is datetime:
        return _moment(value, checking)
    _no_date(value, checking)
    return None


def day(value: Any, checking: Checking) -> date | None:
    """A day."""
    if type(value) is date:
        return value
    _no_date(value, checking)
    return None


def partial_date(value: Any, checking: Checking) -> PartialDate | None:
    """A year, a month, or a day."""
    if type(value) is date:
        return PartialDate(value.year, value.month, value.day)
    if type(value) is str and (parsed := parse_partial_date(value)):
        return parsed
    _no_date(value, checking)
    return None


def _moment(value: datetime, checking: Checking) -> datetime:
    value = value.replace(microsecond=0)
    if value.tzinfo is not None:
        return value
    from dateutil.tz import resolve_imaginary

    return resolve_imaginary(value.replace(tzinfo=checking.zone))


def _no_date(value: Any, checking: Checking) -> None:
    checking.say("E304", f"`{checking.name}` must be a date, and this is {kind_of(value)}")
