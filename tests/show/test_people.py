"""Findings as an editor reads them."""

import re
import time

import pytest
from wcwidth import wcswidth

from handbill.findings import Edit, Finding, Place
from handbill.show.people import for_people, summary

TEXT = """[site]
title = "Harbour News"
url = "https://example.org/harbour/"

[[entry]]
date = 2026-02-30
title = "Tide tables"
"""


def test_a_finding_shows_the_line_the_place_what_is_wrong_and_what_to_write() -> None:
    finding = Finding(
        "E302",
        "February 2026 has 28 days, so there is no 30th. This message is long enough to go on in a second line.",
        "write a day that exists: date = 2026-02-28",
        Place(6, 8, 18),
    )
    assert (
        for_people("entries.toml", TEXT, [finding])
        == """\
error E302 entries.toml:6:8
  February 2026 has 28 days, so there is no 30th. This message is long enough to
  go on in a second line.

  6 | date = 2026-02-30
    |        ^^^^^^^^^^

  Write a day that exists: date = 2026-02-28

"""
    )


def test_two_places_are_shown_in_the_order_of_the_file() -> None:
    finding = Finding("W501", "This title stands twice.", "", Place(7, 1, 6), also=Place(2, 1, 6))
    assert (
        for_people("e.toml", TEXT, [finding])
        == """\
warning W501 e.toml:7:1
  This title stands twice.

  2 | title = "Harbour News"
    | -----
  ...
  7 | title = "Tide tables"
    | ^^^^^

"""
    )


def test_a_finding_about_no_line_in_particular() -> None:
    finding = Finding("E004", "The file is empty.", "Begin with [site]:\n  title and url")
    assert (
        for_people("e.toml", "", [finding])
        == """\
error E004 e.toml
  The file is empty.

  Begin with [site]:
    title and url

"""
    )


def test_lines_of_windows_files_and_places_beyond_the_file() -> None:
    told = for_people(
        "e.toml", "a = 1\r\nb = 2\r\n", [Finding("E1", "x", "", Place(2, 1, 2)), Finding("E1", "y", "", Place(9, 1, 2))]
    )
    assert "\r" not in told
    assert "  2 | b = 2\n    | ^\n" in told
    assert "  9 |\n    | ^\n" in told


def test_colour_changes_no_letter() -> None:
    finding = Finding("N601", "Told once.", "Nothing to do.", Place(7, 1, 6))
    plain, coloured = (for_people("e.toml", TEXT, [finding], colour=colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert coloured.startswith("\x1b[1;36mnote N601\x1b[0m")


def test_nothing_that_the_file_or_a_message_holds_reaches_the_terminal_raw() -> None:
    text = "title = '\x1b]0;owned\x07 \u202e'"
    finding = Finding("E002", "the text “\x1b[2J” holds\x00", "remove\u2028it", Place(1, 10, 11))
    assert not re.search("[\x00-\x09\x0b-\x1f\u2028\u202e]", for_people("e\x1b.toml", text, [finding]))


@pytest.mark.parametrize(
    "words", ["漢字" * 100, "a " * 100, "x" * 200, "“curly” " * 30, "https://example.org/" + "é" * 90]
)
def test_eighty_columns(words: str) -> None:
    told = for_people("e.toml", f"title = '{words}'", [Finding("E1", words, words, Place(1, 9, 300))])
    assert all(wcswidth(line) <= 80 for line in told.split("\n"))


FINDINGS = {"E": Finding("E302", "x"), "W": Finding("W301", "x"), "F": Finding("E101", "x", fix=(Edit(0, 1, ""),))}


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        ("", "e.toml: 6 entries, nothing to mend"),
        ("E", "1 error in e.toml"),
        ("W", "1 warning in e.toml"),
        ("EEW", "2 errors, 1 warning in e.toml"),
        ("F", "--fix repairs this;"),
        ("FF", "--fix repairs all of these;"),
        ("FEE", "--fix repairs 1 of these;"),
    ],
)
def test_closing_words(kinds: str, words: str) -> None:
    told = summary("e.toml", [FINDINGS[kind] for kind in kinds], 6)
    assert words in told
    assert ("Nothing new is published" in told) == ("E" in kinds or "F" in kinds)
    assert all(len(line) <= 80 for line in told.split("\n"))


def test_ten_times_as_many_findings_take_about_ten_times_as_long() -> None:
    def took(count: int) -> float:
        text = "title = “Tide”\n" * count
        findings = [Finding("E101", "“curly” marks", 'write "', Place(line, 9, 10)) for line in range(1, count + 1)]
        started = time.process_time()
        for_people("e.toml", text, findings)
        return time.process_time() - started

    took(100)
    assert took(5_000) < 30 * took(500)
