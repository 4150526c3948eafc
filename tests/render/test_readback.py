"""A feed that says something else than was meant does not pass, and the message names what."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from feeds import feed_from

from handbill.published import Feed
from handbill.render.atom import atom
from handbill.render.json_feed import json_feed
from handbill.render.readback import Format, NotAsMeantError, check
from handbill.render.rss import rss

RICH = Path(__file__).parents[1] / "golden" / "rich" / "feed.toml"

RENDER: dict[Format, Callable[[Feed], bytes]] = {"atom": atom, "rss": rss, "json": json_feed}


@pytest.fixture(scope="module")
def feed() -> Feed:
    return feed_from(RICH.read_text(encoding="utf-8"))


@pytest.mark.parametrize("format_", list(RENDER))
def test_what_was_meant_passes(feed: Feed, format_: Format) -> None:
    check(feed, RENDER[format_](feed), format_)


@pytest.mark.parametrize(
    ("format_", "written", "instead", "said"),
    [
        ("atom", "<title>Häfen", "<title>Hafen", "its title: 'Hafen & <Meer>' instead of 'Häfen & <Meer>'"),
        ("atom", "2c9a10</id>", "2c9a11</id>", "its id"),
        ("atom", "<entry>", "<archive xmlns='http://purl.org/syndication/history/1.0'/><entry>", "its archive"),
        ("atom", 'rel="alternate"', 'rel="related"', "cannot be read back: 'alternate'"),
        ("atom", '<link href="https://example.org/mareas"/>', "", "cannot be read back: 'alternate'"),
        ("atom", "liste/atom.xml", "liste/rss.xml", "its address"),
        ("atom", "hub2.example.org", "hub3.example.org", "its hubs"),
        ("atom", "archive/2.xml", "archive/1.xml", "its archives"),
        ("atom", "2026-01-15T12:00:00Z", "2026-01-15T12:00:01Z", "its tombstones"),
        ("atom", "tag:example.org,2026:arabic", "tag:example.org,2026:other", "id of entry 2"),
        ("atom", "287(g)", "287(h)", "title of entry 1"),
        ("atom", "day by day.  Two", "day by day. Two", "summary of entry 1"),
        ("atom", "2026-03-31T00:01:00+00:00", "2026-03-31T00:02:00+00:00", "published of entry 1"),
        ("atom", "2026-04-02T10:30:00+00:00", "2026-04-02T10:30:01+00:00", "updated of entry 1"),
        ("atom", 'length="1234567"', 'length="1"', "enclosures of entry 1"),
        ("atom", 'rel="enclosure" href="https://example.org/tables.pdf"', 'rel="related" href="x:"', "enclosures"),
        ("atom", "2025-11<", "2025-11-01<", ": '2025-11-01' instead of '2025-11'"),
        ("atom", 'xml:lang="ar"', 'xml:lang="fa"', "language of entry 2"),
        ("atom", "<name>A. Author</name>", "<name>A. N. Other</name>", "authors of entry 1"),
        ("atom", 'category term="tides"', 'category term="tide"', "categories of entry 1"),
        ("atom", 'term="fact sheet"', 'term="fact"', "kind of entry 1"),
        ("atom", "<title>جداول", "<title>x</title><title>جداول", "title stands there 2 times"),
        ("atom", "<summary>المد", "<summary><b/>المد", "markup in it"),
        ("atom", '<content type="html">', "<content>", "is no html"),
        ("atom", "<summary>المد", '<summary type="html">المد', "is no text"),
        ("atom", "</feed>", "", "cannot be read back: no element found"),
        ("atom", "&amp; “charts”", "& “charts”", "cannot be read back: not well-formed"),
        ("rss", "<title>Häfen", "<title>Hafen", "its title"),
        ("rss", "liste/rss.xml", "liste/atom.xml", "its address"),
        ("rss", "Tue, 31 Mar 2026 00:01:00 +0000", "Tue, 31 Mar 2026 00:01:00 +0100", "published of entry 1"),
        ("rss", 'length="1234567"', 'length="0"', "enclosure"),
        ("rss", 'isPermaLink="false">tag:example.org', 'isPermaLink="true">tag:example.org', "isPermaLink"),
        ("rss", "5 &#x26;lt; 6", "5 &#x26;gt; 6", "summary of entry 1"),
        ("json", '"title": "Häfen & <Meer>"', '"title": "Meer"', "its title: 'Meer'"),
        ("json", '"size_in_bytes": 1234567', '"size_in_bytes": "1234567"', "enclosures of entry 1"),
        ("json", '"id": "tag:', '"guid": "tag:', "cannot be read back: 'id'"),
        ("json", '"2025-11"', '"2025"', "issued of entry 1"),
        ("json", '"items": [', '"items": ["x", ', "cannot be read back"),
        ("json", '{\n  "version"', '[{\n  "version"', "cannot be read back"),
    ],
)
def test_a_change_is_noticed(feed: Feed, format_: Format, written: str, instead: str, said: str) -> None:
    document = RENDER[format_](feed).decode()
    assert written in document
    with pytest.raises(NotAsMeantError) as raised:
        check(feed, document.replace(written, instead, 1).encode(), format_)
    assert said in str(raised.value)


@pytest.mark.parametrize("format_", list(RENDER))
def test_entries_lost_or_in_another_order_are_noticed(feed: Feed, format_: Format) -> None:
    with pytest.raises(NotAsMeantError, match="3 entries instead of 4"):
        check(feed, RENDER[format_](replace(feed, items=feed.items[1:])), format_)
    with pytest.raises(NotAsMeantError, match="id of entry 1"):
        check(feed, RENDER[format_](replace(feed, items=feed.items[::-1])), format_)


@pytest.mark.parametrize("format_", list(RENDER))
def test_no_bytes_are_no_feed(feed: Feed, format_: Format) -> None:
    with pytest.raises(NotAsMeantError, match="cannot be read back"):
        check(feed, b"", format_)
