"""Without a relay: files of one's own, and the program that every Unix knows."""

import sqlite3
import stat
from pathlib import Path

import pytest
from lists_of_subscribers import NOW, frozen, join, letter, people

from handbill.deliver import journal, subscribers
from handbill.deliver.outcome import Outcome
from handbill.deliver.sending import send_issue
from handbill.deliver.settings import Folder, Sendmail, Transport


def send(connection: sqlite3.Connection, way: Transport) -> Outcome:
    issue = journal.find(connection, "2026-04-01") or frozen(connection)
    return send_issue(connection, issue, way, letter, now=lambda: NOW, clock=lambda: 0.0)


def counts(connection: sqlite3.Connection) -> dict[journal.State, int]:
    (issue,) = journal.issues(connection)
    return journal.counts(connection, issue)


def test_a_file_for_each(connection: sqlite3.Connection, tmp_path: Path) -> None:
    join(connection, *people(3))
    out = tmp_path / "outbox"
    assert send(connection, Folder(out)).accepted == 3
    files = sorted(out.iterdir())
    assert [each.suffix for each in files] == [".eml"] * 3
    assert not any("reader" in each.name for each in files)
    assert all(stat.S_IMODE(each.stat().st_mode) == 0o600 for each in files)
    assert {each.read_bytes().splitlines()[0] for each in files} == {f"To: {each}".encode() for each in people(3)}
    assert send(connection, Folder(out)).done == 0


def test_a_folder_that_breaks_off_goes_on_without_doubt(connection: sqlite3.Connection, tmp_path: Path) -> None:
    join(connection, *people(3))
    frozen(connection)
    out = tmp_path / "outbox"
    send(connection, Folder(out))
    connection.execute("UPDATE recipient SET state = 'waiting'")
    connection.execute("UPDATE issue SET finished = NULL")
    before = sorted(out.iterdir())
    assert send(connection, Folder(out)).accepted == 3
    assert sorted(out.iterdir()) == before


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A sendmail that keeps what it gets, and ends as a file beside it says."""
    file = tmp_path / "sendmail"
    file.write_text(
        f'#!/bin/sh\necho "$@" >>{tmp_path}/calls\ncat >>{tmp_path}/mail\n'
        f'if [ -e {tmp_path}/kill ]; then kill -9 $$; fi\nexit "$(cat {tmp_path}/exit 2>/dev/null || echo 0)"\n'
    )
    file.chmod(0o755)
    return file


def test_sendmail(connection: sqlite3.Connection, program: Path) -> None:
    join(connection, "reader@bücher.example.org", "-oops@example.org")
    assert send(connection, Sendmail(str(program))).accepted == 2
    calls = (program.parent / "calls").read_text().splitlines()
    assert all(line.startswith("-i -f bounces+") for line in calls)
    assert [line.rpartition(" -- ")[2] for line in calls] == ["reader@xn--bcher-kva.example.org", "-oops@example.org"]
    mail = (program.parent / "mail").read_bytes()
    assert b"\r" not in mail
    assert b"\n.hidden\n..\n" in mail


@pytest.mark.parametrize(
    ("status", "expected", "paused"),
    [("67", {"refused": 2}, False), ("75", {"deferred": 2}, False), ("77", {"deferred": 1, "waiting": 1}, True)],
)
def test_exit_statuses(
    connection: sqlite3.Connection, program: Path, status: str, expected: dict[str, int], *, paused: bool
) -> None:
    join(connection, *people(2))
    (program.parent / "exit").write_text(status)
    outcome = send(connection, Sendmail(str(program)))
    assert counts(connection) == expected
    assert bool(outcome.paused) is paused


def test_a_program_that_is_killed_leaves_a_doubt(connection: sqlite3.Connection, program: Path) -> None:
    join(connection, *people(1))
    (program.parent / "kill").touch()
    assert send(connection, Sendmail(str(program))).doubt == 1
    assert counts(connection) == {"in doubt": 1}


def test_no_such_program(connection: sqlite3.Connection, tmp_path: Path) -> None:
    join(connection, *people(2))
    assert "cannot be started" in (send(connection, Sendmail(str(tmp_path / "nothing"))).paused or "")
    assert subscribers.count(connection) == {"active": 2}
