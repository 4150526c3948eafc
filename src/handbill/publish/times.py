"""Times: when each entry was published, so that one day's entries keep their order in every reader.

Moments are whole seconds in UTC and differ from one another, since readers sort by the second.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from itertools import groupby

from handbill.dates import moment_of, start_of_day
from handbill.model import Entry

STEP = 60
"""Seconds between entries of one bare date; less when a day has more than fit."""

_HOUR = 60 * 60
_DAY = 24 * _HOUR


def assign(
    entries: Sequence[Entry],
    zone: tzinfo,
    given: Mapping[int, datetime],
    wanted: Iterable[int],
    taken: Iterable[datetime],
) -> dict[int, datetime]:
    """The moment of publication of each of the *wanted* entries, by their numbers in the file.

    *given* are the moments of entries that have one for ever; *taken* moments belong to others. A bare date is the
    start of its day plus `STEP` for each entry of that day below it in the file; one that joins entries with given
    moments takes the middle of its neighbours.
    """
    used = {int(moment.timestamp()) for moment in taken}
    used.update(int(moment.timestamp()) for moment in given.values())
    new = set(wanted)
    seconds: dict[int, int] = {}
    days = _days(entries, {entries[number].date for number in new})
    for day, numbers in days.items():
        begin = int(start_of_day(day, zone).timestamp())
        known = {number: int(given[number].timestamp()) for number in numbers if number in given}
        # An entry whose date was corrected keeps its moment of another day, and is no neighbour here.
        known = {number: second for number, second in known.items() if begin - _HOUR <= second < begin + _DAY}
        seconds.update(_of_one_day(begin, numbers, known, new))
    # Whoever named a time gets it first; then from the bottom of the file up, so that of two that want one second the
    # upper one is the newer.
    for number in sorted(new, key=lambda number: (number in seconds, -number)):
        second = seconds.get(number)
        if second is None:
            second = int(moment_of(entries[number].date, zone).timestamp())
        while second in used:
            second += 1
        used.add(second)
        seconds[number] = second
    return {number: datetime.fromtimestamp(seconds[number], UTC) for number in new}


def _days(entries: Sequence[Entry], dates: set[date]) -> dict[date, list[int]]:
    """The numbers of all entries of each bare date among *dates*, from the top of the file down."""
    days: defaultdict[date, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        if not isinstance(entry.date, datetime) and entry.date in dates:
            days[entry.date].append(number)
    return days


def _of_one_day(begin: int, numbers: list[int], known: Mapping[int, int], new: set[int]) -> dict[int, int]:
    """The seconds of the *new* among the entries *numbers* of the day that starts at *begin*."""
    step = max(1, min(STEP, (_DAY - 1) // len(numbers)))
    places = {number: begin + step * below for below, number in enumerate(reversed(numbers))}
    if not known:
        return {number: places[number] for number in numbers if number in new}
    seconds: dict[int, int] = {}
    upper: int | None = None
    for is_known, run in groupby(numbers, key=lambda number: number in known):
        if is_known:
            upper = known[list(run)[-1]]
            continue
        gap = list(run)
        after = numbers.index(gap[-1]) + 1
        lower = known[numbers[after]] if after < len(numbers) else None
        seconds.update(_in_gap(gap, upper, lower, places))
    return {number: second for number, second in seconds.items() if number in new}


def _in_gap(gap: list[int], upper: int | None, lower: int | None, places: Mapping[int, int]) -> dict[int, int]:
    """Seconds for the entries of *gap*, from the top down, between those of their neighbours."""
    if upper is None and lower is not None:
        return {number: lower + STEP * (len(gap) - index) for index, number in enumerate(gap)}
    if lower is None and upper is not None:
        # Below the lowest of the day there is no room but before midnight: order counts for more than the hour.
        return {number: upper - STEP * (index + 1) for index, number in enumerate(gap)}
    if upper is None or lower is None or upper <= lower:
        return {number: places[number] for number in gap}  # the neighbours were moved: no middle to take
    width = upper - lower
    return {number: upper - width * (index + 1) // (len(gap) + 1) for index, number in enumerate(gap)}
