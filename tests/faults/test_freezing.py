"""A run in which an issue is due, killed at each of its steps: the next run brings the same issue, once.

Debian's ``strace`` kills the process as it begins its n-th rename, sync or write of the private state.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from handbill.publish.ledger import load

BEFORE, DUE = "2026-03-05T12:00:00Z", "2026-04-01T08:00:00Z"
FILE = """
[site]
title = "Harbour"
url = "https://example.org/harbour/"

[digest]
from = "News <news@example.org>"
to = "list@lists.example.org"
address = "1 Quay Street"

[[entry]]
date = 2026-03-20
title = "A chart of the channel"
highlight = true

[[entry]]
date = 2026-03-11
title = "Tides in April"
summary = "When the ferry cannot land."
"""
CALLS = ("rename", "fsync", "fdatasync", "pwrite64")
SAMPLE = 3


class Harbour:
    """A publication on the day its issue is due, and what an undisturbed run makes of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.kept = folder / "site", folder / "kept"
        self.folder.mkdir()
        (self.folder / "entries.toml").write_text(FILE)
        self.environment = {**os.environ, "XDG_CONFIG_HOME": str(folder / "config")}
        self.environment = {name: value for name, value in self.environment.items() if "HANDBILL" not in name}
        assert self.run(now=BEFORE).returncode == 0
        shutil.copytree(self.folder, self.kept)
        log = folder / "log"
        ended = self.run("strace", "-f", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
        assert ended.returncode == 0, ended.stderr
        assert "issue 2026-04-01: 1 accepted" in ended.stdout
        self.expected = self.made()
        # The n-th call is that of one thread: `strace` counts for each on its own.
        found = Counter(re.findall(r"^(\d+) +(\w+)\(", log.read_text(), re.MULTILINE))
        self.steps = {call: max((n for (_, name), n in found.items() if name == call), default=0) for call in CALLS}

    def restore(self) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept, self.folder)

    def run(self, *before: str, now: str = DUE) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "handbill", "run", "--no-web-check", "--state", "state", "--now", now]
        return subprocess.run(
            [*before, *words], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def made(self) -> dict[str, bytes]:
        """All that is served, and all that is in the outbox."""
        places = (self.folder / "feeds", self.folder / "build")
        files = [each for place in places for each in place.rglob("*") if each.is_file()]
        read = {each.relative_to(self.folder).as_posix(): each.read_bytes() for each in files}
        # The ledger counts sending runs, so that an older copy of the state is known: a killed one was one more.
        return {path: re.sub(rb'("sender":"\w+) \d+', rb"\1", data) for path, data in read.items()}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Harbour:
    return Harbour(tmp_path_factory.mktemp("freezing"))


@pytest.mark.needs("strace")
def test_an_undisturbed_run_makes_one_issue_of_both_entries(harbour: Harbour) -> None:
    messages = [data for path, data in harbour.expected.items() if path.endswith(".eml")]
    assert len(messages) == 1
    issue = load(harbour.expected["feeds/ledger.jsonl"].decode()).issues["2026-04-01"]
    assert (issue.number, len(issue.new)) == (1, 2)
    assert {f"feeds/digest/2026-04-01.{ending}" for ending in ("html", "txt")} <= harbour.expected.keys()
    assert min(harbour.steps.values()) > 2


@pytest.mark.needs("strace")
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_each_step_the_next_run_brings_the_same_issue(harbour: Harbour, call: str, *, campaign: bool) -> None:
    """Same number, entries and bytes of pages, ledger (but its count of runs) and message, which is there once."""
    last = harbour.steps[call]
    steps = range(1, last + 1) if campaign else sorted({1 + (last - 1) * n // (SAMPLE - 1) for n in range(SAMPLE)})
    killed = 0
    for step in steps:
        harbour.restore()
        inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={step}")
        ended = harbour.run("strace", "-f", "-qqq", "-o", "/dev/null", *inject)
        killed += ended.returncode == -9
        again = harbour.run()
        assert (again.returncode, again.stderr) == (0, ""), f"after {call} {step}"
        made = harbour.made()
        assert sorted(made) == sorted(harbour.expected), f"after {call} {step}"
        assert [path for path in made if made[path] != harbour.expected[path]] == [], f"after {call} {step}"
        third = harbour.run()
        assert (third.returncode, third.stdout, third.stderr, harbour.made()) == (0, "", "", made)
    assert killed >= len(steps) // 2  # syncs are shared among threads: the last numbers are not always reached
