"""Slips with values that stand without quotation marks: words, dates, numbers, yes and no, or nothing at all."""

import re
import unicodedata
from collections.abc import Callable
from html import unescape

from handbill.model import TABLES, Kind
from handbill.read.date_slips import date_slip
from handbill.read.names import HEADINGS
from handbill.read.slips.draft import DATE_KINDS, TEXT_KINDS, Draft, Slip, parsed, shown, split_remark
from handbill.read.slips.marks import ODD_SPACES, QUOTES, sign_called, straight

_YES = frozenset(("yes", "y", "on", "true", "ja", "si", "sí", "oui", "yep", "ok", "x", "✓", "✔", "☑"))
_NO = frozenset(("no", "n", "off", "false", "nein", "non", "nope", "✗", "✘", "☐"))
_NOTHING = frozenset(
    ("none", "null", "nil", "n/a", "na", "-", "--", "–", "—", "?", "??", "unknown", "tbd", "tba", "todo", "...", "…")
)
_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9, "kib": 2**10, "mib": 2**20, "gib": 2**30, "k": 10**3, "m": 10**6}
_COUNTED = frozenset(("b", "byte", "bytes", "entry", "entries", "item", "items", "day", "days", "post", "posts"))
_WORDS = {
    word: number
    for number, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    )
} | {"fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "hundred": 100}
_ENTITIES = re.compile(r"(&(?:quot|apos|[lrb]dquo|[lrs]s?quo|laquo|raquo|#34|#39|#x22);)(.+?)&(?:\w+|#\w+);?")
_THOUSANDS = re.compile(r"\d{1,3}(?:([,.' \u00a0\u202f’_])\d{3})(?:\1\d{3})*")
_NUMBER_AND_UNIT = re.compile(r"(?:~|≈|ca\.?|about)?\s*(\d+(?:[.,]\d+)?)\s*([A-Za-z]+)\.?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?::\d{2})?\s*(?:([ap])\.?\s?m\.?|uhr|h|o'?clock)?", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\(\s*<?([^\s)>]+)>?[^)\n]*\)")


def nothing(draft: Draft) -> Slip | None:
    """A field without a value."""
    value, remark = split_remark(draft.value)
    if remark and not value.strip():
        value = ""
    if draft.value.lstrip().startswith("#") or not value.strip(",; \t"):
        value = ""
    word = value.strip(" \t.,;").casefold() or value.strip()
    start = draft.value_at
    if not value.strip():
        example = draft.field.declared.example if draft.field else ""
        such = f", such as `{draft.name} = {example}`" if example else ""
        return Slip("E109", f"nothing stands behind the equals sign of `{draft.name}`", 0, max(start, 1),
                    hint=f"write its value{such}, or delete the line")  # fmt: skip
    if word not in _NOTHING or parsed(f"v = {value}") or (draft.kind == Kind.FLAG and word in _NO):
        return None
    message = f"`{value}` is no value, and a field that has none is left out"
    return Slip("E109", message, start, start + len(value), hint="delete the line")


def markdown_link(draft: Draft) -> Slip | None:
    """``[words](address)`` without quotation marks."""
    value, remark = split_remark(draft.value)
    link = _LINK.fullmatch(value.strip(" \t,;"))
    if not link:
        return None
    meant = link[2] if draft.kind in (Kind.ADDRESS, Kind.MAIL, None) else link[0]
    message = "a link as Markdown writes it stands here" + (
        ", where the address alone belongs" if meant == link[2] else ""
    )
    start = draft.value_at
    return Slip("E108", message, start, start + len(value), draft.with_value(straight(meant) + remark),
                certain=draft.kind == Kind.ADDRESS)  # fmt: skip


def bare_value(draft: Draft) -> Slip | None:
    """A date, a number, or true or false, written in another way; with odd quotation marks around it or without."""
    value, remark = split_remark(draft.value)
    brackets = "()[]<>" if value[:1] in ("(", "[", "<") else ""
    plain = value.strip(f" \t,;{brackets}{QUOTES}{ODD_SPACES}")
    if "\n" in value or not plain:
        return None
    readers = _BARE.get(draft.kind) if draft.kind else None
    if not readers:
        return None
    if draft.kind == Kind.PARTIAL_DATE and value[0] in QUOTES and re.fullmatch(r"\d{4}(?:-\d\d)?", plain):
        plain = f'"{plain}"'
    good = parsed(f"v = {plain}")
    is_right = good is not None and (not isinstance(good["v"], str) or plain[0] == '"')
    slip = _with_signs(draft, value, plain) if is_right else readers(draft, plain)
    write = draft.with_value(slip.write + remark) if slip.write else None
    return slip._replace(start=draft.value_at, end=draft.value_at + len(value), write=write)


def words(draft: Draft) -> Slip | None:
    """A text without quotation marks; for an unknown field perhaps a date or a number."""
    value, remark = split_remark(draft.value)
    plain = value.strip(" \t").rstrip(",;")
    if "\n" in value or not plain or value[0] in "[{":
        return None
    if draft.kind is Kind.TABLES:
        slip = _table(draft)
    elif parsed(f"v = {plain}"):
        slip = _with_signs(draft, value, plain)
    else:
        slip = next(filter(None, (read(draft, plain) for read in _WORDS_AS.get(draft.kind, ()))), _text(draft, plain))
    write = draft.with_value(slip.write + remark) if slip.write else None
    return slip._replace(start=draft.value_at, end=draft.value_at + len(value), write=write)


def _with_signs(draft: Draft, value: str, plain: str) -> Slip:
    """The value is right, and other signs stand around it. (In the slips here, *write* is the value alone.)"""
    if value[0] in "([<":
        message = f"brackets stand around {plain}, which needs none"
        return Slip("E110", message, 0, 0, plain, certain=True)
    if value[0] in QUOTES or value.rstrip(" ,;")[-1] in QUOTES:
        message = f"odd quotation marks stand around {plain}, which needs none"
        return Slip("E102", message, 0, 0, plain, certain=True)
    sign = value.replace(plain, "", 1).strip()
    message = f"{sign_called(sign)} stands behind the value, where nothing may follow"
    return Slip("E123", message, 0, 0, plain, certain=True)


def _date(draft: Draft, plain: str) -> Slip | None:
    slip = date_slip(draft.name, plain, partial=draft.kind == Kind.PARTIAL_DATE, day_first=draft.day_first)
    if not slip:
        return None
    certain = slip.write is not None
    if draft.kind in (Kind.DATE, Kind.PARTIAL_DATE) and slip.write and "T" in slip.write:
        return Slip("E314", f"`{draft.name}` is a day, without a time", 0, 0, slip.write[:10], certain=True)
    line = slip.hint.removeprefix("write `").removesuffix("`")
    likely = line.partition(" = ")[2] if slip.code == "E301" else None
    return Slip(slip.code, slip.message, 0, 0, slip.write or likely, certain, slip.hint)


def _any_date(draft: Draft, plain: str) -> Slip:
    forms = '`"YYYY"`, `"YYYY-MM"` or `YYYY-MM-DD`' if draft.kind == Kind.PARTIAL_DATE else "YYYY-MM-DD"
    if re.fullmatch(r"\d{4}", plain) and draft.kind == Kind.PARTIAL_DATE:
        return Slip("E301", f"a year stands in quotation marks: {plain}", 0, 0, f'"{plain}"', certain=True)
    days = re.findall(r"\d{4}-\d\d-\d\d", plain)
    if len(days) == 2:
        message = f"`{shown(plain, 40)}` names two days, and `{draft.name}` takes one"
        return Slip("E307", message, 0, 0, hint=f"write `{draft.name} = {days[0]}` or `{draft.name} = {days[1]}`")
    return _date(draft, plain) or Slip(
        "E307",
        f"“{shown(plain, 40)}” is no date, and `{draft.name}` needs one",
        0,
        0,
        hint=f"write {forms}, such as `{draft.name} = {draft.field.declared.example if draft.field else '2026-03-05'}`",
    )


def _flag(draft: Draft, plain: str) -> Slip | None:
    word = plain.casefold()
    if word not in _YES | _NO or (draft.kind is None and len(word) == 1):
        return None
    meant = "true" if word in _YES else "false"
    message = f"`{plain}` is written {meant} here" + (", in small letters" if word == meant else "")
    return Slip("E121", message, 0, 0, meant, certain=draft.kind == Kind.FLAG)


def _any_flag(draft: Draft, plain: str) -> Slip:
    message = f"`{draft.name}` is true or false, and “{shown(plain, 40)}” is neither"
    return _flag(draft, plain) or Slip("E121", message, 0, 0, hint=f"write `{draft.name} = true`, or delete the line")


def _number(draft: Draft, plain: str) -> Slip | None:
    digits = "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in plain)
    if digits.isascii() and digits.isdigit():
        meant = digits.lstrip("0") or "0"
        what = "zeros at its beginning" if plain.isascii() else "digits of another script"
        return Slip("E122", f"the number {plain} is written with {what}", 0, 0, meant, certain=True)
    if _THOUSANDS.fullmatch(digits):
        meant = re.sub(r"\D", "", digits)
        sign = next(c for c in digits if not c.isdigit())
        name = {",": "a comma", ".": "a point"}.get(sign, "a space" if sign.isspace() else sign)
        return Slip("E122", f"{name} divides the thousands of {plain}", 0, 0, meant, certain=draft.kind == Kind.WHOLE)
    if unit := _NUMBER_AND_UNIT.fullmatch(digits):
        return _with_unit(plain, unit[1], unit[2].lower(), known=draft.kind == Kind.WHOLE)
    if (number := _WORDS.get(plain.casefold())) is not None and draft.kind == Kind.WHOLE:
        return Slip("E122", f"the number “{plain}” is written in words", 0, 0, str(number), certain=True)
    if re.fullmatch(r"[0-9OoIl]+", plain) and re.search("[0-9]", plain):
        meant = plain.translate(str.maketrans("OoIl", "0011"))
        return Slip("E122", f"letters stand for digits in {plain}", 0, 0, meant)
    return None


def _with_unit(plain: str, number: str, unit: str, *, known: bool) -> Slip | None:
    if unit in _COUNTED:
        meant = re.sub(r"[.,]", "", number)
        return Slip("E122", f"a number stands here without its unit: {plain}", 0, 0, meant, certain=known)
    if unit in _UNITS:
        bytes_ = round(float(number.replace(",", ".")) * _UNITS[unit])
        hint = f"write the exact number of bytes, which is about {bytes_}"
        return Slip("E122", f"a number stands here without its unit: {plain}", 0, 0, str(bytes_), hint=hint)
    return Slip("E122", f"a number stands here alone: {plain}", 0, 0, number) if known else None


def _any_number(draft: Draft, plain: str) -> Slip:
    example = draft.field.declared.example if draft.field else "1"
    message = f"`{draft.name}` is a whole number, and “{shown(plain, 40)}” is none"
    hint = f"write digits alone, such as `{draft.name} = {example}`"
    return _number(draft, plain) or Slip("E122", message, 0, 0, hint=hint)


def _clock(draft: Draft, plain: str) -> Slip | None:
    clock = _CLOCK.fullmatch(plain)
    if not clock:
        return None
    hour, minute = int(clock[1]), int(clock[2] or 0)
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    if hour > 23 or minute > 59:
        return None
    message = f"a time stands in quotation marks: {plain}"
    return Slip("E108", message, 0, 0, f'"{hour:02}:{minute:02}"', certain=True)


def _day(draft: Draft, plain: str) -> Slip | None:
    if number := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|\.)", plain):
        return Slip("E122", f"the day of the month is a number alone: {plain}", 0, 0, number[1], certain=True)
    if named := re.match(r"(first|second|third|fourth|last)\s+(\w+day)\b", plain, re.IGNORECASE):
        meant = f'"{named[1].lower()} {named[2].lower()}"'
        return Slip("E108", "the text stands without quotation marks", 0, 0, meant, certain=named[0] == plain)
    return None


def _table(draft: Draft) -> Slip:
    heading = HEADINGS[TABLES[f"{draft.table}.{draft.name}"]]
    message = f"`{draft.name}` is a heading with fields below it, and here it is written like a field"
    return Slip("E209", message, 0, 0, hint=f"write the heading `{heading}`, and below it `url = ...`")


def _text(draft: Draft, plain: str) -> Slip:
    if entity := _ENTITIES.fullmatch(plain):
        message = f"{entity[1]} is how a web page writes a quotation mark"
        return Slip("E102", message, 0, 0, straight(unescape(entity[2])), certain=True)
    meant = plain
    if draft.kind in (Kind.ADDRESS, Kind.MAIL) and plain[0] == "<" and plain[-1] == ">":
        meant = plain[1:-1].strip()
    certain = draft.kind in TEXT_KINDS | {Kind.DAY} and meant[0] not in "([<" and not set(QUOTES + "#\\") & set(meant)
    return Slip("E108", "the text stands without quotation marks", 0, 0, straight(meant), certain)


_BARE: dict[Kind, Callable[[Draft, str], Slip]] = {
    **dict.fromkeys(DATE_KINDS, _any_date),
    Kind.FLAG: _any_flag,
    Kind.WHOLE: _any_number,
}
_WORDS_AS: dict[Kind | None, tuple[Callable[[Draft, str], Slip | None], ...]] = {
    Kind.CLOCK: (_clock,),
    Kind.DAY: (_day,),
    None: (_date, _flag, _number),
}
