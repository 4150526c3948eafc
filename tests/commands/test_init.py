"""A file to start from is right as it stands, and never takes the place of one that is there."""

from pathlib import Path

import pytest

from handbill.cli import main


def test_what_is_written_is_right_and_builds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "entries.toml")
    assert main(["init", "-f", file]) == 0
    capsys.readouterr()
    assert main(["check", "-f", file]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["build", "-f", file, "--state", str(tmp_path / "state")]) == 0
    assert (tmp_path / "feeds" / "index.html").is_file()
    assert (tmp_path / "entries.schema.json").is_file()


def test_a_file_that_is_there_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "entries.toml"
    file.write_text("mine")
    assert main(["init", "-f", str(file)]) == 2
    assert "is there already and stays as it is" in capsys.readouterr().err
    assert file.read_text() == "mine"
