"""The page in a browser: read by everybody, on any screen, without scripts, and quick to search when it is long."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pages
import pytest
from browser import Scheme, accessibility_faults, foreign_requests, opened, scrolls_sideways
from playwright.sync_api import Browser, Page, expect
from serving import serving

from handbill.published import Page as Shown
from handbill.render.page import FULL

pytestmark = pytest.mark.needs("chromium")

LONG = FULL + 300
SOME = pages.page(pages.item(99, title="Migración y mareas", summary="Años"), *pages.long(30).items)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Several lists, each in a folder of its own, with the last slash."""
    folder = tmp_path_factory.mktemp("lists")
    lists = {
        "rich": pages.rich(),
        "arabic": replace(
            pages.page(*pages.rich().items, lang="ar", title="مراقبة الميناء", intro="نقرأ كل ما تنشره السلطة."),
            issues=pages.rich().issues,
        ),
        "some": SOME,
        "long": pages.long(LONG),
        "empty": Shown(pages.SITE, ()),
    }
    for name, shown in lists.items():
        pages.write(shown, folder / name)
    for file in ("tide.png", "call.mp3"):
        (folder / file).touch()
    with serving(folder) as address:
        yield address


def whole_lists() -> list[str]:
    year = pages.long(LONG).items[-1].entry.date.year
    return ["rich/index.html", "arabic/index.html", "long/index.html", f"long/years/{year}.html", "empty/index.html",
            "rich/digest/index.html", "arabic/digest/index.html"]  # fmt: skip


@pytest.mark.needs("axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", whole_lists())
def test_axe_finds_nothing(browser: Browser, site: str, path: str, width: int, scheme: Scheme) -> None:
    """Nothing at all, of whatever weight; with everything that can be opened open, and an entry that is linked to."""
    with opened(browser, site + path, width=width, scheme=scheme) as page:
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        page.evaluate("location.hash = document.querySelector('article')?.id ?? ''")
        assert accessibility_faults(page, ("minor", "moderate", "serious", "critical")) == []


@pytest.mark.parametrize("width", [320, 375, 700, 1280])
@pytest.mark.parametrize("path", whole_lists())
def test_no_page_is_wider_than_its_window(browser: Browser, site: str, path: str, width: int) -> None:
    with opened(browser, site + path, width=width) as page:
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        assert not scrolls_sideways(page)


@pytest.mark.parametrize("path", ["rich/index.html", "long/index.html", "empty/index.html", "rich/digest/index.html"])
def test_the_policy_is_kept_and_nothing_fails(browser: Browser, site: str, path: str) -> None:
    said: list[str] = []
    with opened(browser, "about:blank") as page:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(site + path)
        page.evaluate("document.body.style.color")
        # The only files asked for are the pictures that an entry shows; the pages themselves need none.
        assert [each for each in foreign_requests(page) if "/tide.png" not in each] == []
        assert [each for each in said if "tide.png" not in each and "ERR_NAME_NOT_RESOLVED" not in each] == []


def test_without_scripts_everything_is_there(browser: Browser, site: str) -> None:
    with opened(browser, site + "long/index.html", scripts=False) as page:
        expect(page.locator(".find")).to_be_hidden()
        expect(page.locator("article, .lines > li")).to_have_count(LONG)
        last = pages.long(LONG).items[-1]
        line = page.locator(f"#{last.anchor}")
        expect(line).to_contain_text(last.entry.title)
        line.get_by_role("link").click()
        expect(page.locator("article:target .p-name")).to_have_text(last.entry.title)
        expect(page.locator("article:target")).to_be_in_viewport()


def test_an_old_anchor_leads_to_the_whole_entry(browser: Browser, site: str) -> None:
    last = pages.long(LONG).items[-1]
    with opened(browser, f"{site}long/index.html#{last.anchor}") as page:
        page.wait_for_url(f"**/years/{last.entry.date.year}.html#{last.anchor}")
        assert last.entry.summary is not None
        expect(page.locator("article:target .p-summary")).to_have_text(last.entry.summary)


def test_an_ended_entry_is_told_of_only_where_its_anchor_is_asked_for(browser: Browser, site: str) -> None:
    with opened(browser, site + "rich/index.html") as page:
        expect(page.get_by_text("A notice that ended")).to_be_hidden()
        page.goto(site + "rich/index.html#eended")
        expect(page.get_by_text("A notice that ended")).to_be_visible()
        expect(page.get_by_text("This entry is no longer shown.")).to_be_in_viewport()


def visible(page: Page) -> list[str]:
    """The titles of what can be seen of the list."""
    shown: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-f]')].filter(each => each.checkVisibility())"
        ".map(each => each.querySelector('.p-name, a').textContent)"
    )
    return shown


def test_search_finds_all_words_without_regard_to_case_and_accents(browser: Browser, site: str) -> None:
    with opened(browser, site + "some/index.html") as page:
        page.get_by_role("searchbox").fill(" MAREAS  migracion y")
        status = page.get_by_role("status")
        expect(status).to_have_text("1 entry found")
        assert visible(page) == ["Migración y mareas"]
        page.get_by_role("searchbox").fill("audio")
        audio = [item.entry.title for item in SOME.items if item.entry.kind == "audio"]
        expect(status).to_have_text(f"{len(audio)} entries found")
        assert visible(page) == audio
        page.get_by_role("searchbox").fill("no such word")
        expect(status).to_have_text("Nothing found")
        assert visible(page) == []
        expect(page.locator("main section:visible")).to_have_count(0)
        page.get_by_role("button", name="Show all").click()
        expect(status).to_have_text("")
        assert len(visible(page)) == len(SOME.items)


def test_filters_narrow_each_other_and_can_be_shared(browser: Browser, site: str) -> None:
    expected = [
        item.entry.title
        for item in pages.long(LONG).items
        if item.entry.kind == "audio" and "tides" in item.entry.categories and item.entry.lang
    ]
    assert 0 < len(expected) < LONG
    with opened(browser, site + "long/index.html") as page:
        page.get_by_text("Filter", exact=True).click()
        page.get_by_label("Kind").select_option("audio")
        page.get_by_label("Subject").select_option("tides")
        page.get_by_label("Language").select_option("Spanish")
        expect(page.get_by_role("status")).to_have_text(f"{len(expected)} entries found")
        assert visible(page) == expected
        address = page.url
        assert address.endswith("?kind=audio&category=tides&language=Spanish")
    with opened(browser, address) as page:
        expect(page.get_by_role("status")).to_have_text(f"{len(expected)} entries found")
        assert visible(page) == expected
        expect(page.get_by_label("Kind")).to_be_visible()


def test_search_works_in_a_page_opened_from_a_file(browser: Browser, tmp_path: Path) -> None:
    folder = pages.write(pages.long(30), tmp_path)
    failed: list[str] = []
    with opened(browser, (folder / "index.html").as_uri()) as page:
        page.on("pageerror", lambda error: failed.append(str(error)))
        page.get_by_role("searchbox").fill("no such word")
        expect(page.get_by_role("status")).to_have_text("Nothing found")
        assert failed == []


def test_the_keyboard_reaches_everything_in_order(browser: Browser, site: str) -> None:
    with opened(browser, site + "some/index.html") as page:
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the list")).to_be_focused()
        expect(page.get_by_role("link", name="Skip to the list")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.get_by_role("main")).to_be_focused()
        names = []
        for _ in range(30):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.name || document.activeElement.textContent.trim()"))
            outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none", names[-1]
        order = ["2026", "q", "Filter", SOME.items[1].entry.title]
        assert [names.index(name) for name in order] == sorted(names.index(name) for name in order)


def test_an_address_can_be_copied(browser: Browser, site: str) -> None:
    options: dict[str, Any] = {"permissions": ["clipboard-read", "clipboard-write"]}
    with opened(browser, site + "rich/index.html", **options) as page:
        page.get_by_text("How to subscribe").click()
        button = page.get_by_role("button", name="Copy")
        button.click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == f"{pages.BASE}atom.xml"


def test_right_to_left(browser: Browser, site: str) -> None:
    with opened(browser, site + "arabic/index.html") as page:
        date, title = page.locator(".date").first.bounding_box(), page.locator("article").first.bounding_box()
        assert date is not None
        assert title is not None
        assert date["x"] > title["x"] + title["width"]


def test_in_print_addresses_are_shown_and_controls_are_not(browser: Browser, site: str) -> None:
    with opened(browser, site + "some/index.html") as page:
        page.emulate_media(media="print")
        for gone in (".find", ".mark", ".subscribe", ".years"):
            expect(page.locator(gone).first).to_be_hidden()
        shown = page.evaluate("getComputedStyle(document.querySelector('.p-name[href]'), '::after').content")
        assert "attr(href)" in shown or pages.BASE in shown


def test_ten_thousand_entries(browser: Browser, tmp_path: Path, serve: Callable[[Path], str]) -> None:
    """On a slow machine too: a page to look at within seconds, an answer to a search within one."""
    address = serve(pages.write(pages.long(10_000), tmp_path))
    with opened(browser, address) as page:
        shown = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        assert shown < 5000
        took = page.evaluate(
            """() => new Promise((done) => {
              const from = performance.now(), status = document.querySelector("[role=status]");
              new MutationObserver(() => requestAnimationFrame(() => done(performance.now() - from)))
                .observe(status, {childList: true});
              const box = document.querySelector("[type=search]");
              box.value = "mole";
              box.dispatchEvent(new Event("input", {bubbles: true}));
            })"""
        )
        assert took < 1000
        expect(page.get_by_role("status")).to_contain_text("entries found")
