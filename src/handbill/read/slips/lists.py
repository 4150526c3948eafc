"""Slips with lists: brackets, commas, and the quotation marks of their items."""

import re
from typing import NamedTuple

from handbill.read.scan import value_at
from handbill.read.slips.draft import LIST_KINDS, TEXT_KINDS, Draft, Slip, parsed, shown, split_remark
from handbill.read.slips.marks import LEAD, QUOTES, kind_of_marks, sign_called, straight

_NOT_CLOSED = "the square bracket that closes the list is missing"
_COMMAS = {",": "comma", ";": "semicolon", "，": "full-width comma", "、": "ideographic comma", "،": "Arabic comma",
           "；": "full-width semicolon", "|": "bar"}  # fmt: skip
_OPENING = {"(": "round brackets", "{": "curly brackets", "［": "full-width brackets", "【": "other brackets"}
_CLOSING = "])}］】"
_BLANK = re.compile(r"(?:[ \t\r\n]++|\#(?=[\s#])[^\n]*+)*+")
_TEXT = re.compile(r'"[^"\\\n]*+(?:\\[^\n][^"\\\n]*+)*+"|\'[^\'\n]*+\'')
_ONE_TEXT = r"""(?:"[^"\n]*"|'[^'\n]*'|“[^”\n]*”)"""
_TEXTS = re.compile(rf"{_ONE_TEXT}(?:\s*,\s*{_ONE_TEXT})+\s*[,\]]?")
_AFTER = r"(?=[ \t]*(?:[,;，、،；\])}］】|\n]|#|$))"
_ODD_TEXT = re.compile(rf"(?P<lead>[{QUOTES}]+)(?P<inner>[^\n]*?)(?P<trail>[{QUOTES}]+){_AFTER}")
_AND = re.compile(rf"(and|&|or|und|et|y|e)[ \t]+(?=[{QUOTES}])")
_UP_TO_COMMA = re.compile(r"[^,;，、،；\])}］】|\n#]+")
_REMARK = re.compile(r"(?P<sign>//+|/\*|<!--)[ \t]*(?P<words>[^\n]*)")
"""A remark of another language, between the items of a list."""
_MOST_BRACKETS = 3
_LONGEST = 20_000
_BULLETS = re.compile(r"(?:\s*[-*•][ \t]+[^\n]*)+\s*")
_INLINE_TABLE = re.compile(r"""\{\s*["'“]?[\w-]+["'”]?\s*[=:]""")


class _Found(NamedTuple):
    code: str
    message: str
    start: int
    end: int
    hint: str = ""


class _Walk:
    """One way through the items of a list: what is wrong, and the edits that mend it."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.found: list[_Found] = []
        self.edits: list[tuple[int, int, str]] = []
        self.certain = True
        self.position = 0
        self.last_end = 0  # behind the last item
        self.last_sign = 0  # behind the last item or comma
        self.items = 0
        self.extra = 0  # opening brackets that are too many

    def say(
        self, code: str, message: str, start: int, end: int, write: str, hint: str = "", *, sure: bool = True
    ) -> None:
        self.found.append(_Found(code, message, start, max(end, start + 1), hint))
        self.edits.append((start, end, write))
        self.certain = self.certain and sure

    def mended(self) -> str:
        parts, position = [], 0
        for start, end, text in sorted(self.edits):
            parts += [self.value[position:start], text]
            position = end
        return "".join(parts) + self.value[position:]


def lists(draft: Draft) -> Slip | None:
    """What is wrong with a list."""
    value = draft.value
    if bullets := _BULLETS.fullmatch(value):
        return _bulleted(draft, bullets[0])
    if not value or len(value) > _LONGEST or not _is_list(draft, value):
        return None
    if re.match(r"\[\s*\[\s*\[", value):
        message = "the brackets of this list do not fit together"
        return Slip(
            "E110", message, draft.value_at, draft.value_at + 1, hint="write one [ before its items and one ] behind"
        )
    walk = _Walk(value)
    opened = _open(walk, draft)
    if _items(walk, opened=opened):
        _rest(walk)
    else:
        _close(walk, opened=opened)
    if not walk.found:
        return None
    found = walk.found[0]
    mended = walk.mended()
    meant = parsed(f"v = {mended}")
    # A list that was meant to be a text, or whose items are no texts after all, is not repaired.
    certain = walk.certain and bool(meant) and (draft.kind in LIST_KINDS or opened)
    hint = found.hint if "\n" in value and found.hint else ""
    start = draft.value_at + found.start
    also = draft.value_at if found.message == _NOT_CLOSED and "\n" in value else None
    return Slip(found.code, found.message, start, draft.value_at + found.end, draft.with_value(mended), certain, hint,
                also)  # fmt: skip


def _bulleted(draft: Draft, value: str) -> Slip | None:
    """Items on lines of their own behind hyphens, as YAML has them."""
    items = [line.strip().lstrip("-*•").strip(f" \t,{QUOTES}") for line in value.splitlines() if line.strip()]
    if draft.kind not in LIST_KINDS or not all(items):
        return None
    meant = "[" + ", ".join(straight(item) for item in items) + "]"
    message = "a list stands between square brackets, with commas between its items"
    return Slip("E110", message, 0, draft.value_at, draft.with_value(meant).replace("=[", "= ["), certain=True)


def _is_list(draft: Draft, value: str) -> bool:
    if value[0] == "{" and (_INLINE_TABLE.match(value) or draft.kind not in LIST_KINDS):
        return False
    if value[0] in "[［【":
        return True
    if draft.kind in LIST_KINDS:
        plain, _ = split_remark(value)
        return "\n" not in plain or value[0] in _OPENING or bool(_TEXTS.fullmatch(plain))
    if draft.kind in TEXT_KINDS:
        return False
    if value[0] == "(":
        return bool(re.match(r"""\(\s*["'“].*["'”]\s*\)\s*(?:#|$)""", value))
    return bool(_TEXTS.fullmatch(value)) or (draft.field is None and value[0] in "［【")


def _open(walk: _Walk, draft: Draft) -> bool:
    """Pass over the bracket that opens the list; whether there is one."""
    first = walk.value[0]
    if first == "[":
        walk.position = 1
        return True
    if first in _OPENING:
        message = f"{_OPENING[first]} stand around the list instead of square ones: {first}"
        walk.say("E110", message, 0, 1, "[")
        walk.position = 1
        return True
    plain, _ = split_remark(walk.value)
    single = not any(comma in plain for comma in _COMMAS)
    what = f"`{draft.name}` is a list, and " if draft.kind in LIST_KINDS else "several texts are a list, and "
    ends = plain.rstrip().endswith("]")
    message = f"the square bracket that opens the list is missing: {'] ends it' if ends else 'nothing opens it'}"
    walk.say("E110", message if ends else f"{what}a list stands between square brackets", 0, 0, "[",
             "write [ before its first item and ] behind its last one",
             sure=single or ends or draft.kind in LIST_KINDS)  # fmt: skip
    return False


def _items(walk: _Walk, *, opened: bool) -> bool:
    """Go through the items; whether a bracket closes the list."""
    value, comma_before = walk.value, True
    while True:
        blank = _BLANK.match(value, walk.position)
        walk.position = blank.end() if blank else walk.position
        if walk.position >= len(value):
            return False
        character = value[walk.position]
        if character in _CLOSING:
            if character != "]":
                walk.say("E110", f"{character} closes the list instead of ]", walk.position, walk.position + 1, "]")
            walk.position += 1
            return True
        if not opened and character == "#":
            return False
        if remark := _REMARK.match(value, walk.position):
            sign = remark["sign"]
            walk.say("E124", f"a remark begins with # here, not with {sign}", walk.position, remark.end("sign"), "#",
                     f"write `# {shown(remark['words'], 40)}`")  # fmt: skip
            walk.position = remark.end()
            continue
        if character in _COMMAS:
            _comma(walk, character, comma_before=comma_before)
            comma_before = True
            continue
        if not comma_before:
            item = shown(value[max(walk.last_end - 80, 0) : walk.last_end].rpartition(",")[2].strip(" [\n"), 40)
            walk.say("E111", f"the comma behind {item} is missing", walk.last_end - 1, walk.last_end, "",
                     f"write `{item},`")  # fmt: skip
            walk.edits[-1] = (walk.last_end, walk.last_end, ",")
        comma_before = not _item(walk)
        walk.items += not comma_before


def _comma(walk: _Walk, character: str, *, comma_before: bool) -> None:
    at = walk.position
    if comma_before:
        where = "two commas stand behind one another" if walk.items else "a comma stands before the first item"
        walk.say("E111", where, at, at + 1, "", "delete one of them" if walk.items else "delete it")
    elif character != ",":
        name = _COMMAS[character]
        message = f"{'an' if name[0] in 'iA' else 'a'} {name} stands where a comma belongs"
        walk.say("E111", message, at, at + 1, ",", "write a comma")
    walk.position = walk.last_sign = at + 1


def _item(walk: _Walk) -> bool:
    """Pass over one item, and say what is wrong with it; whether there was one."""
    if word := _AND.match(walk.value, walk.position):
        message = f"“{word[1]}” stands before an item; a comma between two items is enough"
        walk.say("E111", message, word.start(1), word.end(), "", "delete it")
        walk.position = word.end()
    value, start = walk.value, walk.position
    text = _TEXT.match(value, start)
    if text and _may_follow(value, text.end()):
        _passed(walk, text.end())
    elif value[start] in "[{":
        nested = value_at(value, start)
        if nested.closed and parsed(f"v = {value[start : nested.end]}") and _may_follow(value, nested.end):
            _passed(walk, nested.end)
        else:
            walk.extra += 1
            walk.say("E110", "there is one bracket too many at the beginning of the list", start, start + 1, "")
            walk.position = start + 1 if walk.extra < _MOST_BRACKETS else len(value)
            return False
    elif LEAD.match(value, start) and value[start] not in ",<":
        _odd_text(walk, start)
    else:
        _bare(walk, start)
    return True


def _passed(walk: _Walk, end: int) -> None:
    walk.position = walk.last_end = walk.last_sign = end


def _may_follow(value: str, end: int) -> bool:
    """Whether an item may end here: before a comma, a bracket, a remark, the end, a line or the next text."""
    rest = value[end : end + 80].lstrip(" \t")
    return (
        bool(_AND.match(rest))
        or not rest
        or rest[0] in "\r\n#"
        or rest[0] in _CLOSING
        or rest[0] in _COMMAS
        or rest[0] in "\"'[{“„«"
    )


def _odd_text(walk: _Walk, start: int) -> None:
    """An item whose marks are not two straight ones of a kind."""
    value = walk.value
    lead = LEAD.match(value, start)
    mark = lead[0] if lead else value[start]
    run = _UP_TO_COMMA.match(value, start)
    end = run.end() if run else start + 1
    before_comma = value[start:end].rstrip()
    whole = _ODD_TEXT.match(value, start)
    if before_comma.strip(QUOTES) and not any(each in QUOTES for each in before_comma[len(mark) :]):
        # Nothing closes it before the next comma: the next item's marks are not its own.
        _passed(walk, start + len(before_comma))
        message = f"the quotation mark at the end of {shown(before_comma, 40)} is missing"
        sure = not (
            whole and value[whole.end() - 1] == mark and "," in whole["inner"] and len(re.findall(mark, whole[0])) == 2
        )
        meant = straight(before_comma[len(mark) :])
        walk.say("E101", message, start, walk.last_end, meant, f"write `{meant}`", sure=sure)
        return
    if not whole:
        _passed(walk, start + len(before_comma))
        meant = straight(before_comma.strip(QUOTES))
        message = f"the quotation marks around {shown(before_comma, 40)} do not match"
        walk.say("E102", message, start, walk.last_end, meant, f"write `{meant}`", sure=False)
        return
    _passed(walk, whole.end())
    inner = whole["inner"]
    meant = straight(inner)
    if set(whole["lead"] + whole["trail"]) == {'"'} and '"' in inner:
        meant, message = straight(whole[0][1:-1]), f"there are quotation marks within {shown(whole[0], 40)}"
        code, sure = "E103", False
    elif whole["lead"] == whole["trail"] and whole["lead"][0] in "\"'":
        if len(whole["lead"]) > 1:
            message, code, sure = f"the quotation marks around {shown(inner, 40)} are doubled", "E104", '"' not in inner
        elif whole["lead"] == "'":
            message, code, sure = f"an apostrophe ends the text {shown(whole[0], 40)} early", "E103", False
        else:
            message, code, sure = f"there are quotation marks within {shown(whole[0], 40)}", "E103", False
    else:
        code, sure = "E102", '"' not in inner and "\\" not in inner
        if whole["lead"][0] in "\"'" or whole["trail"][-1] in "\"'":
            message = (
                f"the quotation marks around {shown(inner, 40)} are of two kinds: {whole['lead']} {whole['trail']}"
            )
        else:
            name = kind_of_marks(whole["lead"])
            message = f"{shown(whole[0], 40)} stands between {name} instead of straight ones"
    walk.say(code, message, start, whole.end(), meant, f"write `{meant}`", sure=sure)


def _bare(walk: _Walk, start: int) -> None:
    """An item without quotation marks, or with one at its end alone."""
    value = walk.value
    run = _UP_TO_COMMA.match(value, start)
    end = start + len(value[start : run.end() if run else start + 1].rstrip())
    end = max(end, start + 1)
    _passed(walk, end)
    item = value[start:end]
    if parsed(f"v = {item}"):
        return
    if item[-1] in QUOTES and item[-1] not in "'’" and not set(QUOTES) & set(item[:-1]):
        meant = straight(item.rstrip(QUOTES))
        message = f"the quotation mark at the beginning of {shown(item, 40)} is missing"
        walk.say("E101", message, start, end, meant, f"write `{meant}`")
        return
    meant = straight(item)
    message = f"“{shown(item, 40)}” stands without quotation marks"
    walk.say("E108", message, start, end, meant, f"write `{meant}`", sure=not set(QUOTES) & set(item) - set("'’"))


def _close(walk: _Walk, *, opened: bool) -> None:
    at = walk.last_end
    if not opened:
        walk.edits.append((at, at, "]"))
        return
    if walk.value.startswith("[[") and walk.items == 1 and not walk.found:
        walk.say("E110", "there is one bracket too many at the beginning of the list", 0, 1, "")
        return
    item = shown(walk.value[max(at - 30, 0) : at].rpartition("\n")[2].strip(), 30)
    walk.say("E110", _NOT_CLOSED, max(at - 1, 0), at, "", f"write ] behind {item}" if item else "write ]")
    walk.edits[-1] = (max(walk.last_sign, 1), max(walk.last_sign, 1), "]")


def _rest(walk: _Walk) -> None:
    """What stands behind the bracket that closes the list."""
    start = walk.position
    rest = walk.value[start:]
    stripped = rest.strip()
    if not stripped or stripped[0] == "#":
        return
    at = start + rest.index(stripped[0])
    if stripped[0] in _CLOSING:
        walk.say(
            "E110", "there is one bracket too many at the end of the list", at, at + 1, "", sure=len(stripped) == 1
        )
    elif len(stripped) == 1 and not stripped.isalnum():
        walk.say("E123", f"{sign_called(stripped)} stands behind the list", at, at + 1, "", "delete it")
    elif walk.value[:start].rstrip().endswith("]"):
        message = f"“{shown(stripped, 40)}” stands behind the bracket that closes the list"
        walk.say("E123", message, at, start + len(rest), rest, "move it into the list, or put # before it", sure=False)
