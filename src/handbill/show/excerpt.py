"""The line that a finding is about, cut around the place when it is long, and the marks below it."""

from collections.abc import Sequence
from itertools import accumulate, takewhile
from typing import NamedTuple

from handbill.findings import Place
from handbill.show.cells import Cell, cells

_CUT = "..."
_CONTEXT = 24  # columns before a place that are worth more than the far end of a long place


class Excerpt(NamedTuple):
    """A line as it is shown, and what stands below it: ``^`` under the place, ``-`` under the second place."""

    shown: str
    marks: str


def excerpt(line: str, marked: Sequence[tuple[Place, str]], room: int, encoding: str) -> Excerpt:
    """At most *room* columns of *line* around the first of the *marked* places, each with the sign to put below it.

    Its cost does not grow with the line.
    """
    spans = [(*_span(place, len(line)), sign) for place, sign in marked]
    start, end, _ = spans[0]
    begin, stop = max(0, start - room), min(len(line), end + room, start + 2 * room)
    shown = cells(line[begin:stop], encoding)
    if start == len(line):
        shown.append(Cell(" ", 1, 1))
    positions = list(accumulate((cell.length for cell in shown), initial=begin))
    pointed = [index for index, at in enumerate(positions[1:]) if start < at and positions[index] < end]
    whole = not begin and stop == len(line)
    lo, hi = _window([cell.width for cell in shown], pointed[0], pointed[-1] + 1, room, whole=whole)
    left = _CUT if begin or lo else ""
    right = _CUT if hi < len(shown) or stop < len(line) else ""
    marks = [_sign(positions[index], positions[index + 1], spans) * shown[index].width for index in range(lo, hi)]
    return Excerpt(
        left + "".join(cell.text for cell in shown[lo:hi]) + right, (" " * len(left) + "".join(marks)).rstrip()
    )


def _span(place: Place, size: int) -> tuple[int, int]:
    """The offsets of *place* in a line of *size* characters: at least one wide, and not beyond the end."""
    start = min(max(place.column - 1, 0), size)
    return start, max(start + 1, min(place.end_column - 1, size))


def _sign(at: int, after: int, spans: Sequence[tuple[int, int, str]]) -> str:
    return next((sign for start, end, sign in spans if at < end and start < after), " ")


def _window(widths: list[int], first: int, last: int, room: int, *, whole: bool) -> tuple[int, int]:
    """Which cells to show: those from *first* to before *last* are pointed at, *whole* says there are no others."""
    if whole and sum(widths) <= room:
        return 0, len(widths)
    room -= 2 * len(_CUT)

    def fitting(run: list[int], columns: int) -> int:
        return sum(1 for _ in takewhile(lambda total: total <= columns, accumulate(run)))

    before = widths[:first][::-1]
    lo = first - (first if sum(widths[:last]) <= room else fitting(before, _CONTEXT))
    hi = lo + fitting(widths[lo:], room)
    lo = first - fitting(before, room - sum(widths[first:hi]))
    return lo, hi
