"""What a build leaves alone is to the byte what it would have made."""

import os
import shutil
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handbill.cli import main
from handbill.commands.steps import kept
from handbill.render import page

HEAD = '[site]\ntitle = "Harbour"\nurl = "https://example.org/harbour/"\nentries-in-feed = 4\n'
YEAR = '{% extends "handbill/year.html" %}{% block title %}of a year{% endblock %}'


class Checkout:
    """A list of entries in a folder, built in place from what earlier builds left, and again from nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state, self.feeds = folder, folder / "state", folder / "feeds"
        self.site = HEAD
        self.hour = 0
        self.entries: list[dict[str, str]] = []
        for number in range(12):
            self.add(2010 + number // 3, number)

    def add(self, year: int, number: int, at: int = 0) -> None:
        fields = {
            "date": f"{year}-03-{number % 28 + 1:02}T23:30:00",
            "title": f'"Entry {number}"',
            "kind": '"report"' if number % 2 else '"audio"',
            "categories": f'["c{number % 3}"]',
        }
        self.entries.insert(at, fields)

    def save(self) -> None:
        tables = ("".join(f"{name} = {value}\n" for name, value in fields.items()) for fields in self.entries)
        (self.folder / "entries.toml").write_text(self.site + "".join(f"\n[[entry]]\n{table}" for table in tables))

    def build(self, feeds: Path, state: Path) -> None:
        words = ["build", "-f", str(self.folder / "entries.toml"), "--out", str(feeds), "--state", str(state)]
        for stamp in state.glob("stamp-*") if state.is_dir() else ():
            stamp.unlink()  # that the file did not change is told otherwise: here it is what was made of it
        now = f"2026-11-{1 + self.hour // 24:02}T{self.hour % 24:02}:00:00Z"
        assert main([*words, "--now", now, "--accept-removals"]) == 0

    def check(self) -> None:
        """Build in place, and from what stood before without any memory: the same must come of it."""
        self.save()
        other = self.folder / "other"
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(self.feeds, other / "feeds") if self.feeds.exists() else other.mkdir()
        self.build(other / "feeds", other / "state")
        self.build(self.feeds, self.state)
        assert tree(self.feeds) == tree(other / "feeds")


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def template(checkout: Checkout, name: str, text: str) -> None:
    place = checkout.folder / "templates" / name
    place.parent.mkdir(exist_ok=True)
    place.unlink() if place.exists() else place.write_text(text)


def served(checkout: Checkout, number: int) -> Path:
    files = sorted(path for path in checkout.feeds.rglob("*") if path.is_file() and path.name != "ledger.jsonl")
    return files[number % len(files)]


def edit_keeping_size_and_time(place: Path) -> None:
    before = place.stat()
    place.write_bytes(b"#" + place.read_bytes()[1:])
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


def copy_over(place: Path) -> None:
    """The same bytes, put there by somebody else."""
    shutil.copy(place, place.with_name("copy"))
    place.with_name("copy").replace(place)


def change(checkout: Checkout, number: int, **fields: str) -> None:
    if checkout.entries:
        entry = checkout.entries[number % len(checkout.entries)]
        for name, value in fields.items():
            entry[name.replace("_", "-")] = value


def drop(checkout: Checkout, number: int) -> None:
    if checkout.entries:
        del checkout.entries[number % len(checkout.entries)]


EDITS: dict[str, Callable[[Checkout, int], Any]] = {
    "nothing": lambda c, n: None,
    "a title": lambda c, n: change(c, n, title=f'"Other {n}"'),
    "a text": lambda c, n: change(c, n, content=f'"*Long* {n} <b>x</b>"'),
    "a subject": lambda c, n: change(c, n, categories=f'["c{n % 4}", "C++"]'),
    "a kind": lambda c, n: change(c, n, kind='"sound"'),
    "a day": lambda c, n: change(c, n, date=f"20{10 + n % 5}-05-01"),
    "a revision": lambda c, n: change(c, n, updated="2026-10-31"),
    "a field of one's own": lambda c, n: change(c, n, x_mark=str(n)),
    "withdrawn": lambda c, n: change(c, n, withdrawn="2026-11-01", withdrawn_reason='"Wrong."'),
    "expired": lambda c, n: change(c, n, expires="2026-11-02"),
    "a draft": lambda c, n: change(c, n, draft="true"),
    "gone": drop,
    "a new entry": lambda c, n: c.add(2026, 100 + n),
    "an old one": lambda c, n: c.add(2009 + n % 5, 200 + n, at=len(c.entries)),
    "the file turned over": lambda c, n: c.entries.reverse(),
    "the site": lambda c, n: setattr(c, "site", HEAD + f'description = "{n}"\n'),
    "another language": lambda c, n: setattr(c, "site", HEAD + f'lang = "{["de", "ar", "zh-Hant"][n % 3]}"\n'),
    "another time zone": lambda c, n: setattr(c, "site", HEAD + 'timezone = "Asia/Tokyo"\n'),
    "smaller feeds": lambda c, n: setattr(c, "site", HEAD.replace("4", "2")),
    "an hour": lambda c, n: setattr(c, "hour", c.hour + 1),
    "some days": lambda c, n: setattr(c, "hour", min(c.hour + 24 * (n % 4), 600)),
    "a template": lambda c, n: template(c, "year.html", YEAR),
    "another template": lambda c, n: template(c, "entry.html", '{% extends "handbill/entry.html" %}'),
    "a file deleted": lambda c, n: served(c, n).unlink(),
    "a file emptied": lambda c, n: served(c, n).write_bytes(b""),
    "a file edited slyly": lambda c, n: edit_keeping_size_and_time(served(c, n)),
    "a file put there again": lambda c, n: copy_over(served(c, n)),
    "the memory lost": lambda c, n: (c.state / kept.NAME).unlink(missing_ok=True),
    "the memory cut off": lambda c, n: os.truncate(c.state / kept.NAME, n) if (c.state / kept.NAME).exists() else None,
    "the ledger lost": lambda c, n: (c.feeds / "ledger.jsonl").unlink(missing_ok=True),
}
"""What can happen between two builds; the number chooses where."""


@pytest.fixture(autouse=True)
def long_lists_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "FULL", 3)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.lists(st.tuples(st.sampled_from(sorted(EDITS)), st.integers(0, 99)), max_size=3), max_size=5))
def test_whatever_happens_nothing_is_stale(steps: list[list[tuple[str, int]]]) -> None:
    with TemporaryDirectory() as folder:
        checkout = Checkout(Path(folder))
        checkout.check()
        for step in steps:
            for name, number in step:
                EDITS[name](checkout, number)
            checkout.check()


@pytest.mark.parametrize("name", EDITS)
def test_each_change_alone(name: str, tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    checkout.check()
    for number in (4, 17):
        EDITS[name](checkout, number)
        checkout.check()


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path)
    made.check()
    return made


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of what depends on little, and was made nevertheless."""
    paths: list[str] = []

    def keep(self: kept.Kept, made: Iterable[tuple[str, bytes]]) -> None:
        made = list(made)
        paths.extend(path for path, _ in made if path.startswith(("years/", "kind/", "category/", "rss")))
        original(self, made)

    original = kept.Kept.keep
    monkeypatch.setattr(kept.Kept, "keep", keep)
    return paths


def test_one_change_makes_what_it_concerns(checkout: Checkout, rendered: list[str]) -> None:
    change(checkout, 5, title='"Other"')  # of 2012, with audio; long in an archive
    checkout.save()
    checkout.build(checkout.feeds, checkout.state)
    assert rendered == ["years/2012.html", "category/c0.xml", "kind/audio.xml"]
    rendered.clear()
    checkout.build(checkout.feeds, checkout.state)
    assert rendered == []


def test_another_program_or_time_zone_makes_everything(
    checkout: Checkout, rendered: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "program.py"
    for name in ("program", "zone_files"):
        monkeypatch.setattr(kept, name, lambda *_: [str(source)])
        for text in ("one", "two"):
            source.write_text(text)
            rendered.clear()
            checkout.build(checkout.feeds, checkout.state)
            assert {"years/2012.html", "kind/audio.xml", "rss.xml"} <= set(rendered)
        rendered.clear()
        checkout.build(checkout.feeds, checkout.state)
        assert rendered == []


def test_the_time_zone_of_a_place_is_watched() -> None:
    assert any(Path(place).is_file() for place in kept.zone_files("Europe/London"))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"basis": 1, "made": {}}', "\x00", '{"made": []}', "[" * 5000])
def test_a_memory_that_makes_no_sense_costs_time_alone(checkout: Checkout, rendered: list[str], text: str) -> None:
    (checkout.state / kept.NAME).write_text(text)
    checkout.build(checkout.feeds, checkout.state)
    assert "rss.xml" in rendered
    rendered.clear()
    checkout.build(checkout.feeds, checkout.state)
    assert rendered == []


def test_no_memory_can_be_kept_in_a_folder_that_is_none(tmp_path: Path) -> None:
    checkout = Checkout(tmp_path)
    checkout.state.write_text("in the way")
    checkout.check()
    change(checkout, 5, title='"Other"')
    checkout.check()


def test_a_file_changed_in_the_moment_of_a_build_is_not_taken_for_ours(
    checkout: Checkout, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(checkout, 5, title='"Other"')
    checkout.save()
    year = checkout.feeds / "years" / "2012.html"
    monkeypatch.setattr(time, "sleep", lambda _: year.write_text("mine"))
    checkout.build(checkout.feeds, checkout.state)
    assert year.read_text() == "mine"
    monkeypatch.undo()
    monkeypatch.setattr(page, "FULL", 3)
    checkout.check()
    assert year.read_text() != "mine"
