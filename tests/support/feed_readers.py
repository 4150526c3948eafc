"""Feed readers as their users have them: what each shows of the document at an address, newest first.

Every function takes the document's address and a folder that keeps the reader's memory between two calls, and gives
what the reader knows after it has looked there (again).
"""

import html
import json
import mailbox
import os
import sqlite3
import subprocess
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import urlopen

from needs import NPM


class Shown(NamedTuple):
    """One item as a reader shows it; *text* is None where the reader rewrites it."""

    id: str
    title: str
    text: str | None


def feedparser(url: str, _memory: Path) -> list[Shown]:
    """The library under most readers that are written in Python, in the order of the document."""
    import feedparser

    answer = feedparser.parse(url)
    assert not answer.bozo, answer.get("bozo_exception")
    return [Shown(entry.id, entry.title, html.unescape(entry.get("summary", ""))) for entry in answer.entries]


def reader_changes(url: str, memory: Path) -> tuple[int, int]:
    """How many entries the package `reader` finds new and how many modified."""
    import reader

    with reader.make_reader(str(memory / "reader.sqlite")) as known:
        known.add_feed(url, exist_ok=True)
        change = known.update_feed(url)
        return (change.new, change.modified) if change else (0, 0)


def reader(url: str, memory: Path) -> list[Shown]:
    """The package `reader`, newest first as it sorts."""
    import reader

    reader_changes(url, memory)
    with reader.make_reader(str(memory / "reader.sqlite")) as known:
        return [
            Shown(entry.id, entry.title or "", html.unescape(entry.summary or ""))
            for entry in known.get_entries(feed=url, sort=reader.EntrySort.RECENT)
        ]


def newsboat(url: str, memory: Path) -> list[Shown]:
    """Newsboat, newest first as it sorts: by date, and no two may have the same."""
    urls, config, cache = memory / "urls", memory / "config", memory / "cache.db"
    urls.write_text(url + "\n", encoding="utf-8")
    config.write_text(f"reset-unread-on-update {url}\n", encoding="utf-8")
    _run(memory, "newsboat", "-u", urls, "-C", config, "-c", cache, "-x", "reload")
    with sqlite3.connect(cache) as kept:
        rows = kept.execute("SELECT pubDate, guid, title, content FROM rss_item ORDER BY pubDate DESC").fetchall()
    assert len({date for date, *_ in rows}) == len(rows), "two items of the same second"
    return [Shown(guid, title, html.unescape(content)) for _, guid, title, content in rows]


def rss2email(url: str, memory: Path, settings: str = "") -> list[Shown]:
    """rss2email, which mails the oldest first. *settings* are further lines of its configuration."""
    config, box = memory / "rss2email.cfg", memory / "mail" / "INBOX"
    if not config.exists():
        box.parent.mkdir()
        config.write_text(
            f"[DEFAULT]\nfrom = feeds@example.org\nto = reader@example.org\nemail-protocol = maildir\n"
            f"maildir-path = {box.parent}\nmaildir-mailbox = INBOX\n{settings}",
            encoding="utf-8",
        )
        _run(memory, "r2e", "-c", config, "-d", memory / "rss2email.json", "add", "feed", url)
    _run(memory, "r2e", "-c", config, "-d", memory / "rss2email.json", "run")
    sent = sorted(mailbox.Maildir(box, create=True).items(), key=lambda pair: _sent(pair[0]), reverse=True)
    return [Shown(mail["X-RSS-ID"], str(make_header(decode_header(mail["Subject"]))), None) for _, mail in sent]


def _sent(key: str) -> tuple[int, ...]:
    """The order in which a Maildir's messages came: its names hold ``SECONDS.MmicrosecondsPprocessQcounter.host``."""
    seconds, rest, *_ = key.split(".")
    return int(seconds), int(rest[1:].split("P")[0])


def feedsmith(url: str, memory: Path) -> list[Shown]:
    """feedsmith, of the Node world, in the order of the document; it reads JSON Feed too."""
    listed = feedsmith_lists(url, memory)
    escaped = listed["format"] == "rss"
    texts = [item.get("text") or "" for item in listed["shown"]]
    return [
        Shown(item["id"], item["title"], html.unescape(text) if escaped else text)
        for item, text in zip(listed["shown"], texts, strict=True)
    ]


def feedsmith_lists(url: str, memory: Path) -> dict[str, Any]:
    """What ``list.mjs`` prints of the document."""
    document = memory / "document"
    with urlopen(url) as answer:
        document.write_bytes(answer.read())
    listed: dict[str, Any] = json.loads(_run(memory, "node", NPM / "list.mjs", document))
    return listed


def _run(home: Path, *command: str | Path) -> str:
    """What *command* prints. Its own folders are below *home*. Raises CalledProcessError."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    answer = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, check=True, timeout=60)
    return answer.stdout
