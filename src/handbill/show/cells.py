"""Text as a terminal shows it: how wide it is, and nothing in it that could steer the terminal.

`wcwidth`, which knows the widths, is imported only for text that is not plain ASCII.
"""

import re
from typing import NamedTuple

COLUMNS = 80
"""How wide everything for people is."""

_PLAIN = re.compile("[ -~\ue000]*")
_MOST_NAMED = 4  # of characters that make up one: a letter may have a thousand accents

_CODE = re.compile(r"`[^`]{,60}`")
_GLUE = "\ue000"
_BLANKS = re.compile(r"[ \t\r\n]+")
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


class Cell(NamedTuple):
    """What a reader sees as one character: the text to print, its columns, and its length in the file."""

    text: str
    width: int
    length: int


def named(character: str) -> str:
    """A character that cannot be seen, by its number: ``<U+200B>``."""
    return f"<U+{ord(character):04X}>"


def visible(text: str) -> str:
    """*text* with every control and invisible character named: it is one line, and safe to print."""
    return _UNSEEN.sub(lambda match: named(match[0]), text)


def cells(text: str, encoding: str = "utf-8") -> list[Cell]:
    """*text* as cells, a tab as four blanks. What cannot be seen, or not be written in *encoding*, is named."""
    if _PLAIN.fullmatch(text):
        return [Cell(character, 1, 1) for character in text]
    from wcwidth import iter_graphemes, wcswidth

    found = []
    for grapheme in iter_graphemes(text):
        shown = "    " if grapheme == "\t" else visible(grapheme)
        if wcswidth(shown) < 1 or not can_be_written(shown, encoding):
            shown = "".join(map(named, grapheme[:_MOST_NAMED]))
        found.append(Cell(shown, wcswidth(shown), len(grapheme)))
    return found


def can_be_written(text: str, encoding: str) -> bool:
    """Whether *encoding* has all characters of *text*."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def wrapped(text: str, columns: int, indent: str = "", first: str | None = None) -> list[str]:
    """*text* in lines of at most *columns* columns, behind *indent* (the first one behind *first*).

    What stands in backquotes is to be written as it is, so it stays in one line if it can.
    """
    begin = indent if first is None else first
    text = _CODE.sub(lambda match: match[0].replace(" ", _GLUE), text)
    text = visible(_BLANKS.sub(" ", text))
    plain = bool(_PLAIN.fullmatch(text))
    if len(begin + text) * (1 if plain else 2) <= columns:
        lines = [begin + text] if text else []
    else:
        if plain:
            from textwrap import wrap
        else:
            from wcwidth import wrap
        lines = wrap(text, columns, initial_indent=begin, subsequent_indent=indent, break_on_hyphens=False)
    return [line.replace(_GLUE, " ") for line in lines]
