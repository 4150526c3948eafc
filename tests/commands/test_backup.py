"""Backups of the private state: private, whole, and put back without a second copy to anybody."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handbill.cli import main
from handbill.deliver import state, subscribers

TOML = """
[site]
title = "Harbour"
url = "https://example.org/harbour/"
[digest]
from = "News <news@example.org>"
address = "1 Quay Street"
[[entry]]
date = 2026-03-01
title = "Tide tables"
"""

Call = Callable[..., tuple[int, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command there; gives its exit status and all that it said."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "entries.toml").write_text(TOML)

    def call(*words: str, now: str = "2026-03-05T12:00", state: str = "state") -> tuple[int, str]:
        status = main([*words, "--state", state, "--now", now])
        told = capsys.readouterr()
        return status, told.out + told.err

    call("run")
    for name in "abc":
        assert call("subscribers", "add", f"{name}@example.org", "--consent", "asked")[0] == 0
    return call


def mails(folder: Path) -> int:
    return len(list((folder / "build" / "outbox").glob("*.eml")))


def test_a_backup_is_one_private_file_and_tells_where_the_secret_is(call: Call, tmp_path: Path) -> None:
    with state.opened(tmp_path / "state"):  # somebody is at work
        status, said = call("backup", "copy")
    assert status == 0
    assert str(tmp_path / "config" / "handbill" / "key") in said
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.glob("*copy*")] == ["copy"]
    assert call("backup", "copy")[0] == 0, "in place of an earlier one"


def test_it_replaces_nothing_but_a_backup(call: Call, tmp_path: Path) -> None:
    before = (tmp_path / "entries.toml").read_bytes()
    assert call("backup", "entries.toml")[0] == 2
    assert (tmp_path / "entries.toml").read_bytes() == before
    assert call("backup", "nowhere/copy")[0] == 75
    assert call("backup", "copy", state="other")[0] == 2


def test_a_lost_state_comes_back(call: Call, tmp_path: Path) -> None:
    call("backup", "copy")
    status, said = call("restore", "copy", state="new")
    assert status == 0
    assert "3 active subscribers" in said
    status, said = call("subscribers", "list", state="new")
    assert all(f"{name}@example.org" in said for name in "abc")
    assert (tmp_path / "new" / state.FILE).stat().st_mode & 0o777 == 0o600


def test_a_newer_state_stays_unless_it_is_to_go(call: Call, tmp_path: Path) -> None:
    call("backup", "copy")
    assert call("restore", "copy")[0] == 0, "nothing newer there"
    call("subscribers", "remove", "a@example.org", now="2026-03-06T12:00")
    status, said = call("restore", "copy")
    assert status == 3
    assert "newer than copy" in said
    assert "3 " not in call("status")[1].split("subscribers: ")[1]
    status, said = call("restore", "--replace", "copy")
    assert status == 0
    assert "3 active" in said
    kept = tmp_path / "state" / "handbill.sqlite3.before-restore"
    assert kept.stat().st_mode & 0o777 == 0o600
    status, said = call("restore", "--replace", str(kept))
    assert "2 active" in said


def test_another_state_stays(call: Call) -> None:
    call("backup", "copy")
    call("subscribers", "add", "z@example.org", "--consent", "asked", state="other")
    status, said = call("restore", "copy", state="other")
    assert status == 3
    assert "another one than" in said


@pytest.mark.parametrize("content", [b"", b"no database" * 100, b"SQLite format 3\0" + bytes(4096)])
def test_what_is_no_backup_changes_nothing(call: Call, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "copy").write_bytes(content)
    status, said = call("restore", "--replace", "copy")
    assert status == 2
    assert "nothing was changed" in said
    assert call("restore", "nothing-there")[0] == 2
    assert "3 active" in call("status")[1]


def test_a_cut_off_backup_changes_nothing(call: Call, tmp_path: Path) -> None:
    call("backup", "copy")
    whole = (tmp_path / "copy").read_bytes()
    (tmp_path / "copy").write_bytes(whole[: len(whole) // 2])
    assert call("restore", "copy", state="new")[0] == 2
    assert not (tmp_path / "new").exists()


def test_a_backup_of_a_newer_form_is_refused(call: Call, tmp_path: Path) -> None:
    call("backup", "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as connection:
        connection.execute("PRAGMA user_version=99")
    status, said = call("restore", "copy", state="new")
    assert status == 2
    assert "newer Handbill" in said


def test_a_damaged_state_gives_way_and_is_kept(call: Call, tmp_path: Path) -> None:
    call("backup", "copy")
    (tmp_path / "state" / state.FILE).write_bytes(b"no database" * 1000)
    for name in ("-wal", "-shm"):
        (tmp_path / "state" / f"{state.FILE}{name}").unlink(missing_ok=True)
    status, said = call("restore", "copy")
    assert status == 0, said
    assert (tmp_path / "state" / "handbill.sqlite3.before-restore").read_bytes().startswith(b"no database")


@pytest.mark.slow
def test_a_backup_from_before_an_issue_sends_nobody_a_second_copy(call: Call, tmp_path: Path) -> None:
    call("backup", "copy")
    assert call("run", "--no-web-check", now="2026-04-01T08:00")[0] == 0
    assert mails(tmp_path) == 3
    assert call("restore", "--replace", "copy", now="2026-04-01T09:00")[0] == 0
    status, said = call("run", "--no-web-check", now="2026-04-01T09:15")
    assert status == 3
    assert "all in doubt" in said
    assert mails(tmp_path) == 3
    assert call("send", "--resolve-doubt", "skip", "--no-web-check", now="2026-04-01T09:20")[0] == 0
    assert call("run", "--no-web-check", now="2026-04-01T09:30")[0] == 0
    assert mails(tmp_path) == 3


def test_a_backup_from_the_middle_of_an_issue_puts_those_who_wait_in_doubt(call: Call, tmp_path: Path) -> None:
    now = "2026-04-01T08:00"
    assert call("send", "--publish", "false", "--no-web-check", now=now)[0] == 75
    call("backup", "copy")
    assert call("send", "--no-web-check", now=now)[0] == 0
    assert mails(tmp_path) == 3
    _, said = call("restore", "--replace", "copy", now="2026-04-01T09:00")
    assert "3 may have got their message" in said
    assert call("send", "--no-web-check", now="2026-04-01T09:15")[0] == 3
    assert mails(tmp_path) == 3


def test_an_older_form_is_migrated_with_a_backup_beside(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = (*state._MIGRATIONS, "CREATE TABLE more (x); no such statement;")
    monkeypatch.setattr(state, "_MIGRATIONS", wrong)
    assert call("status")[0] != 0
    monkeypatch.setattr(state, "_MIGRATIONS", (*wrong[:-1], "CREATE TABLE more (x);"))
    assert "3 active" in call("status")[1]
    beside = tmp_path / "state" / f"{state.FILE}.form-1"
    assert beside.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(beside)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM subscriber").fetchone() == (3,)
    with state.opened(tmp_path / "state") as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM more").fetchone() == (0,)


@pytest.mark.slow
def test_who_left_since_the_backup_stays_off_the_list_and_whom_the_operator_removed_is_back(
    call: Call, tmp_path: Path
) -> None:
    call("subscribers", "add", "d@example.org", "--consent", "asked")
    call("backup", "copy")
    with state.opened(tmp_path / "state") as connection:
        (left,) = (each.id for each in subscribers.everyone(connection) if each.address == "a@example.org")
        assert subscribers.leave(connection, left, datetime(2026, 3, 6, tzinfo=UTC), "one click")
    call("subscribers", "remove", "b@example.org", now="2026-03-06T12:00")
    call("subscribers", "remove", "--erase", "c@example.org", now="2026-03-06T12:00")
    status, said = call("restore", "--replace", "copy", now="2026-03-07T12:00")
    assert status == 0
    assert "2 active subscribers" in said
    assert "2 of the backup's active subscribers had left since" in said
    assert "knows of nothing after 2026-03-05T12:00:00Z" in said
    said = call("subscribers", "list", "active")[1]
    assert "b@example.org" in said
    assert "d@example.org" in said
    with closing(sqlite3.connect(tmp_path / "state" / state.FILE)) as connection:
        assert "c@example.org" not in "\n".join(connection.iterdump())
    assert call("subscribers", "add", "c@example.org", "--consent", "asked")[0] == 2, "known to be erased"
    assert "known to the state before" in call("subscribers", "show", "a@example.org")[1]


@pytest.mark.slow
def test_a_lost_secret_is_begun_anew_when_that_is_wanted(call: Call, tmp_path: Path) -> None:
    call("backup", "copy")
    (tmp_path / "config" / "handbill" / "key").unlink()
    assert call("subscribers", "list")[0] == 2
    call("restore", "copy")
    assert "the secret that signs links for leaving is missing" in call("subscribers", "list")[1]
    assert call("restore", "--new-secret", "copy")[0] == 0
    status, said = call("subscribers", "list")
    assert status == 0
    assert "a@example.org" in said
    assert (tmp_path / "config" / "handbill" / "key").stat().st_mode & 0o777 == 0o600
