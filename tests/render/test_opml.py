"""The list of all feeds, as a feed reader imports it."""

from xml.etree.ElementTree import XML

from handbill.model import Site
from handbill.published import FeedLink, Page
from handbill.render.opml import opml

SITE = Site(title="Häfen & <Meer>", url="https://häfen.example/liste", author="Harbour Watch", email="desk@example.org")

FEEDS = (
    FeedLink("atom.xml", "Häfen & <Meer>", count=3),
    FeedLink("category/c-1a2b3c4d.xml", "C++ & <C>", "category", 2),
    FeedLink("category/中文.xml", "中文", "category", 1),
    FeedLink("kind/gone.xml", "gone", "kind", 0),
    FeedLink("lang/es.xml", "es", "lang", 1),
)


def test_the_whole_list_comes_first_and_parts_have_their_outlines() -> None:
    root = XML(opml(Page(SITE, (), feeds=FEEDS)))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert [(each.tag, each.text) for each in root[0]] == [
        ("title", "Häfen & <Meer>"), ("ownerName", "Harbour Watch"), ("ownerEmail", "desk@example.org"),
    ]  # fmt: skip
    whole, categories, languages = root[1]
    assert dict(whole.attrib) == {
        "type": "rss",
        "text": "Häfen & <Meer>",
        "title": "Häfen & <Meer>",
        "xmlUrl": "https://xn--hfen-loa.example/liste/atom.xml",
        "htmlUrl": "https://xn--hfen-loa.example/liste/",
        "language": "en",
    }
    assert [(each.get("text"), each.get("xmlUrl")) for each in categories] == [
        ("Häfen & <Meer> – C++ & <C>", "https://xn--hfen-loa.example/liste/category/c-1a2b3c4d.xml"),
        ("Häfen & <Meer> – 中文", "https://xn--hfen-loa.example/liste/category/%E4%B8%AD%E6%96%87.xml"),
    ]
    assert [each.get("text") for each in languages] == ["Häfen & <Meer> – Spanish"]
    assert [categories.get("text"), languages.get("text")] == ["By subject", "By language"]


def test_a_feed_that_is_empty_for_good_is_not_offered() -> None:
    assert b"gone" not in opml(Page(SITE, (), feeds=FEEDS))


def test_an_empty_list_still_has_its_feed() -> None:
    assert len(XML(opml(Page(SITE, (), feeds=(FeedLink("atom.xml", "T"),))))[1]) == 1
