"""Characters that cannot be seen, or were lost on the way; those that belong where they stand are left alone.

Joiners belong in Persian, Indic scripts and emoji, direction marks in texts written from right to left, zero-width
spaces in scripts without spaces, tag characters in flags; soft hyphens and word joiners anywhere (Unicode 16, ch. 23).
"""

import re
from collections.abc import Iterator

_STRAY = re.compile("[\u061c\u180e\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0001-\U000e007f]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")
_LOST = re.compile("[\x7f-\x9f\ufffc\ufffd\uf020-\uf0ff\ufdd0-\ufdef]")
_MARKS, _OPENING, _CLOSING = "\u061c\u200e\u200f", "\u202a\u202b\u2066\u2067\u2068", "\u202c\u2069"
_ALPHABETS_END = "\u0530"
"""Before it stand the Latin, Greek and Cyrillic alphabets, which need no joiners."""


def strays(text: str) -> list[int]:
    """The offsets of characters in *text* that cannot be seen and have no business there."""
    found = list(_STRAY.finditer(text))
    if not found:
        return []
    turned = bool(_RIGHT_TO_LEFT.search(text))
    return list(_unfit([match.start() for match in found], text, turned))


def _unfit(found: list[int], text: str, turned: bool) -> Iterator[int]:
    flag_goes_on_at = -1
    for at in found:
        character = text[at]
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if character in _MARKS or character in _OPENING or character in _CLOSING:
            if not turned:
                yield at
        elif character == "\u200b":
            if before < "\u0e00" and after < "\u0e00":
                yield at
        elif character in "\u200c\u200d":
            between_letters = character == "\u200c" and before.isalpha() and after.isalpha()
            if before < _ALPHABETS_END and after < _ALPHABETS_END and not between_letters:
                yield at
        elif character >= "\U000e0000":
            if before == "\U0001f3f4" or flag_goes_on_at == at:
                flag_goes_on_at = at + 1
            else:
                yield at
        else:
            yield at


def lost(text: str) -> list[int]:
    """The offsets of characters in *text* that no reader can show: what they stood for was lost in copying."""
    return [match.start() for match in _LOST.finditer(text)]
