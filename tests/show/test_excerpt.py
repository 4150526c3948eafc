"""A line cut around its place, with the marks exactly below."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from handbill.findings import Place
from handbill.show.excerpt import excerpt

ROOM = 73


def shown(line: str, column: int, end: int, room: int = ROOM, encoding: str = "utf-8") -> tuple[str, str]:
    """The line and the marks for a place in it."""
    return excerpt(line, [(Place(1, column, end), "^")], room, encoding)


@pytest.mark.parametrize(
    ("line", "column", "end", "text", "marks"),
    [
        ("date = 2026-02-30", 8, 18, "date = 2026-02-30", "       ^^^^^^^^^^"),
        ("title = “漢字”x", 12, 13, "title = “漢字”x", "             ^"),  # two columns each, and an accent of none
        ("title = 漢字", 9, 11, "title = 漢字", "        ^^^^"),
        ("e\u0301 = 1", 6, 7, "e\u0301 = 1", "    ^"),
        ("👩‍👩‍👧 = 1", 1, 6, "👩‍👩‍👧 = 1", "^^"),
        ("\ta = 1", 2, 3, "    a = 1", "    ^"),
        ("a\u200bb = 1", 2, 3, "a<U+200B>b = 1", " ^^^^^^^^"),
        ("a = \x1b[31m", 5, 6, "a = <U+001B>[31m", "    ^^^^^^^^"),
        ("a = \u202eb", 6, 7, "a = <U+202E>b", "            ^"),
        ("title = ", 9, 9, "title =  ", "        ^"),  # something is missing behind the end
        ("title", 6, 6, "title ", "     ^"),
        ("", 1, 1, " ", "^"),
        ("\u0301" * 9, 1, 2, "<U+0301>" * 4, "^" * 32),
        ("ab", 40, 90, "ab ", "  ^"),  # a place beyond the line
    ],
)
def test_marks_stand_under_the_place(line: str, column: int, end: int, text: str, marks: str) -> None:
    assert shown(line, column, end) == (text, marks)


def test_two_places_in_one_line() -> None:
    places = [(Place(1, 9, 10), "^"), (Place(1, 1, 6), "-")]
    assert excerpt("title = 'x", places, ROOM, "utf-8") == ("title = 'x", "-----   ^")


@pytest.mark.parametrize("column", [1, 30, 70, 74, 100, 150, 199, 200, 201])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    line = "".join(f"{number:>10}" for number in range(1, 21))
    text, marks = shown(line, column, column + 3)
    assert len(text) <= ROOM
    assert len(marks) <= ROOM
    inside = line[column - 1 : column + 2] or " "
    assert text[marks.index("^") : len(marks)] == inside
    assert text.startswith("...") == (not line.startswith(text[:3]))
    assert text.strip(".").strip() in line


def test_the_beginning_of_a_long_line_stays_where_it_fits() -> None:
    text, _ = shown('summary = "' + "x" * 30 + "<b>" + "y" * 500 + '"', 42, 45)
    assert text.startswith('summary = "xxx')
    assert text.endswith("y...")


def test_what_the_terminal_lacks_is_shown_by_number_and_marks_fit() -> None:
    assert shown("título = 漢", 10, 11, encoding="latin-1") == ("título = <U+6F22>", "         ^^^^^^^^")
    assert shown("título = 漢", 1, 7, encoding="ascii") == ("t<U+00ED>tulo = <U+6F22>", "^^^^^^^^^^^^^")


def test_cost_does_not_grow_with_the_line() -> None:
    line = "é" * 5_000_000
    started = time.process_time()
    for column in range(1, 5_000_000, 50_000):
        shown(line, column, column + 1_000_000)
    assert time.process_time() - started < 2


@given(st.text(st.characters(exclude_characters="\n"), max_size=200), st.integers(1, 210), st.integers(0, 210))
def test_whatever_the_line_it_fits_and_cannot_steer_the_terminal(line: str, column: int, length: int) -> None:
    text, marks = shown(line, column, column + length)
    assert wcswidth(text) <= ROOM
    assert len(marks) <= wcswidth(text)
    assert "^" in marks
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
