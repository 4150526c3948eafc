"""A broken text as headings and fields: those that TOML accepts as they are, and those that were meant."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, NamedTuple

import tomli

from handbill.findings import Edit, Finding, Place
from handbill.read.lines import Lines
from handbill.read.pieces import Piece, begins_long, next_piece, wrapped
from handbill.read.scan import BARE, Statement, end_of_line, heading_at, pair_at
from handbill.read.slips import slips
from handbill.read.slips.draft import Draft, Slip, draft_of, parsed, shown
from handbill.read.slips.headings import Heading, heading_behind, heading_of, written
from handbill.read.slips.strays import stray

BROKEN: Any = object()
"""The value of a field whose value is not known."""

MOST = 20_000
"""After so many mistakes reading stops."""

_LANG = re.compile(r"""^[ \t]*lang[ \t]*=[ \t]*["']([\w-]+)""", re.MULTILINE)
_MONTH_FIRST = frozenset(("en-us", "en-ph"))


class Item(NamedTuple):
    """A heading or a field by its *statement*, with its *value*.

    Without a statement it is a line that may hide a field, or (with the value BROKEN) all that was not read.

    A heading with an empty path is one that was not understood.
    """

    statement: Statement | None
    value: Any = None


class Items:
    """Goes through *text*, and gathers *findings*. *conflicts* is where two versions of the file meet."""

    def __init__(self, text: str, lines: Lines) -> None:
        """Read nothing yet."""
        self.text = text
        self.findings: list[Finding] = []
        self._lines = lines
        self._table = ""
        self._told: set[int] = set()
        self.conflicts: list[int] = []
        self._newline = "\r\n" if "\r\n" in text else "\n"
        lang = _LANG.search(text, 0, 20_000)
        self._day_first = None if lang is None else lang[1].lower().replace("_", "-") not in _MONTH_FIRST

    def __iter__(self) -> Iterator[Item]:
        """Every heading and field, in order."""
        position = 0
        while piece := next_piece(self.text, position):
            if piece.kind == "heading":
                found = self._heading(piece)
            elif piece.kind == "pair":
                found = self._pair(piece)
            else:
                found = self._stray(piece)
            for end, item in found:
                position = max(position, end)
                if item:
                    yield item
            position = end_of_line(self.text, max(position, piece.start)) + 1
            if len(self.findings) > MOST:
                yield self._give_up(piece)
                return

    def _give_up(self, piece: Piece) -> Item:
        message = f"there are more than {MOST} mistakes above this line, and reading stopped here"
        self._say("E198", message, "mend those first", piece.end, piece.end, None, ())
        return Item(None, BROKEN)

    def _say(
        self, code: str, message: str, hint: str, start: int, end: int, also: Place | None, fix: tuple[Edit, ...]
    ) -> None:
        self.findings.append(Finding(code, message, hint, self._lines.place(start, end), also, fix))

    def _heading(self, piece: Piece) -> Iterator[tuple[int, Item | None]]:
        line = self.text[piece.start : piece.end]
        heading = heading_of(line)
        if heading is None:
            yield from self._stray(piece)
            return
        rest = len(line) if heading.rest is None else heading.rest
        if heading.code:
            self._tell_heading(piece, line, heading, rest)
        yield piece.end if heading.rest is None else piece.start, self._begin(heading.text, piece.start, rest)
        if heading.rest is not None:
            start = piece.start + rest
            yield from self._pair(Piece("pair", start, piece.end, pair_at(self.text, start)))

    def _tell_heading(self, piece: Piece, line: str, heading: Heading, rest: int) -> None:
        written = line[:rest]
        meant = heading.line + (self._newline if heading.rest is not None else "")
        fix = (self._edit(piece.start, written, meant),) if heading.certain else ()
        hint = heading.hint or f"write `{shown(heading.line)}`"
        start, end = piece.start + heading.start, piece.start + heading.end
        self._say(heading.code, heading.message, hint, start, end, None, fix)

    def _begin(self, text: str, start: int, length: int) -> Item:
        meant = heading_at(text, 0) if text else None
        self._table = ".".join(meant.path) if meant else "?"
        kind, path = (meant.kind, meant.path) if meant else ("heading", ())
        end = start + len(self.text[start : start + length].rstrip())
        return Item(Statement(kind, path, start, end, start, end, end, end))

    def _pair(self, piece: Piece) -> Iterator[tuple[int, Item | None]]:
        text = self.text[piece.start : piece.end]
        statement = piece.statement
        data = parsed(text) if statement else None
        if data is not None and statement and not begins_long(self.text, piece):
            yield piece.end, Item(statement, _value(data, statement.path))
            return
        if behind := heading_behind(text):
            yield from self._glued(piece, behind)
            return
        piece = wrapped(self.text, piece)
        text = self.text[piece.start : piece.end]
        draft = draft_of(text.replace("\r\n", "\n"), self._table, self._day_first)
        if draft is None:
            yield from self._stray(piece)
            return
        found, meant = slips(draft)
        certain = bool(found) and meant is not None and all(slip.certain for slip in found)
        self._tell(piece, text, draft, found, meant if meant is not None else None, certain=certain)
        yield piece.end, None
        for item in self._meant(piece, draft, found, meant, certain=certain):
            yield piece.end, item

    def _glued(self, piece: Piece, behind: re.Match[str]) -> Iterator[tuple[int, Item | None]]:
        """A field that is right, with the next heading *behind* it on its line."""
        start, heading = piece.start + behind.start(1), behind[1]
        message = f"the heading {heading} stands behind a field, on its line"
        right = written(heading.strip("[]"))
        fix = (Edit(piece.start + behind.start(), start + len(heading), self._newline + right),)
        self._say("E113", message, f"give {right} a line of its own", start, start + len(heading), None, fix)
        for _, item in self._pair(piece._replace(end=piece.start + behind.start())):
            yield piece.end, item
        yield piece.end, self._begin(right, start, len(heading))

    def _tell(
        self, piece: Piece, text: str, draft: Draft, found: list[Slip], meant: str | None, *, certain: bool
    ) -> None:
        if not found:
            self._tell_unknown(piece, text)
            return
        first = found[0]
        # The draft has no carriage returns before its line feeds: each one moves what stands behind it.
        returns = [match.start() - number for number, match in enumerate(re.finditer("\r\n", text))]

        def at(offset: int) -> int:
            return piece.start + offset + bisect_left(returns, offset)

        message = first.message
        for other in found[1:]:
            if other.code != first.code and len(message) < 120:
                message += f"; also, {other.message}"
        hint = first.hint
        if len(found) > 1 or not hint:
            hint = hint or found[-1].hint or "write it anew"
            hint = f"write `{shown(meant)}`" if meant and "\n" not in meant else hint
        also = None
        if first.also is not None:
            also = self._lines.place(at(first.also), at(first.also) + 1)
            message += f" (it begins on line {also.line})" if also.line != self._lines.number(at(first.start)) else ""
        fix = (
            (self._edit(piece.start, text, meant.replace("\n", self._newline)),)
            if certain and meant is not None
            else ()
        )
        self._say(first.code, message, hint, at(first.start), at(max(first.end, first.start + 1)), also, fix)

    def _tell_unknown(self, piece: Piece, text: str) -> None:
        """A field that is refused for a reason that no recogniser knows."""
        start = piece.start
        try:
            tomli.loads(text)
        except tomli.TOMLDecodeError as error:
            start += min(error.pos, max(len(text) - 1, 0))
        except RecursionError:
            pass
        message = f"this field is not written as TOML writes it: {shown(text, 60)}"
        hint = 'write it as name = "text", name = 2026-03-05, or name = ["one", "two"]'
        self._say("E199", message, hint, start, start + 1, None, ())

    def _edit(self, start: int, written: str, meant: str) -> Edit:
        """The least change that makes *meant* of what is *written* at *start*."""
        shorter = min(len(written), len(meant))
        same = next((n for n in range(shorter) if written[n] != meant[n]), shorter)
        rest = shorter - same
        tail = next((n for n in range(rest) if written[-1 - n] != meant[-1 - n]), rest)
        return Edit(start + same, start + len(written) - tail, meant[same : len(meant) - tail])

    def _meant(
        self, piece: Piece, draft: Draft, told: list[Slip], meant: str | None, *, certain: bool
    ) -> Iterator[Item]:
        """The fields of a broken piece: with their values, if there is no doubt of what was meant."""
        data = tomli.loads(meant) if meant is not None and certain else None
        if meant is None:
            yield Item(self._at(piece, (draft.name,), draft.value_at), BROKEN)
            if not re.fullmatch(BARE, draft.name):
                yield Item(None)
            return
        if not certain and any(slip.code == "E120" for slip in told):
            yield Item(None)
        position = 0
        while statement := pair_at(meant, position):
            at = draft.value_at
            if position:
                found = self.text.find(statement.path[0], piece.start, piece.end)
                at = max(found - piece.start, 0) + len(statement.path[0]) if found >= 0 else at
            value = _value(data, statement.path) if data is not None else BROKEN
            yield Item(self._at(piece, statement.path, at), value)
            position = end_of_line(meant, statement.end) + 1

    def _at(self, piece: Piece, path: tuple[str, ...], value_at: int) -> Statement:
        start = piece.start
        value_start = min(start + value_at, piece.end)
        return Statement("pair", path, start, piece.end, start, value_start, value_start, piece.end)

    def _stray(self, piece: Piece) -> Iterator[tuple[int, Item | None]]:
        if piece.start in self._told:
            yield piece.end, None
            return
        found = stray(self.text, piece.start, piece.end, self._table)
        fix = tuple(Edit(*each) for each in found.edits)
        also = None
        if found.also:
            self._told.update(found.also)
            also = self._lines.place(found.also[-1], end_of_line(self.text, found.also[-1]))
        if found.code == "E125":
            self.conflicts += [found.start, *found.also]
        self._say(found.code, found.message, found.hint, found.start, found.end, also, fix)
        if found.heading:
            yield found.end, self._begin(found.heading, found.start, found.end - found.start)
        else:
            yield found.end, None if found.whole else Item(None)


def _value(data: dict[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = data
    for part in path:
        value = value[part]
    return value
