"""`handbill check` as its user meets it: whole processes on real files."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from handbill.cli import main

GOOD = """[site]
title = "Harbour News"
url = "https://example.org/harbour/"

[digest]
from = "Harbour <news@example.org>"
address = "1 Quay Street, Harbourtown"

[[entry]]
date = 2026-03-31
title = "Tide tables"
url = "https://example.org/tides"
"""
WRONG = GOOD.replace("2026-03-31", "2026-02-30")


class Answer(NamedTuple):
    """What a command answered."""

    status: int
    out: str
    err: str


class Check(Protocol):
    """Runs it in the folder of this test, where entries.toml gets *text* first."""

    def __call__(self, *options: str, text: str | bytes | None = None) -> Answer: ...


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Check:
    monkeypatch.chdir(tmp_path)

    def run(*options: str, text: str | bytes | None = None) -> Answer:
        if text is not None:
            Path("entries.toml").write_bytes(text.encode() if isinstance(text, str) else text)
        try:
            status = main(["check", *options])
        except SystemExit as leaving:  # argparse leaves so
            status = int(leaving.code or 0)
        return Answer(status, *capsys.readouterr())

    return run


def process(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """It as a process of its own."""
    command = [sys.executable, "-m", "handbill", "check", *options]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def on_terminal(folder: Path, *options: str, **environment: str) -> str:
    """What it prints on a terminal."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "handbill", "check", *options],
        cwd=folder, env={**os.environ, "TERM": "xterm", **environment}, stdout=follower, stderr=follower,
    ):  # fmt: skip
        os.close(follower)
        told = b""
        try:
            while part := os.read(leader, 4096):
                told += part
        except OSError:  # so Linux says that nobody holds the other side any more
            pass
        os.close(leader)
    return told.decode().replace("\r\n", "\n")


def test_a_good_file_is_silent_unless_somebody_watches(check: Check, tmp_path: Path) -> None:
    assert check(text=GOOD) == (0, "", "")
    said = on_terminal(tmp_path).splitlines()
    assert said[0] == "entries.toml: 1 entry, nothing to mend"
    assert [line[:15] for line in said[1:]] == ["next issue due "]


def test_an_error(check: Check) -> None:
    status, out, err = check(text=WRONG)
    assert (status, err) == (1, "")
    assert "10 | date = 2026-02-30" in out
    assert "1 error in entries.toml" in out


def test_a_warning_alone_is_no_failure(check: Check) -> None:
    status, out, _ = check(text=GOOD.replace("Tide tables", "The harbourâ€™s café"))
    assert status == 0
    assert "warning W001 entries.toml:11:" in out


@pytest.mark.slow
def test_colour_on_a_terminal_unless_unwanted(check: Check, tmp_path: Path) -> None:
    plain = check(text=WRONG).out
    assert "\x1b" not in plain
    coloured = on_terminal(tmp_path, NO_COLOR="")
    assert "\x1b[1;31merror" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert on_terminal(tmp_path, NO_COLOR="1") == plain
    assert on_terminal(tmp_path, NO_COLOR="", TERM="dumb") == plain


def test_forms(check: Check) -> None:
    concise = check("--format", "concise", text=WRONG)
    assert concise.status == 1
    assert re.fullmatch(r"entries\.toml:10:8: E302 [^\n]+; [^\n]+\n", concise.out)
    (found,) = json.loads(check("--format", "json").out)
    assert (found["path"], found["line"], found["column"], found["code"]) == ("entries.toml", 10, 8, "E302")
    assert check("--format", "github").out.startswith("::error file=entries.toml,line=10,col=8,")


@pytest.mark.parametrize("form", ["concise", "json", "github"])
def test_forms_for_programs_say_nothing_else(check: Check, form: str) -> None:
    assert check("--format", form, text=GOOD) == (0, "[]\n" if form == "json" else "", "")


def test_what_is_likely_depends_on_the_moment(check: Check) -> None:
    text = GOOD.replace("2026-03-31", "2062-03-31")
    assert " W313 " in check("--format", "concise", "--now", "2026-04-01", text=text).out
    assert check("--format", "concise", "--now", "2061-04-01", text=text) == (0, "", "")
    assert check("--now", "yesterday", text=text).status == 2


def test_remarks_about_what_is_published(check: Check) -> None:
    now = ("--now", "2026-04-02")
    Path("entries.toml").write_text(GOOD)
    assert main(["build", "--now", "2026-04-01"]) == 0
    status, out, _ = check("--format", "concise", *now, text=GOOD.replace("2026-03-31", "2026-10-01"))
    assert status == 0
    assert "entries.toml:10:8: W602 " in out


def test_several_files(check: Check) -> None:
    Path("other").mkdir()
    Path("other", "entries.toml").write_text(WRONG)
    status, out, _ = check("entries.toml", "other/entries.toml", "--format", "json", text=GOOD)
    assert (status, [each["path"] for each in json.loads(out)]) == (1, ["other/entries.toml"])
    assert check("other/entries.toml", "--format", "concise").out.startswith("other/entries.toml:10:8: E302 ")
    assert check("entries.toml", "nowhere.toml").status == 2


def test_pre_commit_hooks(check: Check) -> None:
    """What stands in .pre-commit-hooks.yaml, called as pre-commit does it: with names of files at the end."""
    hooks = Path(__file__).parents[2].joinpath(".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    entries = re.findall(r"^  entry: handbill check(.*)$", hooks, re.MULTILINE)
    patterns = re.findall(r"^  files: (.*)$", hooks, re.MULTILINE)
    assert (len(entries), len(patterns)) == (2, 2)
    for entry, pattern in zip(entries, patterns, strict=True):
        assert all(re.search(pattern, name) for name in ("entries.toml", "news/entries.toml"))
        assert not re.search(pattern, "my-entries.toml")
        assert check(*entry.split(), "entries.toml", text=GOOD).status == 0
        assert check(*entry.split(), "entries.toml", "entries.toml", text=WRONG).status == 1


def test_no_file(check: Check, tmp_path: Path) -> None:
    status, out, err = check()
    assert (status, out) == (2, "")
    assert err.startswith("handbill check: entries.toml: there is no such file")
    assert "-f" in err
    status, out, err = check("-f", str(tmp_path))
    assert (status, out) == (2, "")
    assert "Traceback" not in err


def test_wrong_usage(check: Check) -> None:
    assert check("--format", "xml").status == 2
    assert check("--fix", "--diff", text=GOOD).status == 2


def test_explain(check: Check) -> None:
    status, out, _ = check("--explain", "e302")
    assert status == 0
    assert out.startswith("E302: ")
    assert all(len(line) <= 80 for line in out.splitlines())
    status, out, err = check("--explain", "E3002")
    assert (status, out) == (2, "")
    assert "did you mean E302?" in err


@pytest.mark.parametrize("form", ["default", "json"])
def test_whatever_the_locale(check: Check, tmp_path: Path, form: str) -> None:
    check(text=WRONG.replace("Tide", "漢字 é").replace("2026-02-30", "2026-02-30 # é"))
    answer = process(tmp_path, "--format", form, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (answer.returncode, answer.stderr) == (1, "")
    assert answer.stdout.isascii()


@pytest.mark.slow
def test_whoever_reads_may_stop(check: Check, tmp_path: Path) -> None:
    check(text=WRONG + "".join(f"\n[[entry]]\ndate = 2026-02-30\ntitle = 'No. {n}'\n" for n in range(2000)))
    command = [sys.executable, "-m", "handbill", "check"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline().startswith(b"error ")
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode in (0, 1)


# Repairs.

BOM = b"\xef\xbb\xbf"
MENDABLE = GOOD.replace('"Tide tables"', "“Tide tables”  # mine").replace("\n", "\r\n")
MENDED = MENDABLE.replace("“Tide tables”", '"Tide tables"')


def test_fix_repairs_in_place_and_keeps_every_other_byte(check: Check) -> None:
    status, out, _ = check("--fix", text=BOM + MENDABLE.encode())
    assert status == 0
    assert Path("entries.toml").read_bytes() == BOM + MENDED.encode()
    assert out.startswith("repaired entries.toml:11:9: E")
    assert check("--fix") == (0, "", "")
    assert Path("entries.toml").read_bytes() == BOM + MENDED.encode()


def test_diff_shows_it_and_changes_nothing(check: Check) -> None:
    status, out, err = check("--diff", text=MENDABLE)
    assert status == 1
    assert Path("entries.toml").read_bytes() == MENDABLE.encode()
    assert err.startswith("would repair entries.toml:11:9: E")
    subprocess.run(["git", "apply", "-p0"], input=out.encode(), check=True, capture_output=True)
    assert Path("entries.toml").read_bytes() == MENDED.encode()
    assert check("--diff") == (0, "", "")


def test_fix_leaves_a_good_file_alone(check: Check) -> None:
    check(text=GOOD)
    before = Path("entries.toml").stat()
    assert check("--fix") == (0, "", "")
    after = Path("entries.toml").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_fix_keeps_the_mode_and_a_link(check: Check) -> None:
    file = Path("real", "list.toml")
    file.parent.mkdir()
    file.write_bytes(MENDABLE.encode())
    file.chmod(0o640)
    Path("entries.toml").symlink_to("real/list.toml")
    assert check("--fix").status == 0
    assert Path("entries.toml").is_symlink()
    assert file.read_bytes() == MENDED.encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_what_was_repaired_is_told_apart_from_what_programs_read(check: Check) -> None:
    status, out, err = check("--fix", "--format", "json", text=MENDABLE)
    assert (status, json.loads(out)) == (0, [])
    assert err.startswith("repaired entries.toml:11:9: E")
