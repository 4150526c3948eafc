"""The tests' own tools see what they are there to see."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from browser import accessibility_faults, foreign_requests, opened, screenshot, scrolls_sideways
from needs import missing

if TYPE_CHECKING:
    from playwright.sync_api import Browser

GOOD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Tides</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>body { background: #fff; color: #111 } @media (prefers-color-scheme: dark) { body { background: #000 } }</style>
</head><body><main><h1>Tides</h1><p>High water.</p></main></body></html>"""

BAD = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Tides</title></head><body><main><h1>Tides</h1>
<img src="https://example.org/tide.png"><img src="lost.png" alt="lost"><p style="width: 3000px">High water.</p>
</main></body></html>"""

Serve = Callable[[Path], str]


@pytest.fixture
def site(tmp_path: Path, serve: Serve) -> str:
    """A page without faults and one with several, served."""
    (tmp_path / "good.html").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.html").write_text(BAD, encoding="utf-8")
    return serve(tmp_path)


@pytest.mark.needs("chromium", "axe-core")
def test_a_good_page_has_no_faults(browser: "Browser", site: str) -> None:
    with opened(browser, site + "good.html", width=375) as page:
        assert accessibility_faults(page, ("minor", "moderate", "serious", "critical")) == []
        assert foreign_requests(page) == []
        assert not scrolls_sideways(page)


@pytest.mark.needs("chromium", "axe-core")
def test_faults_are_seen(browser: "Browser", site: str) -> None:
    with opened(browser, site + "bad.html", width=375) as page:
        assert {fault.split(" ")[0] for fault in accessibility_faults(page)} == {"html-has-lang", "image-alt"}
        assert foreign_requests(page) == ["https://example.org/tide.png", site + "lost.png"]
        assert scrolls_sideways(page)


@pytest.mark.needs("chromium")
def test_pictures_show_width_and_scheme(browser: "Browser", site: str, tmp_path: Path) -> None:
    for scheme, name in (("light", "light.png"), ("dark", "dark.png")):
        screenshot(browser, site + "good.html", tmp_path / name, width=375, scheme=scheme)  # type: ignore[arg-type]
    light, dark = (tmp_path / "light.png").read_bytes(), (tmp_path / "dark.png").read_bytes()
    assert int.from_bytes(light[16:20], "big") == 375
    assert light != dark


def test_what_is_missing_is_named() -> None:
    assert missing(()) == ""
    with pytest.raises(KeyError):
        missing(("no such need",))
