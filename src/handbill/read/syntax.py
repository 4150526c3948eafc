"""Reading on after a syntax error: all that can be understood, and every mistake at its place.

The text is cut into headings and fields (`pieces`); real TOML judges each alone, so that strictness stays the
standard's; what it refuses is looked at by the recognisers (`slips`, `headings`, `strays`), which say what was meant.
"""

from typing import Any, NamedTuple

import tomli

from handbill.findings import Finding, Place
from handbill.read.assembly import Assembly
from handbill.read.checking import Path
from handbill.read.cleaning import cleaned
from handbill.read.foreign import format_of
from handbill.read.items import Items
from handbill.read.lines import Lines
from handbill.read.scan import Statement


class Recovered(NamedTuple):
    """What could be understood of a text that TOML refuses.

    *data* is what `tomli` would have given for that, *statements* are its places. *findings* has at least one error.
    *broken* holds the paths of fields of which the value is not known; a path of a table in it says that some line of
    the table was not understood, so that nothing can be said to be missing there. The empty path stands for the file.
    """

    data: dict[str, Any]
    findings: list[Finding]
    broken: frozenset[Path]
    statements: list[Statement]


def recover(text: str) -> Recovered:
    """Read *text*, which `tomli` refuses, as far as it goes."""
    if foreign := format_of(text):
        return Recovered({}, [_foreign(text, *foreign)], frozenset({()}), [])
    lines = Lines(text)
    clean, findings = cleaned(text, lines)
    items = Items(clean, lines)
    assembly = Assembly(items, lines)
    findings += items.findings + assembly.findings
    if not any(each.is_error for each in findings):
        findings.append(_as_told(text, lines))
    findings.sort(key=lambda each: each.place or Place(0, 0, 0))
    return Recovered(assembly.tables.data, findings, frozenset(assembly.broken), assembly.statements)


def _foreign(text: str, name: str, looks: str) -> Finding:
    first = len(text) - len(text.lstrip())
    line = text.count("\n", 0, first) + 1
    message = f"this file is {name}, with {looks}, and not TOML"
    hint = 'write [site] and below it title = "…" and url = "…", then [[entry]] for each entry; see handbill init'
    return Finding("E130", message, hint, Place(line, 1, 2))


def _as_told(text: str, lines: Lines) -> Finding:
    """The error at the place that `tomli` itself names, where nothing else was found."""
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        before = error.doc[: error.pos]
        at = error.pos + before.count("\n") * ("\r\n" in text)
        at = min(at, max(len(text) - 1, 0))
        message = "this cannot be read as TOML here"
        return Finding("E199", message, "compare the line with those that are right", lines.place(at, at + 1))
    except RecursionError:
        pass
    message = "lists within lists, or names with points, go too deep to be read"
    return Finding("E199", message, "write plain fields", lines.place(0, 1))
