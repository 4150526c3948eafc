"""Inside a value of valid TOML: where the items of a list, the fields of an inline table, and the characters of a text
stand."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from handbill.read.scan import name_at, skip_space, value_at


class Span(NamedTuple):
    """A stretch of the text by its offsets."""

    start: int
    end: int


class Inner(NamedTuple):
    """A field of an inline table: its dotted *path*, its *name* and its *value*."""

    path: tuple[str, ...]
    name: Span
    value: Span


_BARE = re.compile(r"[^,\[\]{}#\r\n]*[^,\[\]{}#\s]")
_BASIC = re.compile(
    r"""(?P<run>[^\\\r]++)
    | (?P<nothing>\\[ \t]*+\r?\n\s*+)
    | \\u[0-9A-Fa-f]{4} | \\U[0-9A-Fa-f]{8} | \\. | \r\n?""",
    re.VERBOSE,
)
_LITERAL = re.compile(r"(?P<run>[^\r]++)|(?P<nothing>(?!))|\r\n?")
"""How one or more characters of a text are written; a backslash at a line's end stands for nothing."""


def items(text: str, span: Span) -> list[Span]:
    """The items of the list at *span*; empty if there is none."""
    return list(_items(text, span)) if text.startswith("[", span.start) else []


def _items(text: str, span: Span) -> Iterator[Span]:
    position = skip_space(text, span.start + 1)
    while position < span.end - 1:
        value = _value(text, position)
        if value.end <= position:
            return
        yield value
        position = skip_space(text, value.end)
        if text.startswith(",", position):
            position = skip_space(text, position + 1)


def fields(text: str, span: Span) -> list[Inner]:
    """The fields of the inline table at *span*; empty if there is none."""
    return list(_fields(text, span)) if text.startswith("{", span.start) else []


def _fields(text: str, span: Span) -> Iterator[Inner]:
    position = skip_space(text, span.start + 1)
    while position < span.end - 1:
        named = name_at(text, position)
        if not named:
            return
        path, end = named
        equals = skip_space(text, end)
        value = _value(text, skip_space(text, equals + 1))
        yield Inner(path, Span(position, end), value)
        position = skip_space(text, value.end)
        if not text.startswith(",", position):
            return
        position = skip_space(text, position + 1)


def _value(text: str, position: int) -> Span:
    """The value that begins at *position*, within a list or an inline table."""
    if text.startswith(("[", "{", '"', "'"), position):
        return Span(position, value_at(text, position).end)
    bare = _BARE.match(text, position)
    return Span(position, bare.end() if bare else position)


def characters(text: str, span: Span, offset: int, length: int) -> Span:
    """Where *length* characters from *offset* on, of the text value at *span*, are written."""
    mark = text[span.start : span.start + 3]
    long = mark in ('"""', "'''")
    position = span.start + (3 if long else 1)
    if long:
        position += 2 if text.startswith("\r\n", position) else 1 if text.startswith("\n", position) else 0
    written = _LITERAL if mark[:1] == "'" else _BASIC
    start = _after(text, position, offset, written)
    return Span(min(start, span.end), min(_after(text, start, length, written), span.end))


def _after(text: str, position: int, count: int, written: re.Pattern[str]) -> int:
    """Where *count* characters of a text end that begin at *position*."""
    while count > 0 and (match := written.match(text, position)):
        if match["run"]:
            taken = min(len(match["run"]), count)
            position += taken
            count -= taken
        else:
            position = match.end()
            count -= match["nothing"] is None
    return position
