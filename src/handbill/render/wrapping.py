"""Plain text in lines as wide as a mail reader's window: measured in terminal columns, addresses never broken."""

import re
from collections.abc import Iterator
from functools import cache

WIDTH = 72

_NARROW = re.compile("[ -~\u00a0-\u02ff\u2010-\u2027]*")  # a column each; no need to load the tables of all others
_WORD = re.compile(r"([^ \t\n\r]+(?: ·(?= ))?)([ \t\n\r]*)")  # a dot between facts begins no line
_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_IDEOGRAPHS = "\u2e80-\u2fff\u3001-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff"
_OPENING = "（［｛「『【〔〈《“‘"
_CLOSING = "、。，．・：；？！）］｝」』】〕〉》”’ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…—"


@cache
def _breakable() -> re.Pattern[str]:
    """What of a run of Chinese or Japanese stays on one line: a character with the marks that may not leave it."""
    core = f"(?:(?![{_OPENING}{_CLOSING}])[{_IDEOGRAPHS}]|[^{_IDEOGRAPHS}{_OPENING}{_CLOSING}]+)"
    marks = f"[{_OPENING}{_CLOSING}]*[{_CLOSING}]|[{_OPENING}]+"  # with nothing that they belong to
    return re.compile(f"[{_OPENING}]*{core}[{_CLOSING}]*|{marks}")


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
    lines, line, used, space = [], indent, len(indent), ""
    narrow = _NARROW.fullmatch(text.replace("\n", " "))
    for word, after in _WORD.findall(text) if narrow else _words(text):
        wide = len(word) if narrow else columns(word)
        if used > len(indent) and used + len(space) + wide > width:
            lines.append(line)
            line, used, space = indent, len(indent), ""
        line, used = line + space + word, used + len(space) + wide
        space = after.replace("\n", " ").replace("\r", "").replace("\t", " ")
    return "\n".join([*lines, line])


def _words(text: str) -> Iterator[tuple[str, str]]:
    """What may not be broken, and the space after it."""
    for found in _WORD.finditer(text):
        word, space = found.groups()
        pieces = [word] if "://" in word or _NARROW.fullmatch(word) else _breakable().findall(word)
        yield from ((piece, "") for piece in pieces[:-1])
        yield pieces[-1], space


def columns(text: str) -> int:
    """How many columns of a terminal *text* takes."""
    if _NARROW.fullmatch(text):
        return len(text)
    import wcwidth

    return wcwidth.width(text)


def underlined(text: str) -> str:
    """*text* as a heading: wrapped, and under its last line another as long."""
    lines = wrap(text)
    return lines + "\n" + "=" * columns(lines.rpartition("\n")[2])
