"""Signs that people and their programs write for quotation marks and spaces, and what to call them."""

import re
import unicodedata

CURLY = "“”„‟‘’‚‛❝❞❛❜〝〞〟"
ANGLE = "«»‹›《》〈〉❮❯"
CORNER = "「」『』"
OTHER = "`´″‶′‵＂＇ʺʹ"
QUOTES = "\"'" + CURLY + ANGLE + CORNER + OTHER
"""Every sign that may have been meant as a quotation mark."""

OPENERS = "“„‘‚«‹《〈「『❝❛〝"
CLOSERS = {"“": "”", "„": "“”", "‘": "’", "‚": "‘’", "«": "»", "‹": "›", "《": "》", "〈": "〉", "「": "」", "『": "』",
           "❝": "❞", "❛": "❜", "〝": "〞〟", "»": "«", "›": "‹"}  # fmt: skip

LEAD = re.compile(rf"[{QUOTES}]+|,,|<<")
TRAIL = re.compile(rf"(?:(?<![{QUOTES}])[{QUOTES}]+|>>)$")

ODD_SPACES = "\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\u0085"
UNSEEN = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
ODD = re.compile(f"[{ODD_SPACES}{UNSEEN}]")
"""White space other than the space bar's, and characters that cannot be seen at all."""

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
"""Control characters, which TOML allows nowhere; a carriage return before a line feed apart."""

_NAMES = {
    "\0": "null character", "\a": "bell character", "\b": "backspace character", "\v": "vertical tab",
    "\f": "form feed", "\r": "carriage return", "\x1b": "escape character", "\x1a": "end-of-file character",
    "\x7f": "delete character", "\u00a0": "non-breaking space", "\u202f": "narrow non-breaking space",
    "\u00ad": "soft hyphen", "\u200b": "zero-width space", "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner", "\ufeff": "byte order mark", "\u2060": "word joiner",
    "\u3000": "ideographic space", "\u0085": "next-line character", "\u200e": "left-to-right mark",
    "\u200f": "right-to-left mark", "\u2028": "line separator", "\u2029": "paragraph separator",
    "\u3164": "Hangul filler",
}  # fmt: skip


_SIGNS = {",": "a comma", ";": "a semicolon", ".": "a point", ":": "a colon", "，": "a full-width comma",
          "。": "a full stop", "、": "an ideographic comma", "،": "an Arabic comma",
          "；": "a full-width semicolon"}  # fmt: skip


def sign_called(sign: str) -> str:
    """What to call a sign that can be seen, where it might be taken for one of the message's own: ``a comma``."""
    return _SIGNS.get(sign, sign)


def called(character: str) -> str:
    """What to call a character that cannot be seen: ``a zero-width space (U+200B)``."""
    name = _NAMES.get(character) or unicodedata.name(character, "control character").lower()
    return f"{'an' if name[0] in 'aeio' else 'a'} {name} (U+{ord(character):04X})"


def kind_of_marks(marks: str) -> str:
    """What to call these quotation marks: ``curly quotation marks``."""
    for signs, name in (
        ("„‚", "low quotation marks"),
        (CURLY, "curly quotation marks"),
        (ANGLE + "<>", "angle quotation marks"),
        (CORNER, "corner brackets"),
        ("`", "backticks"),
        ("´", "accents"),
        ("″‶′‵ʺʹ", "prime signs"),
        ("＂＇", "full-width quotation marks"),
        (",", "two commas"),
    ):
        if any(mark in signs for mark in marks):
            return name
    return "quotation marks"


def straight(inner: str) -> str:
    """*inner* between the straight quotation marks that suit it."""
    if '"' not in inner and "\\" not in inner:
        return f'"{inner}"'
    if "'" not in inner:
        return f"'{inner}'"
    return '"' + inner.replace("\\", "\\\\").replace('"', '\\"') + '"'
