"""Dates as people write them: ``5 March 2026``, ``3/5/26``, ``2O26-03-05`` with a letter, ``2026-03-05 9am EST``.

Nothing here decides what a file means. It finds what may have been meant, so that a message can propose it.
"""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, TypeAlias


class Written(NamedTuple):
    """What a text says of a date.

    *readings* are the dates it may mean, the likeliest first, as the file wants them: ``2026-03-05``,
    ``2026-03-05T09:00:00-05:00``, or ``2026-03`` when no day is given. *fault* says what does not exist, such as
    "there is no month 13". *remark* says what is odd about it, such as "the letter O stands for a zero".
    """

    readings: tuple[str, ...]
    fault: str = ""
    remark: str = ""

    @property
    def month_only(self) -> bool:
        """Whether it names a month and no day."""
        return bool(self.readings) and all(len(reading) == 7 for reading in self.readings)


Days: TypeAlias = tuple[tuple[str, ...], str]
"""The days that may be meant, and what does not exist."""

NO_YEAR = "the year is missing"

_LONGEST = 60

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹣－ー"), "-") | dict.fromkeys(map(ord, "∕⁄／"), "/")
_DOTS = dict.fromkeys(map(ord, "．。。｡"), ".") | {ord("："): ":"}
_COUNTED = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日号일])?")
_ROMAN = {
    roman: number
    for number, roman in enumerate(["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"], 1)
}
_LETTERS = str.maketrans({"O": "0", "o": "0", "О": "0", "о": "0", "l": "1", "I": "1", "|": "1", "i": "1"})
_DIGITS_WITH_LETTERS = re.compile(
    r"(?<!\w)(?=[\dOoОоlIi|]*\d)(?=\d*[OoОоlIi|])[\dOoОоlIi|]+(?![^\W\dT])|(?<=\dT)[\dOoОоlI]+(?=:)"
)
_WORD = re.compile(r"[^\W\d_]+\.?|\d+|[-/.]")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July",
           "August", "September", "October", "November", "December")  # fmt: skip
_SMALL_WORDS = frozenset(
    ("of", "the", "on", "at", "and", "st", "nd", "rd", "th", "er", "º", "ª", "г",
     "de", "del", "d", "den", "der", "am", "le", "la", "el")
)  # fmt: skip
_RELATIVE = frozenset(
    ["today", "tomorrow", "yesterday", "now", "heute", "morgen", "gestern", "hoy", "mañana", "hier", "demain"]
)

_ZONES = {
    "z": "Z", "utc": "Z", "gmt": "Z", "ut": "Z", "wet": "Z", "bst": "+01:00", "cet": "+01:00", "mez": "+01:00",
    "cest": "+02:00", "mesz": "+02:00", "eet": "+02:00", "eest": "+03:00", "msk": "+03:00", "jst": "+09:00",
    "est": "-05:00", "edt": "-04:00", "cst": "-06:00", "cdt": "-05:00", "mst": "-07:00", "mdt": "-06:00",
    "pst": "-08:00", "pdt": "-07:00", "akst": "-09:00", "akdt": "-08:00", "hst": "-10:00",
    "aest": "+10:00", "aedt": "+11:00", "nzst": "+12:00", "nzdt": "+13:00",
}  # fmt: skip
_VAGUE_ZONES = frozenset(("et", "ct", "mt", "pt", "ist"))
_TIME = re.compile(
    r"""(?:^|[T,\s]|(?<=\d)\s*@|\bat\b|\bum\b|\bà\b)\s*
    (?P<hour>\d{1,2})
    (?:
        \s*(?:[:.h]|(?=[ap]\.?m))\s*(?P<minute>\d{2})?(?:[:.](?P<second>\d{1,2})(?:[.,]\d+)?)?
        \s*(?P<half>[ap]\.?\s?m\b\.?)?
        | (?<=T\d)|(?<=T\d\d)
        | \s*(?P<half2>[ap]\.?\s?m\b\.?) | \s*(?:uhr|o'?clock|hrs?|hours)\b
    )
    (?:\s*(?:uhr|o'?clock|h|hrs?)\b)?
    \s*(?P<zone>[+-]\s*\d{1,2}:?(?:\d{2})?|[A-Za-z]{1,5}(?:\s*[+-]\s*\d{1,2}:?(?:\d{2})?)?|[A-Z][A-Za-z]+/[A-Za-z_]+|\([^)]*\))?
    \s*$""",
    re.VERBOSE | re.IGNORECASE,
)


def read_date(text: str, day_first: bool | None = None) -> Written | None:
    """What date *text* may mean; None when it is none.

    *day_first* says whether 5/3 is rather the fifth of March where the text was written (None: not known, then that
    depends on the sign between the numbers).
    """
    if len(text) > _LONGEST:
        return None
    plain, remark = _plain(text)
    if not plain:
        return None
    if plain.lower().rstrip(".!") in _RELATIVE:
        return Written((), remark="a word for a day means another day tomorrow")
    clock = _TIME.search(plain)
    day_text = plain[: clock.start()] if clock else plain
    days = _days(day_text.rstrip(" ,T@").removesuffix(" at"), day_first)
    if clock and days is None:
        # "5.3.2026" ends as a time may end: what is no date without its end has no time.
        clock, days = None, _days(plain, day_first)
    if days is None:
        return None
    candidates, fault = days
    if not re.search(r"\d{4}", day_text if clock else plain):
        remark = remark or "its year has two digits"
    if not clock:
        return Written(candidates, fault, remark)
    suffix, plus, clock_fault, clock_remark = _clock(clock)
    if clock_fault:
        return Written((), fault or clock_fault, remark)
    readings = tuple(_later(day, plus) + suffix for day in candidates if len(day) == 10)
    return Written(readings, fault, remark or clock_remark)


def _plain(text: str) -> tuple[str, str]:
    remark = ""
    ascii_digits = "".join(
        str(unicodedata.decimal(c)) if c > "\x7f" and unicodedata.decimal(c, None) is not None else c for c in text
    )
    if ascii_digits != text:
        remark = "its digits are those of another script"
    plain = ascii_digits.translate(_DASHES)
    if plain != ascii_digits:
        remark = remark or "its dashes are not the plain hyphen of the keyboard"
    plain = _COUNTED.sub(lambda match: "-".join(filter(None, match.groups())), plain.translate(_DOTS))
    plain = unicodedata.normalize("NFC", plain)
    plain = "".join(" " if unicodedata.category(c) == "Zs" else c for c in plain if unicodedata.category(c) != "Cf")
    if re.fullmatch(r"[\d-]{8,10}Z", plain):
        plain, remark = plain[:-1], remark or "a date without a time has no Z"
    mended = _DIGITS_WITH_LETTERS.sub(lambda match: match[0].translate(_LETTERS), plain)
    if mended != plain:
        odd = next(old for old, new in zip(plain, mended, strict=True) if old != new)
        remark = f"the letter {odd} stands where a digit belongs"
    return mended.strip(" \t\r\n\"'“”„‘’`.,;"), remark


def _days(text: str, day_first: bool | None) -> Days | None:
    text = re.sub(r"\((.*?)\)", " ", text.strip())
    words = [word.rstrip(".").lower() if word[0].isalpha() else word for word in _WORD.findall(text)]
    numbers = [word for word in words if word.isdecimal()]
    names = [word for word in words if word.isalpha() and word not in _SMALL_WORDS]
    if len(names) > 1 and not all(name in _ENGLISH for name in names):
        # "mar" is March in English and Tuesday in Spanish: the first name that may be a weekday is one.
        weekday = next((name for name in names if name in _WEEKDAYS), None) or next(filter(_is_weekday, names), None)
        names = [name for name in names if name != weekday]
    if not numbers or re.sub(r"[\w\s.,/'-]", "", text) or any(len(number) > 8 for number in numbers):
        return None
    if not names:
        return _from_numbers(numbers, words, day_first)
    month = _month(names[0]) if len(names) == 1 and (len(numbers) > 1 or names[0] not in _ROMAN) else None
    return _from_month(month, numbers) if month else None


def _from_month(month: int, numbers: list[str]) -> Days | None:
    years = [number for number in numbers if len(number) == 4]
    if len(numbers) == 1 and len(numbers[0]) <= 2:
        return (), NO_YEAR
    if len(numbers) == 1 and years:
        return (f"{years[0]}-{month:02}",), ""
    if len(numbers) != 2 or any(len(number) == 3 or len(number) > 4 for number in numbers):
        return None
    day, year = numbers if not years or numbers[1] in years else numbers[::-1]
    if not years and int(day) > 31:
        day, year = year, day
    return _existing([(_year(year), month, int(day))])


def _from_numbers(numbers: list[str], words: list[str], day_first: bool | None) -> Days | None:
    values = [int(number) for number in numbers]
    match [len(number) for number in numbers]:
        case [8]:
            whole = numbers[0]
            forms = (whole[:4], whole[4:6], whole[6:]), (whole[4:], whole[2:4], whole[:2])
            return _existing([(int(y), int(m), int(d)) for y, m, d in forms if 1900 <= int(y) <= 2200])
        case [1 | 2, 1 | 2] if "/" in words:
            return (), NO_YEAR
        case [4, 1 | 2]:
            return _month_of_year(values[0], values[1])
        case [1 | 2, 4]:
            return _month_of_year(values[1], values[0])
        case [4, 1 | 2, 3] | [4, 3, 1 | 2] if "0" in (numbers[1][0], numbers[2][0]):
            month, day = (_with_one_less(number) for number in numbers[1:])
            return _existing([(values[0], one, other) for one in month for other in day])
        case [4, 1 | 2, 1 | 2]:
            if values[1] <= 12:
                return _existing([(values[0], values[1], values[2])])
            swapped = _existing([(values[0], values[2], values[1])])
            return (swapped[0] if swapped else ()), _no_month(values[1])
        case [1 | 2, 1 | 2, 2 | 4]:
            first, second, year = values[0], values[1], _year(numbers[2])
            orders = [(year, second, first), (year, first, second)]
            if second > 12 or first > 12 or "." in words:
                orders = [orders[1] if second > 12 else orders[0]]
            elif day_first is False or (day_first is None and "/" in words):
                orders.reverse()
            if len(numbers[2]) == 2 and "-" in words:
                orders.insert(0, (_year(numbers[0]), second, values[2]))
            return _existing(orders)
        case _:
            return None


def _with_one_less(digits: str) -> list[int]:
    """The numbers that three *digits* are a slip of: one of them is too many. Fewer are right."""
    return [int(digits[:at] + digits[at + 1 :]) for at in range(3)] if len(digits) == 3 else [int(digits)]


def _month_of_year(year: int, month: int) -> Days:
    return ((f"{year:04}-{month:02}",), "") if 1 <= month <= 12 else ((), _no_month(month))


def _existing(days: list[tuple[int, int, int]]) -> Days | None:
    """Those of *days* (year, month, day) that exist; if none does, what is wrong with the first."""
    found, faults = [], []
    for year, month, day in days:
        if not 1 <= year <= 9999:
            continue
        if not 1 <= month <= 12:
            faults.append(_no_month(month))
        elif not day:
            faults.append("there is no day 0")
        elif day > monthrange(year, month)[1]:
            faults.append(f"{_MONTHS[month - 1]} {year} has {monthrange(year, month)[1]} days")
        else:
            found.append(f"{year:04}-{month:02}-{day:02}")
    if not found and not faults:
        return None
    return tuple(dict.fromkeys(found)), "" if found else faults[0]


def _clock(match: re.Match[str]) -> tuple[str, int, str, str]:
    """The time with its offset, days to add, what does not exist about it, and what is odd."""
    hour, minute, second = int(match["hour"]), int(match["minute"] or 0), int(match["second"] or 0)
    half = (match["half"] or match["half2"] or "").lower()[:1]
    plus = 0
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour == 24 and not minute and not second:
        hour, plus = 0, 1
    if hour > 23:
        return "", 0, f"a day has no hour {hour}", ""
    if minute > 59:
        return "", 0, f"an hour has no minute {minute}", ""
    if second > 59:
        return "", 0, f"a minute has no second {second}", ""
    zone, remark = _offset(match["zone"] or "")
    remark = remark or ("the day ends where the next one begins" if plus else "")
    return f"T{hour:02}:{minute:02}:{second:02}{zone}", plus, "", remark


def _offset(zone: str) -> tuple[str, str]:
    """The offset that *zone* stands for, and what is odd about it."""
    bare = zone.strip("() ").replace(" ", "")
    if not bare:
        return "", ""
    if signed := re.fullmatch(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", bare, re.IGNORECASE):
        hours, minutes = int(signed[2]), int(signed[3] or 0)
        if hours > 23 or minutes > 59:
            return "", f"there is no offset {bare}"
        return f"{signed[1]}{hours:02}:{minutes:02}", ""
    if known := _ZONES.get(bare.lower()):
        return known, "" if bare == "Z" else f"{bare} is a name for the offset {'+00:00' if known == 'Z' else known}"
    if bare.lower() in _VAGUE_ZONES or "/" in bare:
        return "", f"{bare} belongs in the field timezone of [site]"
    return "", f"{bare} is no offset from UTC"


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat() if days else day


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)


def _no_month(month: int) -> str:
    return f"there is no month {month}"


_ENGLISH = {name[:length].lower(): number for number, name in enumerate(_MONTHS, 1) for length in (3, 4, len(name))}
_WEEKDAYS = frozenset(
    ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
     "mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs", "fri", "sat", "sun")
)  # fmt: skip

_LANGUAGES = (
    "es", "fr", "de", "it", "pt", "nl", "pl", "sv", "da", "nb", "fi", "cs", "tr", "ru", "uk",
    "el", "hu", "ro", "sk", "sl", "hr", "bg", "ca", "ar", "he", "fa", "id", "vi",
)  # fmt: skip


@cache
def _names() -> tuple[dict[str, int], frozenset[str]]:
    """The names of months (to their numbers) and of days of the week, in other languages of many editors."""
    from babel import Locale

    months: dict[str, int] = {}
    weekdays: set[str] = set()
    for language in _LANGUAGES:
        locale = Locale.parse(language)
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in locale.months[context][width].items():
                    months.setdefault(str(name).lower().rstrip("."), int(number))
                weekdays.update(str(name).lower().rstrip(".") for name in locale.days[context][width].values())
    return months, frozenset(weekdays)


def _month(word: str) -> int | None:
    if word in _ENGLISH or word in _ROMAN:
        return _ENGLISH.get(word) or _ROMAN[word]
    months, _ = _names()
    if word in months:
        return months[word]
    from difflib import get_close_matches

    close = get_close_matches(word.capitalize(), _MONTHS, 1, 0.8) if len(word) > 3 else []
    return _MONTHS.index(close[0]) + 1 if close else None


def _is_weekday(word: str) -> bool:
    return word in _WEEKDAYS or word in _names()[1]
