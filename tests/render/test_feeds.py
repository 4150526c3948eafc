"""What holds for the feeds as documents: the same bytes anywhere, entries made once, nothing that XML cannot hold."""

import json
import locale
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from xml.etree.ElementTree import XML

import feedparser
import pytest
from feeds import feed_from

from handbill.model import Enclosure, Entry, Site
from handbill.published import Feed, Item, Tombstone
from handbill.render.atom import Made, atom
from handbill.render.json_feed import json_feed
from handbill.render.readback import check
from handbill.render.rss import rss

GOLDEN = Path(__file__).parents[1] / "golden"
ROOT = Path(__file__).parents[2]
MOMENT = datetime(2010, 11, 23, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def rich() -> Feed:
    return feed_from((GOLDEN / "rich" / "feed.toml").read_text(encoding="utf-8"))


def list_of(count: int) -> Feed:
    items = tuple(
        Item(
            Entry(date=date(2010, 11, 23), title=f"Entry {number}", summary=f"The {number}. of many.", kind="report"),
            f"urn:uuid:6f1d9a04-2c1c-5f53-9d5b-{number:012d}",
            f"e-{number}",
            f"https://example.org/{number}",
            MOMENT - timedelta(minutes=number),
            MOMENT - timedelta(minutes=number),
        )
        for number in range(count)
    )
    site = Site(title="Many", url="https://example.org/many/")
    return Feed("atom.xml", "urn:uuid:6f1d9a04-2c1c-5f53-9d5b-0d3c0e1a7bff", "Many", site, MOMENT, items)


RENDERED_ELSEWHERE = """
import sys
from pathlib import Path
from feeds import feed_from
from handbill.render import atom, json_feed, rss
feed = feed_from(Path(sys.argv[1]).read_text(encoding="utf-8"))
sys.stdout.buffer.write(atom.atom(feed) + rss.rss(feed) + json_feed.json_feed(feed))
"""


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "America/New_York"},
        {"PYTHONHASHSEED": "4711", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu", "PYTHONUTF8": "0"},
    ],
)
def test_the_same_bytes_whatever_the_machine_is_set_to(rich: Feed, settings: dict[str, str]) -> None:
    environment = {**os.environ, **settings, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests' / 'support'}"}
    made = subprocess.run(
        [sys.executable, "-c", RENDERED_ELSEWHERE, GOLDEN / "rich" / "feed.toml"],
        env=environment, capture_output=True, check=True,
    )  # fmt: skip
    assert made.stdout == b"".join(
        (GOLDEN / "rich" / name).read_bytes() for name in ("atom.xml", "rss.xml", "feed.json")
    )


def test_the_locale_of_the_process_is_left_alone(rich: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    def setlocale(*_arguments: object) -> str:
        pytest.fail("the locale was touched")

    monkeypatch.setattr(locale, "setlocale", setlocale)
    atom(rich)
    rss(rich)


def test_an_entry_is_made_once_for_all_documents(rich: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    made: Made = {}
    first = atom(rich, made)
    monkeypatch.setattr("handbill.render.atom.atom_element", lambda *_: pytest.fail("made again"))
    assert atom(rich, made) == first
    part = replace(rich, path="category/tides.xml", title="Tides", items=rich.items[1:2], tombstones=())
    check(part, atom(part, made), "atom")


def test_an_entry_that_changed_is_made_again(rich: Feed) -> None:
    made: Made = {}
    atom(rich, made)
    item = replace(rich.items[0], entry=replace(rich.items[0].entry, title="Another"))
    changed = replace(rich, items=(item, *rich.items[1:]))
    assert atom(changed, made) == atom(changed)


@pytest.mark.parametrize("count", [0, 1, 1000])
def test_lists_of_any_length(count: int) -> None:
    feed = list_of(count)
    check(feed, atom(feed), "atom")
    check(feed, rss(feed), "rss")
    check(feed, json_feed(feed), "json")


def test_what_xml_cannot_hold_is_replaced() -> None:
    """Reading refuses such characters; should one come by another way, the feed stays well-formed."""
    bad = "a\x00\x0b\x1f\ud800\ufffe\uffffz"
    good = "a" + "\ufffd" * 6 + "z"
    entry = Entry(
        date=date(2010, 11, 23), title=bad, summary=bad, content=f"{bad}<b>&#11;</b>", kind=bad,
        publisher=bad, authors=(bad,), categories=(bad,), image="https://example.org/", image_alt=bad,
        enclosure=(Enclosure(url="https://example.org/", type="text/plain", title=bad),),
    )  # fmt: skip
    site = Site(title=bad, url="https://example.org/", description=bad, author=bad, license=bad, email="a@example.org")
    feed = Feed(
        "atom.xml", "urn:x:1", bad, site, MOMENT,
        (Item(entry, "urn:x:2", "a", "https://example.org/", MOMENT, MOMENT),),
        (Tombstone("urn:x:3", MOMENT, bad, bad),),
    )  # fmt: skip
    for document in (atom(feed), rss(feed)):
        assert XML(document).find(".//{*}title").text == good  # type: ignore[union-attr]
    check(feed, atom(feed), "atom")
    check(feed, rss(feed), "rss")
    check(feed, json_feed(feed), "json")


def test_an_identifier_that_is_no_iri_stands_in_rss_and_json_alone() -> None:
    entry = Entry(date=date(2026, 3, 1), title="A", id="12345")
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    item = Item(entry, "12345", "e1", "https://example.org/#e1", moment, moment)
    site = Site(title="T", url="https://example.org/")
    stone = Tombstone("6 7", moment, "Gone")
    feed = Feed("atom.xml", "urn:uuid:0ea24f9a-8ff3-5d50-95bd-2040950fec87", "T", site, moment, (item,), (stone,))
    read = feedparser.parse(atom(feed))
    assert read.entries[0].id == "urn:uuid:a82b9066-2032-5bba-8bf9-8e865b09025c"
    assert b'ref="urn:uuid:' in atom(feed)
    assert feedparser.parse(rss(feed)).entries[0].id == "12345"
    assert json.loads(json_feed(feed))["items"][0]["id"] == "12345"
    check(feed, atom(feed), "atom")
    check(feed, rss(feed), "rss")
    check(feed, json_feed(feed), "json")
