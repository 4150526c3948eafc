"""The user's own templates through the commands: mistakes are told early, and nothing goes out with one in it."""

from pathlib import Path

import pytest

from handbill.cli import main

FILE = """
[site]
title = "Harbour"
url = "https://example.org/harbour/"
x-motto = "Slow & steady"

[digest]
from = "News <news@example.org>"
to = "list@lists.example.org"
address = "1 Quay Street"

[[entry]]
date = 2026-03-20
title = "A chart of the channel"
x-room = "12"
"""
MISTAKE = "one\n{{ nobody }}"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "entries.toml").write_text(FILE)
    (tmp_path / "templates").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


def run(command: str, now: str = "2026-03-25") -> int:
    more = ["--no-web-check"] if command == "run" else []
    return main([command, "--state", "state", "--now", now, *more])


@pytest.mark.parametrize(
    "name", ["index.html", "entry.html", "issues.html", "digest.html", "digest-entry.html", "digest.txt", "digest.css"]
)
def test_check_tells_a_mistake_in_any_template(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check") == 0
    (folder / "templates" / name).write_text(MISTAKE)
    assert run("check") == 1
    assert f"templates/{name}:2: 'nobody' is undefined" in capsys.readouterr().err


@pytest.mark.slow
def test_fields_of_ones_own_reach_page_and_digest(folder: Path) -> None:
    templates = folder / "templates"
    (templates / "digest-entry.html").write_text(
        "{% macro entry(shown, site, words, dir) %}"
        "<p>{{ shown.title }}: room {{ shown.extra['x-room'] }}</p>"
        "{% endmacro %}"
    )
    (templates / "index.html").write_text(
        '{% extends "handbill/index.html" %}{% block intro %}<p>{{ site.extra["x-motto"] }}</p>{% endblock %}'
    )
    assert run("check") == run("build") == run("digest") == 0
    assert "A chart of the channel: room 12</p>" in (folder / "build" / "digest" / "digest.html").read_text()
    assert "<p>Slow &amp; steady</p>" in (folder / "feeds" / "index.html").read_text()


@pytest.mark.slow
def test_no_issue_is_made_with_a_mistake_in_it(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is made once that is mended; what is published stays."""
    assert run("run", "2026-03-05") == 0
    (folder / "templates" / "digest.html").write_text(MISTAKE)
    assert run("run", "2026-04-01T09:00Z") == 1
    assert "templates/digest.html:2: 'nobody' is undefined" in capsys.readouterr().err
    assert not list((folder / "feeds").glob("digest/*"))
    assert (folder / "feeds" / "index.html").exists()
    (folder / "templates" / "digest.html").unlink()
    assert run("run", "2026-04-01T10:00Z") == 0
    assert "issue 2026-04-01: 1 accepted" in capsys.readouterr().out
    assert "A chart of the channel" in (folder / "feeds" / "digest" / "2026-04-01.txt").read_text()
