"""A publication whose address changes: nothing is new to its readers, and all it says leads to the new one."""

import json
import re
from pathlib import Path

import pytest

from handbill.cli import main

OLD, NEW = "https://old.example.org/harbour", "https://news.example.org/tides/"
ENTRY = '\n[[entry]]\ndate = 2026-03-{0:02}\ntitle = "Entry {0}"\nkind = "table"\ncategories = ["新闻"]\n'
ENTRIES = "".join(ENTRY.format(day) for day in range(12, 0, -1))
NAME = '"tag:example.org,2026:harbour"'


def text(url: str, id_: str = "", entries: str = ENTRIES) -> str:
    named = f"id = {id_}\n" if id_ else ""
    return f'[site]\ntitle = "Harbour"\nurl = "{url}"\n{named}entries-in-feed = 5\n{entries}'


def build(folder: Path, written: str, day: int) -> dict[str, str]:
    """Build on *day* of April; gives the text of every file by its path."""
    (folder / "entries.toml").write_text(written, encoding="utf-8")
    words = [
        "build",
        "-f",
        str(folder / "entries.toml"),
        "--state",
        str(folder / "state"),
        "--now",
        f"2026-04-{day:02}",
    ]
    assert main(words) == 0
    feeds = folder / "feeds"
    return {str(p.relative_to(feeds)): p.read_text(encoding="utf-8") for p in feeds.rglob("*") if p.is_file()}


def identifiers(files: dict[str, str]) -> dict[str, list[str]]:
    """What readers know feeds and entries by, document by document, in order."""
    known = {path: re.findall(r"<id>(.*?)</id>|<guid[^>]*>(.*?)</guid>", said) for path, said in files.items()}
    known["feed.json"] = [(item["id"], "") for item in json.loads(files["feed.json"])["items"]]
    known["index.html"] = [(anchor, "") for anchor in re.findall(r'\bid="(.*?)"', files["index.html"])]
    return {path: ["".join(pair) for pair in pairs] for path, pairs in known.items() if pairs}


def times(files: dict[str, str]) -> dict[str, list[str]]:
    """Everything that could make a reader show an entry once more."""
    kinds = "updated|published|pubDate|lastBuildDate"
    return {path: re.findall(rf"<(?:{kinds})>.*?</(?:{kinds})>", said) for path, said in files.items()}


def test_the_list_is_long_enough_for_archives_to_matter(tmp_path: Path) -> None:
    files = build(tmp_path, text(OLD), 1)
    assert {"archive/1.xml", "archive/2.xml", "category/新闻.xml", "kind/table.xml"} <= files.keys()
    assert len(identifiers(files)["archive/1.xml"]) == 1 + 5


@pytest.mark.parametrize(
    ("id_before", "id_after"),
    [
        pytest.param("", "", id="the ledger remembers the first address"),
        pytest.param(NAME, NAME, id="the name is in the file"),
        pytest.param("", f'"{OLD}/"', id="the first address is written down with the move"),
    ],
)
def test_identifiers_stay_and_addresses_change(tmp_path: Path, id_before: str, id_after: str) -> None:
    before = build(tmp_path, text(OLD, id_before), 1)
    after = build(tmp_path, text(NEW, id_after), 2)
    assert identifiers(after) == identifiers(before)
    assert times(after) == times(before)
    for path, said in after.items():
        if path != "ledger.jsonl":  # which remembers the first address, since identifiers are minted from it
            assert "old.example.org" not in said, path
    for path in ("atom.xml", "archive/1.xml", "archive/2.xml", "category/新闻.xml", "kind/table.xml", "lang/en.xml"):
        [own] = re.findall(r'<link href="([^"]*)" rel="self"', after[path])
        assert own == NEW + path.replace("新闻", "%E6%96%B0%E9%97%BB")
    assert f'href="{NEW}archive/2.xml" rel="prev-archive"' in after["atom.xml"]
    assert f'href="{NEW}archive/1.xml" rel="prev-archive"' in after["archive/2.xml"]
    assert f'href="{NEW}atom.xml" rel="current"' in after["archive/1.xml"]
    assert f'href="{NEW}rss.xml" rel="self"' in after["rss.xml"]
    assert json.loads(after["feed.json"])["feed_url"] == f"{NEW}feed.json"
    assert f'xmlUrl="{NEW}atom.xml"' in after["feeds.opml"]
    assert build(tmp_path, text(NEW, id_after), 3) == after


def test_entries_added_after_the_move_are_minted_from_the_same_name(tmp_path: Path) -> None:
    """So a checkout that moved and one that did not agree on what they add."""
    more = ENTRY.format(20) + ENTRIES
    for name in ("moved", "stayed"):
        (tmp_path / name).mkdir()
        build(tmp_path / name, text(OLD), 1)
    moved = build(tmp_path / "moved", text(NEW, entries=more), 2)
    stayed = build(tmp_path / "stayed", text(OLD, entries=more), 2)
    assert identifiers(moved) == identifiers(stayed)


def test_the_first_address_as_id_makes_up_for_a_lost_ledger(tmp_path: Path) -> None:
    before = build(tmp_path, text(OLD), 1)
    (tmp_path / "feeds" / "ledger.jsonl").unlink()
    after = build(tmp_path, text(NEW, f'"{OLD}/"'), 2)
    assert identifiers(after)["rss.xml"] == identifiers(before)["rss.xml"]
    assert identifiers(after)["archive/1.xml"] == identifiers(before)["archive/1.xml"]


def test_a_move_back_gives_the_same_feeds_again(tmp_path: Path) -> None:
    before = build(tmp_path, text(OLD), 1)
    build(tmp_path, text(NEW), 2)
    again = build(tmp_path, text(f"{OLD}/"), 3)
    assert {path: said for path, said in again.items() if path != "ledger.jsonl"} == {
        path: said for path, said in before.items() if path != "ledger.jsonl"
    }
