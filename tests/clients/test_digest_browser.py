"""The digest before the eyes of a browser, a screen reader's rules, mail programs' known gaps, and a second inliner."""

import colorsys
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import css_inline
import pytest
from browser import Scheme, accessibility_faults, foreign_requests, opened, scrolls_sideways
from issues import NAMES, issue_named
from needs import NPM

from handbill.render import digest
from handbill.render.digest_view import with_room_for
from handbill.render.templating import environment

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ALL_IMPACTS = ("minor", "moderate", "serious", "critical")


def html_of(name: str) -> str:
    made = digest.compose(issue_named(name), environment({}))
    return made.leaving_at("https://example.org/leave/").html


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every digest of `NAMES` as a file, one more, a copy for the web, and a preview."""
    made = tmp_path_factory.mktemp("digests")
    for name in [*NAMES, "25-en-mixed"]:
        (made / f"{name}.html").write_text(html_of(name), encoding="utf-8")
    web = digest.compose(issue_named("25-en-mixed"), environment({}), for_web=True)
    (made / "25-web.html").write_text(web.html, encoding="utf-8")
    shown = digest.compose(issue_named("25-ar"), environment({}))
    (made / "digest.html").write_text(shown.html, encoding="utf-8")
    (made / "digest.txt").write_text(shown.text, encoding="utf-8")
    (made / "preview.html").write_text(digest.side_by_side(shown, environment({})), encoding="utf-8")
    return made


@pytest.fixture
def show(browser: "Browser", serve: Callable[[Path], str], folder: Path) -> Callable[..., Any]:
    """Open a file of *folder*: ``with show(name, width=..., scheme=...) as page``."""
    address = serve(folder)
    return lambda name, **how: opened(browser, f"{address}{name}.html", **how)


@pytest.mark.needs("chromium", "axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [*NAMES, "25-web"])
def test_it_is_accessible_fits_and_loads_nothing(show: Callable[..., Any], name: str, scheme: Scheme) -> None:
    with show(name, width=320, scheme=scheme) as page:
        assert accessibility_faults(page, ALL_IMPACTS) == []
        assert not scrolls_sideways(page)
        assert foreign_requests(page) == []
        assert len(page.requests()) == 1
        for width in (375, 700):
            page.set_viewport_size({"width": width, "height": 900})
            assert not scrolls_sideways(page)


@pytest.mark.needs("chromium", "axe-core")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_preview_shows_both_forms(browser: "Browser", folder: Path, width: int, scheme: Scheme) -> None:
    """Opened as a file: side by side where there is room, else one below the other."""
    with opened(browser, (folder / "preview.html").as_uri(), width=width, scheme=scheme) as page:
        assert "أخبار الميناء" in page.frame_locator("iframe").locator("h1").inner_text()
        assert page.inner_text("pre") == (folder / "digest.txt").read_text(encoding="utf-8")
        assert accessibility_faults(page, ALL_IMPACTS) == []
        assert not scrolls_sideways(page)
        html, text = (page.locator(each).bounding_box() for each in ("iframe", "pre"))
        assert html
        assert text
        assert (html["y"] == text["y"]) == (width == 1280)
        assert min(html["width"], text["width"]) >= 280


@pytest.mark.needs("node", "html-validate")
def test_an_html_checker_finds_no_error(folder: Path, tmp_path: Path) -> None:
    """But for what mail programs need and the Web has given up: styles and sizes as attributes, roles, comments.

    White space at a line's end is that of the signature's mark in plain text.
    """
    given_up = [
        "no-inline-style",
        "no-trailing-whitespace",
        "no-deprecated-attr",
        "no-conditional-comment",
        "prefer-tbody",
        "prefer-native-element",
    ]
    config = tmp_path / "htmlvalidate.json"
    rules = dict.fromkeys(given_up, "off")
    config.write_text(json.dumps({"root": True, "extends": ["html-validate:recommended"], "rules": rules}))
    command = ["node", str(NPM / "node_modules/html-validate/bin/html-validate.mjs"), "--config", str(config)]
    answer = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=False)
    assert (answer.returncode, answer.stdout) == (0, "")


STYLES = """() => [...document.body.querySelectorAll('*')].filter(each => each.checkVisibility()).map(each => {
    const style = getComputedStyle(each);
    return [each.tagName, ...[...style].map(name => `${name}: ${style.getPropertyValue(name)}`)].join('; ');
})"""


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("name", [*(each for each in NAMES if each[0] in "16"), "75-zh", "500-ar-mixed", "25-web"])
def test_inlining_changes_no_style_of_any_element(
    browser: "Browser", serve: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As a browser computes them, in the light and in the dark: before, after, and after another program's inlining."""
    issue, for_web = issue_named(name.replace("web", "en-mixed")), name.endswith("web")
    after = digest.compose(issue, environment({}), for_web=for_web)
    shown = after.html.count("<h3")
    with monkeypatch.context() as patch:  # the same entries as in the one that has had its room measured
        patch.setattr(digest, "inlined", lambda html: html)
        patch.setattr(digest, "MOST", 10**9)
        patch.setattr(digest, "with_room_for", lambda _number, sections: with_room_for(shown, sections))
        before = digest.compose(issue, environment({}), for_web=for_web).html
    (sheet,) = re.findall("<style data-premailer.*?</style>", before, re.DOTALL)
    other = css_inline.inline(before.replace(sheet, "")).replace("</head>", f"{sheet}</head>")
    address = serve(tmp_path)

    def styles(html: str) -> list[list[str]]:
        (tmp_path / "x.html").write_text(html, encoding="utf-8")
        found: list[list[str]] = []
        with opened(browser, f"{address}x.html", width=600) as page:
            for scheme in get_args(Scheme):
                page.emulate_media(color_scheme=scheme)
                found.append(page.evaluate(STYLES))
        return found

    expected = styles(before)
    assert len(expected[0]) > 20
    assert expected[0] != expected[1]
    assert styles(after.html) == expected
    assert styles(other) == expected


def lacking() -> set[str]:
    """CSS properties that the latest Gmail, Outlook, Apple Mail or Yahoo somewhere does not know, or not in whole."""
    data = json.loads((NPM / "node_modules/caniemail/data/caniemail.json").read_text(encoding="utf-8"))
    gone: set[str] = set()
    for feature in data["data"]:
        programs = [feature["stats"].get(family, {}) for family in ("gmail", "outlook", "apple-mail", "yahoo")]
        latest = [list(versions.values())[-1] for platforms in programs for versions in platforms.values()]
        if feature["category"] == "css" and not all(each.startswith("y") for each in latest):
            gone.add(feature["slug"].removeprefix("css-"))
    return gone


def without(html: str, properties: set[str]) -> str:
    """*html* as a mail program has it that knows no style sheets, and in style attributes none of *properties*."""
    html = re.sub("<style.*?</style>", "", html, flags=re.DOTALL)

    def kept(found: re.Match[str]) -> str:
        declarations = [each for each in found[2].split(";") if not _is_of(each, properties)]
        return f" style={found[1]}{';'.join(declarations)}{found[1]}"

    return re.sub(""" style=(["'])(.*?)\\1""", kept, html)


def _is_of(declaration: str, properties: set[str]) -> bool:
    name = declaration.partition(":")[0].strip()
    return any(name == each or name.startswith(f"{each}-") for each in properties)


@pytest.mark.needs("chromium", "axe-core", "caniemail")
@pytest.mark.parametrize("name", ["6-en", "25-en-mixed", "25-ar"])
def test_what_mail_programs_lack_decides_nothing(
    browser: "Browser", serve: Callable[[Path], str], tmp_path: Path, name: str
) -> None:
    """Without each property that one of the four lacks, the same words are there, in contrast, within the window."""
    html, gone = html_of(name), lacking()
    assert {"margin", "padding", "max-width", "display-none"} <= gone
    poor = without(html, gone | {"display"})
    assert "margin" not in poor
    (tmp_path / "whole.html").write_text(html, encoding="utf-8")
    (tmp_path / "poor.html").write_text(poor, encoding="utf-8")
    address = serve(tmp_path)

    def words(page: "Page") -> list[str]:
        return f"{page.inner_text('[role=main]')} {page.inner_text('[role=contentinfo]')}".split()

    with opened(browser, f"{address}whole.html", width=320) as page:
        expected = words(page)
    with opened(browser, f"{address}poor.html", width=320) as page:
        assert words(page) == expected
        assert accessibility_faults(page) == []
        assert not scrolls_sideways(page)


COLOURS = """() => {
    const found = new Set();
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        let at = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !at.checkVisibility()) continue;
        const text = getComputedStyle(at).color;
        while (at && getComputedStyle(at).backgroundColor === 'rgba(0, 0, 0, 0)') at = at.parentElement;
        found.add(text + '|' + getComputedStyle(at).backgroundColor);
    }
    return [...found];
}"""

Colour = tuple[float, float, float]


def contrast(one: Colour, two: Colour) -> float:
    """WCAG 2.2, contrast ratio."""

    def luminance(colour: Colour) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def inverted(colour: Colour) -> Colour:
    """As Gmail turns a message dark: the lightness upside down, the hue kept."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*colour)
    return colorsys.hls_to_rgb(hue, 1 - lightness, saturation)


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("name", ["6-en", "25-en-mixed"])
def test_contrast_survives_inversion(show: Callable[..., Any], name: str) -> None:
    """Turned as a whole, or with the backgrounds and the text each turned only when that makes them dark and light."""
    with show(name, width=600) as page:
        pairs = [pair.split("|") for pair in page.evaluate(COLOURS)]
    assert len(pairs) >= 3
    for pair in pairs:
        text, paper = (_colour(each) for each in pair)
        assert contrast(text, paper) >= 4.5
        assert contrast(inverted(text), inverted(paper)) >= 4.5, pair
        assert contrast(inverted(text), (0.0, 0.0, 0.0)) >= 4.5, pair
        assert contrast(inverted(text), (0.13, 0.13, 0.13)) >= 4.5, pair


def _colour(text: str) -> Colour:
    red, green, blue = (int(part) / 255 for part in text.removeprefix("rgb(").removesuffix(")").split(","))
    return red, green, blue
