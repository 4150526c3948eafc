"""What `check --fix` makes of real mistakes: it settles them, keeps all else, and has then nothing left to do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.codes import all_codes, explained
from handbill.fixing import Repaired, repaired
from handbill.read import read

SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/harbour/"\n\n'
GOOD_LINES = [
    "[site]",
    'title = "Harbour News"',
    'url = "https://example.org/harbour/"',
    'lang = "en"',
    "[digest]",
    'from = "Harbour <news@example.org>"',
    'address = "1 Quay Street"',
    "send-on = 3",
    "[[entry]]",
    "date = 2026-03-31",
    'title = "It’s the “tide” – and more"',
    'url = "https://example.org/tides"',
    'authors = ["A. Author", "B. Author"]',
    'issued = "2026-03"',
    "highlight = true",
    'summary = """Low water.',
    'High water."""',
    "[[entry.enclosure]]",
    'url = "https://example.org/a.mp3"',
    'type = "audio/mpeg"',
    "length = 123",
    "[[entry]]",
    "date = 2026-03-30T08:00:00Z",
    "title = 'Nets'",
]
SLIPS = [*"“”„’«\u00a0\u200b\ufeff\r;,:='\"[]#-/ \tx1é", "yes", "31.3.2026", "3/5/26", "tags", "link", "www."]


def settled(data: bytes) -> Repaired:
    """The repaired bytes, after making sure of what holds for all."""
    after = repaired(data, read)
    assert [finding for finding in read(after.data).findings if finding.fix] == []
    again = repaired(after.data, read)
    assert (again.data, again.findings) == (after.data, ())
    if not after.findings:
        assert after.data == data
    return after


@st.composite
def slipped(draw: st.DrawFn) -> bytes:
    """A good file with a few slips in it."""
    lines = list(GOOD_LINES)
    for _ in range(draw(st.integers(1, 4))):
        number = draw(st.integers(0, len(lines) - 1))
        line = lines[number]
        at = draw(st.integers(0, len(line)))
        lines[number] = line[:at] + draw(st.sampled_from(SLIPS)) + line[at + draw(st.integers(0, 2)) :]
    ending = draw(st.sampled_from(["\n", "\r\n"]))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + ending.join([*lines, ""]).encode()


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(slipped())
def test_fixing_twice_is_fixing_once_and_nothing_fixable_remains(data: bytes) -> None:
    settled(data)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(slipped(), st.data())
def test_comments_and_blank_lines_stay(data: bytes, more: st.DataObject) -> None:
    """Lines of comment and blank lines between the others are there afterwards, letter for letter."""
    ending = b"\r\n" if b"\r\n" in data else b"\n"
    kept = [b"  #  \xe2\x80\x9cmine\xe2\x80\x9d %d\t" % number for number in range(3)]
    lines = data.split(ending)
    for comment in kept:
        lines.insert(more.draw(st.integers(0, len(lines))), comment)
    after = settled(ending.join(lines)).data
    # Within a text of several lines what looks like a comment is text.
    for comment in kept:
        assert comment in after


@pytest.mark.parametrize("code", all_codes())
def test_every_example_is_settled(code: str) -> None:
    for example in explained(code).examples:
        if example.saved:
            continue
        after = settled((SITE + example.text).encode())
        assert all(
            finding.code in {found.code for found in read((SITE + example.text).encode()).findings}
            for finding in after.findings
        )


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes(data: bytes) -> None:
    settled(data)
