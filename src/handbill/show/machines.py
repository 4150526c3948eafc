"""Findings as programs read them: a line each, JSON, and the annotations of GitHub."""

import json
from collections.abc import Iterable
from typing import Any, TypeAlias

from handbill.findings import Finding, Place
from handbill.show.cells import visible

LONGEST = 400
_START = Place(1, 1, 1)
_GITHUB = {"error": "error", "warning": "warning", "note": "notice"}


Found: TypeAlias = Iterable[tuple[str, Finding]]
"""Findings, each with the path of its file."""


def concise(found: Found) -> str:
    """``path:line:col: CODE message; hint`` for each finding, in one line of at most 400 characters.

    A finding about no line in particular points at the start of the file.
    """
    return "".join(_line(path, finding) + "\n" for path, finding in found)


def as_json(found: Found) -> str:
    """An array with an object for each finding; the manual describes its members."""
    return json.dumps([_members(path, finding) for path, finding in found], indent=2) + "\n"


def github(found: Found) -> str:
    """Workflow commands, from which GitHub makes annotations on the lines of a pull request.

    Escaped as GitHub's own toolkit does it (actions/toolkit, ``packages/core/src/command.ts``).
    """
    return "".join(_annotation(path, finding) + "\n" for path, finding in found)


def _line(path: str, finding: Finding) -> str:
    place = finding.place or _START
    path = visible(path)
    where = f"{path if len(path) <= LONGEST // 2 else '...' + path[-LONGEST // 2 + 3 :]}:{place.line}:{place.column}: "
    message, hint = (visible(" ".join(text.split())) for text in (finding.message, finding.hint))
    room = LONGEST - len(where) - len(finding.code) - 1
    if not hint:
        return f"{where}{finding.code} {_cut(message, room)}"
    # What to write is worth more than the whole of what is wrong: the message gives way first.
    message = _cut(message, max(room - 2 - len(hint), room // 2))
    return f"{where}{finding.code} {message}; {_cut(hint, room - 2 - len(message))}"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else text[: room - 3].rstrip() + "..."


def _members(path: str, finding: Finding) -> dict[str, Any]:
    return {
        "path": path,
        **_position(finding.place),
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "hint": finding.hint,
        "also": _position(finding.also) if finding.also else None,
        "fixable": bool(finding.fix),
    }


def _position(place: Place | None) -> dict[str, int | None]:
    line, column, end_column = place or (None, None, None)
    return {"line": line, "column": column, "endLine": line, "endColumn": end_column}


def _annotation(path: str, finding: Finding) -> str:
    properties = {"file": path.removeprefix("./")}
    if place := finding.place:
        properties |= {"line": f"{place.line}", "col": f"{place.column}", "endColumn": f"{place.end_column}"}
    properties["title"] = finding.code
    said = "\n".join(text for text in (finding.message, finding.hint) if text)
    named = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    return f"::{_GITHUB[finding.severity]} {named}::{_escaped(said)}"


def _escaped(text: str, more: str = "") -> str:
    lines = "\n".join(visible(line) for line in text.split("\n"))
    for character in "%\n" + more:
        lines = lines.replace(character, f"%{ord(character):02X}")
    return lines
