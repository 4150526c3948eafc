"""Texts: kept as written but for white space at their ends; told apart from what was pasted by accident."""

from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import not_text

_ENDS = " \t\r\n"
_LEAVES = ("{month}", "{year}", "{number}", "{title}", "{count}")


def text(value: Any, checking: Checking) -> str | None:
    """A plain text."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    stripped = value.strip(_ENDS)
    if not stripped:
        _empty(checking)
        return None
    return stripped


def markdown(value: Any, checking: Checking) -> str | None:
    """A text in Markdown: as `text`, but white space at the start of its first line counts."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if not value.strip():
        _empty(checking)
        return None
    return value.rstrip().lstrip("\r\n")


def subject(value: Any, checking: Checking) -> str | None:
    """The subject of an issue, with its placeholders."""
    return text(value, checking)


def _empty(checking: Checking) -> None:
    if checking.field.required:
        example = checking.field.declared.example
        checking.say("E406", f"`{checking.name}` is empty", f"write for example `{checking.name} = {example}`")
