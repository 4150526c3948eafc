"""A feed opened in Chromium is a page that says what it is, though it is XML."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import opened
from feeds import feed_from

from handbill.render.atom import atom
from handbill.render.rss import rss

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[2]


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("document", ["atom.xml", "rss.xml", "archive/2.xml"])
def test_who_opens_a_feed_in_a_browser_understands_it(
    document: str, browser: "Browser", serve: Callable[[Path], str], tmp_path: Path
) -> None:
    rich = feed_from((ROOT / "tests" / "golden" / "rich" / "feed.toml").read_text(encoding="utf-8"))
    (tmp_path / "archive").mkdir()
    (tmp_path / "feed.css").write_bytes((ROOT / "templates" / "feed.css").read_bytes())
    (tmp_path / "atom.xml").write_bytes(atom(rich))
    (tmp_path / "rss.xml").write_bytes(rss(rich))
    (tmp_path / "archive" / "2.xml").write_bytes(atom(replace(rich, path="archive/2.xml", archive=True)))
    with opened(browser, serve(tmp_path) + document) as page:
        said = page.evaluate("getComputedStyle(document.documentElement, '::before').content")
        assert "This is a feed" in said
        visible = page.evaluate(
            "[...document.querySelectorAll('*')].filter(e => e.children.length === 0 && e.getClientRects().length)"
            ".map(e => e.localName)"
        )
    names = {"title", "subtitle", "summary", "published", "link"}
    if document == "rss.xml":
        names = {"title", "description", "pubDate", "link"}
    assert set(visible) == names
