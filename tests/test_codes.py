"""Every code has its page, and what a page shows is so."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handbill.codes import Example, all_codes, explained
from handbill.findings import SEVERITIES
from handbill.publish import publish
from handbill.publish.ledger import Ledger
from handbill.read import read
from handbill.show.cells import COLUMNS
from handbill.show.page import page

SOURCE = Path(__file__).parents[1] / "src" / "handbill"
BEFORE = datetime(2026, 4, 1, 12, tzinfo=UTC)
TOO_LONG = {"E198": {"wrong"}, "E199": {"wrong"}}
"""What a page cannot show: it is tried below."""
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/harbour/"\n\n'


def data_of(example: Example) -> bytes:
    """The file that an example stands for."""
    text = re.sub(r"<U\+([0-9A-F]{4,6})>", lambda match: chr(int(match[1], 16)), example.text)
    whole = example.saved == "whole" or re.search(r"^\[site\]", text, re.MULTILINE)
    encoding = "utf-8" if example.saved in ("", "whole") else example.saved
    return (text if whole else SITE + text).encode(encoding)


@pytest.mark.parametrize("code", all_codes())
def test_examples_are_what_they_say(code: str) -> None:
    ledger: Ledger | None = None
    for example in explained(code).examples:
        reading = read(data_of(example))
        found = [finding.code for finding in reading.findings]
        if example.kind == "before":
            assert reading.publication
            ledger = publish(reading.publication, None, BEFORE).ledger
        elif ledger and reading.publication:
            found += [remark.code for remark in publish(reading.publication, ledger, BEFORE + timedelta(1)).remarks]
        assert found == ([code] if example.kind == "wrong" else [])


@pytest.mark.parametrize("code", all_codes())
def test_every_page_is_whole(code: str) -> None:
    told = explained(code)
    assert {"wrong", "right"} - TOO_LONG.get(code, set()) <= {example.kind for example in told.examples}
    assert isinstance(told.parts[0], str)
    assert not told.title.endswith(".")
    assert all(len(line) <= COLUMNS for line in page(told).splitlines())


def test_too_many_mistakes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handbill.read.items.MOST", 20)
    fields = "".join(f"x-{number} = “a”\n" for number in range(30))
    data = (SITE + "[[entry]]\ndate = 2026-03-05\ntitle = 'Nets'\n" + fields).encode()
    codes = [finding.code for finding in read(data).findings]
    assert (codes.count("E198"), codes.count("E102")) == (1, 21)


def test_every_code_in_the_source_has_its_page_and_every_page_its_code() -> None:
    letters = "".join(SEVERITIES)
    sources = (path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py") if path.parent.name != "codes")
    used = {code for source in sources for code in re.findall(rf'"([{letters}][0-9]{{3}})"', source)}
    assert sorted(used - set(all_codes())) == []
    assert sorted(set(all_codes()) - used) == []
