"""What came along when a text was pasted: HTML in a plain text, and words that hold a place for others."""

import re

_FORMATS = (
    r"a|abbr|b|big|blockquote|br|center|cite|code|div|em|figure|font|h[1-6]|hr|i|img|li|mark|ol|p|pre|q|s|small|span|"
    r"strike|strong|sub|sup|table|tbody|td|tr|u|ul"
)
_TAG = re.compile(rf"<(/?)({_FORMATS})(\s[^<>]*)?/?>", re.IGNORECASE)
_BREAKS = frozenset(("br", "hr", "p"))
_ENTITY = re.compile(
    r"&(?:amp|lt|gt|quot|apos|nbsp|[lr][sd]quo|[nm]dash|hellip|copy|[aeiou](?:uml|acute|grave|circ)|"
    r"eacute|szlig|ntilde|ccedil|#[0-9]{2,5}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)
_HOLDS_A_PLACE = re.compile(
    r"""(?: todo | fixme | tbd | tktk | (?-i:xxx+) | (?-i:TODO)\b\s*[:-].*
    | your\ (?:title|text|summary)(?:\ here)? | (?:title|text|summary)\ (?:goes\ )?here
    | (?:insert|enter|add|write)\ (?:your\ )?(?:title|text|summary|description)(?:\ here)?
    )[.!…]*""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)


PLACE_HOLDERS_BEGIN = (
    "todo", "fixme", "tbd", "tktk", "xxx", "lorem", "your ", "title", "text", "summary", "insert ",
    "enter ", "add ", "write ", "[", "<", "(", "{", "*", "_",
)  # fmt: skip
"""How a text begins that only may hold the place for another, in small letters."""


def html(text: str) -> tuple[int, int] | None:
    """Where HTML begins in *text*, and how many characters of it to show; None if there is none.

    A text that only speaks of HTML, such as "The <canvas> element", holds none.
    """
    if "<" in text and (tag := _tag(text)):
        return tag.start(), len(tag[0])
    if "&" in text and (match := _ENTITY.search(text)):
        return match.start(), len(match[0])
    return None


def _tag(text: str) -> re.Match[str] | None:
    """The first tag of a pair, one with attributes, or one that breaks a line in the middle of the text."""
    opened: dict[str, re.Match[str]] = {}
    for tag in _TAG.finditer(text):
        name = tag[2].lower()
        if tag[1]:
            if name in opened:
                return opened[name]
        elif "=" in (tag[3] or "") or (name in _BREAKS and _touches(text, tag)):
            return tag
        else:
            opened.setdefault(name, tag)
    return None


def _touches(text: str, tag: re.Match[str]) -> bool:
    """Whether a word stands right before or behind the *tag*."""
    return bool(text[tag.start() - 1 : tag.start()].strip() or text[tag.end() : tag.end() + 1].strip())


def holds_a_place(text: str) -> bool:
    """Whether *text* only holds the place for another."""
    words = text.strip(" \t\r\n[](){}<>*_-")
    if words.lower().startswith("lorem ipsum dolor"):
        return True
    return len(words) < 60 and bool(_HOLDS_A_PLACE.fullmatch(words))
