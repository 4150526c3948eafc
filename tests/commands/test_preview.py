"""The preview holds what is not public yet, and nothing of it comes into what is published."""

from pathlib import Path

import pytest

from handbill.cli import main

FILE = """\
[site]
title = "Harbour News"
url = "https://example.org/harbour/"

[[entry]]
date = 2027-01-31
title = "Next year's tides"

[[entry]]
date = 2026-11-20
title = "Not finished"
draft = true

[[entry]]
date = 2026-11-10
title = "Tide tables"
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "entries.toml").write_text(FILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def preview(*options: str) -> int:
    return main(["preview", "--now", "2026-11-24", "--state", "state", *options])


def test_what_is_held_back_is_shown_and_marked(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert preview() == 0
    told = "3 entries, 2 of them not public yet, made to look at: build/preview/index.html\n"
    assert capsys.readouterr() == (told, "")
    page = (here / "build/preview/index.html").read_text()
    assert "Draft: only this preview shows it." in page
    assert "Public from January 31, 2027 on: until then only this preview shows it." in page
    assert page.count('class="notice"') == 2
    assert "Not finished" in (here / "build/preview/atom.xml").read_text()


def test_nothing_is_published_or_recorded(here: Path) -> None:
    assert main(["build", "--now", "2026-11-24", "--state", "state"]) == 0
    before = {path: path.read_bytes() for path in (here / "feeds").rglob("*") if path.is_file()}
    assert preview("--output", "look") == 0
    assert {path: path.read_bytes() for path in (here / "feeds").rglob("*") if path.is_file()} == before
    assert "Not finished" not in (here / "feeds/index.html").read_text()
    assert not (here / "look/ledger.jsonl").exists()


def test_a_file_with_errors_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "entries.toml").write_text(FILE.replace("2026-11-20", "2026-11-31"))
    assert preview() == 1
    assert "entries.toml:10" in capsys.readouterr().err
    assert not (here / "build").exists()


def test_the_browser_shows_the_page(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    def browser(address: str) -> bool:
        shown.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", browser)
    assert preview("--open") == 0
    assert shown == [(here / "build/preview/index.html").resolve().as_uri()]


def test_without_a_browser_it_says_what_to_do(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _address: False)
    assert preview("--open") == 2
    assert "open build/preview/index.html yourself" in capsys.readouterr().err
