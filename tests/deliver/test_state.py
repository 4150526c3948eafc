"""The private state is private, outlives what may happen, and refuses what it does not know."""

import sqlite3
from pathlib import Path

import pytest

from handbill.deliver.errors import DeliveryError
from handbill.deliver.state import FILE, note, opened, sending_lock, take_note, transaction


def test_only_the_owner_can_read_it(folder: Path) -> None:
    with opened(folder) as connection:
        take_note(connection, "x", "y")
        modes = {each.name: each.stat().st_mode & 0o777 for each in folder.iterdir()}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert modes == {FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}


def test_a_folder_that_others_can_read_is_closed_to_them(folder: Path) -> None:
    folder.mkdir(mode=0o755)
    (folder / FILE).touch(mode=0o644)
    with opened(folder):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / FILE).stat().st_mode & 0o777 == 0o600


def test_each_commit_is_synced(connection: sqlite3.Connection) -> None:
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


def test_a_transaction_is_whole_or_nothing(connection: sqlite3.Connection) -> None:
    take_note(connection, "a", "1")
    with pytest.raises(sqlite3.OperationalError), transaction(connection):  # noqa: PT012
        for statement in ("UPDATE meta SET value = '2' WHERE name = 'a'", "no such statement"):
            connection.execute(statement)
    assert note(connection, "a") == "1"


def test_the_folder_has_one_name_for_ever(folder: Path, tmp_path: Path) -> None:
    with opened(folder) as connection:
        name = note(connection, "name")
    with opened(folder) as connection:
        assert note(connection, "name") == name
    with opened(tmp_path / "other") as connection:
        assert note(connection, "name") != name


def test_a_newer_form_is_refused_and_left_alone(folder: Path) -> None:
    with opened(folder) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(DeliveryError, match="newer Handbill") as caught, opened(folder):
        pass
    assert caught.value.kind == "settings"


def test_a_damaged_file_is_told(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE).write_bytes(b"this is no database" * 100)
    with pytest.raises(DeliveryError, match="is damaged"), opened(folder):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DeliveryError, match="cannot be used"), opened(tmp_path / "file" / "state"):
        pass


def test_one_process_sends_at_a_time(folder: Path) -> None:
    folder.mkdir()
    with sending_lock(folder) as first:
        assert first
        with sending_lock(folder) as second:
            assert not second
    with sending_lock(folder) as third:
        assert third
