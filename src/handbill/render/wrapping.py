"""Plain text in lines as wide as a mail reader's window: measured in terminal columns, addresses never broken."""

import re
from collections.abc import Iterator

from wcwidth import width as columns

WIDTH = 72

_WORD = re.compile(r"([^ \t\n\r]+(?: ·(?= ))?)([ \t\n\r]*)")  # a dot between facts begins no line
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_IDEOGRAPHS = "\u2e80-\u2fff\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff"
_OPENING = "（［｛「『【〔〈《“‘"
_CLOSING = "、。，．・：；？！）］｝」』】〕〉》”’ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…—"
_BREAKABLE = re.compile(
    rf"[{_OPENING}]*(?:[{_IDEOGRAPHS}]|[^{_IDEOGRAPHS}{_OPENING}{_CLOSING}]+)[{_CLOSING}]*|[{_OPENING}{_CLOSING}]+"
)
"""What of a run of Chinese or Japanese stays on one line: a character with the marks that may not leave it."""


def wrap(text: str, width: int = WIDTH, indent: str = "", first: str | None = None) -> str:
    """The paragraphs of *text* in lines of at most *width* columns, each after *indent* (the first after *first*).

    Spaces are kept as written where no line ends. A word (an address, say) that is wider than a line has its own.
    """
    paragraphs = [_wrapped(each, width, indent) for each in paragraphs_of(text)]
    wrapped = "\n\n".join(paragraphs)
    return wrapped if first is None else first + wrapped.removeprefix(indent)


def paragraphs_of(text: str) -> list[str]:
    """*text* at its blank lines."""
    return [each for each in _PARAGRAPHS.split(text.strip(" \t\r\n")) if each]


def _wrapped(text: str, width: int, indent: str) -> str:
    lines, line, space = [], "", ""
    for word, after in _words(text):
        if line and columns(indent + line + space + word) > width:
            lines.append(indent + line)
            line, space = "", ""
        line, space = line + space + word, after.replace("\n", " ").replace("\r", "").replace("\t", " ")
    return "\n".join([*lines, indent + line])


def _words(text: str) -> Iterator[tuple[str, str]]:
    """What may not be broken, and the space after it."""
    for found in _WORD.finditer(text):
        word, space = found.groups()
        pieces = [word] if "://" in word or word.isascii() else _BREAKABLE.findall(word)
        yield from ((piece, "") for piece in pieces[:-1])
        yield pieces[-1], space


def underlined(text: str) -> str:
    """*text* as a heading: wrapped, and under its last line another as long."""
    lines = wrap(text)
    return lines + "\n" + "=" * columns(lines.rpartition("\n")[2])
