"""A value of another kind than its field has: a number for a text, a text for a list ..."""

from datetime import date, datetime, time
from typing import Any

from handbill.model import Kind
from handbill.read.checking import AS_WRITTEN, Checking
from handbill.read.slips.marks import straight

_LONGEST = 60
_FREE = frozenset((Kind.TEXT, Kind.TEXTS, Kind.MARKDOWN, Kind.SUBJECT))


def kind_of(value: Any) -> str:
    """What a person would call *value*."""
    match value:
        case bool():
            return "`true`" if value else "`false`"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case datetime():
            return "a date with a time"
        case date():
            return "a date"
        case time():
            return "a time of day"
        case list():
            return "a list"
    return "a table"


def short(text: str) -> str:
    """*text* as a message can quote it: on one line, its middle left out if it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 4 :]}"


def line(checking: Checking, value: str) -> str:
    """The line to write for *value*; an item of a list stands alone."""
    return f"`{value}`" if checking.items else f"`{checking.name} = {value}`"


def example(checking: Checking) -> str:
    """A line with a right value for the field at hand."""
    return f"`{checking.name} = {checking.field.declared.example}`"


def mend(checking: Checking, code: str, message: str, write: str) -> None:
    """Say what is wrong, and that *write* is certainly what is meant."""
    checking.say(code, message, f"write {line(checking, write)}", write=write)


def empty(checking: Checking) -> None:
    """Say that there is nothing in a field, or in an item of a list."""
    if checking.items:
        checking.say("E406", f"there is an empty text in `{checking.name}`", "take it out of the list")
    else:
        hint = f"write for example {example(checking)}" + ("" if checking.field.required else ", or take the line out")
        checking.say("E406", f"`{checking.name}` is empty", hint)


def not_text(value: Any, checking: Checking) -> None:
    """Say that *value* is no text, and how to write it as one."""
    message = f"`{checking.name}` must be a text in quotation marks, and this is {kind_of(value)}"
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) and value[0].isprintable():
        mend(checking, "E401", message, straight(value[0]))
    elif checking.field.kind in _FREE and isinstance(value, (bool, int, float, date, time)):
        mend(checking, "E401", message, f'"{AS_WRITTEN}"')
    else:
        checking.say("E401", message, f"write for example {example(checking)}")
