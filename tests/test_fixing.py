"""Repairs: those that are certain, each as a whole, and every other byte as it was."""

import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.findings import SAVE_AS_UTF8, Edit, Finding
from handbill.fixing import Piece, edited, lines_of, repaired
from handbill.show.difference import difference


class Reading(NamedTuple):
    """What is read."""

    text: str
    findings: Sequence[Finding]


Read = Callable[[bytes], Reading]


def reader(*rules: tuple[str, str]) -> Read:
    """Finds every text of the *rules* and repairs it with the other."""

    def read(data: bytes) -> Reading:
        text = data.decode("utf-8-sig")
        findings = []
        for wrong, right in rules:
            at = text.find(wrong)
            while at >= 0:
                findings.append(Finding("E101", wrong, fix=(Edit(at, at + len(wrong), right),)))
                at = text.find(wrong, at + 1)
        return Reading(text, sorted(findings, key=lambda finding: finding.fix))

    return read


def test_what_is_repaired_is_repaired_and_nothing_else() -> None:
    data = "\ufeffa = “x”  # “comment”\r\n\tb='y'\n".encode()
    after = repaired(data, reader(("“x”", '"x"')))
    assert after.data == "\ufeffa = \"x\"  # “comment”\r\n\tb='y'\n".encode()
    assert [finding.message for finding in after.findings] == ["“x”"]


def test_repairs_that_touch_are_made_one_after_the_other() -> None:
    after = repaired(b"ab", reader(("ab", "xb"), ("b", "c")))
    assert after.data == b"xc"
    assert [finding.message for finding in after.findings] == ["ab", "b"]


def test_a_finding_is_repaired_as_a_whole_or_not_at_all() -> None:
    def read(data: bytes) -> Reading:
        first = Finding("E1", "first", fix=(Edit(1, 2, "X"),))
        both = Finding("E2", "both", fix=(Edit(0, 1, "Y"), Edit(5, 6, "Y")))
        return Reading(data.decode(), [first, both] if data == b"abcdef" else [])

    assert repaired(b"abcdef", read).data == b"aXcdef"


def test_a_repair_that_goes_round_in_circles_ends() -> None:
    after = repaired(b"a", reader(("a", "b"), ("b", "a")))
    assert after.data in (b"a", b"b")


def test_a_repair_that_never_ends_is_stopped() -> None:
    after = repaired(b"a", lambda data: Reading(data.decode(), [Finding("E1", "more", fix=(Edit(0, 0, "a"),))]))
    assert 10 < len(after.data) < 1000


def test_another_encoding_becomes_utf8() -> None:
    def read(data: bytes) -> Reading:
        wide = data.startswith(b"\xff\xfe")
        text = data.decode("utf-16") if wide else data.decode()
        return Reading(text, [Finding("E001", "UTF-16", fix=(SAVE_AS_UTF8,))] if wide else [])

    after = repaired("title = 'é'\r\n".encode("utf-16"), read)
    assert after.data == "title = 'é'\r\n".encode()
    assert [finding.code for finding in after.findings] == ["E001"]


def test_bytes_that_nobody_can_be_sure_of_are_not_touched() -> None:
    def read(data: bytes) -> Reading:
        return Reading(data.decode("cp1252"), [Finding("E002", "stray"), Finding("E101", "a", fix=(Edit(0, 1, "b"),))])

    assert repaired(b"a\xe9", read).data == b"a\xe9"


@st.composite
def texts_and_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """A text, and edits of it that are sorted and do not overlap."""
    text = draw(st.text("ab\n", max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Edit(start, end, draw(st.text("XY\n", max_size=3))) for start, end in pairs]


def applied(text: str, edits: list[Edit]) -> str:
    """The text after the edits, in the plainest way."""
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


@given(texts_and_edits())
def test_pieces_are_the_edited_text_in_whole_lines(case: tuple[str, list[Edit]]) -> None:
    text, edits = case
    pieces = edited([Piece(line) for line in lines_of(text)], edits)
    if not text:
        return
    assert "".join(piece.text for piece in pieces) == applied(text, edits)
    assert sum(piece.lines or 1 for piece in pieces) == len(lines_of(text))
    assert all(piece.text.endswith("\n") or not piece.text for piece in pieces[:-1])


@settings(max_examples=60, deadline=None)
@given(texts_and_edits(), st.data())
def test_git_applies_the_difference(case: tuple[str, list[Edit]], data: st.DataObject) -> None:
    """Two rounds of edits, told as one difference."""
    text, edits = case
    pieces = edited([Piece(line) for line in lines_of(text)], edits)
    size = sum(len(piece.text) for piece in pieces)
    start, end = sorted(data.draw(st.tuples(st.integers(0, size), st.integers(0, size))))
    pieces = edited(pieces, [Edit(start, end, "Z")])
    told = difference("e.toml", text, pieces)
    after = "".join(piece.text for piece in pieces)
    assert (told == "") == (after == text)
    if not told:
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "e.toml"
        file.write_text(text)
        subprocess.run(["git", "apply", "-p0"], cwd=folder, input=told, text=True, check=True)
        assert file.read_text() == after


def test_a_difference_reads_like_any_other() -> None:
    before = "".join(f"line {number}\n" for number in range(1, 21))
    pieces = edited(
        [Piece(line) for line in lines_of(before)], [Edit(7, 8, "T"), Edit(len(before) - 1, len(before), "")]
    )
    assert (
        difference("e.toml", before, pieces)
        == """\
--- e.toml
+++ e.toml
@@ -1,5 +1,5 @@
 line 1
-line 2
+Tine 2
 line 3
 line 4
 line 5
@@ -17,4 +17,4 @@
 line 17
 line 18
 line 19
-line 20
+line 20
\\ No newline at end of file
"""
    )


@pytest.mark.slow
def test_ten_times_as_many_repairs_take_about_ten_times_as_long() -> None:
    def took(count: int) -> float:
        data = ("title = “x”\n" * count).encode()
        started = time.process_time()
        after = repaired(data, reader(("“x”", '"x"')))
        difference("e.toml", data.decode(), after.pieces)
        return time.process_time() - started

    took(10)
    assert took(10_000) < 40 * max(took(1_000) for _ in range(5))  # the shortest runs are the least certain ones
