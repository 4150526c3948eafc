"""A small language for histories: what an editor does to the file, when it is built, and what subscribers see then.

An entry is named by a key for as long as it is the same to the editor; lists of keys are words in one text.
"""

import json
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeAlias

import feedparser

from handbill.cli import main

Fields: TypeAlias = dict[str, object]
ROOT = Path(__file__).parents[2]
DATES = ("date", "updated", "expires", "withdrawn")
WITHDRAWN = "Withdrawn: "
"""How the title of a notice begins."""


@dataclass
class Desk:
    """The editor's desk: *folder* holds the file and what is served; *entries* by their keys, as the file has them.

    *branches* are the desks of others, who began with a copy of all of it.
    """

    folder: Path
    site: Fields = field(default_factory=lambda: {"title": "Harbour News", "url": "https://example.org/harbour/"})
    entries: dict[str, Fields] = field(default_factory=dict)
    branches: dict[str, "Desk"] = field(default_factory=dict)

    def save(self) -> Path:
        """Write the file; gives its path."""
        tables = [("[site]", self.site), *(("[[entry]]", entry) for entry in self.entries.values())]
        file = self.folder / "entries.toml"
        file.write_text("\n".join(f"{head}\n{_lines(fields)}" for head, fields in tables), encoding="utf-8")
        return file


def _lines(fields: Fields) -> str:
    return "".join(
        f"{name.replace('_', '-')} = {value if name in DATES else json.dumps(value)}\n"
        for name, value in fields.items()
        if value is not None
    )


Edit: TypeAlias = Callable[[Desk], None]


def add(key: str, at: int = 0, **fields: object) -> Edit:
    """A new entry, *at* its place in the file from the top. It has an address and a summary, unless they are None."""

    def edit(desk: Desk) -> None:
        written = {"title": key.capitalize(), "url": f"https://example.org/{key}", "summary": f"About {key}."}
        rows = list(desk.entries.items())
        rows.insert(at, (key, {**written, **fields}))
        desk.entries = dict(rows)

    return edit


def change(key: str, **fields: object) -> Edit:
    """Other values for fields of an entry; None takes a field out."""
    return lambda desk: desk.entries[key].update(fields)


def drop(keys: str) -> Edit:
    """Take entries out of the file."""

    def edit(desk: Desk) -> None:
        for key in keys.split():
            del desk.entries[key]

    return edit


def order(keys: str) -> Edit:
    """Move all entries, so that they stand in the file as *keys* do."""

    def edit(desk: Desk) -> None:
        desk.entries = {key: desk.entries.pop(key) for key in keys.split()} | desk.entries

    return edit


def site(**fields: object) -> Edit:
    """Other values for fields of the site."""
    return lambda desk: desk.site.update(fields)


def lose_the_ledger(desk: Desk) -> None:
    """Nobody committed it, or somebody tidied up."""
    (desk.folder / "feeds" / "ledger.jsonl").unlink()


def branch(name: str) -> Edit:
    """Another editor begins, with a copy of what is published now."""

    def edit(desk: Desk) -> None:
        if not (desk.folder / ".git").exists():
            shutil.copy(ROOT / ".gitattributes", desk.folder)
            (desk.folder / ".gitignore").write_text("state/\nstep */\n", encoding="utf-8")
            _git(desk, "init", "-q", "-b", "main")
        _commit(desk)
        other = Desk(desk.folder.with_name(f"{desk.folder.name}-{name}"), dict(desk.site), deepcopy(desk.entries))
        _git(desk, "clone", "-q", str(desk.folder), str(other.folder))
        desk.branches[name] = other

    return edit


def on_branch(name: str, moment: str, *edits: Edit) -> Edit:
    """The other editor edits, builds at the *moment*, and commits."""

    def edit(desk: Desk) -> None:
        other = desk.branches[name]
        for each in edits:
            each(other)
        _build(other, Step(moment, shown=""))
        _commit(other)

    return edit


def merge(name: str) -> Edit:
    """Take in what the other editor did, as git merges it. Where both wrote at one place in the file, both stays."""

    def edit(desk: Desk) -> None:
        other = desk.branches[name]
        _commit(desk)
        _git(desk, "fetch", "-q", str(other.folder), "main")
        _git(desk, "-c", "merge.conflictStyle=diff3", "merge", "-q", "FETCH_HEAD", status=(0, 1))
        assert _git(desk, "diff", "--name-only", "--diff-filter=U").split() in ([], ["entries.toml"])
        file = desk.folder / "entries.toml"
        text = _both_sides(file.read_text(encoding="utf-8"))
        file.write_text(text, encoding="utf-8")
        _commit(desk)
        keys = {fields["title"]: key for each in (desk, other) for key, fields in each.entries.items()}
        desk.entries = {keys[entry["title"]]: _fields(entry) for entry in tomllib.loads(text)["entry"]}

    return edit


def _fields(entry: Fields) -> Fields:
    """The fields of an entry of the file, as edits write them."""
    return {
        name.replace("-", "_"): value.isoformat() if isinstance(value, date) else value for name, value in entry.items()
    }


def _both_sides(text: str) -> str:
    """What a person makes of a conflict: the markers go, and what stood there before."""
    lines, before = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith(("<<<<<<<", "|||||||", "=======", ">>>>>>>")):
            before = line.startswith("|||||||")
        elif not before:
            lines.append(line)
    return "".join(lines)


def _commit(desk: Desk) -> None:
    _git(desk, "add", "-A")
    _git(desk, "commit", "-q", "--allow-empty", "-m", "Published")


def _git(desk: Desk, *words: str, status: tuple[int, ...] = (0,)) -> str:
    identity = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
    ended = subprocess.run(["git", *identity, *words], cwd=desk.folder, capture_output=True, text=True, check=False)
    assert ended.returncode in status, ended.stderr
    return ended.stdout


class Step:
    """Edits, a build at a moment, and what is so after it.

    *shown* is the live document, newest first. Of it *new* were never seen by a subscriber who has always looked,
    *updated* have a later `updated` than before, *silent* say something else under the same `updated`, and all others
    are what they were. Of *updated* and *silent*, *reworded* have another text. *stones* have a tombstone. *whole* is
    what a crawler of the archives finds (None: what is shown), *rewritten* the numbers of archive documents that were
    there before and are not the same now. *words* are options of the build, *status* is its exit status.
    """

    def __init__(
        self,
        moment: str,
        *edits: Edit,
        shown: str,
        new: str = "",
        updated: str = "",
        silent: str = "",
        reworded: str = "",
        stones: str = "",
        whole: str | None = None,
        rewritten: str = "",
        words: tuple[str, ...] = (),
        status: int = 0,
    ) -> None:
        self.moment, self.edits, self.words, self.status = moment, edits, words, status
        self.shown = shown.split()
        self.new, self.updated, self.silent = set(new.split()), set(updated.split()), set(silent.split())
        self.reworded, self.stones = set(reworded.split()), set(stones.split())
        self.whole = self.shown if whole is None else whole.split()
        self.rewritten = {f"archive/{number}.xml" for number in rewritten.split()}
        assert self.new | self.updated | self.silent <= set(self.shown), moment
        assert self.reworded <= self.updated | self.silent, moment


@dataclass(frozen=True)
class Played:
    """What a step left: the folder of the *feeds* as it was then, and the latest *titles* by their keys."""

    step: Step
    feeds: Path
    titles: Mapping[str, str]


@dataclass(frozen=True)
class History:
    """All steps that were played. *keys* names each identifier that was ever served."""

    played: tuple[Played, ...]
    keys: Mapping[str, str]


def play(steps: tuple[Step, ...], folder: Path) -> History:
    """Take every one of *steps* below *folder*. What the last one built is built again: then nothing may be touched."""
    desk, keys, played, titles = Desk(folder), dict[str, str](), [], dict[str, str]()
    feeds = folder / "feeds"
    for number, step in enumerate(steps):
        for edit in step.edits:
            edit(desk)
        _build(desk, step)
        titles = titles | {key: str(entry["title"]) for key, entry in desk.entries.items()}
        _name(feeds, titles, keys)
        kept = folder / f"step {number}"
        shutil.copytree(feeds, kept)
        played.append(Played(step, kept, titles))
    before = _files(feeds)
    _build(desk, steps[-1])
    assert _files(feeds) == before, "a second build changed something"
    return History(tuple(played), keys)


def _build(desk: Desk, step: Step) -> None:
    folder = desk.folder
    places = ["-f", str(desk.save()), "--out", str(folder / "feeds"), "--state", str(folder / "state")]
    assert main(["build", *places, "--now", step.moment, *step.words]) == step.status, step.moment


def _files(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def _name(feeds: Path, titles: Mapping[str, str], keys: dict[str, str]) -> None:
    """Call each identifier that is served for the first time by the key of the entry with its title.

    A second identifier for one entry gets another name, which no table has.
    """
    by_title = {title: key for key, title in titles.items()}
    for document in [feeds / "atom.xml", *sorted(feeds.glob("archive/*.xml"))]:
        for entry in feedparser.parse(document.read_bytes()).entries:
            if entry.id not in keys:
                key = by_title[entry.title.removeprefix(WITHDRAWN)]
                keys[entry.id] = f"another {key}" if key in keys.values() else key
