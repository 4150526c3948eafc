"""Slips with quotation marks around a text on one line; `long_texts` has those of texts over several lines."""

import re

from handbill.read.scan import value_at
from handbill.read.slips.draft import Draft, Slip, parsed, shown, split_remark
from handbill.read.slips.marks import CLOSERS, LEAD, OPENERS, QUOTES, TRAIL, kind_of_marks, sign_called, straight

_STRAIGHT = ('"', "'")
_SPELLED = {'"': "double", "'": "single"}
_SIGNS_AFTER = re.compile(r"[,;.،，、。]+")


def quotes(draft: Draft) -> Slip | None:
    """What is wrong with the marks around a text on one line."""
    slip = _quotes(draft)
    if slip and slip.certain and draft.kind is None and slip.write:
        # In a field of one's own, a date between odd marks may be meant as a date.
        inner = slip.write[draft.value_at :].strip("\"' ")
        return slip._replace(certain=parsed(f"v = {inner}") is None)
    return slip


def _quotes(draft: Draft) -> Slip | None:
    value, remark = split_remark(draft.value)
    if "\n" in value or not value:
        return None
    lead = LEAD.match(value)
    trail = TRAIL.search(value, lead.end() if lead else 0)
    if lead and lead[0] == "’" and not trail:
        return None  # an apostrophe at the beginning of a text without marks
    if not lead:
        return _nothing_opens(draft, value, remark, trail[0]) if trail else None
    if lead[0] in _STRAIGHT:
        closed = value_at(value, 0)
        if closed.closed:
            return _ends_early(draft, value, remark, closed.end) if closed.end < len(value) else None
        return _other_or_no_end(draft, value, remark, trail[0] if trail else "")
    if len(set(lead[0])) == 1 and lead[0][0] in _STRAIGHT:
        return _doubled(draft, value, remark, lead[0], trail[0] if trail else "")
    return _not_straight(draft, value, remark, lead[0], trail[0] if trail else "")


def _nothing_opens(draft: Draft, value: str, remark: str, trail: str) -> Slip | None:
    mark = trail[-1]
    inner = value[: -len(trail)]
    if mark in "'’" and inner.count(mark) == 0 and inner.endswith("s"):
        return None  # the editors' : a word in the plural
    if any(each in inner for each in QUOTES if each not in "'’") or not inner.strip():
        return None
    start = draft.value_at
    return Slip(
        "E101",
        f"the quotation mark at the beginning of the text is missing: {mark} ends it and nothing opens it",
        start,
        start + len(value),
        draft.with_value(straight(inner.strip()) + remark),
        certain=mark in '"”',
    )


def _ends_early(draft: Draft, value: str, remark: str, end: int) -> Slip | None:
    """The text is closed, and something stands behind it."""
    mark, content, rest = value[0], value[1 : end - 1], value[end:]
    at = draft.value_at + end
    stripped = rest.strip()
    if _SIGNS_AFTER.fullmatch(stripped):
        message = f"{sign_called(stripped)} stands behind the quotation mark that ends the text"
        return Slip("E123", message, at, at + len(rest), draft.with_value(value[:end] + remark), certain=True,
                    hint="delete it: nothing but a remark that begins with # may follow a text")  # fmt: skip
    if not stripped.strip(QUOTES):
        message = f"there are more quotation marks at the end of the text than at its beginning: {mark}{rest}"
        return Slip("E104", message, at - 1, at + len(rest), draft.with_value(value[:end] + remark), certain=True)
    if value[-1] in QUOTES:
        inner = value[1:-1]
        if mark == '"':
            return _marks_within(draft, value, remark, end - 1)
        near = shown(re.split(r"\s", content)[-1] + "'" + re.split(r"\s", rest.strip("'"))[0], 30)
        message = f"the apostrophe in {near} ends the text, because the text begins with one"
        apostrophes = not re.search(r"(?<![^\W\d_])'", inner)
        certain = apostrophes and '"' not in inner and "\\" not in inner and value[-1] == "'"
        return Slip("E103", message, at - 1, at, draft.with_value(straight(inner) + remark), certain)
    if mark == "'" and rest[:1].isalpha():
        message = f"an apostrophe ends the text, because the text begins with one: {shown(rest, 30)} is left over"
        return Slip("E103", message, at - 1, at, draft.with_value(straight(value[1:]) + remark))
    message = f"“{shown(stripped, 40)}” stands behind the quotation mark that ends the text"
    hint = (
        f"write `{shown(draft.with_value(straight((content + rest).strip())))}`, or put # before it if it is a remark"
    )
    return Slip("E123", message, at, at + len(rest), draft.with_value(straight((content + rest).strip())), hint=hint)


def _marks_within(draft: Draft, value: str, remark: str, at: int) -> Slip:
    """Quotation marks stand within a text between double ones; the one at *at* ends it."""
    inner = value[1:-1]
    if two := re.fullmatch(r'"([^"]+)"\s*[,;+&|]?\s*"([^"]+)"', value):
        start = draft.value_at + two.start(2) - 1
        message = f"two texts stand here, and `{draft.name}` takes one"
        return Slip("E123", message, start, start + len(two[2]) + 2, hint="keep one of them, or make one text of both")
    if re.fullmatch(r'(?:[^"]|"")*', inner):
        message = "marks within the text are doubled, as spreadsheets write them: the first one ends the text"
        inner = inner.replace('""', '"')
    else:
        behind = value[at + 1 :].strip(f" {QUOTES}")
        message = f"the quotation mark before “{shown(behind, 30)}” ends the text"
    start = draft.value_at + at
    return Slip("E103", message, start, start + 1, draft.with_value(straight(inner) + remark), hint=_ways(draft, inner))


def _ways(draft: Draft, inner: str) -> str:
    """The two ways to have quotation marks within a text."""
    curled = re.sub(r'(^|[\s(\[])"', r"\1“", inner).replace('"', "”")
    if "'" in inner or "\\" in inner:
        return f"write `{shown(draft.with_value(straight(inner)))}`"
    single, curly = (shown(draft.with_value(each), 80) for each in (f"'{inner}'", f'"{curled}"'))
    return f"write `{single}` or `{curly}`"


def _other_or_no_end(draft: Draft, value: str, remark: str, trail: str) -> Slip | None:
    """The text begins with a straight mark, and that mark does not come again."""
    mark, start, end = value[0], draft.value_at, draft.value_at + len(value)
    other = trail[-1:] if trail and not _belongs_inside(trail[-1], value[1:-1]) else ""
    if mark == '"' and value.endswith('\\"'):
        return None  # the backslash takes the mark away: `backslashes` tells it
    if other:
        inner = value[1 : -len(trail) if trail in ("''", "´´") else -1]
        may_be_plural = other in "'’" and mark == '"' and inner.endswith("s")
        certain = not may_be_plural and not set('"\\') & set(inner)
        name = f"a {_SPELLED[other]} one" if other in _SPELLED else f"another one: {other}"
        message = f"the text begins with a {_SPELLED[mark]} quotation mark ({mark}) and ends with {name}"
        return Slip("E102", message, end - 1, end, draft.with_value(straight(inner) + remark), certain)
    inner = value[1:]
    clear = not set('"\\#') & set(inner) and not remark
    message = f"the quotation mark at the end of the text is missing: {mark} opens it and nothing closes it"
    wanted = value + mark if mark not in inner and ("\\" in inner or mark == '"') else straight(inner)
    return Slip("E101", message, start, end, draft.with_value(wanted + remark), certain=clear)


def _belongs_inside(mark: str, inner: str) -> bool:
    """Whether *mark*, at the end, is the second half of a pair that begins within the text."""
    if mark in "\"'":
        return len(re.findall(rf"(?<!\w){mark}|{mark}(?!\w)", inner)) % 2 == 1
    open_marks: list[str] = []
    for character in inner:
        if open_marks and character in CLOSERS[open_marks[-1]]:
            open_marks.pop()
        elif character in OPENERS:
            open_marks.append(character)
    return bool(open_marks) and mark in CLOSERS[open_marks[-1]]


def _doubled(draft: Draft, value: str, remark: str, lead: str, trail: str) -> Slip | None:
    """Two or more straight marks begin the text."""
    if lead.startswith(('"""', "'''")) and len(trail) < 3 and trail[:1] not in ("", lead[0]):
        return None
    inner = value[len(lead) : len(value) - len(trail)] if trail else value[len(lead) :]
    if not inner.strip():
        return None
    start = draft.value_at
    if lead == '""' and '"' in inner and trail:
        return _marks_within(draft, value, remark, 1)
    if lead[:3] in ('"""', "'''"):
        number = "three" if len(lead) == 3 else str(len(lead))
        message = f"the text begins with {number} quotation marks and ends with {_counted(trail)}"
    elif len(trail) == 1:
        message = "the text begins with two quotation marks and ends with one"
    elif trail:
        message = f"the quotation marks around the text are doubled: {lead}…{trail}"
    else:
        message = f"two quotation marks begin the text: {lead} is an empty text by itself"
    certain = not set('"\\') & set(inner) and set(trail) <= set("\"'”’")
    return Slip("E104", message, start, start + len(lead), draft.with_value(straight(inner.strip()) + remark), certain)


def _counted(trail: str) -> str:
    return {0: "none", 1: "one", 2: "two"}.get(len(trail), str(len(trail)))


def _not_straight(draft: Draft, value: str, remark: str, lead: str, trail: str) -> Slip | None:
    """Curly, low, angle and other marks begin the text."""
    start = draft.value_at
    if len(set(lead)) > 1 and lead not in (",,", "<<"):
        lead, trail = lead[0], trail[-1:]
    elif len(lead) == 1 and len(trail) > 1 and trail not in ("''", ">>", "´´"):
        trail = trail[-1]
    inner = value[len(lead) : len(value) - len(trail)]
    if not inner.strip():
        return None
    inner = inner.strip(" \t\u00a0\u202f") if lead[0] in "«‹»›<" else inner
    name = kind_of_marks(lead)
    if trail and _unbalanced(inner):
        message = f"a text stands between straight quotation marks, and here are {name} alone"
        return Slip("E102", message, start, start + len(value), draft.with_value(straight(value) + remark))
    ones = "ones" if "marks" in name else "quotation marks"
    message = f"the text stands between {name} ({lead} {trail}) instead of straight {ones}"
    if not trail:
        message = f"the text begins with {_one_of(name)} ({lead}) and nothing closes it"
    elif trail[0] in _STRAIGHT:
        message = f"the text begins with {_one_of(name)} ({lead}) and ends with a straight one"
    certain = not set('"\\') & set(inner) and not (not trail and remark)
    return Slip("E102", message, start, start + len(lead), draft.with_value(straight(inner) + remark), certain,
                hint=f"write straight ones: `{shown(draft.with_value(straight(inner)))}`")  # fmt: skip


def _one_of(marks: str) -> str:
    """One of *marks*, named in the plural."""
    if marks == "two commas":
        return marks
    return ("an " if marks[0] in "aeiou" else "a ") + marks.removesuffix("s")


def _unbalanced(inner: str) -> bool:
    """Whether a mark within the text closes something before anything opened."""
    for character in inner:
        if character in OPENERS:
            return False
        if character in "”»›」』":
            return True
    return False
