"""The first publication, each of its parts in each output, character by character as its editor wrote it."""

import email
import email.policy
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import feedparser
import html5lib
import pytest
from publication import FILE, build

from handbill.cli import main

WRITTEN: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
SITE, ENTRIES = WRITTEN["site"], WRITTEN["entry"]

Outputs = dict[str, str]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """The text of each output, decoded as its readers decode it."""
    folder = tmp_path_factory.mktemp("publication")
    out = build(folder)
    digest = folder / "digest"
    words = ["digest", "-f", str(folder / "entries.toml"), "--out", str(out), "--month", "2010-11"]
    assert main([*words, "--output", str(digest)]) == 0
    message = email.message_from_bytes((digest / "digest.eml").read_bytes(), policy=email.policy.default)
    parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
    return {
        "page": _of_html((out / "index.html").read_text(encoding="utf-8")),
        "atom": _of_feed(out / "atom.xml"),
        "rss": _of_feed(out / "rss.xml"),
        "json": _of_json(out / "feed.json"),
        "digest html": _of_html((digest / "digest.html").read_text(encoding="utf-8")),
        "digest text": _unwrapped((digest / "digest.txt").read_text(encoding="utf-8")),
        "message html": _of_html(parts["text/html"]),
        "message text": _unwrapped(parts["text/plain"]),
    }


def _of_html(text: str) -> str:
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    links = [f"{a.get('href')} {''.join(a.itertext())}" for a in tree.iter("a")]
    return "\n".join(["".join(tree.find("body").itertext()), *links])


def _of_feed(path: Path) -> str:
    parsed = feedparser.parse(path.read_bytes(), sanitize_html=False, resolve_relative_uris=False)
    assert not parsed.bozo
    lines = [parsed.feed.title, parsed.feed.subtitle, *(link.href for link in parsed.feed.links)]
    lines += [link.get("title", "") for link in parsed.feed.links]
    for item in parsed.entries:
        texts = [item.title, item.summary]
        if path.name == "rss.xml":  # whose descriptions are HTML
            texts[1] = _of_fragment(item.summary)
        lines += [*texts, item.get("link", "")]
    return "\n".join(lines)


def _of_fragment(text: str) -> str:
    return "".join(html5lib.parseFragment(text, namespaceHTMLElements=False).itertext())


def _of_json(path: Path) -> str:
    feed = json.loads(path.read_text(encoding="utf-8"))
    lines = [feed["title"], feed["description"], json.dumps(feed, ensure_ascii=False)]
    for item in feed["items"]:
        lines += [item["title"], item["summary"], item.get("url", "")]
    return "\n".join(lines)


def _unwrapped(text: str) -> str:
    return re.sub(r"\n *(?=\S)", " ", text.replace("\r\n", "\n"))


EVERYWHERE = ["page", "atom", "rss", "json", "digest html", "digest text", "message html", "message text"]
PARTS: dict[str, Callable[[], list[str]]] = {
    "the title of the page": lambda: [SITE["title"]],
    "the introduction": lambda: [SITE["intro"]],
    "the titles": lambda: [entry["title"] for entry in ENTRIES],
    "the summaries": lambda: [entry["summary"] for entry in ENTRIES],
    "the addresses": lambda: [entry["url"] for entry in ENTRIES if "url" in entry],
    "where the blog is": lambda: [SITE["link"][0]["url"]],
    "what the blog is called": lambda: [SITE["link"][0]["title"]],
}


@pytest.mark.parametrize("output", EVERYWHERE)
@pytest.mark.parametrize("part", PARTS)
def test_each_part_is_in_each_output(outputs: Outputs, output: str, part: str) -> None:
    for text in PARTS[part]():
        assert text in outputs[output]


@pytest.mark.parametrize("output", EVERYWHERE)
def test_entries_stand_in_the_order_of_the_page(outputs: Outputs, output: str) -> None:
    places = [outputs[output].index(entry["summary"][:60]) for entry in ENTRIES]
    assert places == sorted(places)


def test_the_marks_that_matter_are_there() -> None:
    """What this is a test of: if the publication's text ever loses these, the table above proves less."""
    text = "\n".join(entry["title"] + entry["summary"] for entry in ENTRIES)
    for mark in ("’", "’S", "—", '"Secure Communities"', "287(g)", ".\u00a0 "):
        assert mark in text
    assert len(ENTRIES) == 6
    assert sum("url" not in entry for entry in ENTRIES) == 3


def test_the_editors_notes_are_nowhere(outputs: Outputs) -> None:
    for entry in ENTRIES:
        for text in outputs.values():
            assert entry.get("note", "no such note") not in text
