"""Each exit status of the README is provoked by a command, and comes with the line that stands there."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from handbill.cli import STATUSES

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
ROWS = {int(row[0]): row[1:] for row in re.findall(r"^\| (\d+) \| .+? \| (.+?) \| `(.+)` \|$", README, re.MULTILINE)}
FILE = """[site]
title = "Harbour News"
url = "https://example.org/harbour/"
[digest]
from = "News <news@example.org>"
address = "1 Quay Street"
[[entry]]
date = 2026-03-31
title = "Tide tables"
"""
BEFORE, DUE = ("--now", "2026-03-31T12:00"), ("--no-web-check", "--now", "2026-04-01T08:00")
BROKEN = "import sys, handbill.commands.build as b, handbill.cli as c; b.make = None; sys.exit(c.main(sys.argv[1:]))"

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Run a command of Handbill there, without any mail server at its relay's port."""

    def call(
        *words: str, program: tuple[str, ...] = ("-m", "handbill"), **more: str
    ) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if "HANDBILL" not in name}
        environment |= {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_STATE_HOME": str(tmp_path / "state"), **more}
        return subprocess.run(
            [sys.executable, *program, *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    (tmp_path / "entries.toml").write_text(FILE)
    return call


def ready(call: Call) -> None:
    """On the day before the issue, for one subscriber."""
    assert call("run", *BEFORE).returncode == 0
    assert call("subscribers", "add", "ann@example.org", "--consent", "asked").returncode == 0


def done(call: Call, folder: Path) -> subprocess.CompletedProcess[str]:
    return call("run", *BEFORE)


def wrong(call: Call, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "entries.toml").write_text(FILE.replace("03-31", "02-31"))
    return call("check")


def usage(call: Call, folder: Path) -> subprocess.CompletedProcess[str]:
    return call("restore", "nowhere")


def paused(call: Call, folder: Path) -> subprocess.CompletedProcess[str]:
    ready(call)
    assert call("send", "--publish", "false", *DUE).returncode == 75
    assert call("send", "--pause").returncode == 0
    return call("run", *DUE)


def fault(call: Call, folder: Path) -> subprocess.CompletedProcess[str]:
    ended = call("run", *BEFORE, program=("-c", BROKEN))
    assert "Traceback" in ended.stderr
    return ended


def away(call: Call, folder: Path) -> subprocess.CompletedProcess[str]:
    ready(call)
    return call("run", *DUE, HANDBILL_SMTP_HOST="127.0.0.1", HANDBILL_SMTP_PORT="1")


WAYS = {0: done, 1: wrong, 2: usage, 3: paused, 70: fault, 75: away}


def test_the_table_is_whole() -> None:
    assert ROWS.keys() == WAYS.keys() == STATUSES.keys()


@pytest.mark.parametrize("status", WAYS)
def test_a_command_ends_so_and_says_so(call: Call, tmp_path: Path, status: int) -> None:
    when, said = ROWS[status]
    ended = WAYS[status](call, tmp_path)
    assert ended.returncode == status, ended.stderr
    pattern = ".+".join(map(re.escape, said.split("…")))
    lines = (ended.stdout + ended.stderr).splitlines()
    assert any(re.fullmatch(pattern, line) for line in lines), lines
    (command,) = re.findall(r"`(\w+)", when)
    assert command in ended.args
