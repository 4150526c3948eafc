"""Independent feed readers list what is published, in the page's order, and see no change where there is none."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import feed_readers
import pytest
from feed_readers import Shown
from publication import build, entries
from serving import serving

Client = Callable[[str, Path], list[Shown]]

XML = [
    pytest.param(feed_readers.feedparser, id="feedparser"),
    pytest.param(feed_readers.reader, id="reader"),
    pytest.param(feed_readers.newsboat, id="newsboat", marks=pytest.mark.needs("newsboat")),
    pytest.param(feed_readers.rss2email, id="rss2email", marks=pytest.mark.needs("rss2email")),
    pytest.param(feed_readers.feedsmith, id="feedsmith", marks=pytest.mark.needs("node", "feedsmith")),
]
JSON = [XML[1], XML[4]]


@pytest.fixture(scope="module")
def published(feeds: Path) -> list[Shown]:
    """What there is to show: the file's entries, in its order, under the identifiers that were given to them."""
    identifiers = [item["id"] for item in json.loads((feeds / "feed.json").read_text(encoding="utf-8"))["items"]]
    return [
        Shown(identifier, entry["title"], entry.get("summary", ""))
        for identifier, entry in zip(identifiers, entries(), strict=True)
    ]


@pytest.mark.parametrize("document", ["atom.xml", "rss.xml"])
@pytest.mark.parametrize("client", XML)
def test_every_reader_lists_the_same_in_the_same_order(
    client: Client, document: str, served: str, published: list[Shown], tmp_path: Path
) -> None:
    _shows(client(served + document, tmp_path), published)


@pytest.mark.parametrize("client", JSON)
def test_json_feed_lists_the_same(client: Client, served: str, published: list[Shown], tmp_path: Path) -> None:
    _shows(client(served + "feed.json", tmp_path), published)


def _shows(shown: list[Shown], published: list[Shown]) -> None:
    assert [(each.id, each.title) for each in shown] == [(each.id, each.title) for each in published]
    for each, meant in zip(shown, published, strict=True):
        assert each.text in (meant.text, None)


SAMPLE = """
[site]
title = "Harbour News"
url = "https://example.org/harbour/"

[[entry]]
date = 2026-03-31
title = "Tide tables"
url = "https://example.org/tides"

[[entry]]
date = 2026-03-31
title = "Ferries"

[[entry]]
date = 2026-03-31
title = "Fog"
url = "https://example.org/fog"
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A small publication below *tmp_path*, built and served."""
    with serving(build(tmp_path, SAMPLE)) as address:
        yield address


def build_again(folder: Path, text: str) -> None:
    """Build *text* over what is served, and let every file look newer, so that readers do read it."""
    soon = time.time() + 60
    for path in build(folder, text).rglob("*"):
        os.utime(path, (soon, soon))


@pytest.mark.parametrize("document", ["atom.xml", "rss.xml", "feed.json"])
def test_reader_sees_no_change_in_a_second_build(site: str, document: str, tmp_path: Path) -> None:
    assert feed_readers.reader_changes(site + document, tmp_path) == (3, 0)
    build_again(tmp_path, SAMPLE + "# A remark.\n")
    assert feed_readers.reader_changes(site + document, tmp_path) == (0, 0)
    build_again(tmp_path, SAMPLE.replace("Fog", "Mist"))
    assert feed_readers.reader_changes(site + document, tmp_path) == (0, 1)


@pytest.mark.parametrize("document", ["atom.xml", "rss.xml"])
@pytest.mark.parametrize("client", XML[1:4])
def test_a_new_title_and_address_make_no_second_item(client: Client, document: str, site: str, tmp_path: Path) -> None:
    """A reader that remembers shows each entry once, under the identifier it had."""
    before = client(site + document, tmp_path)
    assert [each.title for each in before] == ["Tide tables", "Ferries", "Fog"]
    build_again(tmp_path, SAMPLE.replace("Tide tables", "Tides").replace("/fog", "/mist"))
    assert [each.id for each in client(site + document, tmp_path)] == [each.id for each in before]
