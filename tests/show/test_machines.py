"""Findings as programs read them."""

import json
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from handbill.findings import Edit, Finding, Place
from handbill.show import machines

FINDING = Finding(
    "E302", "February 2026 has 28 days", "write a day that exists", Place(12, 8, 18), Place(3, 1, 5), (Edit(1, 2, "x"),)
)


def concise(path: str, findings: Sequence[Finding]) -> str:
    """Findings of one file in that form."""
    return machines.concise((path, finding) for finding in findings)


def as_json(path: str, findings: Sequence[Finding]) -> str:
    """The same as JSON."""
    return machines.as_json((path, finding) for finding in findings)


def github(path: str, findings: Sequence[Finding]) -> str:
    """The same for GitHub."""
    return machines.github((path, finding) for finding in findings)


SOME_TEXT = st.text(max_size=600)


def test_concise() -> None:
    assert concise(
        "entries.toml", [FINDING, Finding("W9", "no\nhint", "", Place(2, 1, 2)), Finding("N1", "no place")]
    ) == (
        "entries.toml:12:8: E302 February 2026 has 28 days; write a day that exists\n"
        "entries.toml:2:1: W9 no hint\n"
        "entries.toml:1:1: N1 no place\n"
    )


def test_concise_cuts_the_message_before_the_hint() -> None:
    line = concise("e.toml", [Finding("E1", "m" * 500, "h" * 100, Place(1, 1, 1))]).rstrip("\n")
    assert len(line) == 400
    assert line.endswith("m...; " + "h" * 100)
    line = concise("e.toml", [Finding("E1", "m" * 500, "h" * 500, Place(1, 1, 1))]).rstrip("\n")
    assert len(line) == 400
    assert line.startswith("e.toml:1:1: E1 mmm")
    assert line.endswith("hhh...")
    line = concise("e.toml", [Finding("E1", "m", "h" * 500, Place(1, 1, 1))]).rstrip("\n")
    assert len(line) == 400


@given(SOME_TEXT, SOME_TEXT, SOME_TEXT)
def test_concise_is_one_line_of_at_most_400_characters(path: str, message: str, hint: str) -> None:
    lines = concise(path, [Finding("E100", message, hint, Place(123456, 7, 9))])
    assert lines.endswith("\n")
    assert len(lines.removesuffix("\n").splitlines()) == 1
    assert len(lines) <= 401
    assert ":123456:7: E100 " in lines


def test_json_has_every_member() -> None:
    assert json.loads(as_json("entries.toml", [FINDING, Finding("N1", "no place")])) == [
        {
            "path": "entries.toml", "line": 12, "column": 8, "endLine": 12, "endColumn": 18, "code": "E302",
            "severity": "error", "message": "February 2026 has 28 days", "hint": "write a day that exists",
            "also": {"line": 3, "column": 1, "endLine": 3, "endColumn": 5}, "fixable": True,
        },
        {
            "path": "entries.toml", "line": None, "column": None, "endLine": None, "endColumn": None, "code": "N1",
            "severity": "note", "message": "no place", "hint": "", "also": None, "fixable": False,
        },
    ]  # fmt: skip
    assert as_json("entries.toml", []) == "[]\n"


@given(SOME_TEXT, SOME_TEXT)
def test_json_keeps_every_character_and_is_ascii(message: str, hint: str) -> None:
    told = as_json("é", [Finding("E1", message, hint)])
    assert told.isascii()
    (found,) = json.loads(told)
    assert (found["message"], found["hint"], found["path"]) == (message, hint, "é")


def test_github() -> None:
    assert github(
        "./news, 1/entries.toml", [FINDING, Finding("W2", "100 %\nsure::"), Finding("N3", "x", "", Place(1, 2, 3))]
    ) == (
        "::error file=news%2C 1/entries.toml,line=12,col=8,endColumn=18,title=E302::"
        "February 2026 has 28 days%0Awrite a day that exists\n"
        "::warning file=news%2C 1/entries.toml,title=W2::100 %25%0Asure::\n"
        "::notice file=news%2C 1/entries.toml,line=1,col=2,endColumn=3,title=N3::x\n"
    )


@given(SOME_TEXT, SOME_TEXT)
def test_no_text_becomes_a_command_of_its_own(path: str, message: str) -> None:
    told = github(path, [Finding("E1", message, message)])
    assert len(told.removesuffix("\n").splitlines()) == 1
    assert told.startswith("::error file=")
