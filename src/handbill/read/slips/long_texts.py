"""Slips with texts over several lines: three quotation marks that nothing closes, or one mark where three belong."""

import re

from handbill.model import Kind
from handbill.read.scan import value_at
from handbill.read.slips.draft import Draft, Slip, shown
from handbill.read.slips.marks import LEAD, QUOTES, sign_called, straight

_LINE_OF_MARKS = re.compile(rf"(?<![{QUOTES}])[{QUOTES}]+$")


def long_texts(draft: Draft) -> Slip | None:
    """What is wrong with the marks around a text over several lines."""
    value = draft.value
    lead = LEAD.match(value)
    marks = lead[0] if lead else ""
    if marks[:3] in ('"""', "'''"):
        closed = value_at(value, 0)
        if closed.closed:
            return _goes_on(draft, value, closed.end)
        return _not_closed(draft, value, marks[:3])
    if "\n" not in value:
        return None
    if value[0] in "[{(":
        return None
    if len(marks) >= 3:
        return _odd_three(draft, value, marks)
    return _one_mark(draft, value, marks)


def _goes_on(draft: Draft, value: str, end: int) -> Slip | None:
    rest = value[end:]
    if not rest.strip() or rest.lstrip().startswith("#"):
        return None
    at = draft.value_at + end
    marks = value[:3]
    if rest.rstrip().endswith(marks):
        other = "'''" if marks == '"""' else '"""'
        inner = value.rstrip()[3:-3]
        message = f"{marks} within the text ends it"
        write = draft.with_value(other + inner + other) if other not in inner else None
        hint = f"write {other} at the beginning and at the end of the text" if write else f"write it without {marks}"
        return Slip("E105", message, at - 3, at, write, hint=hint, also=draft.value_at)
    if rest.strip()[0] in ",;.":
        message = f"{sign_called(rest.strip()[0])} stands behind the quotation marks that end the text"
        return Slip("E123", message, at, at + len(rest), draft.with_value(value[:end]), certain=len(rest.strip()) == 1,
                    hint="delete it: nothing but a remark that begins with # may follow a text")  # fmt: skip
    message = f"three quotation marks end the text, and “{shown(rest, 40)}” stands behind them"
    return Slip("E105", message, at, at + len(rest), hint="move it to a line before them, or delete it")


def _not_closed(draft: Draft, value: str, marks: str) -> Slip:
    """Three marks open the text; what was meant to close it stands at its end, or nothing."""
    start = draft.value_at
    end = _LINE_OF_MARKS.search(value, 3)
    tail = end[0] if end and end.start() >= 3 else ""
    if tail and len(tail) != 3 and set(tail) == {marks[0]}:
        body = value[: len(value) - len(tail)]
        what = f"{_number(tail)} of the same quotation marks"
        certain = True
    elif tail and (len(tail) >= 2 or _alone(value, tail)):
        body = value[: len(value) - len(tail)]
        what = f"other quotation marks: {tail}"
        certain = len(tail) == 3
    else:
        body = value.rstrip() + ("\n" if "\n" in value else "")
        message = f"the text that {marks} opens here is closed nowhere before the next field or heading"
        hint = f"write {marks} on a line of its own where the text ends"
        return Slip("E105", message, start, start + 3, draft.with_value(body + marks), hint=hint)
    at = start + len(body)
    message = f"the text begins with three quotation marks ({marks}) and ends with {what}"
    hint = f"write {marks} at its end too"
    return Slip("E105", message, at, at + len(tail), draft.with_value(body + marks), certain, hint, also=start)


def _odd_three(draft: Draft, value: str, marks: str) -> Slip:
    """Three marks that are not all alike, or not straight."""
    start = draft.value_at
    tail = _LINE_OF_MARKS.search(value, len(marks))
    body = value[3 : tail.start() if tail else len(value)]
    fence = "'''" if "\\" in body else '"""'
    certain = bool(tail) and fence not in body and len(marks) == 3
    message = f"three straight quotation marks open a text over several lines, and here stands {marks}"
    return Slip("E105", message, start, start + len(marks), draft.with_value(fence + body + fence), certain,
                hint=f"write {fence} at its beginning and at its end")  # fmt: skip


def _one_mark(draft: Draft, value: str, marks: str) -> Slip:
    """The text has one mark at its beginning, or none, and goes over several lines."""
    start = draft.value_at
    tail = _LINE_OF_MARKS.search(value, len(marks))
    closing = tail[0] if tail else ""
    if not marks and closing[:3] in ('"""', "'''"):
        message = f"{closing[:3]} closes a text here, and nothing opens it"
        body = value[: len(value) - len(closing)]
        at = start + len(body)
        line = draft.text[:start].rstrip()
        return Slip("E105", message, at, at + len(closing), draft.with_value(closing[:3] + body + closing[:3]),
                    hint=f"write `{shown(line)} {closing[:3]}` where the text begins", also=0)  # fmt: skip
    body = value[len(marks) : len(value) - len(closing)]
    if marks and closing in ('"""', "'''"):
        message = f"three quotation marks ({closing}) close the text, and {_number(marks)} of them open it: {marks}"
        if set(marks) != set(closing):
            message = f"three quotation marks ({closing}) close the text, and others open it: {marks}"
        return Slip("E105", message, start, start + len(marks), draft.with_value(closing + body + closing),
                    certain=set(marks) == set(closing), hint=f"write {closing} at its beginning too")  # fmt: skip
    fence = "'''" if "\\" in body and marks != '"' else '"""'
    one_line = re.sub(r"\s*\n\s*", " ", body.strip())
    if marks and draft.kind not in (Kind.MARKDOWN, None) and not re.search(r"\n\s*\n", body):
        message = f"the text goes over several lines, and one quotation mark ({marks}) opens a text on one line only"
        certain = len(closing) == 1 and not set(QUOTES + "\\") & set(body) - set("'’")
        write = draft.with_value(straight(one_line))
        hint = f"bring it on one line, or write {fence} at its beginning and at its end"
        return Slip("E106", message, start, start + value.find("\n"), write, certain, hint)
    if marks:
        message = f"the text goes over several lines, and one quotation mark ({marks}) opens a text on one line only"
    else:
        message = "the text goes over several lines and has no quotation marks around it"
    hint = f"write {fence} at its beginning and at its end"
    certain = bool(marks) and len(closing) == 1 and not set(QUOTES) & set(body) - set("'’")
    end = start + value.find("\n")
    if not value[: value.find("\n")].strip():
        start = 0
    return Slip("E106", message, start, end, draft.with_value(fence + body + fence), certain, hint)


def _number(marks: str) -> str:
    return {1: "one", 2: "two"}.get(len(marks), str(len(marks)))


def _alone(value: str, tail: str) -> bool:
    """Whether *tail* has the last line to itself."""
    return value[: len(value) - len(tail)].rpartition("\n")[2].strip() == ""
