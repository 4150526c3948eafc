"""The editor's own file is replaced whole, or left as it is."""

import os
from pathlib import Path

import pytest

from handbill.write import WriteError
from handbill.write.editors_file import replace_editors_file


def test_it_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "entries.toml"
    file.write_bytes(b"before")
    file.chmod(0o604)
    replace_editors_file(file, b"before", b"after")
    assert file.read_bytes() == b"after"
    assert file.stat().st_mode & 0o777 == 0o604
    assert list(tmp_path.iterdir()) == [file]


def test_somebody_wrote_in_it_meanwhile(tmp_path: Path) -> None:
    file = tmp_path / "entries.toml"
    file.write_bytes(b"theirs")
    with pytest.raises(WriteError, match="changed in the meantime"):
        replace_editors_file(file, b"before", b"after")
    assert file.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [file]


def test_the_disk_says_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "entries.toml"
    file.write_bytes(b"before")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="no space left on device"):
        replace_editors_file(file, b"before", b"after")
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "entries.toml"
    file.write_bytes(b"before")
    monkeypatch.setattr(os, "access", lambda *_: False)  # tests may run as root, who may write everywhere
    with pytest.raises(WriteError, match="may not be written"):
        replace_editors_file(file, b"before", b"after")
    assert file.read_bytes() == b"before"
