"""A value of another kind than its field has: a number for a text, a text for a list ..."""

import json
from datetime import date, datetime, time
from typing import Any

from handbill.read.checking import Checking


def kind_of(value: Any) -> str:
    """What a person would call *value*."""
    match value:
        case bool():
            return "true or false"
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


def quoted(text: str) -> str:
    """*text* as a TOML text on one line."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def not_text(value: Any, checking: Checking) -> None:
    """Say that *value* is no text, and how to write it as one."""
    name = checking.name
    message = f"`{name}` must be a text in quotation marks, and this is {kind_of(value)}"
    match value:
        case bool():
            written = "true" if value else "false"
        case int() | float() | date() | time():
            written = str(value)
        case [str() as only]:
            written = only
        case _:
            checking.say("E401", message, f"write for example `{name} = {checking.field.declared.example}`")
            return
    checking.say("E401", message, f"write `{name} = {quoted(written)}`", write=quoted(written))
