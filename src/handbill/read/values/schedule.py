"""When an issue is due: the day and the time of day."""

import re
from datetime import time
from typing import Any

from handbill.read.checking import Checking
from handbill.read.names import nearest
from handbill.read.values.kinds import example, kind_of, mend, short

_ORDINALS = ("first", "second", "third", "fourth", "last")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WAYS = {f"{ordinal} {day}" for ordinal in _ORDINALS for day in _DAYS}
_FIRSTS = {"1st": "first", "2nd": "second", "3rd": "third", "4th": "fourth", "final": "last"}
_FIFTHS = frozenset(("fifth", "5th"))
_ORDINALS_ELSEWHERE = {
    "first": "erster ersten erste premier première primer primero primo prima eerste pierwszy pierwsza",
    "second": "zweiter zweiten zweite deuxième segundo secondo tweede drugi",
    "third": "dritter dritten dritte troisième tercer tercero terzo derde trzeci",
    "fourth": "vierter vierten vierte quatrième cuarto quarto vierde czwarty",
    "last": "letzter letzten letzte dernier dernière último ultimo laatste ostatni",
}
_DAYS_ELSEWHERE = {
    word: day
    for day, words in {
        "monday": "montag lundi lunes lunedì maandag poniedziałek segunda-feira",
        "tuesday": "dienstag mardi martes martedì dinsdag wtorek terça-feira",
        "wednesday": "mittwoch mercredi miércoles mercoledì woensdag środa quarta-feira",
        "thursday": "donnerstag jeudi jueves giovedì donderdag czwartek quinta-feira",
        "friday": "freitag vendredi viernes venerdì vrijdag piątek sexta-feira",
        "saturday": "samstag sonnabend samedi sábado sabato zaterdag sobota",
        "sunday": "sonntag dimanche domingo domenica zondag niedziela",
    }.items()
    for word in words.split()
}
_FIRSTS |= {word: ordinal for ordinal, words in _ORDINALS_ELSEWHERE.items() for word in words.split()}
_LONGEST = 100
_CLOCK = re.compile(
    r"(?P<hour>[0-9]{1,2})(?:[:.h](?P<minute>[0-9]{2}))?(?::[0-9]{2})?\s*(?P<half>[ap]\.?m\.?)?(?:\s*(?:uhr|o'clock|h|hrs))?",
    re.IGNORECASE,
)


def day(value: Any, checking: Checking) -> int | str | None:
    """A day of the month, or a weekday of the month in words."""
    if type(value) is int:
        if 1 <= value <= 31:
            return value
        checking.say(
            "E311",
            f"a month has no day {value if abs(value) < 1000 else 'like this'}",
            "write a number from 1 to 31; 31 means the last day of any month",
        )
        return None
    if type(value) is not str:
        message = f"`{checking.name}` is a day of the month or a weekday in words, and this is {kind_of(value)}"
        checking.say("E311", message, 'write for example `send-on = 1` or `send-on = "first monday"`')
        return None
    words = value.lower().split()
    if value in _WAYS:
        return value
    _no_day(words, value, checking)
    return None


def _no_day(words: list[str], value: str, checking: Checking) -> None:
    message = f"“{short(value)}” is no day of the month"
    words = [word.strip(".,") for word in words if word not in ("the", "of", "month", "every", "each", "day", "on")]
    if (
        len(words) == 1
        and (number := re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)?", words[0]))
        and 1 <= int(number[1]) <= 31
    ):
        mend(checking, "E311", message + ": a number stands without quotation marks", str(int(number[1])))
        return
    if words in (["last"], ["end"]):
        mend(checking, "E311", message, "31")
        return
    if words == ["first"]:
        mend(checking, "E311", message, "1")
        return
    first = _ordinal(words[0]) if words else ""
    name = _weekday(words[-1]) if words else ""
    if len(words) == 2 and first and name:
        mend(checking, "E311", message, f'"{first} {name}"')
    elif len(words) == 1 and name:
        checking.say(
            "E311", message, f'say which of the month: `send-on = "first {name}"`, or second, third, fourth, last'
        )
    elif len(words) == 2 and words[0] in _FIFTHS and name:
        hint = f'write `send-on = "last {name}"`, which every month has'
        checking.say("E311", f"{message}: not every month has a fifth {name}", hint)
    else:
        checking.say("E311", message, 'write a number from 1 to 31, or for example `send-on = "first monday"`')


def _ordinal(word: str) -> str:
    return _FIRSTS.get(word) or nearest(word, {each: each for each in _ORDINALS})[0]


def _weekday(word: str) -> str:
    if other := _DAYS_ELSEWHERE.get(word):
        return other
    whole = next((each for each in _DAYS if len(word) > 2 and each.startswith(word)), "")
    return whole or nearest(word, {each: each for each in _DAYS})[0]


def clock(value: Any, checking: Checking) -> time | None:
    """A time of day."""
    if isinstance(value, time):
        message = f"`{checking.name}` stands in quotation marks, with hours and minutes"
        mend(checking, "E310", message, f'"{value:%H:%M}"')
        return None
    if type(value) is str and re.fullmatch(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]", value):
        return time.fromisoformat(value)
    if type(value) is not str:
        message = f"`{checking.name}` is a time of day in quotation marks, and this is {kind_of(value)}"
        checking.say("E310", message, f"write for example {example(checking)}")
    else:
        _no_clock(value, checking)
    return None


def _no_clock(value: str, checking: Checking) -> None:
    message = f"“{short(value)}” is no time of day as it is written here: two digits, a colon, two digits"
    words = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
    match = _CLOCK.fullmatch(value.strip()) if len(value) < _LONGEST else None
    if value.strip().lower() in words:
        mend(checking, "E310", message, f'"{words[value.strip().lower()]}"')
        return
    hour, minute = (int(match["hour"]), int(match["minute"] or 0)) if match else (99, 0)
    if match and match["half"] and 1 <= hour <= 12:
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    if hour < 24 and minute < 60:
        mend(checking, "E310", message, f'"{hour:02}:{minute:02}"')
    elif (hour, minute) == (24, 0):
        checking.say("E310", message, 'a day ends at 23:59, and the next begins at `send-at = "00:00"`')
    elif match:
        what = f"a day has no hour {hour}" if hour > 23 else f"an hour has no minute {minute}"
        checking.say("E310", f"“{short(value)}” does not exist: {what}", f"write for example {example(checking)}")
    else:
        checking.say("E310", message, f"write for example {example(checking)}")
