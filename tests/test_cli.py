"""Every outcome has its exit status and its line."""

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from handbill.cli import COMMANDS, STATUSES, main

GOOD = '[site]\ntitle = "Harbour"\nurl = "https://example.org/"\n\n[[entry]]\ndate = 2026-03-01\ntitle = "News"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "entries.toml").write_text(GOOD)
    return tmp_path


def told(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err


def test_done_is_0_and_silent_when_nothing_changed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build"]) == 0
    assert capsys.readouterr().out == "feeds: 8 files written, 1 entry public\n"
    assert main(["build"]) == 0
    assert capsys.readouterr() == ("", "")


def test_errors_in_the_file_are_1_and_leave_what_is_published(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["build"])
    before = {p: p.read_bytes() for p in (folder / "feeds").rglob("*") if p.is_file()}
    (folder / "entries.toml").write_text(GOOD.replace("date", "dote"))
    assert main(["build"]) == 1
    assert "entries.toml:6:1" in told(capsys)
    assert {p: p.read_bytes() for p in (folder / "feeds").rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("damage", [b"", b"edited by hand", None])
def test_an_archive_document_that_is_damaged_is_written_again(folder: Path, damage: bytes | None) -> None:
    entries = "".join(f'[[entry]]\ndate = 2026-03-0{n}\ntitle = "News {n}"\n' for n in range(1, 6))
    (folder / "entries.toml").write_text(GOOD.replace("\n\n", "\nentries-in-feed = 2\n\n") + entries)
    assert main(["build"]) == 0
    archive = folder / "feeds" / "archive" / "1.xml"
    whole = archive.read_bytes()
    archive.write_bytes(whole[:-20] if damage is None else damage)
    assert main(["build"]) == 0
    assert archive.read_bytes() == whole


def test_an_accident_is_1_and_names_the_way_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    entries = "".join(f'[[entry]]\ndate = 2026-03-0{n}\ntitle = "News {n}"\n' for n in range(1, 6))
    (folder / "entries.toml").write_text(GOOD + entries)
    main(["build"])
    (folder / "entries.toml").write_text(GOOD)
    assert main(["build"]) == 1
    assert "5 of the 6 published entries are missing" in (said := told(capsys))
    assert "handbill build --accept-removals" in said
    assert main(["build", "--accept-removals"]) == 0


def test_a_ledger_that_cannot_be_read_is_1_and_is_never_taken_for_missing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["build"])
    ledger = folder / "feeds" / "ledger.jsonl"
    ledger.write_text(ledger.read_text() + "garbage\n")
    before = ledger.read_bytes()
    (folder / "entries.toml").write_text(GOOD.replace("News", "Newer"))
    assert main(["build"]) == 1
    assert "feeds/ledger.jsonl:" in (said := told(capsys))
    assert "git checkout -- feeds/ledger.jsonl" in said
    assert ledger.read_bytes() == before


def test_a_mistake_in_an_own_template_is_1_with_its_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "templates").mkdir()
    (folder / "templates" / "index.html").write_text("<p>\n{{ site.titel }}\n")
    assert main(["build"]) == 1
    assert "templates/index.html:2" in told(capsys)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["biuld"], "did you mean `handbill build`?"),
        (["build", "-f", "none.toml"], "none.toml: there is no such file"),
        (["build", "-f", "."], "this is a folder"),
        (["build", "--now", "yesterday"], "write it like 2026-03-31"),
        (["digest", "--month", "March"], "write it like 2026-03"),
        (["send"], "write a [digest] with from ="),
    ],
)
def test_wrong_usage_is_2(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], line: str) -> None:
    assert main(words) == 2
    assert line in told(capsys)


def test_a_disk_that_says_no_is_75(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.fsync", full)
    assert main(["build"]) == 75
    assert "no space left on device; what is published stayed whole" in told(capsys)


def test_what_stands_in_the_way_is_2(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "feeds").write_text("in the way")
    assert main(["build"]) == 2
    assert "feeds: something else stands where a folder must be; move it away" in told(capsys)


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&- >&- 2>&-"])
def test_nobody_listens(folder: Path, closed: str) -> None:
    (folder / "entries.toml").write_text(GOOD + 'summary = "<b>bold</b>"\n')
    for name in ("check", "build"):
        words = f"{shlex.quote(sys.executable)} -m handbill {name} {closed}"
        assert subprocess.run(["/bin/sh", "-c", words], check=False).returncode == 0
    assert (folder / "feeds" / "atom.xml").exists()


def test_a_fault_of_ours_is_70_with_its_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handbill.commands.build.publish", lambda *words, **more: 1 / 0)
    assert main(["build"]) == 70
    assert "ZeroDivisionError" in (said := told(capsys))
    assert "a fault of Handbill's own" in said


def test_help_tells_commands_and_statuses(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    assert all(len(line) <= 80 for line in text.splitlines())
    for name in COMMANDS:
        assert f"  {name} " in text
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])
        assert ended.value.code == 0
        _usage, _, rest = capsys.readouterr().out.partition("\n\n")
        assert all(len(line) <= 80 for line in rest.splitlines())
    assert set(STATUSES) == {0, 1, 2, 3, 70, 75}
