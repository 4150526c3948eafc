"""Lines for a terminal: as wide as they may be, nothing lost, no address broken."""

import re
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from wcwidth import width as columns

from handbill.render.wrapping import WIDTH, underlined, wrap


def letters(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", "", text)


@given(st.text(st.characters(codec="utf-8"), max_size=600), st.sampled_from([20, 40, WIDTH]))
@example("word " * 100, WIDTH)
@example("九个验潮站逐日的高潮时刻与潮高。" * 20, 40)
@example("a  b\n\n\n c", 20)
def test_nothing_is_lost(text: str, width: int) -> None:
    assert letters(wrap(text, width)) == letters(text)


@given(st.lists(st.text("abcdefgh“”éا", min_size=1, max_size=12), max_size=60), st.sampled_from(["", "  "]))
def test_lines_are_as_wide_as_they_may_be(words: list[str], indent: str) -> None:
    lines = wrap(" ".join(words), 40, indent).split("\n")
    assert all(columns(line) <= 40 for line in lines)
    for line, after in pairwise(lines):
        assert columns(f"{line} {after.split()[0]}") > 40


@given(st.text("九个验潮站，。、（）“”", min_size=1, max_size=200))
def test_chinese_breaks_anywhere_but_at_its_marks(text: str) -> None:
    lines = wrap(text, 20).split("\n")
    assert "".join(lines) == text
    for line, after in pairwise(lines):
        assert columns(line) <= 20 or not re.search("[九个验潮站]", line[1:])
        if re.search("[九个验潮站]", after) and re.search("[九个验潮站]", line):
            assert after[0] not in "，。、）”"
            assert line[-1] not in "（“"


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/" + "very-long/" * 20,
        "https://example.org/港口/消息/" + "潮汐" * 40,
        "desk.with.a.long.name.that.goes.on@harbour-office-of-the-whole-coast.example.org",
    ],
)
def test_an_address_is_never_broken(address: str) -> None:
    lines = wrap(f"Some words come before it, and then {address} and others after it.").split("\n")
    assert sum(address in line for line in lines) == 1


def test_two_spaces_stay_where_no_line_ends() -> None:
    assert wrap("One.  Two.  Three.", 12) == "One.  Two.\nThree."


def test_paragraphs_stay_apart() -> None:
    assert wrap("One\ntwo.\n \n\nThree.", indent="  ", first="* ") == "* One two.\n\n  Three."


def test_a_dot_between_facts_begins_no_line() -> None:
    assert wrap("Fact sheet · Port Authority", 12) == "Fact sheet ·\nPort\nAuthority"


def test_nothing_is_nothing() -> None:
    assert wrap("") == ""
    assert wrap("", first="* ") == "* "


def test_a_heading_is_underlined_as_wide_as_it_is() -> None:
    assert underlined("港口 n") == "港口 n\n======"
