"""Whole histories through real readers: what a subscriber sees as new, updated and unchanged is what happened."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import feed_readers
import feed_subscribers
import feedparser
import pytest
from feed_subscribers import Noticed
from histories import WITHDRAWN, History, Played, play
from history_tables import HISTORIES
from lxml import etree

TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"

Playing = Callable[[str], History]


class Subscriber(NamedTuple):
    """A reader of one document.

    *lists* says of what: all that is in the "document", all that "ever" was in it, or only "news", as mail. One that
    looks *by_text* finds an item changed when its text is.
    """

    look: Callable[[str, Path], Noticed]
    document: str
    lists: str = "document"
    by_text: bool = False


def _subscriber(subscriber: Subscriber, *needs: str) -> object:
    name = f"{subscriber.look.__name__}-{subscriber.document}"
    return pytest.param(subscriber, id=name, marks=[pytest.mark.needs(*needs)] if needs else [])


SUBSCRIBERS = [
    _subscriber(Subscriber(feed_subscribers.feedparser, "atom.xml")),
    _subscriber(Subscriber(feed_subscribers.feedparser, "rss.xml")),
    _subscriber(Subscriber(feed_subscribers.reader, "atom.xml", "ever")),
    _subscriber(Subscriber(feed_subscribers.reader, "rss.xml", "ever")),
    _subscriber(Subscriber(feed_subscribers.reader, "feed.json", "ever")),
    _subscriber(Subscriber(feed_subscribers.newsboat, "atom.xml", "ever", by_text=True), "newsboat"),
    _subscriber(Subscriber(feed_subscribers.rss2email, "rss.xml", "news", by_text=True), "rss2email"),
    _subscriber(Subscriber(feed_subscribers.feedsmith, "feed.json"), "node", "feedsmith"),
]


@pytest.fixture(scope="session")
def playing(tmp_path_factory: pytest.TempPathFactory) -> Playing:
    """Plays a history by its name, once."""

    @cache
    def once(name: str) -> History:
        return play(HISTORIES[name], tmp_path_factory.mktemp("history"))

    return once


@pytest.mark.parametrize("subscriber", SUBSCRIBERS)
@pytest.mark.parametrize("name", HISTORIES)
def test_a_subscriber_sees_what_happened(
    name: str, subscriber: Subscriber, playing: Playing, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    history = playing(name)
    served, memory = tmp_path / "served", tmp_path / "memory"
    memory.mkdir()
    served.mkdir()
    address = serve(served)
    for played in history.played:
        _put(played, served)
        noticed = subscriber.look(address + subscriber.document, memory)
        step, keys = played.step, history.keys
        assert {
            "new": {keys[id_] for id_ in noticed.new},
            "updated": {keys[id_] for id_ in noticed.updated},
            "silent": {keys[id_] for id_ in noticed.silent},
        } == {
            "new": step.new,
            "updated": step.reworded if subscriber.by_text else step.updated,
            "silent": set() if subscriber.by_text else step.silent,
        }, step.moment
        listed = [(keys[id_], title) for id_, title in noticed.shown]
        if subscriber.lists == "ever":
            listed = [(key, title) for key, title in listed if key in step.shown]
        told = step.new | step.reworded if subscriber.lists == "news" else set(step.shown)
        assert listed == [(key, _title(played, key)) for key in step.shown if key in told], step.moment


def _put(played: Played, folder: Path) -> None:
    """Serve what a step left. Files that it did not change are not touched, as on a server."""
    moment = datetime.fromisoformat(played.step.moment).timestamp()
    for path in (path for path in played.feeds.rglob("*") if path.is_file()):
        place = folder / path.relative_to(played.feeds)
        if not place.exists() or place.read_bytes() != path.read_bytes():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
            os.utime(place, (moment, moment))


def _title(played: Played, key: str) -> str:
    """The title of an entry as readers see it; a notice says what it is."""
    return (WITHDRAWN if key in played.step.stones else "") + played.titles[key]


@pytest.mark.parametrize("name", HISTORIES)
def test_tombstones_tell_who_is_gone(name: str, playing: Playing) -> None:
    """Read from the XML, since most readers pass over them."""
    history = playing(name)
    for played in history.played:
        stones = [stone.get("ref") or "" for stone in etree.parse(played.feeds / "atom.xml").iter(TOMBSTONE)]
        assert sorted(history.keys[ref] for ref in stones) == sorted(played.step.stones), played.step.moment


@pytest.mark.parametrize("name", HISTORIES)
def test_a_crawler_of_the_archives_finds_everything(name: str, playing: Playing) -> None:
    """It follows ``prev-archive`` from the live document; of an entry that it meets twice the first is the latest."""
    history = playing(name)
    for played in history.played:
        found: dict[str, tuple[object, str]] = {}
        for document in _crawled(played.feeds):
            for entry in document.entries:
                found.setdefault(entry.id, (entry.published_parsed, entry.title))
        newest_first = sorted(found.items(), key=lambda pair: pair[1], reverse=True)
        assert [(history.keys[id_], title) for id_, (_, title) in newest_first] == [
            (key, _title(played, key)) for key in played.step.whole
        ], played.step.moment


def _crawled(feeds: Path) -> Iterator[Any]:
    """The documents from the live one to the oldest archive, as feedparser reads them."""
    path: str | None = "atom.xml"
    base = None
    while path:
        document = feedparser.parse((feeds / path).read_bytes())
        assert not document.bozo
        links = {link.rel: link.href for link in document.feed.links}
        base = base or links["self"].removesuffix("atom.xml")
        assert links["self"] == base + path
        assert path == "atom.xml" or links["current"] == base + "atom.xml"
        yield document
        path = links["prev-archive"].removeprefix(base) if "prev-archive" in links else None


@pytest.mark.parametrize("name", HISTORIES)
def test_archives_are_left_alone(name: str, playing: Playing) -> None:
    """An archive document is written again only for a withdrawal or removal of what it holds."""
    before: dict[str, bytes] = {}
    for played in playing(name).played:
        now = {f"archive/{path.name}": path.read_bytes() for path in played.feeds.glob("archive/*.xml")}
        assert {path for path in before if now.get(path) != before[path]} == played.step.rewritten, played.step.moment
        before = now


@pytest.mark.parametrize("document", ["atom.xml", "rss.xml", "feed.json"])
def test_late_subscribers_see_the_list_in_order(
    document: str, playing: Playing, serve: Callable[[Path], str], tmp_path: Path
) -> None:
    """The package `reader` sorts what it finds at first by time of publication."""
    for number, name in enumerate(HISTORIES):
        history = playing(name)
        memory = tmp_path / str(number)
        memory.mkdir()
        shown = feed_readers.reader(serve(history.played[-1].feeds) + document, memory)
        assert [history.keys[item.id] for item in shown] == history.played[-1].step.shown, name
