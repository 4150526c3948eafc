"""A backup, a restore and a migration, killed at each of their steps: as before or done, and the next run does it.

Debian's ``strace`` kills the process as it begins its n-th rename, unlink, sync or write.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from handbill.deliver import state

FILE = """
[site]
title = "Harbour"
url = "https://example.org/harbour/"

[digest]
from = "News <news@example.org>"
address = "1 Quay Street"

[[entry]]
date = 2026-03-20
title = "Tides in April"
"""
CALLS = ("rename", "unlink", "fsync", "fdatasync", "pwrite64", "ftruncate")
SAMPLE = 3
BEFORE, DUE, AFTER = "2026-03-05T12:00:00Z", "2026-04-01T08:00:00Z", "2026-04-01T09:00:00Z"
MIGRATED = (
    "import sys, handbill.deliver.state as s, handbill.cli as c;"
    " s._MIGRATIONS += ('CREATE TABLE more (x);\\nINSERT INTO more SELECT id FROM subscriber;\\nDROP TABLE proof;',);"
    " sys.exit(c.main(sys.argv[1:]))"
)

Whole = Callable[["Harbour"], None]


class Harbour:
    """A list of three that had its first issue, and a backup from before."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.kept = folder / "site", folder / "kept"
        self.folder.mkdir()
        (self.folder / "entries.toml").write_text(FILE)
        self.environment = {name: value for name, value in os.environ.items() if "HANDBILL" not in name}
        self.environment["XDG_CONFIG_HOME"] = str(folder / "config")
        assert self.run("run", now=BEFORE).returncode == 0
        for name in "abc":
            assert self.run("subscribers", "add", f"{name}@example.org", "--consent", "asked").returncode == 0
        assert self.run("backup", "copy").returncode == 0
        assert self.run("run", "--no-web-check", now=DUE).returncode == 0
        assert self.mails() == 3
        shutil.rmtree(self.folder / "build")
        shutil.copytree(self.folder, self.kept)

    def again(self) -> None:
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept, self.folder)

    def run(self, *words: str, now: str = BEFORE, code: str = "", before: tuple[str, ...] = ()) -> "Ended":
        program = [sys.executable, *(["-c", code] if code else ["-m", "handbill"])]
        return subprocess.run(
            [*before, *program, *words, "--state", "state", "--now", now], cwd=self.folder, env=self.environment,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def mails(self) -> int:
        return len(list(self.folder.glob("build/outbox/*.eml")))

    def read(self, name: str, query: str) -> list[tuple[object, ...]]:
        """What *query* finds in the database *name*, which is whole."""
        with closing(sqlite3.connect(self.folder / name)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            return connection.execute(query).fetchall()

    def killed_at_each_step(self, words: tuple[str, ...], whole: Whole, code: str = "", *, campaign: bool) -> None:
        """*words* are killed at steps of each kind; *whole* says what must be true after each."""
        self.again()
        log = self.folder.parent / "log"
        tracing = ("strace", "-f", "-o", str(log), "-e", f"trace={','.join(CALLS)}")
        ended = self.run(*words, now=AFTER, code=code, before=tracing)
        assert ended.returncode == 0, ended.stderr
        whole(self)
        found = Counter(re.findall(r"^\d+ +(\w+)\(", log.read_text(), re.MULTILINE))
        assert len(found) > 2
        killed = 0
        for call, last in found.items():
            some = {1 + (last - 1) * n // (SAMPLE - 1) for n in range(SAMPLE)}
            for step in range(1, last + 1) if campaign else sorted(some):
                self.again()
                inject = ("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={step}")
                ended = self.run(
                    *words, now=AFTER, code=code, before=("strace", "-f", "-qqq", "-o", "/dev/null", *inject)
                )
                killed += ended.returncode == -9
                whole(self)
        assert killed > len(found)


Ended = subprocess.CompletedProcess[str]
SUBSCRIBERS = "SELECT count(*) FROM subscriber WHERE state = 'active'"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Harbour:
    return Harbour(tmp_path_factory.mktemp("kills"))


@pytest.mark.needs("strace")
def test_a_backup_is_the_earlier_one_or_the_new_one(harbour: Harbour, *, campaign: bool) -> None:
    def whole(harbour: Harbour) -> None:
        assert harbour.read("copy", "SELECT count(*) FROM issue")[0][0] in (0, 1)
        assert harbour.read("copy", SUBSCRIBERS) == [(3,)]
        assert harbour.run("backup", "copy").returncode == 0
        assert harbour.read("copy", "SELECT count(*) FROM issue") == [(1,)]
        assert [path.name for path in harbour.folder.iterdir() if "copy" in path.name] == ["copy"]
        assert harbour.read(f"state/{state.FILE}", SUBSCRIBERS) == [(3,)]

    harbour.killed_at_each_step(("backup", "copy"), whole, campaign=campaign)


@pytest.mark.needs("strace")
def test_a_restore_leaves_one_state_or_the_other_and_nobody_gets_a_second_copy(
    harbour: Harbour, *, campaign: bool
) -> None:
    def whole(harbour: Harbour) -> None:
        assert harbour.read(f"state/{state.FILE}", SUBSCRIBERS) == [(3,)]
        ended = harbour.run("run", "--no-web-check", now=AFTER)
        assert ended.returncode in (0, 3), ended.stderr  # as it was, or in doubt
        assert harbour.mails() == 0
        again = harbour.run("restore", "--replace", "copy", now=AFTER)
        assert again.returncode == 0, again.stderr
        assert "3 active subscribers" in again.stdout
        assert harbour.run("run", "--no-web-check", now=AFTER).returncode == 3
        assert harbour.mails() == 0
        parts = [path.name for path in (harbour.folder / "state").iterdir() if path.name.endswith(".part")]
        assert parts == []

    harbour.killed_at_each_step(("restore", "--replace", "copy"), whole, campaign=campaign)


@pytest.mark.needs("strace")
def test_a_migration_is_done_or_not_begun_and_the_old_form_is_kept(harbour: Harbour, *, campaign: bool) -> None:
    def whole(harbour: Harbour) -> None:
        place = f"state/{state.FILE}"
        ((form,),) = harbour.read(place, "PRAGMA user_version")
        tables = {name for (name,) in harbour.read(place, "SELECT name FROM sqlite_master WHERE type = 'table'")}
        old = len(state._MIGRATIONS)
        assert (form, "more" in tables, "proof" in tables) in ((old, False, True), (old + 1, True, False))
        ended = harbour.run("subscribers", "list", code=MIGRATED)
        assert ended.returncode == 0, ended.stderr
        assert harbour.read(place, "SELECT count(*) FROM more") == [(3,)]
        assert harbour.read(f"{place}.form-{old}", "PRAGMA user_version") == [(old,)]
        assert harbour.read(f"{place}.form-{old}", SUBSCRIBERS) == [(3,)]
        # The older version refuses what is newer now, says so, and changes nothing.
        refused = harbour.run("subscribers", "list")
        assert refused.returncode == 2
        assert "upgrade Handbill" in refused.stderr
        assert harbour.read(place, "PRAGMA user_version") == [(old + 1,)]

    harbour.killed_at_each_step(("subscribers", "list"), whole, code=MIGRATED, campaign=campaign)
