"""Slips before a value: a field's name, the equals sign, invisible characters, and what shares the line."""

import re
import unicodedata

from handbill.model import TABLES, Kind, fields_of
from handbill.read.names import OF, Guess, guess, is_secret, told_of_secret
from handbill.read.scan import value_at
from handbill.read.slips.draft import KNOWN, Draft, Slip, beginning, parsed, plain_name, shown
from handbill.read.slips.marks import ODD, ODD_SPACES, QUOTES, UNSEEN, called, sign_called

_BARE_NAME = re.compile(r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[A-Za-z0-9_-]+|"[^"\n]*"))*""")
_IN_QUOTES = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_LONGEST = 5_000
_NEXT_NAME = re.compile(
    rf"(?:[\s,;|]|(?<=[_\]\d]))({'|'.join(sorted(map(re.escape, KNOWN), key=len, reverse=True))}|x-[\w-]+)"
    r"[ \t]*=[ \t]*(?=\S)"
)
_ANY_MARK = re.compile(f"[{QUOTES}]")
_BETWEEN_ITEMS = re.compile(f"((?<=[\\[,])[ {ODD_SPACES}{UNSEEN}]+|[ {ODD_SPACES}{UNSEEN}]+(?=[\\],]))")
_REMARK_SIGN = re.compile(r"[ \t]*(//+|/\*|<!--|;|--|%|\(\*)")
_SURE_SIGN = re.compile(r"[ \t]+(?:// |/\* |<!-- )")
_REMARK_END = re.compile(r"[ \t]*(\*/|-->|\*\))[ \t]*$")


def invisible(draft: Draft) -> Slip | None:
    """A character that looks like a space, or like nothing, outside the text: within it, it may well be meant."""
    text = draft.text
    if not ODD.search(text):
        return None
    first, last = _ends_of_text(text, draft.value_at)
    inner = text[first:last]
    if inner[:1] == "[":
        parts = _BETWEEN_ITEMS.split(inner)
        inner = "".join(part if number % 2 == 0 else _without(part) for number, part in enumerate(parts))
    write = _without(text[:first]).lstrip() + inner + _without(text[last:])
    at = next((n for n, (old, new) in enumerate(zip(text, write, strict=False)) if old != new), len(write))
    odd = ODD.search(text, at) if write != text else None
    if not odd:
        return None
    start = odd.start()
    begin = beginning(text)
    if not text[:start].strip(ODD_SPACES + UNSEEN + " \t"):
        where = "before the name"
    elif begin and start < begin.end("name") and text[start : begin.end("name")].strip():
        where = "in the name"
    else:
        where = "around the equals sign" if start < draft.value_at else "outside the text"
    return Slip("E126", f"{called(odd[0])} stands {where}; it cannot be seen", start, start + 1, write, certain=True,
                hint="delete it" if odd[0] not in ODD_SPACES else "delete it and press the space bar")  # fmt: skip


def _ends_of_text(text: str, value_at: int) -> tuple[int, int]:
    """From the first to behind the last character that may belong to the value."""
    blank = ODD_SPACES + UNSEEN + " \t"
    first = len(text) - len(text[value_at:].lstrip(blank))
    marks = [match.end() for match in _ANY_MARK.finditer(text, first)]
    if len(marks) > 1 and text[first] in QUOTES:
        return first, marks[-1]
    return first, max(first, len(text.rstrip(blank)))


def _without(part: str) -> str:
    return ODD.sub(lambda match: " " if match[0] in ODD_SPACES else "", part)


def two_fields(draft: Draft) -> Slip | None:
    """A second field on the line of the first."""
    value = draft.value
    if len(value) > _LONGEST:
        return None
    hidden = _IN_QUOTES.sub(lambda match: "_" * len(match[0]), value)
    first_end = 0
    if value[:1] in ("[", "{"):
        closed = value_at(value, 0)
        if not closed.closed:
            return None
        first_end = closed.end
    if "\n" in hidden[first_end:]:
        return None
    begins = [match for match in _NEXT_NAME.finditer(hidden, first_end) if match.start()]
    if not begins:
        return None
    cuts = [match.start(1) for match in begins]
    parts = [value[a:b].strip(" \t,;|") for a, b in zip([0, *cuts], [*cuts, len(value)], strict=True)]
    if not all(parts):
        return None
    lines = [draft.text[: draft.value_at] + parts[0], *parts[1:]]
    start = draft.value_at + cuts[0]
    names = " and ".join(f"`{each}`" for each in (draft.name, *(match[1] for match in begins)))
    certain = all(parsed(line) for line in lines)
    shared = " and ".join(f"`{shown(line, 60)}`" for line in lines)
    return Slip("E113", f"{len(lines)} fields stand on one line: {names}", start, start + len(begins[0][1]),
                "\n".join(lines), certain, f"give each a line of its own: {shared}")  # fmt: skip


def remarks(draft: Draft) -> Slip | None:
    """A remark behind the value as other languages write it."""
    value = draft.value
    if not value or "\n" in value:
        return None
    end = value_at(value, 0)
    if value[0] in "\"'[":
        at = end.end if end.closed else 0
    else:
        at = next((match.start() for match in re.finditer(r"(?<![ \t])[ \t]+(?=//|/\*|<!--|;|--|%|\(\*)", value)), 0)
    sign = _REMARK_SIGN.match(value, at) if at else None
    if not sign or not (parsed(f"v = {value[:at]}") or (value[0] not in "\"'[" and _SURE_SIGN.match(value, at))):
        return None
    words = _REMARK_END.sub("", value[sign.end() :]).strip()
    if not words or (sign[1] == ";" and beginning(words)):
        return None
    start = draft.value_at + sign.start(1)
    message = f"a remark begins with # here, not with {sign_called(sign[1])}"
    return Slip(
        "E124", message, start, start + len(sign[1]), draft.with_value(f"{value[:at]}  # {words}"), certain=True
    )


def odd_sign(draft: Draft) -> Slip | None:
    """Another sign than one equals sign, or none."""
    begin = beginning(draft.text)
    if not begin or begin["sign"] == "=" or not draft.value:
        return None
    sign, name = begin["sign"], begin["name"].strip()
    if not sign.strip():
        message = f"the equals sign between `{draft.name}` and its value is missing"
    elif sign in (":", "：", "﹕", "꞉"):
        message = "a colon stands where an equals sign belongs"
    elif sign.replace(" ", "").strip("=") == "":
        message = f"{sign} stands where one equals sign belongs"
    else:
        message = f"{sign_called(sign)} stands where an equals sign belongs"
    write = f"{name} = {draft.value}"
    return Slip("E112", message, begin.start("sign"), begin.end("sign"), write, certain=draft.name in KNOWN)


def secret(draft: Draft) -> Slip | None:
    """A secret, however it is written."""
    begin = beginning(draft.text)
    name = begin["name"].strip(f" \t{QUOTES}") if begin else ""
    if not begin or not is_secret(name):
        return None
    message, hint = told_of_secret(name)
    return Slip("E210", message, begin.start("name"), begin.end("name"), hint=hint)


def odd_name(draft: Draft) -> Slip | None:
    """A name that TOML cannot read."""
    begin = beginning(draft.text)
    if not begin:
        return None
    name = begin["name"].strip()
    if _BARE_NAME.fullmatch(name):
        return None
    start = begin.start("name")
    place = start, start + len(name)
    plain = plain_name(name)
    if plain in KNOWN:
        message = f"a field's name stands alone, without what is around it here: {name}"
        return Slip("E120", message, *place, f"{plain} = {draft.value}", certain=True)
    guessed = _guessed(draft.table, plain)
    if guessed.field:
        message = f"`{name}` is written {guessed.field}"
        if not name.isascii():
            odd = next(c for c in name if not c.isascii())
            message += f": {guessed.why}" if guessed.why else f": names have no {odd}"
        elif "-" in guessed.field and " " in name:
            message = f"`{name}` is written with a hyphen"
        return Slip("E120", message, *place, f"{guessed.field} = {draft.value}", certain=guessed.certain)
    odd = next((c for c in name if not re.match(r"[A-Za-z0-9_. \t-]", c)), "")
    what = f"has {odd}, and " if odd else "has a space in it, and "
    hint = "write the name as the manual has it; a name of your own begins with x-"
    message = f"the name `{shown(name, 40)}` {what}names have the letters a to z, digits and hyphens"
    return Slip("E120", message, *place, hint=hint)


def _guessed(table: str, name: str) -> Guess:
    """What *name* means, as a whole or else by its last word: ``var title`` is a title."""
    if table not in TABLES:
        return Guess()
    found = guess(TABLES[table], _without_accents(name))
    last = name.split()[-1] if name.split() else ""
    return Guess(last) if not found.certain and last != name and last in fields_of(TABLES[table]) else found


def other_name(draft: Draft) -> Slip | None:
    """A name that other tools have for a field, or one with a slip of the pen."""
    begin = beginning(draft.text)
    if not begin or draft.table not in TABLES:
        return None
    kind, name = TABLES[draft.table], begin["name"].strip()
    bare = name.strip(QUOTES)
    if bare in fields_of(kind) or bare.startswith("x-") or not _BARE_NAME.fullmatch(name) or "." in name:
        return None
    guessed = guess(kind, bare)
    if not guessed.certain or fields_of(kind)[guessed.field].kind is Kind.TABLES:
        return None
    message = f"`{bare}` is no field of {OF[kind]}: it is written {guessed.field}"
    if guessed.foreign:
        message = f"`{bare}` is called `{guessed.field}` here"
    start = begin.start("name")
    return Slip("E202" if guessed.foreign else "E201", message, start, start + len(name),
                f"{guessed.field} = {draft.value}", certain=True)  # fmt: skip


def _without_accents(name: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", name) if not unicodedata.combining(each))
