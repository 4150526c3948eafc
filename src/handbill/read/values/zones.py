"""Time zones by their names in the IANA database."""

import re
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from handbill.read.checking import Checking
from handbill.read.names import nearest, plain
from handbill.read.values.kinds import empty, example, mend, not_text, short

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9+-]*+(?:[/_][A-Za-z0-9+-]++)*+")
_NO_ZONES = frozenset(("localtime", "posixrules", "factory"))
_FIXED = {
    "EST": ("America/New_York", "New York's winter time"),
    "MST": ("America/Denver", "Denver's winter time"),
    "HST": ("Pacific/Honolulu", "Hawaii's time"),
}
_MEANT = {
    "America/New_York": "edt et eastern easterntime easternstandardtime newyorkcity nyc washington washingtondc"
    " boston miami philadelphia atlanta",
    "America/Chicago": "cst cdt ct central centraltime centralstandardtime texas houston dallas",
    "America/Denver": "mdt mt mountain mountaintime mountainstandardtime",
    "America/Los_Angeles": "pst pdt pt pacific pacifictime pacificstandardtime sanfrancisco seattle california",
    "America/Anchorage": "akst akdt alaska",
    "Europe/London": "bst uk england britain scotland wales gmtstandardtime manchester edinburgh",
    "Europe/Paris": "france",
    "Europe/Berlin": "cest mez mesz germany deutschland weuropestandardtime munich hamburg frankfurt cologne",
    "Europe/Madrid": "spain españa barcelona romancestandardtime",
    "Europe/Rome": "italy milan",
    "Europe/Zurich": "switzerland geneva bern basel",
    "Europe/Kyiv": "eest",
    "Europe/Moscow": "msk",
    "Asia/Kolkata": "ist india mumbai delhi bangalore newdelhi indiastandardtime",
    "Asia/Shanghai": "china beijing",
    "Asia/Tokyo": "jst japan osaka",
    "Australia/Sydney": "aest aedt",
    "America/Sao_Paulo": "brt brazil rio",
    "America/Mexico_City": "mexico",
    "America/Toronto": "canada ottawa montreal quebec",
    "Pacific/Auckland": "nzst nzdt newzealand wellington",
    "UTC": "z utc0 coordinateduniversaltime",
}
_BY_WORD = {word: zone for zone, words in _MEANT.items() for word in words.split()}
_LONG_NAME = 8
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+\-−–])\s*0?([0-9]{1,2})(?::?([0-9]{2}))?", re.IGNORECASE)


def zone(value: Any, checking: Checking) -> str | None:
    """The name of a time zone that exists."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if _is_zone(value, checking):
        if value in _FIXED:
            city, what = _FIXED[value]
            message = f"{value} is {what} all the year round, without summer time"
            if value != "HST":
                checking.say("W309", message, f'write `{checking.name} = "{city}"` if clocks change where you are')
        return value
    _no_zone(value, checking)
    return None


def _is_zone(value: str, checking: Checking) -> bool:
    if not _NAME.fullmatch(value) or value.lower() in _NO_ZONES or value.startswith(("posix/", "right/")):
        return False
    try:
        checking.zone = ZoneInfo(value)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _no_zone(value: str, checking: Checking) -> None:
    if not value.strip():
        empty(checking)
        return
    message = f"there is no time zone “{short(value)}”"
    if offset := _OFFSET.fullmatch(value.strip()):
        _offset(offset, message, checking)
        return
    word = plain(value)
    names, cities = _known()
    if word in names:
        mend(checking, "E308", message, f'"{names[word]}"')
    elif found := _BY_WORD.get(word) or cities.get(word) or cities.get(plain(value.rpartition("/")[2])):
        checking.say("E308", message, f'write `{checking.name} = "{found}"`, if that is where you are')
    elif found := _nearest(word, names) or _nearest(plain(value.rpartition("/")[2]), cities):
        checking.say("E308", message, f'write `{checking.name} = "{found}"`')
    else:
        hint = f"write a continent and the nearest large city, such as {example(checking)}"
        checking.say("E308", message, hint)


@cache
def _known() -> tuple[dict[str, str], dict[str, str]]:
    """The names of all zones by how they are compared, whole and by their cities alone."""
    zones = (name for name in available_timezones() if not name.startswith(("posix/", "right/")))
    names = {plain(name): name for name in zones if name.lower() not in _NO_ZONES}
    return names, {plain(name.rpartition("/")[2]): name for name in sorted(names.values(), reverse=True) if "/" in name}


def _nearest(word: str, names: dict[str, str]) -> str:
    found, distance = nearest(word, names)
    return found if distance == 1 or len(word) > _LONG_NAME else ""


def _offset(match: re.Match[str], message: str, checking: Checking) -> None:
    sign, hours, minutes = match[1], int(match[2]), int(match[3] or 0)
    hint = f"write a continent and the nearest large city, such as {example(checking)}"
    if not minutes and hours <= 12:
        # In these names the sign is turned round (POSIX): Etc/GMT-5 is five hours ahead of UTC.
        turned = "-" if sign == "+" else "+"
        name = "UTC" if not hours else f"Etc/GMT{turned}{hours}"
        hint += f'; for the same offset all the year round `{checking.name} = "{name}"`'
    checking.say("E308", message, hint)
