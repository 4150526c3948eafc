"""Files as editors write them: of each broken one is said what its neighbour expects, of a right one nothing."""

from pathlib import Path

import pytest

from corpus import TODAY, files, told
from handbill.fixing import repaired
from handbill.read import read

BROKEN, RIGHT = files("broken"), files("right")


def test_the_corpus_is_large_enough() -> None:
    assert len(BROKEN) >= 120
    assert len(RIGHT) >= 40
    assert {path.stem for path in BROKEN} == {path.stem for path in BROKEN[0].parent.glob("*.expected")}


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_told_as_expected(path: Path) -> None:
    assert told(path) == path.with_suffix(".expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_of_a_right_file_nothing_is_said(path: Path) -> None:
    assert told(path) == ""
    assert read(path.read_bytes(), TODAY).publication is not None


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_after_repairs_nothing_is_left_that_could_be_repaired(path: Path) -> None:
    before = read(path.read_bytes(), TODAY)
    after = repaired(path.read_bytes(), lambda data: read(data, TODAY))
    left = read(after.data, TODAY).findings
    assert [each for each in left if each.fix] == []
    assert len(left) <= len(before.findings) - sum(bool(each.fix) for each in before.findings)
