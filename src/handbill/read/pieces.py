"""A broken text in pieces: headings, fields, and lines that are neither. After each the reading goes on."""

import re
from typing import NamedTuple

from handbill.model import TABLES, Entry
from handbill.read.scan import BARE, Statement, Value, end_of_line, pair_at, value_at
from handbill.read.slips.draft import KNOWN, beginning
from handbill.read.slips.marks import CLOSERS, ODD_SPACES, QUOTES, UNSEEN
from handbill.read.vocabulary import FIELDS

_NAMES = "|".join(sorted(map(re.escape, KNOWN), key=len, reverse=True))
_HEADS = "|".join(sorted((re.escape(name).replace(r"\.", r"\s*\.\s*") for name in TABLES), key=len, reverse=True))
_OTHER_NAMES = "|".join(sorted((re.escape(name) for name in FIELDS[Entry] if len(name) > 2), key=len, reverse=True))
_INDENT = f"[ \\t{ODD_SPACES}{UNSEEN}]*+"
NEXT = re.compile(
    rf"""^{_INDENT}(?:
        \[[\[ \t]*+(?:{_HEADS})\b[^\n]*
        | \[\[?[ \t]*[A-Za-z_][\w.\- ]*+\]\]?[ \t\r]*$
        | (?:{_NAMES})(?:[ \t]*[=:＝：]|\t|[ ]+(?=["'“„«\[]|https?:|\d{{1,4}}[-./]))[^\n]*
        | {BARE}+[ \t]*+=[^\n]*
        | ["'][\w-]+["'][ \t]*[=:][^\n]*
        | (?:{_OTHER_NAMES})[ \t]*:(?:[ \t][^\n]*)?$
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A line that begins something new, however it is written."""
_KNOWN_NEXT = re.compile(
    rf"^{_INDENT}(?:\[[\[ \t]*+(?:{_HEADS})[ \t]*\][\] \t]*(?:#[^\n]*)?\r?$|(?:{_NAMES})[ \t]*=)", re.MULTILINE
)
"""The same for use inside a long text, which may well hold lines that look like fields."""
_OPENS_LONG = re.compile(rf"""{_INDENT}{BARE}[ \t]*=[ \t]*(?:\"\"\"|''')\Z""")
_LONG_BEHIND = re.compile(rf"""(?:{_NAMES})[ \t]*=[ \t]*(?=\"{{3}}|'{{3}})""")
"""A second field on the line, with a text over several lines."""
_NEXT_TEXT = re.compile(r"""[ \t\r]*\n[ \t]*["'](?![^\n]*=)""")
"""Another text, on the next line."""
_MARKS_ALONE = re.compile(rf"=[ \t]*[{QUOTES}]{{2,3}}\Z")
_LONGEST_BEGINNING = 20
_NO_PROSE = re.compile(
    rf"{_INDENT}(?:#|//|/\*|<!--|<|>|=======|\|\|\||;|--|\[|[-=*_~+]{{3}}|```|\"\"\"|'''|https?://"
    rf"|[{{}}][ \t]*$|[［【(<{{{{]*+[ \t]*+(?:{_HEADS}))"
)
_BLANKS = frozenset(f" \t{ODD_SPACES}{UNSEEN}")
_EMPTY = "nothing"
_LONGEST_TEXT = 20_000
_MOST_WRAPPED = 40  # lines of text that may have gone astray behind one missing mark


class Piece(NamedTuple):
    """A stretch of the text, without the blanks around it.

    *kind* is "heading", "pair" or "stray"; *statement* is what stands at its beginning, if TOML knows it.
    """

    kind: str
    start: int
    end: int
    statement: Statement | None = None


def next_piece(text: str, position: int) -> Piece | None:
    """The first piece at or after *position*, the beginning of a line; blank lines and remarks are passed over."""
    size = len(text)
    while position < size:
        line_end = end_of_line(text, position)
        start = position
        while start < line_end and text[start] in " \t\r":
            start += 1
        if start < line_end and text[start] != "#":
            return _piece(text, start, line_end)
        position = line_end + 1
    return None


def _piece(text: str, start: int, line_end: int) -> Piece:
    first = start
    while first < line_end and text[first] in _BLANKS:
        first += 1
    if first < line_end and text[first] == "[":
        return Piece("heading", start, _trimmed(text, start, line_end))
    exact = pair_at(text, start)
    if exact and exact.end <= line_end and not _second_long(text, exact.value_start, exact.end, line_end):
        return Piece("pair", start, _trimmed(text, start, line_end), exact)
    begin = None if exact else beginning(text, start, line_end)
    if not begin and not exact:
        return Piece("stray", start, _trimmed(text, start, line_end))
    value_start = exact.value_start if exact else begin.end() if begin else start
    end = _end_of_value(text, value_start, line_end) if value_start < line_end else line_end
    return Piece("pair", start, _trimmed(text, start, end_of_line(text, end)), exact)


def _end_of_value(text: str, start: int, line_end: int) -> int:
    """Where the value ends that begins at *start*: at the latest before the next heading or field."""
    value = value_at(text, start)
    if value.closed and text[start] in "\"'":
        value = _with_inner_marks(text, start, value)
    if value.end <= line_end:
        second = _second_long(text, start, value.end, line_end)
        return _end_of_value(text, second.end(), line_end) if second else line_end
    if text[start] in "\"'" and value.closed:
        last_line = text.rfind("\n", 0, value.end) + 1
        closing = re.compile(r"""\"\"\"|'''""").search(text, last_line, value.end)
        swallowed = closing and _OPENS_LONG.match(text[last_line : closing.end()])
        if not swallowed:
            return value.end
        following = _KNOWN_NEXT.search(text, line_end, last_line)
        return (following.start() if following else last_line) - 1
    if not value.closed:
        pattern = _KNOWN_NEXT if text[start] in "\"'" else NEXT
        following = pattern.search(text, line_end, min(len(text), value.end + 400))
        return following.start() - 1 if following else value.end
    return value.end


def _second_long(text: str, start: int, end: int, line_end: int) -> re.Match[str] | None:
    """The beginning of a second field on the line, behind the value from *start* to *end*, with a text over lines."""
    return _LONG_BEHIND.search(text, end if text[start : start + 1] in QUOTES else start, line_end)


def _with_inner_marks(text: str, start: int, value: Value) -> Value:
    """*value*, a text; or more, if words behind its three closing marks show that these stand within it."""
    marks = text[start : start + 3]
    rest = text[value.end : end_of_line(text, value.end)].strip()
    if marks not in ('"""', "'''") or not rest or rest[0] in "#,;.":
        return value
    following = _KNOWN_NEXT.search(text, value.end, value.end + _LONGEST_TEXT)
    end = following.start() if following else value.end + _LONGEST_TEXT
    closing = text.rfind(marks, value.end, end)
    return (
        Value(closing + 3, True)
        if closing >= 0 and not text[closing + 3 : end_of_line(text, closing)].strip()
        else value
    )


def wrapped(text: str, piece: Piece) -> Piece:
    """*piece*, a broken field, with the lines after it that belong to its text.

    Those are lines of prose that follow at once; where a mark is open, all prose up to a line that may close it.
    """
    if _is_whole(text, piece):
        return piece
    opened, adjacent = _opened(text, piece), True
    end = last = line_end = end_of_line(text, piece.end)
    for _ in range(_MOST_WRAPPED):
        start = line_end + 1
        line_end = end_of_line(text, start)
        line = text[start:line_end].strip()
        if start > len(text) or NEXT.match(text, start) or (not line and not opened):
            break
        if not line:
            adjacent = False
            continue
        is_prose = not _NO_PROSE.match(line)
        if not is_prose and not opened:
            break
        if opened and line in ('"""', "'''"):
            return piece._replace(end=_trimmed(text, piece.start, line_end))
        if (line[-1] in opened) if opened != _EMPTY else line.endswith(('"""', "'''")):
            return piece._replace(end=_trimmed(text, piece.start, line_end))
        adjacent = adjacent and is_prose
        last = line_end if is_prose else last
        if adjacent:
            end = line_end
    if opened and (opened != _EMPTY or end > piece.end):
        # Nothing closes the text: prose behind a blank line can only be more of it.
        end = last
    return piece._replace(end=_trimmed(text, piece.start, end))


def _is_whole(text: str, piece: Piece) -> bool:
    """Whether the text of a field ends on its line, and nothing but a comma or the like follows it."""
    begin = beginning(text, piece.start, piece.end)
    if not begin or text[begin.end() : begin.end() + 1] not in ('"', "'"):
        return False
    value = value_at(text, begin.end())
    inner = text[begin.end() + 1 : value.end - 1].strip(QUOTES)
    if text[piece.end - 1] == "," and _NEXT_TEXT.match(text, piece.end):
        return False
    on_line = value.closed and value.end <= piece.end
    return on_line and bool(inner) and not text[value.end : piece.end].strip(",; \t")


def begins_long(text: str, piece: Piece) -> bool:
    """Whether *piece*, a field with an empty text, is the beginning of a text that three marks close further down."""
    if not _MARKS_ALONE.search(text, max(piece.start, piece.end - _LONGEST_BEGINNING), piece.end):
        return False
    end = wrapped(text, piece).end
    if end == piece.end or text[end - 3 : end] not in ('"""', "'''"):
        return False
    starts = [match.end() for match in re.compile("\n[ \t]*").finditer(text, piece.end, end)]
    return not any(pair_at(text, start) for start in starts)


def _opened(text: str, piece: Piece) -> str:
    """The marks that may close what the field opens and does not close on its line; "" if there is nothing."""
    begin = beginning(text, piece.start, piece.end)
    if not begin:
        return ""
    if begin.end() >= piece.end:
        return _EMPTY
    mark = text[begin.end()]
    if mark not in QUOTES:
        return ""
    closers = CLOSERS.get(mark, mark) + mark
    behind = text[begin.end() : piece.end].lstrip(mark)
    closed = behind.strip(QUOTES) and any(closer in behind for closer in closers)
    return "" if closed else closers + '"”'


def _trimmed(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return end
