"""Repairs that are certain, applied to the file: every byte that no repair concerns stays as it is."""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, Protocol

from handbill.findings import SAVE_AS_UTF8, Edit, Finding

_MOST_ROUNDS = 100
_MARK = "\ufeff".encode()
_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Found(Protocol):
    """What is read: the text of the bytes, without a byte order mark at its start, and the findings about it."""

    @property
    def text(self) -> str:
        """All of it."""

    @property
    def findings(self) -> Sequence[Finding]:
        """In the order of the text."""


class Piece(NamedTuple):
    """Whole lines of the file as they are now: the *text*, and how many *lines* it was at first (0: it is unchanged).

    Repaired text is kept in pieces, so that telling what has changed takes no search.
    """

    text: str
    lines: int = 0


class Repaired(NamedTuple):
    """The *data* after all repairs, its text in *pieces*, and the *findings* that were repaired."""

    data: bytes
    pieces: tuple[Piece, ...]
    findings: tuple[Finding, ...]


def repaired(data: bytes, read: Callable[[bytes], Found]) -> Repaired:
    """Repair in *data* what *read* knows a certain repair for, and read again until nothing is left to repair.

    Of repairs that touch each other the first is made; what is left of the others is found again.
    """
    found = read(data)
    pieces = [Piece(line) for line in lines_of(found.text)]
    done: list[Finding] = []
    seen = {data}
    for _ in range(_MOST_ROUNDS):
        mark = _MARK if data.startswith(_MARK) else b""
        as_it_is = mark + found.text.encode("utf-8", "surrogatepass") == data
        if not as_it_is and not any(SAVE_AS_UTF8 in each.fix for each in found.findings):
            break  # bytes that are no UTF-8, and nobody can be sure what they are
        taken = _apart(found.findings)
        after = edited(pieces, sorted(edit for finding in taken for edit in finding.fix))
        bytes_after = mark + "".join(piece.text for piece in after).encode()
        if bytes_after in seen:
            break
        seen.add(bytes_after)
        data, pieces = bytes_after, after
        done += taken
        found = read(data)
    return Repaired(data, tuple(pieces), tuple(done))


def lines_of(text: str) -> list[str]:
    """The lines of *text* with their endings."""
    return _LINE.findall(text)


def edited(pieces: Sequence[Piece], edits: Iterable[Edit]) -> list[Piece]:
    """*pieces* after *edits*, which are sorted and do not overlap; their offsets are into the text of all pieces."""
    waiting = deque(edits)
    found: list[Piece] = []
    index = at = 0
    while index < len(pieces):
        text, lines = pieces[index]
        index += 1
        parts: list[str] = []
        kept = 0
        while waiting and (waiting[0].start < at + len(text) or index == len(pieces)):
            edit = waiting.popleft()
            lines = lines or 1
            while index < len(pieces) and (at + len(text) < edit.end or _joins(edit, at + len(text))):
                text += pieces[index].text
                lines += pieces[index].lines or 1
                index += 1
            parts += (text[kept : edit.start - at], edit.text)
            kept = edit.end - at
        found.append(Piece("".join((*parts, text[kept:])), lines))
        at += len(text)
    return found


def _joins(edit: Edit, end: int) -> bool:
    """Whether *edit* takes away the end of a line, at *end*, so that the next line belongs to it."""
    return edit.start < edit.end == end and not edit.text.endswith("\n")


def _apart(findings: Sequence[Finding]) -> list[Finding]:
    """Those findings whose repairs do not touch the repair of one before them."""
    taken: list[Finding] = []
    starts: list[int] = []
    ends: list[int] = []
    for finding in findings:
        spans = [(edit.start, edit.end) for edit in finding.fix if edit != SAVE_AS_UTF8]
        places = [bisect_left(ends, start) for start, _ in spans]
        if not finding.fix or any(
            place < len(starts) and starts[place] <= end for place, (_, end) in zip(places, spans, strict=True)
        ):
            continue
        taken.append(finding)
        for start, end in spans:
            place = bisect_left(starts, start)
            starts.insert(place, start)
            ends.insert(place, end)
    return taken
