"""What the manual shows works, and what it links to is there."""

import re
from pathlib import Path

import pytest

from handbill.read import read

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
MANUAL = (ROOT / "docs" / "manual.md").read_text(encoding="utf-8")
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/harbour/"\n\n'
ENTRY = '[[entry]]\ndate = 2026-03-31\ntitle = "Tide tables"\n'
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", MANUAL, re.MULTILINE | re.DOTALL)
FIELDS = re.findall(r"`((?:date|issued|revised|updated|expires|highlight|draft|note|authors|x-room) = [^`]+)`", MANUAL)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_example_is_right(block: str) -> None:
    assert read((block if "[site]" in block else SITE + block).encode()).findings == ()


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_in_the_text_is_right(field: str) -> None:
    lines = [line for line in ENTRY.splitlines() if line.split(" = ")[0] != field.split(" = ")[0]]
    assert read((SITE + "\n".join([*lines, field, ""])).encode()).findings == ()


def test_there_are_examples() -> None:
    assert len(BLOCKS) > 6
    assert len(FIELDS) > 8


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", re.sub(r"`[^`]*`", "", text)):
        path, _, anchor = target.partition("#")
        other = page if not path else page.parent / path
        assert other.exists(), target
        assert not anchor or anchor in anchors(other), target


def anchors(page: Path) -> set[str]:
    """The anchors that GitHub gives to the headings of a page."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
