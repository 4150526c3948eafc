"""What is published keeps to the formats' rules, in the documents that nothing else reads here too."""

from pathlib import Path

from feed_rules import atom_faults, json_feed_faults, rss_faults


def test_every_feed_keeps_to_the_rules(feeds: Path) -> None:
    assert _faults(feeds) == {}


def test_json_feed_keeps_to_the_rules(feeds: Path) -> None:
    assert json_feed_faults((feeds / "feed.json").read_bytes()) == []


def test_every_feed_of_any_list_keeps_to_the_rules(list_feeds: Path) -> None:
    assert _faults(list_feeds) == {}
    assert json_feed_faults((list_feeds / "feed.json").read_bytes()) == []
    assert (list_feeds / "digest" / "atom.xml").exists() == ("entry" in (list_feeds / "ledger.jsonl").read_text())


def _faults(feeds: Path) -> dict[Path, list[str]]:
    """What is wrong in Atom and RSS documents, of those that have a fault."""
    documents = sorted(feeds.rglob("*.xml"))
    assert {feeds / "atom.xml", feeds / "rss.xml"} <= set(documents)
    faults = {path: (rss_faults if path.name == "rss.xml" else atom_faults)(path.read_bytes()) for path in documents}
    return {path: found for path, found in faults.items() if found}
