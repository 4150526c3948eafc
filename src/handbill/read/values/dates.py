"""Dates and moments: what TOML gave as such, and help with what was written in another way."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from handbill.dates import PartialDate, parse_partial_date
from handbill.model import Kind
from handbill.read.checking import Checking
from handbill.read.date_slips import date_slip
from handbill.read.values.kinds import empty, kind_of, mend, short

_FIRST_YEAR, _LAST_YEAR = 1000, 9000
_OLDEST, _ANTIQUITY = 1900, 100
_YEARS_AHEAD = 10
_SURE_SINCE, _SURE = 1950, 2027
"""Years between these need no second look."""
_SPREADSHEET_START = date(1899, 12, 30)
_AS_TOML = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?)?"
)
_ABOUT = re.compile(r".*?\b((?:1[0-9]|20)[0-9]{2})(?:s|er|-?[0-9]{2,4})?\b.*", re.DOTALL)


def when(value: Any, checking: Checking) -> date | None:
    """A day, or a moment: without an offset it is meant in the site's zone."""
    if type(value) is date:
        return value if _SURE_SINCE <= value.year < _SURE or _is_likely(value, checking) else None
    if type(value) is datetime:
        return _moment(value, checking) if _is_likely(value, checking) else None
    _no_date(value, checking)
    return None


def day(value: Any, checking: Checking) -> date | None:
    """A day."""
    if type(value) is date:
        return value if _SURE_SINCE <= value.year < _SURE or _is_likely(value, checking) else None
    _no_date(value, checking)
    return None


def partial_date(value: Any, checking: Checking) -> PartialDate | None:
    """A year, a month, or a day."""
    if type(value) is date:
        return PartialDate(value.year, value.month, value.day) if _is_likely(value, checking) else None
    if type(value) is str and (parsed := parse_partial_date(value)):
        return parsed if _is_likely(date(parsed.year, parsed.month or 1, parsed.day or 1), checking) else None
    _no_date(value, checking)
    return None


def _moment(value: datetime, checking: Checking) -> datetime:
    value = value.replace(microsecond=0)
    if value.tzinfo is not None:
        return value
    from dateutil.tz import resolve_imaginary

    return resolve_imaginary(value.replace(tzinfo=checking.zone))


def _is_likely(value: date, checking: Checking) -> bool:
    """Whether the year can be meant; one that hardly can be is told, and kept."""
    year, name = value.year, checking.name
    resource = checking.field.kind is Kind.PARTIAL_DATE
    if year > _LAST_YEAR and name != "expires":
        checking.say("E312", f"the year {year} cannot be meant", "to keep an entry back write `draft = true`")
        return False
    ahead = checking.today is not None and year > checking.today.year + _YEARS_AHEAD and name != "expires"
    back = year < (_ANTIQUITY if resource else _OLDEST) or (not resource and _is_last_century(year, checking.today))
    if ahead or back:
        meant = _year_meant(year, checking)
        hint = (
            f"write `{name} = {meant}{value.isoformat()[4:10]}`, if that was meant" if meant else "look at it once more"
        )
        if year < _FIRST_YEAR and not resource:
            checking.say("E312", f"the year {year} cannot be meant", hint)
            return False
        checking.say("W313", f"the year {year} is far {'ahead' if ahead else 'back'}", hint)
    return True


def _is_last_century(year: int, today: date | None) -> bool:
    """Whether *year* is this one or the last with 19 for 20."""
    return today is not None and year < _SURE_SINCE and today.year - 1 <= year + 100 <= today.year


def _year_meant(year: int, checking: Checking) -> int | None:
    """The year that *year* is a slip of: its two last digits alone, or one digit wrong, or two changed round."""
    if _is_last_century(year, checking.today):
        return year + 100
    if year < 100:
        return 2000 + year if year < 70 else 1900 + year
    near = range(2035, 1989, -1) if checking.today is None else range(checking.today.year + 1, 1989, -1)
    digits = f"{year:04}"
    turned = [digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(3)]
    for likely in near:
        if str(likely) in turned:
            return likely
    wrong = [likely for likely in near if sum(a != b for a, b in zip(str(likely), digits, strict=True)) == 1]
    return wrong[0] if len(wrong) == 1 else None


def _no_date(value: Any, checking: Checking) -> None:
    name, kind = checking.name, checking.field.kind
    partial = kind is Kind.PARTIAL_DATE
    match value:
        case bool():
            pass
        case str():
            _date_in_text(value, checking)
            return
        case datetime():
            message = f"`{name}` is a day, without a time" if not partial else f"`{name}` has no time of day"
            mend(checking, "E314", message, f"{value.date().isoformat()}")
            return
        case time():
            checking.say(
                "E304",
                f"`{name}` must be a date, and this is a time of day",
                f"write `{name} = YYYY-MM-DDT{value:%H:%M:%S}`",
            )
            return
        case int():
            _date_in_number(value, checking)
            return
        case [date() as only]:
            mend(checking, "E304", f"`{name}` is one date, without brackets", only.isoformat())
            return
        case [int(year), int(month), int(number)] if max(abs(year), abs(month), abs(number)) < 10_000:
            if slip := date_slip(name, f"{year:04}-{month:02}-{number:02}"):
                checking.say("E301", "a date is written with hyphens, without brackets", slip.hint)
                return
    checking.say("E304", f"`{name}` must be a date, and this is {kind_of(value)}", f"write `{name} = YYYY-MM-DD`")


def _date_in_text(value: str, checking: Checking) -> None:
    name, kind = checking.name, checking.field.kind
    partial = kind is Kind.PARTIAL_DATE
    written = value.strip()
    if not written:
        empty(checking)
        return
    if re.fullmatch(r"(?:19|20)[0-9]{2}", written):
        _date_in_number(int(written), checking)
        return
    slip = date_slip(name, written, partial=partial, day_first=checking.day_first)
    if slip is None:
        hint = f"write `{name} = YYYY-MM-DD`" + ("" if checking.field.required else ", or take the line out")
        if partial and len(written) < 100 and (about := _ABOUT.fullmatch(written)):
            hint = f'write `{name} = "{about[1]}"`, only as precisely as it is known'
        checking.say("E307", f"“{short(written)}” is no date", hint)
        return
    write, message, hint = slip.write, slip.message, slip.hint
    if slip.code == "E301" and write and _AS_TOML.fullmatch(written):
        message = "a date stands without quotation marks"
    if write and kind is not Kind.WHEN and "T" in write:
        write = write[:10]
        hint = f"write `{name} = {write}`"
    checking.say(slip.code, message, hint, write=write)


def _date_in_number(value: int, checking: Checking) -> None:
    name = checking.name
    partial = checking.field.kind is Kind.PARTIAL_DATE
    if partial and _FIRST_YEAR <= value <= 2100:
        mend(checking, "E301", "a year without a month stands in quotation marks", f'"{value}"')
        return
    slip = date_slip(name, str(value), partial=partial) if 10**7 <= value < 10**8 else None
    if slip and slip.write:
        checking.say(
            "E301", f"`{value}` is not how a date is written here: it has hyphens", slip.hint, write=slip.write
        )
    elif 30_000 < value < 60_000:
        meant = (_SPREADSHEET_START + timedelta(days=value)).isoformat()
        checking.say("E304", f"{value} is how a spreadsheet counts days", f"write `{name} = {meant}`")
    elif 10**9 <= value < 10**11 or 10**12 <= value < 10**14:
        seconds = value if value < 10**11 else value // 1000
        meant = (datetime(1970, 1, 1) + timedelta(seconds=seconds)).isoformat() + "Z"  # noqa: DTZ001
        checking.say("E304", f"{value} is how a computer counts seconds since 1970", f"write `{name} = {meant}`")
    elif 1900 <= value <= 2100:
        checking.say(
            "E306",
            f"`{value}` names a year, and `{name}` needs the month and the day",
            f"write `{name} = {value}-MM-DD`",
        )
    else:
        checking.say("E304", f"`{name}` must be a date, and this is a number", f"write `{name} = YYYY-MM-DD`")
