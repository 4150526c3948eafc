"""Whatever stands in a feed's fields arrives in each format, as parsers that are not ours read it, never as markup."""

import json
from typing import Any
from xml.etree.ElementTree import XML, Element

import feedparser
import html5lib
import pytest
from feed_rules import atom_faults, rss_faults
from feeds import feeds
from hypothesis import HealthCheck, given, settings

from handbill.dates import rfc3339
from handbill.published import Feed, Item
from handbill.render import offered
from handbill.render.address import uri
from handbill.render.atom import atom
from handbill.render.json_feed import json_feed
from handbill.render.readback import check
from handbill.render.rss import rss

ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
DC = "{http://purl.org/dc/elements/1.1/}"
DCTERMS = "{http://purl.org/dc/terms/}"
MEDIA = "{http://search.yahoo.com/mrss/}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"

many = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.slow
@many
@given(feeds)
def test_atom(feed: Feed) -> None:
    document = atom(feed)
    assert document == atom(feed)
    check(feed, document, "atom")
    assert atom_faults(document) == []
    read = parsed(document, "atom10")
    assert read.feed.title == repaired(feed.title)
    assert read.feed.get("subtitle", "") == repaired(offered.description(feed.site) or "")
    for element, entry, item in zip(XML(document).iter(ATOM + "entry"), read.entries, feed.items, strict=True):
        arrived(element, entry, item, feed)
        assert element.findtext(ATOM + "title") == offered.title(item, feed.site)
        assert element.findtext(ATOM + "summary") == offered.summary(item, feed.site)
        assert [each.text for each in element.iterfind(f"{ATOM}author/{ATOM}name")] == list(item.entry.authors)
        assert element.get(LANG) == item.entry.lang
        assert [
            (each["href"], each["type"], each.get("length"), each.get("title", "")) for each in entry.enclosures
        ] == [
            (uri(each.url), each.type, None if each.length is None else str(each.length), each.title or "")
            for each in offered.enclosures(item)
        ]


@pytest.mark.slow
@many
@given(feeds)
def test_rss(feed: Feed) -> None:
    document = rss(feed)
    assert document == rss(feed)
    check(feed, document, "rss")
    assert rss_faults(document) == []
    read = parsed(document, "rss20")
    assert read.feed.subtitle == repaired(offered.description(feed.site) or feed.title)
    assert read.feed.title == repaired(feed.title)
    for element, entry, item in zip(XML(document).iter("item"), read.entries, feed.items, strict=True):
        arrived(element, entry, item, feed)
        assert not entry.guidislink
        assert element.findtext("title") == offered.title(item, feed.site)
        if summary := offered.summary(item, feed.site):
            assert as_shown(element.findtext("description", "")) == summary
        assert [each.text for each in element.iterfind(DC + "creator")] == list(item.entry.authors)
        assert element.findtext(DC + "language") == item.entry.lang
        enclosures = offered.enclosures(item)
        assert [(each["href"], each["type"], each["length"]) for each in entry.enclosures] == [
            (uri(each.url), each.type, str(each.length or 0)) for each in enclosures[:1]
        ]
        assert [each["url"] for each in entry.get("media_content", []) if "type" in each] == [
            uri(each.url) for each in enclosures
        ]


@pytest.mark.slow
@many
@given(feeds)
def test_json_feed(feed: Feed) -> None:
    document = json_feed(feed)
    assert document == json_feed(feed)
    check(feed, document, "json")
    read = json.loads(document)
    assert read["title"] == feed.title
    assert read.get("hubs", []) == [{"type": "WebSub", "url": uri(hub)} for hub in feed.site.hubs]
    for found, item in zip(read["items"], feed.items, strict=True):
        entry, own = item.entry, found.get("_handbill", {})
        assert (found["id"], found["title"], found["url"]) == (item.id, offered.title(item, feed.site), uri(item.link))
        assert found.get("summary") == offered.summary(item, feed.site)
        assert ("content_html" in found) != ("content_text" in found)
        assert found["date_published"] == rfc3339(item.published)
        assert found["date_modified"] == rfc3339(item.updated)
        assert [author["name"] for author in found.get("authors", [])] == list(entry.authors)
        assert found.get("tags", []) == list(entry.categories)
        assert found.get("language") == entry.lang
        assert (own.get("kind"), own.get("publisher")) == (entry.kind, entry.publisher)
        assert own.get("issued") == (str(entry.issued) if entry.issued else None)
        assert [
            (each["url"], each["mime_type"], each.get("size_in_bytes"), each.get("title"))
            for each in found.get("attachments", [])
        ] == [(uri(each.url), each.type, each.length, each.title) for each in offered.enclosures(item)]


def parsed(document: bytes, version: str) -> Any:
    """What feedparser makes of *document*, without what it takes out for safety."""
    read = feedparser.parse(document, sanitize_html=False, resolve_relative_uris=False)
    assert not read.bozo, read.bozo_exception
    assert read.version == version
    return read


def repaired(text: str) -> str:
    """The *text* as feedparser has it: it strips all texts, and undoes one kind of wrong decoding."""
    text = text.strip()
    try:
        return text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text


def as_shown(description: str) -> str:
    """What a browser shows of a *description* that has no element in it."""
    shown = html5lib.parseFragment(description, namespaceHTMLElements=False)
    assert list(shown) == []
    return shown.text or ""


def arrived(element: Element, entry: Any, item: Item, feed: Feed) -> None:
    """What Atom and RSS have in common, in the *element* and in the *entry* that feedparser made of it."""
    assert (entry.id, entry.title, entry.link) == (item.id, repaired(offered.title(item, feed.site)), uri(item.link))
    # Also where the resource has dates of its own, which feedparser would take if they came last.
    assert tuple(entry.published_parsed)[:6] == item.published.timetuple()[:6]
    assert tuple(entry.updated_parsed)[:6] == item.updated.timetuple()[:6]
    kinds = (item.entry.kind,) if item.entry.kind else ()
    terms = {*item.entry.categories, *kinds}  # attributes in Atom, and those feedparser leaves as they are
    assert {tag["term"] for tag in entry.get("tags", [])} == (
        terms if element.tag == ATOM + "entry" else set(map(repaired, terms))
    )
    assert element.findtext(DC + "publisher") == item.entry.publisher
    assert element.findtext(DC + "type") == item.entry.kind
    assert element.findtext(DCTERMS + "issued") == (str(item.entry.issued) if item.entry.issued else None)
    assert element.findtext(DCTERMS + "modified") == (str(item.entry.revised) if item.entry.revised else None)
    pictures = [each for each in element.iterfind(MEDIA + "content") if "type" not in each.attrib]
    assert [(each.get("url"), each.findtext(MEDIA + "description")) for each in pictures] == (
        [(uri(item.entry.image), item.entry.image_alt)] if item.entry.image and not item.withdrawn else []
    )
    if "<script" in (item.entry.content or ""):
        content = element.findtext(ATOM + "content", "") + element.findtext(CONTENT + "encoded", "")
        assert "<script" not in content
