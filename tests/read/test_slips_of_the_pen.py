"""Good files, each with one slip of the pen: one finding on its line, and a repair that brings the file back."""

import re
from datetime import date
from pathlib import Path

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.fixing import repaired
from handbill.read import Reading, read

CORPUS = Path(__file__).parents[1] / "corpus" / "right"
NAMES = ("harbour-news", "legal-resources", "radio-podcast", "geschichtsverein", "village-of-forty")
FILES = {name: (CORPUS / f"{name}.toml").read_text(encoding="utf-8") for name in NAMES}
SLIPS = {
    "text": [
        r"“\2”",
        r'"\2',
        r'"\2”',
        r"„\2“",
        r"« \2 »",
        r'""\2""',
        r'"\2""',
        r'"\2",',
        r'"\2";',
        r'"\2" // later',
        r'"\2"' + "\xa0",
    ],
    "list": [r"[\2", r"\2]", r"(\2)", r"[\2]]"],
    "date": [r"\4/\3/\2", r"\2/\3/\4", r"“\2-\3-\4”", r"\2–\3–\4"],
}
SIGNS = [": ", " : ", " == ", " => ", " ＝ ", " "]
HEADINGS = ["[[entry]", "[entry]]", "[ [entry] ]", "[[entry", "[[entry]]:", "((entry))", "\ufeff[[entry]]", "entry:"]
LINES = {
    "text": re.compile(r'^([\w-]+ = )"([^"\\\n]{3,})"$', re.MULTILINE),
    "list": re.compile(r'^([\w-]+ = )\[("[^\n]+)\]$', re.MULTILINE),
    "date": re.compile(r"^([\w-]+ = )(\d{4})-(\d\d)-(\d\d)$", re.MULTILINE),
    "heading": re.compile(r"^\[\[entry\]\]$", re.MULTILINE),
}


def on(data: bytes) -> Reading:
    return read(data, date(2026, 4, 1))


@st.composite
def _slips(draw: st.DrawFn) -> tuple[str, str, int]:
    """A good file, the same with a slip, and its line."""
    good = FILES[draw(st.sampled_from(NAMES))]
    kind = draw(st.sampled_from([name for name, line in LINES.items() if line.search(good)]))
    line = draw(st.sampled_from(list(LINES[kind].finditer(good))))
    if kind == "heading":
        written = draw(st.sampled_from(HEADINGS))
    elif kind == "text" and draw(st.integers(0, 3)) == 0:
        written = line[0].replace(" = ", draw(st.sampled_from(SIGNS)), 1)
    else:
        written = line.expand(r"\1" + draw(st.sampled_from(SLIPS[kind])))
    return good, good[: line.start()] + written + good[line.end() :], good.count("\n", 0, line.start()) + 1


@pytest.mark.slow
@given(_slips())
@settings(max_examples=300)
def test_one_slip_is_one_finding_on_its_line(case: tuple[str, str, int]) -> None:
    good, slip, line = case
    (finding,) = on(slip.encode()).findings
    assert finding.is_error
    assert finding.place
    assert finding.place.line == line
    assert finding.hint
    if finding.fix:
        assert tomli.loads(repaired(slip.encode(), on).data.decode()) == tomli.loads(good)
