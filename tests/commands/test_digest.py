"""`handbill digest`: what would come next, put where it can be looked at; nothing is recorded."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import html5lib
import pytest

from handbill.cli import main

FILE = """
[site]
title = "Harbour & Quay"
url = "https://example.org/harbour/"

[digest]
from = "News <news@example.org>"
address = "1 Quay Street"

[[entry]]
date = 2026-03-20
title = "A chart of <the> channel"
"""
WORDS = ["digest", "--now", "2026-03-25", "--output", "look here"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the file is, and a browser that writes down what it is asked to show."""
    (tmp_path / "entries.toml").write_text(FILE)
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{tmp_path}/asked"\n')
    browser.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    monkeypatch.setattr("webbrowser._tryorder", None)  # which looks at the environment once
    monkeypatch.setattr("webbrowser._browsers", {})
    return tmp_path


def test_it_opens_html_and_plain_text_side_by_side(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*WORDS, "--open"]) == 0
    asked = urlsplit((folder / "asked").read_text())
    page = Path(unquote(asked.path))
    assert (asked.scheme, page) == ("file", folder / "look here" / "preview.html")
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page.read_text(encoding="utf-8"))
    assert (page.parent / tree.find(".//iframe").get("src")).read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    text = (page.parent / "digest.txt").read_text(encoding="utf-8")
    assert tree.find(".//pre").text == text
    assert "A chart of <the> channel" in text
    assert tree.find(".//h1").text == "Harbour & Quay: March 2026"
    assert str(Path("look here") / "preview.html") in capsys.readouterr().out


def test_without_being_asked_it_opens_nothing(folder: Path) -> None:
    assert main(WORDS) == 0
    assert sorted(each.name for each in (folder / "look here").iterdir()) == ["digest.eml", "digest.html", "digest.txt"]
    assert not (folder / "asked").exists()


def test_it_records_nothing(folder: Path) -> None:
    assert main([*WORDS, "--open", "--state", "state"]) == 0
    assert sorted(each.name for each in folder.iterdir()) == ["asked", "browser", "entries.toml", "look here"]


def test_where_there_is_no_browser_it_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda url: False)
    assert main([*WORDS, "--open"]) == 2
    said = capsys.readouterr().err
    assert "no browser could be started: open look here/preview.html yourself, or set BROWSER" in said
    assert (folder / "look here" / "preview.html").exists()


def test_what_would_wait_is_told_and_not_opened(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "entries.toml").write_text(FILE.replace("address =", "min-entries = 2\naddress ="))
    assert main([*WORDS, "--open"]) == 0
    assert "would hold 1 entry, so it would wait" in capsys.readouterr().out
    assert not (folder / "asked").exists()
