"""Debian's Chromium, driven by playwright: what a person would see of a page, and what axe says of it.

Tests use it through the fixtures ``browser`` and ``serve`` of ``tests/conftest.py``.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, FloatRect, Page, Request, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[1] / "npm" / "node_modules" / "axe-core" / "axe.min.js"
Scheme = Literal["light", "dark"]

_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names resolve to nothing: a page that asks for a foreign file fails here as it would offline.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Chromium without a window, as long as the context lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS, chromium_sandbox=os.geteuid() != 0)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, url: str, *, width: int = 1280, scheme: Scheme = "light", scripts: bool = True, **options: Any
) -> Iterator[Page]:
    """The page at *url* in a window of *width* CSS pixels; *options* go to playwright's ``new_context``.

    Raises playwright's Error when there is nothing at *url*.
    """
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts, **options
    )
    try:
        page = context.new_page()
        page.goto(url, wait_until="load")
        yield page
    finally:
        context.close()


def screenshot(
    browser: Browser, url: str, path: Path, *, width: int = 1280, height: int | None = None, scheme: Scheme = "light"
) -> None:
    """Write a picture (PNG) of the page at *url* to *path*, as a window of *width* CSS pixels shows it.

    The whole page is on it, or its first *height* pixels.
    """
    clip = None if height is None else FloatRect(x=0, y=0, width=width, height=height)
    with opened(browser, url, width=width, scheme=scheme, reduced_motion="reduce") as page:
        page.screenshot(path=path, full_page=True, clip=clip)


def foreign_requests(page: Page) -> list[str]:
    """The addresses that *page* asked for on other hosts than its own, or that did not answer there."""
    home = page.url.split("/")[2]
    return [request.url for request in page.requests() if not _came_from(home, request)]


def _came_from(home: str, request: Request) -> bool:
    if request.url.startswith("data:"):
        return True
    answer = None if request.failure else request.response()
    return request.url.split("/")[2] == home and answer is not None and answer.ok


def accessibility_faults(page: Page, impact: tuple[str, ...] = ("serious", "critical")) -> list[str]:
    """What axe-core finds on *page* with one of these impacts, a line for each place: rule, help, element."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html']}"
        for violation in result["violations"]
        if violation["impact"] in impact
        for node in violation["nodes"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether *page* is wider than its window."""
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return bool(wide)
