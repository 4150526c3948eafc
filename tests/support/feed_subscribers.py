"""Subscribers: what each reader says is new and what it says has changed, each time it looks at a document again.

The readers are those of `feed_readers`. Every function takes the document's address and a folder that keeps the
reader's memory between two calls.
"""

import json
import mailbox
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import feed_readers


class Noticed(NamedTuple):
    """What a reader tells, as identifiers; *shown* is what it lists, newest first, with titles.

    *silent* changes came under the same `updated` as before; readers that do not look at it have all in *updated*.
    """

    shown: list[tuple[str, str]]
    new: set[str]
    updated: set[str]
    silent: set[str]


def feedparser(url: str, memory: Path) -> Noticed:
    """A program around feedparser that remembers everything that feedparser gives it."""
    import feedparser

    answer = feedparser.parse(url)
    assert not answer.bozo, answer.get("bozo_exception")
    items = [dict(entry) for entry in answer.entries]
    for item in items:  # where nothing tells of an update there was none since the publication
        item["updated"] = item.pop("updated_parsed", None) or item["published_parsed"]
    return _compared(items, memory)


def feedsmith(url: str, memory: Path) -> Noticed:
    """A program around feedsmith that remembers all that it gives of an item."""
    return _compared(feed_readers.feedsmith_lists(url, memory)["shown"], memory)


def _compared(items: Iterable[dict[str, Any]], memory: Path) -> Noticed:
    """*items* against all that were ever seen, which *memory* holds; `updated` sort by time."""
    file = memory / "seen.json"
    seen: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    noticed = Noticed([], set(), set(), set())
    for item in json.loads(json.dumps(list(items))):
        before, id_ = seen.get(item["id"]), item["id"]
        assert before is None or item["updated"] >= before["updated"], "`updated` went back"
        noticed.shown.append((id_, item["title"]))
        if before is None:
            noticed.new.add(id_)
        elif item["updated"] != before["updated"]:
            noticed.updated.add(id_)
        elif item != before:
            noticed.silent.add(id_)
        seen[id_] = item
    file.write_text(json.dumps(seen), encoding="utf-8")
    return noticed


def reader(url: str, memory: Path) -> Noticed:
    """The package `reader`, which has a hook for new and changed entries. It lists by time of publication."""
    import reader

    noticed = Noticed([], set(), set(), set())
    with reader.make_reader(str(memory / "reader.sqlite")) as known:
        known.add_feed(url, exist_ok=True)
        before = {entry.id: entry.updated for entry in known.get_entries(feed=url)}

        def tell(_reader: object, entry: Any, status: reader.EntryUpdateStatus) -> None:
            if status is reader.EntryUpdateStatus.NEW:
                noticed.new.add(entry.id)
            elif entry.updated != before[entry.id]:
                noticed.updated.add(entry.id)
            else:
                noticed.silent.add(entry.id)

        known.after_entry_update_hooks.append(tell)
        known.update_feed(url)
        listed = [(entry.published, entry.id, entry.title or "") for entry in known.get_entries(feed=url)]
    noticed.shown.extend((id_, title) for _, id_, title in sorted(listed, reverse=True))
    return noticed


def newsboat(url: str, memory: Path) -> Noticed:
    """Newsboat: what is unread, when all was read before. Here it makes items with another text unread again."""
    cache = memory / "cache.db"
    known = _guids(cache, "") if cache.exists() else set()
    shown = feed_readers.newsboat(url, memory)
    unread = _guids(cache, "WHERE unread")
    with sqlite3.connect(cache) as kept:
        kept.execute("UPDATE rss_item SET unread = 0")
    return Noticed([(each.id, each.title) for each in shown], unread - known, unread & known, set())


def _guids(cache: Path, which: str) -> set[str]:
    with sqlite3.connect(cache) as kept:
        return {guid for (guid,) in kept.execute(f"SELECT guid FROM rss_item {which}")}


def rss2email(url: str, memory: Path) -> Noticed:
    """rss2email: what it mails. Here it answers its own earlier mail about an item with another text."""
    shown = feed_readers.rss2email(url, memory, "reply-changes = True\n")
    box = mailbox.Maildir(memory / "mail" / "INBOX")
    answers = {mail["X-RSS-ID"] for mail in box if mail["In-Reply-To"]}
    box.clear()
    return Noticed([(each.id, each.title) for each in shown], {each.id for each in shown} - answers, answers, set())
