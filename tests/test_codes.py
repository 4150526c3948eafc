"""Every code has its page, and what a page shows is so."""

import re
from pathlib import Path

import pytest

from handbill.codes import Example, all_codes, explained
from handbill.findings import SEVERITIES
from handbill.read import read
from handbill.show.page import page

SOURCE = Path(__file__).parents[1] / "src" / "handbill"
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/harbour/"\n\n'


def data_of(example: Example) -> bytes:
    """The file that an example stands for."""
    text = re.sub(r"<U\+([0-9A-F]{4,6})>", lambda match: chr(int(match[1], 16)), example.text)
    whole = example.saved == "whole" or re.search(r"^\[site\]", text, re.MULTILINE)
    encoding = "utf-8" if example.saved in ("", "whole") else example.saved
    return (text if whole else SITE + text).encode(encoding)


EXAMPLES = [(code, number, each) for code in all_codes() for number, each in enumerate(explained(code).examples)]


@pytest.mark.parametrize(("code", "example"), [pytest.param(c, e, id=f"{c}-{n}") for c, n, e in EXAMPLES])
def test_examples_are_what_they_say(code: str, example: Example) -> None:
    found = [finding.code for finding in read(data_of(example)).findings]
    assert found == ([code] if example.wrong else [])


@pytest.mark.parametrize("code", all_codes())
def test_every_page_is_whole(code: str) -> None:
    told = explained(code)
    assert any(example.wrong for example in told.examples)
    assert any(not example.wrong for example in told.examples)
    assert isinstance(told.parts[0], str)
    assert not told.title.endswith(".")
    assert all(len(line) <= 80 for line in page(told).splitlines())


def test_every_code_in_the_source_has_its_page_and_every_page_its_code() -> None:
    letters = "".join(SEVERITIES)
    sources = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.parent.name != "codes")
    used = {code for source in sources for code in re.findall(rf'"([{letters}][0-9]{{3}})"', source)}
    assert used == set(all_codes())
