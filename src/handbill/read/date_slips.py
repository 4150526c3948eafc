"""What to say of a date that is written in another way than the file wants it, with or without quotation marks."""

import re
from datetime import date
from typing import NamedTuple

from handbill.read.written_dates import NO_YEAR, read_date

_TWO_YEARS = re.compile(r"([12][0-9]{3}) ?(?:[/–-] ?[12][0-9]{3}|[/–] ?(?:1[3-9]|[2-9][0-9]))")


class DateSlip(NamedTuple):
    """What to say; *write* is what to write for the value, if that is certain."""

    code: str
    message: str
    hint: str
    write: str | None = None


def date_slip(name: str, text: str, *, partial: bool = False, day_first: bool | None = None) -> DateSlip | None:
    """What to say of *text* as the value of the date field *name*; None if it speaks of no date.

    *partial* says that the field takes a month as well. *day_first*: see `written_dates.read_date`.
    """
    written = read_date(text, day_first)
    if written is None:
        return None
    shown = text.strip()
    values = [f'"{each}"' if len(each) == 7 else each for each in written.readings]
    lines = [f"`{name} = {value}`" for value in values]
    if written.fault == NO_YEAR:
        return DateSlip("E306", f"`{shown}` is no whole date: {NO_YEAR}", f"write `{name} = YYYY-MM-DD`")
    if partial and (years := _TWO_YEARS.fullmatch(shown)):
        hint = f'write `{name} = "{years[1]}"`, only as precisely as it is known'
        return DateSlip("E307", f"`{shown}` spans two years", hint)
    if written.fault:
        hint = f"perhaps {' or '.join(lines)} was meant" if lines else _look_again(written.fault)
        code = "E305" if written.fault.startswith(("a day has", "an hour", "a minute")) else "E302"
        return DateSlip(code, f"`{shown}` does not exist: {written.fault}", hint)
    if written.month_only and not partial:
        hint = f"write the day too: `{name} = {written.readings[0]}-01` if it was the first of the month"
        return DateSlip("E306", f"`{shown}` names a month, and `{name}` needs the day", hint)
    if not written.readings:
        return DateSlip("E306", f"`{shown}` is no whole date: {written.remark}", f"write `{name} = YYYY-MM-DD`")
    if len(values) > 1:
        ways = " or ".join(_spoken(each) for each in written.readings[:2])
        hint = " or ".join(f"{line} for {_spoken(each)}" for line, each in zip(lines, written.readings, strict=True))
        return DateSlip("E303", f"`{shown}` can be read in {_count(len(values))} ways: {ways}", f"write {hint}")
    if written.month_only:
        message = f"`{shown}` is not how a month is written here: a month without a day stands in quotation marks"
    else:
        message = f"`{shown}` is not how a date is written here" + (f": {written.remark}" if written.remark else "")
    certain = "two digits" not in written.remark and "offset" not in written.remark and "belongs" not in written.remark
    return DateSlip("E301", message, f"write {lines[0]}", values[0] if certain else None)


def _spoken(reading: str) -> str:
    day = date.fromisoformat(reading[:10])
    return f"{day.day} {day:%B %Y}"


def _count(number: int) -> str:
    return "two" if number == 2 else "three"


def _look_again(fault: str) -> str:
    return f"look at {'the day and the month' if fault.endswith('days') else 'it'} once more"
