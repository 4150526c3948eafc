"""Two branches that each add entries and build merge by git alone, and the next build is right."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
HEAD = '[site]\ntitle = "Harbour"\nurl = "https://example.org/harbour/"\nentries-in-feed = 3\n'


def entry(number: int, day: int) -> str:
    return f'\n[[entry]]\ndate = 2026-03-{day:02}\ntitle = "Entry {number}"\ncategories = ["c{number}"]\n'


OLD = [entry(number, number) for number in range(9, 0, -1)]


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copy(ROOT / ".gitattributes", folder)
        self.git("init", "-b", "main")

    def git(self, *words: str) -> str:
        identity = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
        return subprocess.run(
            ["git", *identity, *words], cwd=self.folder, check=True, capture_output=True, text=True
        ).stdout

    def publish(self, text: str, day: int) -> dict[str, str]:
        """Write, build and commit; gives the identifiers by title that readers of the whole list see."""
        (self.folder / "entries.toml").write_text(text)
        words = [sys.executable, "-m", "handbill", "build", "--now", f"2026-04-{day:02}", "--state", "../state"]
        subprocess.run(words, cwd=self.folder, check=True, capture_output=True)
        self.git("add", ".")
        self.git("commit", "-m", "build")
        ledger = (self.folder / "feeds" / "ledger.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in ledger]
        return {row["title"]: row["entry"] for row in rows if "entry" in row}


def test_two_branches_that_add_entries_merge(tmp_path: Path) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    checkout = Checkout(folder)
    first = checkout.publish(HEAD + "".join(OLD), 1)
    checkout.git("checkout", "-b", "other")
    theirs = checkout.publish(HEAD + "".join([*OLD, entry(21, 1), entry(22, 1)]), 2)
    checkout.git("checkout", "main")
    ours = checkout.publish(HEAD + "".join([entry(11, 20), entry(12, 19), *OLD]), 3)
    checkout.git("merge", "other")
    text = (folder / "entries.toml").read_text()
    merged = checkout.publish(text, 4)
    assert merged == first | ours | theirs
    assert len(set(merged.values())) == 13
    feed = json.loads((folder / "feeds" / "feed.json").read_text())
    assert [item["title"] for item in feed["items"]][:2] == ["Entry 11", "Entry 12"]
    archived = "".join(path.read_text() for path in (folder / "feeds" / "archive").iterdir())
    live = (folder / "feeds" / "atom.xml").read_text()
    assert all(id_ in archived + live for id_ in merged.values())
    for path in (folder / "feeds").rglob("*"):
        assert not path.is_file() or "<<<<<<<" not in path.read_text()
    assert checkout.git("status", "--porcelain") == ""
