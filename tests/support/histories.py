"""A small language for histories: what an editor does to the file, when it is built, and what subscribers see then.

An entry is named by a key for as long as it is the same to the editor; lists of keys are words in one text.
"""

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import feedparser

from handbill.cli import main

Fields: TypeAlias = dict[str, object]
DATES = ("date", "updated", "expires", "withdrawn")
WITHDRAWN = "Withdrawn: "
"""How the title of a notice begins."""


@dataclass
class Desk:
    """The editor's desk: *folder* holds the file and what is served; *entries* by their keys, as the file has them."""

    folder: Path
    site: Fields = field(default_factory=lambda: {"title": "Harbour News", "url": "https://example.org/harbour/"})
    entries: dict[str, Fields] = field(default_factory=dict)

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
