"""The page of all issues: each with its day, number and what it held, in the list's language, in the list's look."""

import re
from dataclasses import replace
from xml.etree.ElementTree import Element

import html5lib
import pages
import pytest

from handbill.published import Page
from handbill.render.issue_index import issue_index
from handbill.render.templating import environment

TEMPLATES = environment({})


def made(shown: Page) -> Element:
    """The index as browsers see it (WHATWG parsing). Raises for any parse error."""
    (output,) = issue_index(shown, TEMPLATES)
    assert output.path == "digest/index.html"
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(output.make().decode())
    return tree


def text(element: Element | None) -> str:
    assert element is not None
    return " ".join("".join(element.itertext()).split())


def in_lang(lang: str) -> Page:
    shown = pages.rich()
    return replace(shown, site=replace(shown.site, lang=lang))


def test_it_says_of_each_issue_when_it_came_out_and_what_it_held() -> None:
    tree = made(pages.rich())
    assert text(tree.find(".//h1")) == "All issues of the digest"
    assert [text(each) for each in tree.iter("h2")] == [f"Harbour Watch, issue {number}" for number in range(9, 0, -1)]
    assert [each.find("a").get("href") for each in tree.iter("h2")] == [  # type: ignore[union-attr]
        f"2026-0{number}-01.html" for number in range(9, 0, -1)
    ]
    first, *_, last = tree.iter("article")
    assert text(first) == (
        "Harbour Watch, issue 9 1 September 2026 No. 9 81 new entries 1 withdrawal Tide tables for 2026 · Briefing: who"
        " pays for the new mole? · Mareas y migración · حركة السفن في الميناء · …"
    )
    assert text(last) == (
        "Harbour Watch, issue 1 1 January 2026 No. 1 1 new entry 1 update 1 withdrawal Nothing but a title"
    )
    assert [(each.get("lang"), each.get("dir")) for each in first.iter("bdi")][2:] == [("es", None), ("ar", "rtl")]


def test_it_leads_to_the_list_and_to_the_feed_of_issues() -> None:
    tree = made(pages.rich())
    links = [each.get("href") for each in tree.iter("a")]
    assert {"../index.html", "../digest/atom.xml", "mailto:desk@example.org"} <= set(links)
    heads = [(each.get("rel"), each.get("href")) for each in tree.iter("link")]
    assert ("alternate", "../digest/atom.xml") in heads
    assert ("canonical", f"{pages.BASE}digest/index.html") in heads


def test_it_speaks_the_lists_language() -> None:
    tree = made(in_lang("es"))
    assert text(tree.find(".//h1")) == "Todos los números del boletín"
    assert text(next(tree.iter("article"))).startswith(
        "Harbour Watch, issue 9 1 de septiembre de 2026 N.º 9 81 entradas nuevas 1 entrada retirada"
    )


def test_labels_that_a_language_lacks_are_marked_as_english() -> None:
    tree = made(in_lang("ar"))
    assert tree.get("dir") == "rtl"
    (heading,) = tree.findall(".//h1/span")
    assert (text(heading), heading.get("lang"), heading.get("dir")) == ("All issues of the digest", "en", "ltr")
    assert "سبتمبر" in text(next(tree.iter("article")))


def test_before_the_first_issue_there_is_none() -> None:
    assert issue_index(pages.page(), TEMPLATES) == ()


def test_after_the_last_was_taken_back_it_says_so() -> None:
    (output,) = issue_index(pages.page(), TEMPLATES, {"digest/index.html"})
    html = output.make().decode()
    assert "There is no issue yet." in html
    assert "<article" not in html


def test_no_text_becomes_markup() -> None:
    shown = pages.rich()
    bad = "<b>&amp;</b>{{ 7 }}\x01"
    (first, *_) = shown.issues
    item = replace(first.items[0], entry=replace(first.items[0].entry, title=bad))
    tree = made(replace(shown, issues=(replace(first, title=bad, items=(item,)),)))
    assert text(next(tree.iter("h2"))) == bad.replace("\x01", "\ufffd")
    assert text(next(tree.iter("bdi"))) == bad.replace("\x01", "\ufffd")


def test_it_depends_on_what_it_shows_alone() -> None:
    """An entry that no issue's line names may change without the index being made again."""
    shown = pages.rich()
    (before,), (same,) = issue_index(shown, TEMPLATES), issue_index(replace(shown, items=()), TEMPLATES)
    assert repr(before.depends) == repr(same.depends)
    (other,) = issue_index(replace(shown, issues=shown.issues[1:]), TEMPLATES)
    assert repr(before.depends) != repr(other.depends)


@pytest.mark.parametrize(
    ("name", "own", "expected"),
    [
        ("issues.html", "{{ issues[0].title }} in {{ site.title }}", "Harbour Watch, issue 9 in Harbour Watch: What"),
        (
            "issues.html",
            '{% extends "handbill/issues.html" %}{% block issue %}<p>{{ issue.date }}!</p>{% endblock %}',
            "<p>1 September 2026!</p>",
        ),
    ],
)
def test_a_user_changes_the_file_or_a_block(name: str, own: str, expected: str) -> None:
    (output,) = issue_index(pages.rich(), environment({name: own}))
    assert re.search(re.escape(expected), output.make().decode())
