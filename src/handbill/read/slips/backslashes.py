"""Backslashes between double quotation marks, where each begins a sign of its own."""

import re

from handbill.read.scan import value_at
from handbill.read.slips.draft import Draft, Slip, shown

_TEXTS = re.compile(
    r'"""(?P<long>[^"\\]*+(?:(?:\\.|"{1,2}+(?!"))[^"\\]*+)*+)"""|"(?P<short>[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+)"|\'[^\'\n]*+\'',
    re.DOTALL,
)
_SIGN = re.compile(r"\\(?:u([0-9A-Fa-f]{4})(?:\\u([0-9A-Fa-f]{4}))?|U([0-9A-Fa-f]{8})|([ \t]*\r?\n)|(.))", re.DOTALL)
_PATH = re.compile(r"[A-Za-z]:\\|\\\\\w|~\\|\.\.?\\")
_LONGEST_LIST = 5_000
_NEEDLESS = "'’‘“”„/"


def backslashes(draft: Draft) -> Slip | None:
    """Backslashes that mean nothing to TOML, or that take away the mark at the end of the text."""
    value = draft.value
    if re.match(r'"(?!"")', value) and (lost := re.fullmatch(r'"([^"\n]*)\\"[ \t]*', value)):
        inner = lost[1] + "\\"
        start = draft.value_at + len(lost[1]) + 1
        message = "the backslash takes away the meaning of the quotation mark behind it, so nothing ends the text"
        return Slip("E107", message, start, start + 2, draft.with_value(_raw(inner)))
    is_text = value[:1] in ("'", '"')
    if not (value_at(value, 0).closed if is_text else len(value) < _LONGEST_LIST):
        return None
    for text in _TEXTS.finditer(value):
        name = "long" if text["long"] is not None else "short"
        if text[name] is None:
            continue
        if bad := next((each for each in _SIGN.finditer(text[name]) if _is_bad(each)), None):
            return _told(draft, text, name, bad)
    return None


def _is_bad(sign: re.Match[str]) -> bool:
    if sign[1]:
        return 0xD800 <= int(sign[1], 16) <= 0xDFFF or (bool(sign[2]) and 0xD800 <= int(sign[2], 16) <= 0xDFFF)
    if sign[3]:
        return int(sign[3], 16) > 0x10FFFF or 0xD800 <= int(sign[3], 16) <= 0xDFFF
    return bool(sign[5]) and sign[5] not in 'btnfr"\\'


def _told(draft: Draft, text: re.Match[str], name: str, bad: re.Match[str]) -> Slip:
    content = text[name]
    start = draft.value_at + text.start(name) + bad.start()
    place = start, start + len(bad[0])
    around = text[0][: text.start(name) - text.start()]

    def with_text(meant: str) -> str:
        value = draft.value
        return draft.with_value(value[: text.start()] + meant + value[text.end() :])

    if bad[1]:
        if emoji := _joined(content):
            message = f"{bad[0]} is how JSON writes a character; here it is written as itself"
            return Slip("E107", message, *place, with_text(around + emoji + around), certain=True)
        return Slip("E107", f"{bad[0]} is no character", *place, hint="write the character itself")
    bads = [each for each in _SIGN.finditer(content) if _is_bad(each)]
    if all(each[5] and each[5] in _NEEDLESS for each in bads):
        meant = _SIGN.sub(lambda each: each[5] if _is_bad(each) else each[0], content)
        message = f"a backslash stands before {bad[5]}, which needs none"
        return Slip("E107", message, *place, with_text(around + meant + around), certain=True)
    shown_sign = bad[0] if bad[5] and bad[5].isprintable() and not bad[5].isspace() else "a backslash before a blank"
    message = f"between double quotation marks a backslash begins a sign of its own, and {shown_sign} is none"
    if _PATH.match(content):
        message = f"between double quotation marks a backslash begins a sign of its own; {shown(content, 40)} is a path"
    elif bad[5] in ("u", "U", "x"):
        message = f"{shown(content[bad.start() : bad.start() + 6], 10)} is no sign: a character is written as itself"
    doubled = _SIGN.sub(lambda each: "\\" + each[0] if _is_bad(each) else each[0], content)
    if name == "short" and "'" not in content and (_PATH.match(content) or not _has_good(content)):
        meant = f"'{content}'"
        hint = f"write it between single quotation marks: `{shown(with_text(meant))}`"
    else:
        meant = around + doubled + around
        hint = "write two backslashes for each (\\\\), or leave them out"
    return Slip("E107", message, *place, with_text(meant), hint=hint)


def _has_good(content: str) -> bool:
    return any(not _is_bad(each) for each in _SIGN.finditer(content))


def _raw(inner: str) -> str:
    return f"'{inner}'" if "'" not in inner else '"' + inner.replace("\\", "\\\\") + '"'


def _joined(content: str) -> str | None:
    """*content* with pairs of surrogates joined to the characters they stand for."""

    def one(match: re.Match[str]) -> str:
        high, low = int(match[1], 16), int(match[2], 16)
        return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))

    joined = re.sub(r"\\u([Dd][89ABab][0-9A-Fa-f]{2})\\u([Dd][C-Fc-f][0-9A-Fa-f]{2})", one, content)
    return joined if not any(_is_bad(each) for each in _SIGN.finditer(joined)) else None
