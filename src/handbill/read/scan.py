"""Where each heading and each field stands in the text: exact for TOML 1.0, and in any other text a fair guess.

`tomli` gives values without their places. This gives places without values, in one pass: its time grows with the text.
"""

import re
from typing import NamedTuple


class Statement(NamedTuple):
    """A heading or a field, by its offsets into the text.

    *kind* is "heading" (``[site]``), "array-heading" (``[[entry]]``) or "pair" (``name = value``); *path* is the dotted
    name without quotes. A heading has an empty value at its end.
    """

    kind: str
    path: tuple[str, ...]
    start: int
    end: int
    key_start: int
    key_end: int
    value_start: int
    value_end: int


class Value(NamedTuple):
    """Where a value ends, and whether it is closed: no quotation mark and no bracket is missing at its end."""

    end: int
    closed: bool


_BASIC = r'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"'
_LITERAL = r"'[^'\n]*+'"
_LONG = {
    '"""': re.compile(r'"""[^"\\]*+(?:(?:\\.|"{1,2}+(?!"))[^"\\]*+)*+"""(?:"{0,2})', re.DOTALL),
    "'''": re.compile(r"'''[^']*+(?:'{1,2}+(?!')[^']*+)*+'''(?:'{0,2})"),
}
_SHORT = re.compile(f"{_BASIC}|{_LITERAL}")
_REST_OF_LINE = re.compile(r"[^\n]*+")
_SCALAR = re.compile(r"[^#\n]*+")
_SPACE = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_PART = re.compile(rf"[A-Za-z0-9_-]++|{_BASIC}|{_LITERAL}")
_DOT = re.compile(r"[ \t]*+\.[ \t]*+")
_EQUALS = re.compile(r"[ \t]*+=[ \t]*+")
_OPENING = re.compile(r"\[\[?[ \t]*+")
_INSIDE = re.compile(r"""[^\[\]{}"'#\n]*+""")

_DEEP = 8

BARE = r"[A-Za-z0-9_-]+"
_HEADING_LINE = r"\[\[?[ \t]*+(?!(?:true|false|inf|nan)\b)[A-Za-z_][A-Za-z0-9_.\- \t]*+\]\]?[ \t\r]*+(?:\#[^\n]*+)?$"
NEXT_HEADING = re.compile(rf"^[ \t]*+{_HEADING_LINE}", re.MULTILINE)
NEXT_SENSIBLE = re.compile(
    rf"""^[ \t]*+(?:
        {_HEADING_LINE}
        | {BARE}+(?:[ \t]*+\.[ \t]*+{BARE}+)*+[ \t]*+=
    )""",
    re.MULTILINE | re.VERBOSE,
)
"""A line that can only be a heading or a field, even inside a list: no value of TOML 1.0 begins a line like that."""


def statements(text: str) -> list[Statement]:
    """Every heading and field of *text*, in order. A line that is neither is passed over."""
    found = []
    position, size = 0, len(text)
    while position < size:
        position = skip_space(text, position)
        statement = heading_at(text, position) or pair_at(text, position)
        if statement:
            found.append(statement)
            position = statement.end
        position = end_of_line(text, position)
    return found


def skip_space(text: str, position: int) -> int:
    """The first place from *position* on that is neither white space nor in a comment."""
    match = _SPACE.match(text, position)
    return match.end() if match else position


def end_of_line(text: str, position: int) -> int:
    """The end of the line that *position* is in, before its line feed."""
    end = text.find("\n", position)
    return len(text) if end < 0 else end


def name_at(text: str, position: int) -> tuple[tuple[str, ...], int] | None:
    """The dotted name that begins at *position*, without its quotes, and where it ends."""
    parts = []
    while part := _PART.match(text, position):
        parts.append(_unquoted(part[0]))
        dot = _DOT.match(text, part.end())
        if not dot:
            return tuple(parts), part.end()
        position = dot.end()
    return None


def heading_at(text: str, position: int) -> Statement | None:
    """The heading that begins at *position*."""
    opening = _OPENING.match(text, position)
    name = opening and name_at(text, opening.end())
    if not opening or not name:
        return None
    path, key_end = name
    brackets = "]" * opening[0].count("[")
    end = key_end
    while text.startswith((" ", "\t"), end):
        end += 1
    if not text.startswith(brackets, end):
        return None
    end += len(brackets)
    kind = "array-heading" if len(brackets) == 2 else "heading"
    return Statement(kind, path, position, end, opening.end(), key_end, end, end)


def pair_at(text: str, position: int) -> Statement | None:
    """The field that begins at *position*, with its value as far as it goes."""
    name = name_at(text, position)
    equals = name and _EQUALS.match(text, name[1])
    if not name or not equals:
        return None
    end = value_at(text, equals.end()).end
    return Statement("pair", name[0], position, end, position, name[1], equals.end(), end)


def value_at(text: str, position: int) -> Value:
    """Where the value that begins at *position* ends.

    Unclosed, a text in single marks ends with its line, all else before the next line that must be something new.
    """
    character = text[position : position + 1]
    if character in ("[", "{"):
        return _nested(text, position)
    if character and character in "\"'":
        marks = character * 3
        if text.startswith(marks, position):
            if long := _LONG[marks].match(text, position):
                return Value(long.end(), True)
            return Value(_before_next(text, position), False)
        if short := _SHORT.match(text, position):
            return Value(short.end(), True)
        return Value(_trimmed(text, position, _REST_OF_LINE), False)
    return Value(_trimmed(text, position, _SCALAR), True)


def _nested(text: str, start: int) -> Value:
    """The end of the list or inline table that opens at *start*."""
    brackets: list[str] = []
    position, endless = start, set[str]()
    while position < len(text):
        character = text[position]
        if character in "[{":
            brackets.append(character)
        elif character in "]}":
            brackets.pop()
            if not brackets:
                return Value(position + 1, True)
        elif character == "#":
            position = end_of_line(text, position)
            continue
        elif character == "\n":
            # Between curly brackets there are fields too: only a heading cannot be one of them.
            following = NEXT_HEADING if "{" in brackets[:_DEEP] else NEXT_SENSIBLE
            if following.match(text, position + 1):
                return Value(_back_over_blank(text, start, position), False)
        elif character in "\"'":
            # A long text that nothing closes is looked for once: the time stays linear.
            marks = character * 3
            if text.startswith(marks, position) and marks not in endless:
                if long := _LONG[marks].match(text, position):
                    position = long.end()
                    continue
                endless.add(marks)
            if short := _SHORT.match(text, position):
                position = short.end()
                continue
        inside = _INSIDE.match(text, position + 1)
        position = inside.end() if inside else position + 1
    return Value(_back_over_blank(text, start, len(text)), False)


def _before_next(text: str, start: int) -> int:
    sensible = NEXT_SENSIBLE.search(text, end_of_line(text, start))
    return _back_over_blank(text, start, sensible.start() if sensible else len(text))


def _trimmed(text: str, start: int, pattern: re.Pattern[str]) -> int:
    match = pattern.match(text, start)
    return _back_over_blank(text, start, match.end() if match else start)


def _back_over_blank(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t\r\n":
        end -= 1
    return end


def _unquoted(part: str) -> str:
    if part[0] == "'":
        return part[1:-1]
    if part[0] != '"':
        return part
    if "\\" not in part:
        return part[1:-1]
    import tomli

    try:
        return next(iter(tomli.loads(part + "=0")))
    except tomli.TOMLDecodeError:
        return part[1:-1]
