"""Texts that would make a careless reader hang, in linear time: a million quotation marks, brackets, lines; 50 MB."""

import time

import pytest

from handbill.read import read

ENTRY = '[[entry]]\ndate = 2026-03-05\ntitle = "Tide tables {0}"\nurl = "https://example.org/{0}"\n'
ENTRY += 'summary = "High water."\n\n'
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/"\n\n'
MILLION = 1_000_000
LARGE = 50_000_000


def seconds(text: str) -> float:
    """How much of the processor's time it takes to read *text*, which is broken."""
    data = text.encode()
    start = time.process_time()
    reading = read(data)
    spent = time.process_time() - start
    assert any(each.is_error for each in reading.findings)
    assert reading.publication is None
    return spent


PIECES = {
    "double marks": '"', "single marks": "'", "curly marks": "“", "mixed marks": "\"'", "triple marks": 'a = """\n',
    "brackets": "[", "closing brackets": "]", "curly brackets": "{", "equals signs": "=", "commas": ",", "colons": ":",
    "blanks": " ", "no-break spaces": "\u00a0", "zero-width spaces": "\u200b", "carriage returns": "\r", "nulls": "\0",
    "points": "a.", "pairs": "a=", "hashes": "#\r", "slashes": "// x\n", "blocks": "/*\n", "tags": "<!--\n",
    "less": "<", "headings": "[[entry\n", "two headings": "[[entry]] ", "entries": "[entry]\n",
    "conflicts": "<<<<<<< a\n=======\n",
    "open texts": 'title = "x\n', "open lists": 'authors = ["a"\n', "wrapped": "title = “x\ny\ny\n", "fences": "---\n",
    "rows": "a;b;c;", "tabs": "a\tb\n", "words": "word ", "lines": "word\n", "attachments": "[[entry.enclosure]]\n",
    "dates": "1/", "backslashes": "\\", "garbled": "Ã©", "backticks": "`", "letters": "é", "fields": "a = 1 title = 1 ",
}  # fmt: skip
BEFORE = {
    "nothing": "", "a text": 'title = "', "a long text": 'content = """', "a list": "authors = [",
    "a bare value": "title = ", "a date": "date = ", "a flag": "draft = ", "a number": "entries-in-feed = ",
    "a literal": "title = '",
}  # fmt: skip


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text(piece: str, before: str) -> None:
    """Eight times the text takes at most twenty times as long, or next to nothing."""

    def text(size: int) -> str:
        return SITE + "[[entry]]\n" + BEFORE[before] + PIECES[piece] * (size // len(PIECES[piece])) + "\n?\n"

    small = seconds(text(5_000))
    large = seconds(text(40_000))
    assert large < max(20 * small, 1.0)


@pytest.mark.parametrize("piece", ['"', "'", "[", "“", "=", '"""\n', "\\", " "])
@pytest.mark.parametrize("before", ["", "title = ", 'title = "', "authors = ["])
def test_a_million_of_one_sign(before: str, piece: str, *, campaign: bool) -> None:
    """A quarter of them by default, in a quarter of the time."""
    share = 1 if campaign else 4
    assert seconds(before + piece * (MILLION // share) + "\n?") < 20 / share


def test_one_mistake_in_fifty_megabytes(*, campaign: bool) -> None:
    """In ten of them by default: the time grows with the text, as the tests above show."""
    entries = "".join(map(ENTRY.format, range((LARGE if campaign else LARGE // 5) // len(ENTRY))))
    text = SITE + entries + ENTRY.format("“").replace('"Tide', "“Tide")
    start = time.process_time()
    reading = read(text.encode())
    assert [each.code for each in reading.findings if each.is_error] == ["E102"]
    assert time.process_time() - start < 240


def test_many_mistakes_end_at_some_point() -> None:
    text = SITE + "".join(map(ENTRY.replace('title = "', "title = “").format, range(30_000)))
    findings = read(text.encode()).findings
    assert [each.code for each in findings].count("E102") == 20_001
    assert findings[-1].code == "E198"
