"""A build killed, or refused by the disk, at each of its steps: nobody reads half a file, and the next build completes.

Debian's ``strace`` kills the process at the n-th call of a kind, or lets that call fail.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import sleep
from urllib.parse import unquote

import pytest

BASE = "https://example.org/harbour/"
HEAD = f'[site]\ntitle = "Harbour"\nurl = "{BASE}"\nauthor = "Watch"\nentries-in-feed = 3\n\n[digest]\n'
TIMES = ("2026-03-10T12:00:00Z", "2026-03-12T12:00:00Z")


def entries(numbers: range, kind: str = "report", more: str = "") -> str:
    form = '\n[[entry]]\ndate = 2026-03-{0:02}\ntitle = "Entry {0}"\nkind = "{1}"\n{2}'
    return "".join(form.format(number, kind, more) for number in numbers)


FIRST = HEAD + entries(range(1, 9))
SECOND = HEAD + entries(range(9, 12), "press release") + entries(range(1, 7))
SECOND += entries(range(7, 8), more="withdrawn = 2026-03-11\n")


class Publication:
    """A publication in a folder, and what its readers have before and after the change that is under test."""

    def __init__(self, folder: Path, changed: bool) -> None:
        self.folder = folder
        self.out, self.state = folder / "feeds", folder / "state"
        self.changed = changed
        self.before: dict[str, bytes] = {}
        self.restore()
        self.before = tree(self.out) if changed else {}
        assert self.build().returncode == 0
        self.after = tree(self.out)
        assert self.after != self.before
        self.kept = [path.name for path in self.state.iterdir()]
        assert len(self.kept) >= 2, "what was made, and a stamp"

    def restore(self) -> None:
        """Bring about what was there before the change. What the program remembers of files holds for these alone."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self._edit(FIRST, TIMES[0])
        if self.changed:
            assert self.build().returncode == 0
            assert tree(self.out) == self.before or not self.before
            self._edit(SECOND, TIMES[1])

    def _edit(self, text: str, now: str) -> None:
        (self.folder / "entries.toml").write_text(text)
        self.now = now

    def command(self) -> list[str]:
        command = [sys.executable, "-m", "handbill", "build", "-f", str(self.folder / "entries.toml")]
        return [*command, "--out", str(self.out), "--state", str(self.state), "--now", self.now]

    def build(self, *strace: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*strace, *self.command()], capture_output=True, text=True, check=False)

    def injected(self, call: str, what: str, number: int) -> tuple[str, ...]:
        """The words that make `strace` do *what* at the call of this *number* that concerns what is kept or served."""
        places = {self.out, self.folder, self.folder / ".feeds.handbill~", self.state}
        places |= {self.state / f"{name}{end}" for name in self.kept for end in ("", "~")}
        for path in self.after:
            for folder in (self.out, self.folder / ".feeds.handbill~"):
                place = folder / path
                places |= {place, place.parent, place.with_name(f".{place.name}.handbill~")}
        where = [word for place in sorted(places) for word in ("-P", str(place))]
        how = ["-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number}"]
        return ("strace", "-f", "-qqq", "-o", str(self.trace), *where, *how)

    @property
    def trace(self) -> Path:
        """What `strace` saw."""
        return self.folder.with_name("trace")


def tree(folder: Path) -> dict[str, bytes]:
    """What is served: every file but those not yet in their places."""
    files = (p for p in folder.rglob("*") if p.is_file() and not p.name.endswith("~"))
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files}


def dangling(served: dict[str, bytes]) -> list[str]:
    """Links that lead nowhere, anchors of the page included, in all that a reader can come to."""
    anchors = set(re.findall(rb'\bid="?([^"\s>]+)', served.get("index.html", b"")))
    entrances = ["index.html", "atom.xml", "rss.xml", "feed.json", "feeds.opml"]
    known = [path for path in entrances if path in served]
    found = []
    for path in known:  # grows on the way
        for link in links(served[path]):
            place, _, anchor = link.partition("#")
            place = unquote(place) or "index.html"
            if place not in served or (anchor and anchor.encode() not in anchors):
                found.append(f"{path} -> {link}")
            elif place not in known:
                known.append(place)
    return found


def links(data: bytes) -> list[str]:
    """The places of the publication that a served file links to."""
    data = re.sub(rb'(scheme|domain)="[^"]*"', b"", data)  # names, not links
    return [link.decode() for link in re.findall(re.escape(BASE).encode() + rb"([^\s\"'<>&\\]*)", data)]


@pytest.fixture(params=[False, True], ids=["the first build", "a change"])
def publication(request: pytest.FixtureRequest, tmp_path: Path) -> Publication:
    return Publication(tmp_path / "site", request.param)


def steps(publication: Publication, call: str, what: str, every: int = 1) -> Iterator[subprocess.CompletedProcess[str]]:
    """A build with the fault at the first such call, at the next one but *every*, ... until it has no more of them."""
    for number in range(1, 1000, every):
        publication.restore()
        ended = publication.build(*publication.injected(call, what, number))
        if ended.returncode == 0 and "INJECTED" not in publication.trace.read_text():
            assert number > 1, "no call was ever reached"
            return
        yield ended
    raise AssertionError("the build never came through")


def check_served(publication: Publication) -> None:
    served = tree(publication.out)
    for path, data in served.items():
        assert data in (publication.before.get(path), publication.after.get(path)), f"half a file: {path}"
    assert dangling(served) == []


def check_completes(publication: Publication) -> None:
    ended = publication.build()
    assert ended.returncode == 0, ended.stderr
    assert tree(publication.out) == publication.after
    left = [path for path in publication.folder.rglob("*~*") if path.parent != publication.state]
    assert left == [], "something was left beside its place"


@pytest.mark.needs("strace")
@pytest.mark.parametrize("call", ["fsync", "rename", "write"])
def test_killed_at_each_step_the_next_build_completes(publication: Publication, call: str, campaign: bool) -> None:
    """At every third one by default."""
    for ended in steps(publication, call, "signal=KILL", 1 if campaign else 3):
        assert ended.returncode == -9
        check_served(publication)
        check_completes(publication)


@pytest.mark.needs("strace")
@pytest.mark.parametrize(
    ("error", "words"), [("ENOSPC", "no space left on device"), ("EROFS", "read-only file system")]
)
@pytest.mark.parametrize("call", ["write", "fsync", "rename", "mkdir", "openat"])
def test_what_the_disk_refuses_is_told(
    publication: Publication, call: str, error: str, words: str, campaign: bool
) -> None:
    """Of what is only remembered nothing is told: that it cannot be kept costs the next run some time."""
    told, every = 0, 1 if campaign else 60 if call == "openat" else 12
    for ended in steps(publication, call, f"error={error}", every):
        check_served(publication)
        if ended.returncode == 0:
            assert tree(publication.out) == publication.after
        else:
            told += 1
            assert ended.returncode == 75
            assert words in ended.stderr
            assert len(ended.stderr.splitlines()) == 1
        assert "Traceback" not in ended.stderr
        check_completes(publication)
    assert told or (call == "mkdir" and publication.changed), "it never mattered"


@pytest.mark.needs("strace")
def test_a_sync_that_fails_is_told(publication: Publication) -> None:
    ended = next(steps(publication, "fsync", "error=EIO"))
    assert ended.returncode == 75
    assert "input/output error" in ended.stderr
    check_served(publication)
    check_completes(publication)


def test_killed_at_any_moment_the_next_build_completes(publication: Publication, campaign: bool) -> None:
    chance = Random(5)
    for _ in range(200 if campaign else 5):
        publication.restore()
        running = subprocess.Popen(publication.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sleep(chance.uniform(0.15, 0.6))
        running.kill()
        running.wait()
        check_served(publication)
        check_completes(publication)


def test_the_check_for_dangling_links_can_fail(publication: Publication) -> None:
    assert dangling(publication.after) == []
    assert dangling({k: v for k, v in publication.after.items() if k != "atom.xml"}) != []
    page = re.sub(rb'id="?e', b"id=x", publication.after["index.html"])
    assert dangling({**publication.after, "index.html": page}) != []
