"""From bytes to text: UTF-8, and what to say of a file that is saved in another way."""

import codecs
import re

from handbill.findings import SAVE_AS_UTF8, Edit, Finding, Place

_HOW = "in your editing program choose “Save as” and the encoding UTF-8"
_WIDE = (
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
_PROGRAMS = (
    (b"PK\x03\x04", "a word processor's or spreadsheet's own file (such as .docx, .odt, .xlsx)"),
    (b"\xd0\xcf\x11\xe0", "an old word processor's or spreadsheet's own file (such as .doc, .xls)"),
    (b"{\\rtf", "a rich text file (.rtf)"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file (.gz)"),
    (b"SQLite format 3", "a database"),
    (b"bplist", "a program's own file"),
)
_ALIKE = frozenset(
    byte
    for byte in range(0x80, 0x100)
    if len({bytes([byte]).decode(name, "replace") for name in ("cp1250", "cp1252", "cp1254", "cp1257")}) == 1
)
"""Bytes that mean the same wherever Windows writes the Latin alphabet; the marks also in its other scripts."""
_MARKS = frozenset(
    b"\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x9b\xa0\xa7\xa9\xab\xac\xad\xae\xb0\xb1\xb5\xb6\xb7\xbb"
)
_MANY = 5
_TRAIL = "[\x80-\xbfŒœŠšŸŽžƒˆ˜–—‘’‚“”„†‡•…‰‹›€™]"
_LEADS = "ÂÃÅÄÐÑâð"
_GARBLED = re.compile(f"(?:[ÂÃÅÄÐÑ]{_TRAIL}|â{_TRAIL}{{2}}|ð{_TRAIL}{{3}})+")

_MAYBE_GARBLED = re.compile(rb"\xc3[\x82-\x85\x90\x91\xa2\xb0][\xc2\xc5\xc6\xcb\xe2]")
"""The beginning of the same as UTF-8: looked for among bytes, it costs next to nothing."""


def decode(data: bytes) -> tuple[str | None, list[Finding]]:
    """The text of a file, and what is wrong with how it is saved.

    A byte order mark at the start is no part of the text. The text is None when *data* is no text at all; after an
    error it is the likeliest one, so that the other mistakes can be told as well.
    """
    for mark, name, spoken in _WIDE:
        if data.startswith(mark):
            return _wide(data[len(mark) :], name, spoken)
    for start, what in _PROGRAMS:
        if data.startswith(start):
            return None, [Finding("E003", f"this is {what}, and no plain text", f"save it as plain text: {_HOW}")]
    if not data.strip(b" \t\r\n" + codecs.BOM_UTF8):
        hint = "begin with [site], its title and url; `handbill init` writes a file to start from"
        return None, [Finding("E004", "the file is empty", hint, Place(1, 1, 1))]
    if data.count(0) > max(len(data) // 50, 3):
        if wide := _wide_without_mark(data):
            return _wide(data, wide, "UTF-16")
        return None, [Finding("E003", "this is no text file", f"save it as plain text: {_HOW}")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _not_utf8(data)
    return text, _garbled(text) if _MAYBE_GARBLED.search(data) else []


def _wide(data: bytes, name: str, spoken: str) -> tuple[str | None, list[Finding]]:
    try:
        text, fix = data.decode(name), True
    except UnicodeDecodeError:
        text, fix = data.decode(name, "replace"), False
    text = text.removeprefix("\ufeff")
    # Where a byte was lost, all that follows is read in the wrong halves: those characters end with a zero byte.
    fix = fix and "\0" not in text and sum(ord(each) % 256 == 0 for each in text) < len(text) / 20
    return text, [
        Finding(
            "E001",
            f"the file is saved as {spoken}, not as UTF-8",
            _HOW,
            Place(1, 1, 1),
            fix=(SAVE_AS_UTF8,) if fix else (),
        )
    ]


def _wide_without_mark(data: bytes) -> str | None:
    """Which half of every two bytes is mostly zero."""
    start = data[:4000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 5 or min(even, odd) > max(even, odd) // 10:
        return None
    return "utf-16-be" if even > odd else "utf-16-le"


def _not_utf8(data: bytes) -> tuple[str | None, list[Finding]]:
    """The text of *data*, which has stray bytes: of the whole file, or of single lines pasted from elsewhere."""
    data = data.removeprefix(codecs.BOM_UTF8)
    lines = data.split(b"\n")
    broken = [number for number, line in enumerate(lines) if not line.isascii() and not _is_utf8(line)]
    whole = not any(not line.isascii() and _is_utf8(line) for line in lines)
    text = "\n".join(
        line.decode("utf-8") if line.isascii() or _is_utf8(line) else line.decode("cp1252", "replace") for line in lines
    )
    if whole:
        fix = (SAVE_AS_UTF8,) if all(_is_certain(lines[number]) for number in broken) else ()
        message = "the file is saved as Windows-1252 or a similar encoding, not as UTF-8: here stands {}"
        return text, [_stray("E001", message, lines[broken[0]], broken[0], _HOW, fix)]
    message = "this line has a character of another encoding than the rest of the file, which is UTF-8: {}"
    hint = "write the character anew, or paste the line again from where it came"
    return text, [_stray("E002", message, lines[number], number, hint) for number in broken]


def _stray(code: str, message: str, line: bytes, number: int, hint: str, fix: tuple[Edit, ...] = ()) -> Finding:
    """A finding at the first byte of *line* that is not UTF-8."""
    read = line.decode("utf-8", "surrogateescape")
    column = next(at for at, character in enumerate(read) if "\udc80" <= character <= "\udcff")
    byte = ord(read[column]) - 0xDC00
    shown = bytes([byte]).decode("cp1252", "replace")
    what = f"the byte {byte:02X}" + (f", probably “{shown}”" if shown.isprintable() and shown != "\ufffd" else "")
    return Finding(code, message.format(what), hint, Place(number + 1, column + 1, column + 2), fix=fix)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_certain(line: bytes) -> bool:
    """Whether there is just one likely reading of the line: its letters beyond ASCII stand within Latin words."""
    for position, byte in enumerate(line):
        if byte < 0x80 or byte in _MARKS:
            continue
        around = line[max(position - 1, 0) : position] + line[position + 1 : position + 2]
        if byte not in _ALIKE or not re.search(rb"[A-Za-z]", around):
            return False
    return True


def _garbled(text: str) -> list[Finding]:
    """What looks like UTF-8 that was once read as Windows-1252 and saved again: a finding a line, or one for many."""
    if not any(lead in text for lead in _LEADS):
        return []  # much quicker than the pattern
    matches = [match for match in _GARBLED.finditer(text) if _unravelled(match[0])]
    if all(_may_be_meant(text, match) for match in matches):
        return []
    first_of_line: dict[int, re.Match[str]] = {}
    line, begin = 1, 0
    for match in matches:
        line, begin = line + text.count("\n", begin, match.start()), match.start()
        first_of_line.setdefault(line, match)
    many = len(first_of_line) > _MANY
    lines = list(first_of_line.items())[: 1 if many else None]
    where = f" here and in {len(first_of_line) - 1} more lines" if many else ""
    return [_garbled_at(text, line, match, where) for line, match in lines]


def _garbled_at(text: str, line: int, match: re.Match[str], where: str) -> Finding:
    begin = text.rfind("\n", 0, match.start()) + 1
    meant = _unravelled(match[0]) or ""
    return Finding(
        "W001",
        f"“{match[0]}” looks like garbled text{where}: a program read the file in a wrong encoding and saved it again",
        f"write “{meant}”" if meant.isprintable() and not meant.isspace() else "write the character anew",
        Place(line, match.start() - begin + 1, match.end() - begin + 1),
    )


def _may_be_meant(text: str, match: re.Match[str]) -> bool:
    """A capital letter before a closing mark, as in “IRMÃ”, may be just that."""
    return len(match[0]) == 2 and match[0][1] in "–—‘’‚“”„…‹›«»" and not text[match.end() : match.end() + 1].isalpha()


def _unravelled(garbled: str) -> str | None:
    """The character that the garbled ones stand for; None if they are what they seem."""
    raw = bytearray()
    for character in garbled:
        try:
            raw += character.encode("cp1252")
        except UnicodeEncodeError:
            if character > "\xff":
                return None
            raw.append(ord(character))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
