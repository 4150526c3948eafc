"""A build killed, or refused by the disk, at each of its steps: nobody reads half a file, and the next build completes.

Debian's ``strace`` kills the process at the n-th call of a kind, or lets that call fail.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
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
        self.out = folder / "feeds"
        self.file = folder / "entries.toml"
        self.before: dict[str, bytes] = {}
        self.file.write_text(FIRST)
        self.now = TIMES[0]
        if changed:
            assert self.build().returncode == 0
            self.before = tree(self.out)
            self.file.write_text(SECOND)
            self.now = TIMES[1]
        shutil.copytree(folder, folder.with_name("kept"))
        assert self.build().returncode == 0
        self.after = tree(self.out)
        assert self.after != self.before
        self.restore()

    def restore(self) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(self.folder.with_name("kept"), self.folder, symlinks=True)

    def build(self, *strace: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "handbill", "build", "-f", str(self.file), "--out", str(self.out)]
        command += ["--state", str(self.folder / "state"), "--now", self.now]
        return subprocess.run([*strace, *command], capture_output=True, text=True, check=False)

    def injected(self, call: str, what: str, number: int) -> tuple[str, ...]:
        """The words that make `strace` do *what* at the call of this *number* that concerns a served file."""
        places = {self.out, self.folder, self.folder / ".feeds.handbill~"}
        for path in self.after:
            for folder in (self.out, self.folder / ".feeds.handbill~"):
                place = folder / path
                places |= {place, place.parent, place.with_name(f".{place.name}.handbill~")}
        where = [word for place in sorted(places) for word in ("-P", str(place))]
        how = ["-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number}"]
        return ("strace", "-f", "-qqq", "-o", "/dev/null", *where, *how)


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
    (tmp_path / "site").mkdir()
    return Publication(tmp_path / "site", request.param)


def steps(publication: Publication, call: str, what: str) -> Iterator[subprocess.CompletedProcess[str]]:
    """A build with the fault at the first such call, at the second, ... until it has no more of them."""
    for number in range(1, 200):
        publication.restore()
        ended = publication.build(*publication.injected(call, what, number))
        if ended.returncode == 0:
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
    assert not list(publication.folder.rglob("*~*")), "something was left beside its place"


@pytest.mark.needs("strace")
@pytest.mark.parametrize("call", ["fsync", "rename", "write"])
def test_killed_at_each_step_the_next_build_completes(publication: Publication, call: str) -> None:
    for ended in steps(publication, call, "signal=KILL"):
        assert ended.returncode == -9
        check_served(publication)
        check_completes(publication)


@pytest.mark.needs("strace")
@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        ("write", "ENOSPC", "no space left on device"),
        ("fsync", "EIO", "input/output error"),
        ("rename", "EROFS", "read-only file system"),
    ],
)
def test_what_the_disk_refuses_is_told(publication: Publication, call: str, error: str, words: str) -> None:
    for ended in steps(publication, call, f"error={error}"):
        assert ended.returncode == 75
        assert words in ended.stderr
        assert "Traceback" not in ended.stderr
        assert len(ended.stderr.splitlines()) == 1
        check_served(publication)
        check_completes(publication)


def test_the_check_for_dangling_links_can_fail(publication: Publication) -> None:
    assert dangling(publication.after) == []
    assert dangling({k: v for k, v in publication.after.items() if k != "atom.xml"}) != []
    page = re.sub(rb'id="?e', b"id=x", publication.after["index.html"])
    assert dangling({**publication.after, "index.html": page}) != []
