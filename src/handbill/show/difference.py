"""What a repair changes, as a unified diff."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from handbill.fixing import Piece, lines_of
from handbill.show.cells import visible

_CONTEXT = 3
_CR = "\r"


class Row(NamedTuple):
    """A line of the diff: ``" "`` is in both, ``"-"`` only in the text before, ``"+"`` only in the text after."""

    sign: str
    line: str


def difference(path: str, before: str, after: Sequence[Piece]) -> str:
    """A unified diff, as ``patch`` takes it, from the text *before* to the pieces *after*; empty if nothing changed."""
    rows = list(_rows(before, after))
    hunks = list(_hunks([number for number, row in enumerate(rows) if row.sign != " "], len(rows)))
    if not hunks:
        return ""
    told = [f"--- {path}\n+++ {path}\n"]
    old = new = position = 0
    for start, stop in hunks:
        skipped, within = rows[position:start], rows[start:stop]
        old += len(skipped)
        new += len(skipped)
        olds, news = (sum(row.sign in signs for row in within) for signs in (" -", " +"))
        told.append(f"@@ -{_range(old, olds)} +{_range(new, news)} @@\n")
        told += [_row(row) for row in within]
        old, new, position = old + olds, new + news, stop
    return "".join(told)


def _rows(before: str, after: Sequence[Piece]) -> Iterator[Row]:
    lines = iter(lines_of(before))
    for text, count in after:
        olds = [next(lines) for _ in range(count or 1)]
        if text == "".join(olds):
            yield from (Row(" ", line) for line in olds)
        else:
            yield from (Row("-", line) for line in olds)
            yield from (Row("+", line) for line in lines_of(text))


def _hunks(changed: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    """Where hunks begin and end: the changed rows and what stands around them."""
    if not changed:
        return
    first = last = changed[0]
    for number in changed:
        if number - last > 2 * _CONTEXT:
            yield max(first - _CONTEXT, 0), last + _CONTEXT + 1
            first = number
        last = number
    yield max(first - _CONTEXT, 0), min(last + _CONTEXT + 1, size)


def _range(start: int, count: int) -> str:
    first = start + 1 if count else start
    return f"{first}" if count == 1 else f"{first},{count}"


def _row(row: Row) -> str:
    ending = "" if row.line.endswith("\n") else "\n\\ No newline at end of file\n"
    return f"{row.sign}{row.line}{ending}"


def readable(told: str, *, colour: bool) -> str:
    """The same for a terminal: nothing in it can steer the terminal, and lines that come and go have colours."""
    styles = {"-": "\x1b[31m", "+": "\x1b[32m"} if colour else {}
    shown = []
    for line in told.split("\n"):
        style = styles.get(line[:1], "")
        shown.append(f"{style}{visible(line.removesuffix(_CR))}" + ("\x1b[0m" if style else ""))
    return "\n".join(shown)
