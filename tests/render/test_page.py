"""The page: everything that is known is on it, nothing that is not, and no text becomes markup."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pages
import pytest
from feeds import feeds
from hypothesis import given, settings
from hypothesis import strategies as st
from publication import FILE, entries

from handbill.dates import PartialDate
from handbill.model import Enclosure
from handbill.publish import publish
from handbill.published import Ended, Feed, Item, Page
from handbill.read import read
from handbill.render.page import FULL, sheets
from handbill.render.templating import environment

TEMPLATES = environment({})


def source(shown: Page, path: str = "index.html") -> str:
    return next(sheet.make().decode() for sheet in sheets(shown, TEMPLATES) if sheet.path == path)


def parsed(html: str) -> Element:
    """The document as browsers see it (WHATWG parsing). Raises for any parse error."""
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(html)
    return tree


def made(shown: Page, path: str = "index.html") -> Element:
    return parsed(source(shown, path))


def text(element: Element | None) -> str:
    assert element is not None
    return "".join(element.itertext())


def classed(tree: Element, name: str) -> list[Element]:
    return [each for each in tree.iter() if name in each.get("class", "").split()]


def one(tree: Element, name: str) -> Element:
    found = classed(tree, name)
    assert len(found) == 1, name
    return found[0]


def by_id(tree: Element, name: str) -> Element:
    found = [each for each in tree.iter() if each.get("id") == name]
    assert len(found) == 1, name
    return found[0]


def of(**fields: Any) -> Element:
    """The article of an entry with these fields."""
    return one(made(pages.page(pages.item(1, **fields))), "h-entry")


def real() -> Page:
    """The page of this checkout's own publication."""
    publication = read(FILE.read_bytes()).publication
    assert publication is not None
    return publish(publication, None, datetime(2100, 1, 1, tzinfo=UTC)).documents.page


def test_the_publication_is_on_its_page_character_by_character() -> None:
    tree, written = made(real()), entries()
    assert text(tree.find(".//h1")) == "Secure Communities: A Resource Page"
    assert text(one(tree, "intro")).strip().startswith("The following IPC resources lay out the basics of Secure")
    articles = classed(tree, "h-entry")
    assert [text(one(article, "p-name")) for article in articles] == [entry["title"] for entry in written]
    assert [text(one(article, "p-summary")) for article in articles] == [entry["summary"] for entry in written]
    links = [one(article, "p-name").get("href") for article in articles]
    assert links == [entry.get("url") for entry in written]
    related = one(tree, "related").find(".//a")
    assert related is not None
    assert (text(related), related.get("href")) == (
        "Blog Posts on Secure Communities",
        "http://www.immigrationimpact.com/",
    )


def test_one_day_of_one_year_is_one_group_below_its_date() -> None:
    tree = made(real())
    assert [text(each) for each in classed(tree, "date")] == ["November 23, 2010"]
    assert [str(each[0].tag) for each in classed(tree, "h-entry")] == 6 * ["h2"]


def test_years_are_headings_once_there_are_several() -> None:
    tree = made(pages.rich())
    assert [text(each) for each in tree.iter("h2") if each.get("id")] == ["2026", "2025", "2024"]
    assert [text(each) for each in classed(tree, "date")][:2] == ["31 Mar", "20 Mar"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (
            {"issued": PartialDate(2009, 11), "revised": PartialDate(2010, 11)},
            "Issued November 2009, revised November 2010",
        ),
        ({"issued": PartialDate(2010, 10, 5)}, "Issued 5 October 2010"),
        ({"issued": PartialDate(2010)}, "Issued 2010"),
        ({"revised": PartialDate(2010, 11, 4)}, "Revised 4 November 2010"),
        ({"updated": date(2026, 4, 2)}, "Entry updated 2 April 2026"),
        ({"updated": date(2026, 3, 31)}, ""),
        ({"lang": "es"}, "In Spanish"),
        ({"lang": "en-US"}, ""),
        ({"kind": "fact sheet", "publisher": "IPC", "authors": ("A", "B")}, "fact sheet IPC A B"),
        ({}, ""),
    ],
)
def test_what_is_known_is_said_and_nothing_else(fields: dict[str, Any], said: str) -> None:
    assert " ".join(text(one(of(**fields), "meta")).split()) == f"31 March 2026 {said}".strip()


def test_the_day_is_that_of_the_lists_own_zone() -> None:
    late = datetime(2026, 1, 1, 3, 30, tzinfo=UTC)
    tree = made(pages.page(pages.item(1, late), timezone="America/New_York"))
    assert text(one(tree, "date")) == "31 December 2025"
    assert one(tree, "dt-published").get("datetime") == "2025-12-31T22:30:00-05:00"


def test_a_corrected_date_moves_an_entry_to_its_day() -> None:
    items = [pages.item(1, date(2026, 3, 1), "first"), pages.item(2, date(2026, 3, 2), "corrected"),
             pages.item(3, date(2026, 3, 1), "last")]  # fmt: skip
    tree = made(pages.page(*items))
    assert [text(each) for each in classed(tree, "p-name")][1:] == ["corrected", "first", "last"]
    assert len(classed(tree, "date")) == 2


def test_an_unknown_address_is_no_link() -> None:
    article = of(title="Nowhere")
    assert [link.get("href") for link in article.iter("a")] == ["#e000000000001"]
    assert text(one(article, "p-name")) == "Nowhere"


def test_a_summary_keeps_all_its_characters_and_shows_its_paragraphs() -> None:
    summary = "  One.  Two\nlines.\n \n\nThree – “four”.\n"
    found = one(of(summary=summary), "p-summary")
    assert text(found) == summary
    assert [text(each) for each in found.iter("p")] == ["One.  Two\nlines.", "Three – “four”."]


def test_markdown_stands_below_the_heading_of_its_entry() -> None:
    content = one(of(content=pages.CONTENT), "e-content")
    assert [each.tag for each in content.iter() if re.fullmatch("h[1-6]", str(each.tag))] == ["h3", "h4"]
    assert content.find(".//table") is not None


def test_markup_in_attributes_of_markdown_stays_there() -> None:
    title = "<table onclick=x><h1>"
    content = one(of(content=f"[a](https://example.org/ '{title}')\n\n|a|\n|-|\n"), "e-content")
    assert [str(each.tag) for each in content.iter()] == ["div", "p", "a", "table", "thead", "tr", "th"]


def test_attachments_say_what_they_are() -> None:
    files = (
        Enclosure(url="https://example.org/a.mp3", type="audio/mpeg", length=23456789, title="The call"),
        Enclosure(url="https://example.org/b.pdf", type="application/pdf"),
    )
    article = of(enclosure=files)
    assert [text(each) for each in classed(article, "file")] == ["The call MP3, 23 MB", "Download PDF"]
    audio = article.find("audio")
    assert audio is not None
    assert audio.get("src") == "https://example.org/a.mp3"
    assert audio.get("preload") == "none"


def test_an_image_has_its_words_and_waits() -> None:
    image = one(of(image="https://example.org/a b.png", image_alt='A "quoted" boat'), "u-photo")
    assert (image.get("src"), image.get("alt")) == ("https://example.org/a%20b.png", 'A "quoted" boat')
    assert (image.get("loading"), image.get("referrerpolicy")) == ("lazy", "no-referrer")


def test_a_withdrawn_entry_is_a_notice() -> None:
    article = of(
        title="Wrong", url="https://example.org/wrong", summary="It was said.", withdrawn=date(2026, 4, 1),
        withdrawn_reason="It was wrong.",
    )  # fmt: skip
    assert text(one(article, "notice")) == "This entry was withdrawn on 1 April 2026: It was wrong."
    assert "It was said." not in text(article)
    assert [link.get("href") for link in article.iter("a")] == ["#e000000000001"]


def test_an_ended_entry_still_answers_at_its_anchor() -> None:
    shown = replace(pages.rich(), ended=(Ended("eended", "A <notice>"),))
    assert text(by_id(made(shown), "eended")) == "A <notice> This entry is no longer shown."


@pytest.mark.parametrize(
    ("lang", "list_lang", "attributes"),
    [
        ("es", "en", {"lang": "es"}),
        ("ar", "en", {"lang": "ar", "dir": "rtl"}),
        ("en", "ar", {"lang": "en", "dir": "ltr"}),
        ("he", "ar", {"lang": "he"}),
        ("EN", "en", {}),
        (None, "ar", {}),
    ],
)
def test_text_in_another_language_says_so(lang: str | None, list_lang: str, attributes: dict[str, str]) -> None:
    tree = made(pages.page(pages.item(1, lang=lang, summary="…", content="…"), lang=list_lang))
    article = one(tree, "h-entry")
    for element in (article.find("h2"), one(article, "p-summary"), one(article, "e-content")):
        assert element is not None
        assert {name: value for name, value in element.items() if name != "class"} == attributes
    assert tree.get("lang") == list_lang
    assert tree.get("dir") == ("rtl" if list_lang == "ar" else "ltr")


def test_labels_are_in_the_lists_language_or_say_which_they_are_in() -> None:
    assert text(one(made(pages.page(lang="es-MX")), "skip")) == "Saltar a la lista"
    french = one(made(pages.page(lang="fr")), "skip")
    assert (text(french), french.get("lang"), french.get("dir")) == ("Skip to the list", "en", None)
    assert one(made(pages.page(lang="ar")), "skip").get("dir") == "ltr"
    assert one(made(pages.page(lang="en-NZ")), "skip").get("lang") is None


def test_an_empty_list_is_a_page_too() -> None:
    tree = made(pages.page())
    assert text(one(tree, "empty")) == "There is nothing on this list yet."


def test_the_head_tells_machines() -> None:
    tree = made(pages.rich())
    links = [(link.get("rel"), link.get("type"), link.get("href")) for link in tree.iter("link")]
    assert ("canonical", None, pages.BASE) in links
    assert ("license", None, "https://creativecommons.org/licenses/by/4.0/") in links
    assert [link[1:] for link in links if link[0] == "alternate"] == [
        ("application/atom+xml", "atom.xml"),
        ("application/rss+xml", "rss.xml"),
        ("application/feed+json", "feed.json"),
        ("application/atom+xml", "digest/atom.xml"),
    ]
    told = {each.get("name") or each.get("property"): each.get("content") for each in tree.iter("meta")}
    assert told["description"] == told["og:description"] == pages.SITE.description
    assert told["og:title"] == text(tree.find(".//title")) == pages.SITE.title


def test_without_a_description_the_intro_describes() -> None:
    tree = made(pages.page(description=None, intro="We *read* & <b>choose</b>. " + "On and on. " * 40))
    told = next(each.get("content", "") for each in tree.iter("meta") if each.get("name") == "description")
    assert told.startswith("We read & choose. On and on.")
    assert len(told) <= 302
    assert told.endswith(" …")


def test_microformats() -> None:
    """As https://microformats.org/wiki/h-entry has them: h-feed holds the entries, each with name, url, uid, date."""
    tree = made(pages.rich())
    feed = one(tree, "h-feed")
    for article, item in zip(classed(feed, "h-entry"), pages.rich().items, strict=True):
        assert text(one(article, "p-name")) == item.entry.title
        assert one(article, "u-uid").get("value") == item.id
        assert one(article, "dt-published").get("datetime") == item.entry.date.isoformat()
        live = item.entry.url and not item.withdrawn
        assert one(article, "u-url").get("href") == (item.entry.url if live else f"#{item.anchor}")
        shown = () if item.withdrawn else item.entry.categories
        assert tuple(text(each) for each in classed(article, "p-category")) == shown
        assert tuple(text(each) for each in classed(article, "p-author")) == item.entry.authors


def test_how_to_subscribe() -> None:
    told = by_id(made(pages.rich()), "subscribe")
    assert f"{pages.BASE}atom.xml" in text(told)
    links = [link.get("href", "") for link in told.iter("a")]
    assert links[:7] == ["atom.xml", "rss.xml", "feed.json", "category/tides.xml",
                         "category/%E7%8E%AF%E5%A2%83.xml", "lang/es.xml", "feeds.opml"]  # fmt: skip
    latest = [issue.path for issue in pages.rich().issues[:6]]
    assert links[7:] == [*latest, "digest/index.html", "digest/atom.xml", "mailto:desk@example.org"]
    assert "To receive it, write to desk@example.org." in text(told)
    assert "e-mail" not in text(by_id(made(pages.page()), "subscribe"))


def test_light_without_entries_and_without_foreign_files() -> None:
    html = source(pages.page())
    assert len(html.encode()) < 30_000
    asked = [each.get("src") for each in parsed(html).iter() if each.get("src")]
    asked += [
        each.get("href") for each in parsed(html).iter("link") if each.get("rel") in ("stylesheet", "icon", "preload")
    ]
    assert asked == ["data:,"]
    assert "url(" not in html
    assert "@import" not in html


@pytest.mark.parametrize("path", ["index.html", "years/2020.html"])
def test_the_policy_allows_just_what_is_there(path: str) -> None:
    """Content Security Policy Level 3: a hash of each inline element's text."""
    tree = made(pages.long(FULL + 50), path)
    policy = next(each.get("content", "") for each in tree.iter("meta") if each.get("http-equiv"))
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for tag, rule in (("style", "style-src"), ("script", "script-src")):
        hashes = [
            f"'sha256-{b64encode(hashlib.sha256(text(each).encode()).digest()).decode()}'" for each in tree.iter(tag)
        ]
        assert rules[rule] == (" ".join(hashes) or "'none'")


def test_a_short_list_is_one_file_without_search() -> None:
    shown = pages.long(FULL)
    assert [sheet.path for sheet in sheets(shown, TEMPLATES)] == ["index.html"]
    assert len(classed(made(shown), "h-entry")) == FULL
    assert classed(made(pages.long(19)), "find") == []


@pytest.mark.slow
def test_every_entry_of_a_long_list_keeps_its_anchor_and_is_whole_in_its_year() -> None:
    shown = pages.long(FULL + 200)
    index = made(shown)
    files = {sheet.path: parsed(sheet.make().decode()) for sheet in sheets(shown, TEMPLATES)}
    assert next(iter(files)) == "index.html"
    assert len(classed(index, "h-entry")) == FULL
    for number, item in enumerate(shown.items):
        year = f"years/{item.entry.date.year}.html"
        assert text(one(by_id(files[year], item.anchor), "p-summary")) == item.entry.summary
        here = by_id(index, item.anchor)
        assert here.tag == ("article" if number < FULL else "li")
        if number >= FULL:
            link = here.find("a")
            assert link is not None
            assert (link.get("href"), text(link)) == (f"{year}#{item.anchor}", item.entry.title)
    for path, tree in files.items():
        for link in tree.iter("a"):
            address = link.get("href", "")
            if not urlsplit(address).scheme and address.endswith(".html"):
                assert str((Path(path).parent / address).as_posix()).replace("years/../", "") in files


def test_a_withdrawn_entry_in_a_line_says_so() -> None:
    items = [*pages.long(FULL).items, pages.item(999, date(2001, 1, 1), "Gone", withdrawn=date(2026, 1, 1))]
    assert (
        " ".join(text(by_id(made(Page(pages.SITE, tuple(items))), items[-1].anchor)).split()) == "1 Jan Gone Withdrawn"
    )


def test_a_year_depends_on_its_own_entries_alone() -> None:
    """Equal `depends`, equal bytes; and a new entry of this year changes no other year."""
    before = pages.long(FULL + 100)
    after = replace(before, items=(pages.item(9999, date(2026, 4, 1), "New"), *before.items))
    old = {sheet.path: sheet for sheet in sheets(before, TEMPLATES)}
    new = {sheet.path: sheet for sheet in sheets(after, TEMPLATES)}
    changed = [path for path in new if old[path].depends != new[path].depends]
    assert changed == ["years/2026.html"]
    assert [path for path in new if old[path].make() != new[path].make()] == ["index.html", *changed]


def test_filters_hold_what_there_is_to_choose() -> None:
    tree = made(pages.long(30))
    form = one(tree, "find")
    assert form.get("hidden") is not None
    chosen = {
        select.get("name"): [text(option) for option in select.iter("option")][1:] for select in form.iter("select")
    }
    assert chosen["kind"] == ["audio", "fact sheet", "report"]
    assert chosen["category"] == ["dredging", "money", "safety", "tides"]
    assert chosen["language"] == ["British English", "Spanish"]
    assert chosen["year"] == sorted(chosen["year"], reverse=True)
    names = {option.get("value"): text(option) for option in form.iter("option")}
    for article, item in zip(classed(tree, "h-entry"), pages.long(30).items, strict=True):
        entry = item.entry
        own = {names[number] for number in article.get("data-f", "").split()}
        language = "Spanish" if entry.lang else "British English"
        assert own == {entry.kind, entry.publisher, *entry.categories, language, str(entry.date.year)}


def test_a_user_changes_a_block_or_a_file() -> None:
    own = environment(
        {
            "index.html": '{% extends "handbill/index.html" %}'
            '{% block intro %}<p>{{ site.extra["x-motto"] }}</p>{% endblock %}',
            "page.css": "body { color: teal }",
        }
    )
    html = sheets(pages.page(pages.item(1), extra={"x-motto": "Fish & ships"}), own)[0].make().decode()
    tree = parsed(html)
    assert "<p>Fish &amp; ships</p>" in html
    assert text(tree.find(".//style")) == "body { color: teal }"
    assert len(classed(tree, "h-entry")) == 1


def test_the_same_values_make_the_same_bytes() -> None:
    for shown in (real(), pages.rich(), pages.long(FULL + 1)):
        again = sheets(shown, environment({}))
        assert [sheet.make() for sheet in sheets(shown, TEMPLATES)] == [sheet.make() for sheet in again]


SKELETON = set(
    re.findall(
        r"\w+",
        "html head meta title link style body a header p h1 h2 main nav ul li details summary ol section div article "
        "span data time strong img audio footer script",
    )
)
"""Every element that the templates make of a short list in a single year, whatever its text."""


@pytest.mark.slow
@settings(max_examples=60)
@given(feeds, st.booleans())
def test_no_text_becomes_markup(feed: Feed, with_markdown: bool) -> None:
    items = tuple(item if with_markdown else _plain(item) for item in feed.items)
    intro = feed.title if with_markdown else None
    html = source(Page(replace(feed.site, intro=intro), items, (Ended("e1", feed.title),)))
    tree = parsed(html)
    assert [text(each) for each in classed(tree, "p-name")] == [_normal(feed.site.title)] + [
        _normal(item.entry.title) for item in items
    ]
    for element in tree.iter():
        assert not any(name.startswith("on") or name in ("style", "srcdoc") for name in dict(element.items()))
        for name in ("href", "src"):
            assert urlsplit(element.get(name, "")).scheme in ("", "http", "https", "mailto", "data"), element.get(name)
    assert len(list(tree.iter("script"))) == 1
    if not with_markdown:
        assert {str(element.tag) for element in tree.iter()} <= SKELETON
        summaries = [_normal(item.entry.summary) for item in items if item.entry.summary and not item.withdrawn]
        found = [each for article in classed(tree, "h-entry") for each in classed(article, "p-summary")]
        assert [text(each) for each in found if "notice" not in each.get("class", "")] == summaries


def _plain(item: Item) -> Item:
    return replace(item, entry=replace(item.entry, content=None))


def _normal(written: str) -> str:
    """What an HTML parser makes of *written*: line ends are line feeds; what HTML cannot hold is replaced."""
    unix = written.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x0b\x0c\x7f-\x9f\ufdd0-\ufdef]", "\ufffd", unix)


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
def test_any_characters_at_all(written: str) -> None:
    tree = made(pages.page(pages.item(1, title=written or "-", summary=written)))
    assert one(tree, "meta") is not None


def test_the_page_of_a_year_whose_entries_are_gone_says_so() -> None:
    shown = pages.page(pages.item(1))
    paths = [sheet.path for sheet in sheets(shown, TEMPLATES, {"years/1999.html", "years/x.html", "index.html"})]
    assert paths[0] == "index.html"
    assert "years/1999.html" in paths
    assert "years/x.html" not in paths
    (gone,) = [sheet for sheet in sheets(shown, TEMPLATES, {"years/1999.html"}) if sheet.path == "years/1999.html"]
    assert "<article" not in gone.make().decode()
