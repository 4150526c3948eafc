"""Cron's command: silent when nothing happens, one line for each thing that does, errors told once."""

import subprocess
import sys
from pathlib import Path

import pytest
from hub import Hub

from handbill.cli import main
from handbill.write import locked

HEAD = '[site]\ntitle = "Harbour"\nurl = "https://example.org/harbour/"\ntimezone = "UTC"\n'
ENTRY = '\n[[entry]]\ndate = 2026-03-0{0}\ntitle = "News {0}"\n'


class Checkout:
    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.file = folder / "entries.toml"
        self.out = folder / "feeds"
        self.capsys = capsys
        monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
        monkeypatch.chdir(folder)

    def run(self, now: str | None = "2026-03-05T12:00", *more: str) -> tuple[int, str, str]:
        """Exit status, what was printed, what was complained of."""
        when = ["--now", now] if now else []
        status = main(["run", "-f", str(self.file), "--state", str(self.folder / "state"), *when, *more])
        told = self.capsys.readouterr()
        return status, told.out, told.err


@pytest.fixture
def checkout(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Checkout:
    return Checkout(tmp_path, capsys, monkeypatch)


def test_it_is_silent_when_nothing_happens(checkout: Checkout) -> None:
    checkout.file.write_text(HEAD + ENTRY.format(1))
    status, out, err = checkout.run()
    assert (status, err) == (0, "")
    assert out.endswith("files written, 1 entry public\n")
    assert checkout.run() == (0, "", "")
    assert checkout.run(None) == (0, "", "")
    assert list((checkout.folder / "state").glob("stamp-*"))
    assert checkout.run(None) == (0, "", "")


def test_errors_are_told_once_and_again_after_a_day_or_when_they_change(checkout: Checkout) -> None:
    checkout.file.write_text(HEAD + ENTRY.format(1))
    checkout.run()
    before = (checkout.out / "atom.xml").read_bytes()
    checkout.file.write_text(HEAD + ENTRY.format(1).replace("date", "dote"))
    status, out, err = checkout.run()
    assert (status, out) == (1, "")
    assert "dote" in err
    assert checkout.run("2026-03-05T12:15") == (1, "", "")
    assert checkout.run("2026-03-06T12:15")[2] == err
    checkout.file.write_text(HEAD + ENTRY.format(1).replace("title", "tytle"))
    assert "tytle" in checkout.run("2026-03-06T12:30")[2]
    assert (checkout.out / "atom.xml").read_bytes() == before
    checkout.file.write_text(HEAD + ENTRY.format(1))
    assert checkout.run("2026-03-06T12:45") == (0, "", "")
    checkout.file.write_text(HEAD + ENTRY.format(1).replace("title", "tytle"))
    assert "tytle" in checkout.run("2026-03-06T13:00")[2]


def test_another_run_leaves_at_once(checkout: Checkout) -> None:
    checkout.file.write_text(HEAD + ENTRY.format(1))
    with locked(checkout.out, 0):
        assert checkout.run() == (0, "", "")


def test_hubs_are_told_of_just_the_feeds_that_changed(checkout: Checkout, hub: Hub) -> None:
    head = f'{HEAD}hubs = ["{hub.url}"]\n'
    checkout.file.write_text(head + ENTRY.format(1) + 'kind = "report"\n')
    hub.status = 503
    status, _, err = checkout.run()
    assert status == 75
    assert "503" in err
    assert "the next run tries again" in err
    hub.status, hub.topics = 204, []
    assert checkout.run() == (0, "", "")
    base = "https://example.org/harbour/"
    feeds = ["atom.xml", "feed.json", "kind/report.xml", "lang/en.xml", "rss.xml"]
    assert sorted(hub.topics) == [base + path for path in feeds]
    hub.topics = []
    checkout.file.write_text(head + ENTRY.format(2) + ENTRY.format(1) + 'kind = "report"\n')
    checkout.run()
    assert f"{base}atom.xml" in hub.topics
    assert f"{base}kind/report.xml" not in hub.topics
    atom = (checkout.out / "atom.xml").read_text()
    assert f'<link href="{hub.url}" rel="hub"' in atom


DIGEST = '\n[digest]\nfrom = "News <news@example.org>"\nto = "list@lists.example.org"\naddress = "1 Quay Street"\n'


def outbox(checkout: Checkout) -> list[Path]:
    return sorted((checkout.folder / "build" / "outbox").glob("*.eml"))


@pytest.mark.slow
def test_a_mailing_list_gets_each_issue_once(checkout: Checkout) -> None:
    checkout.file.write_text(HEAD + DIGEST + ENTRY.format(1))
    checkout.run("2026-03-05T12:00", "--no-web-check")
    assert outbox(checkout) == []
    status, out, _ = checkout.run("2026-04-01T08:00", "--no-web-check")
    assert status == 0
    assert "issue 2026-04-01: 1 accepted" in out
    assert len(outbox(checkout)) == 1
    assert (checkout.out / "digest" / "2026-04-01.html").is_file()
    assert "digest/2026-04-01.html" in (checkout.out / "index.html").read_text()
    for moment in ("2026-04-01T08:15", "2026-04-02T08:00", "2026-05-01T08:00"):
        assert checkout.run(moment, "--no-web-check") == (0, "", "") or moment.startswith("2026-05")
    assert len(outbox(checkout)) == 1


@pytest.mark.slow
def test_a_date_with_nothing_new_goes_by_for_good(checkout: Checkout) -> None:
    checkout.file.write_text(HEAD + DIGEST + ENTRY.format(1))
    checkout.run("2026-03-05T12:00", "--no-web-check")
    checkout.run("2026-04-01T08:00", "--no-web-check")
    checkout.run("2026-05-01T08:00", "--no-web-check")
    checkout.file.write_text(HEAD + DIGEST + ENTRY.format(1).replace("03-01", "05-03") + ENTRY.format(1))
    checkout.run("2026-05-04T08:00", "--no-web-check")
    assert len(outbox(checkout)) == 1
    checkout.run("2026-06-01T08:00", "--no-web-check")
    assert len(outbox(checkout)) == 2


@pytest.mark.slow
def test_two_at_once_do_the_work_once(checkout: Checkout) -> None:
    checkout.file.write_text(HEAD + ENTRY.format(1))
    words = [sys.executable, "-m", "handbill", "run", "--state", str(checkout.folder / "state")]
    both = [subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sum("written" in out for out, _ in told) == 1


def test_what_was_published_is_uploaded_before_anybody_is_told(checkout: Checkout, hub: Hub) -> None:
    hub.status = 204
    checkout.file.write_text(f'{HEAD}hubs = ["{hub.url}"]\n' + ENTRY.format(1))
    status, _, err = checkout.run("2026-03-05T12:00", "--publish", "exit 7")
    assert status == 75
    assert "--publish ended with status 7" in err
    assert hub.topics == []
    log = checkout.folder / "log"
    assert checkout.run("2026-03-05T12:15", "--publish", f"echo up >> {log}") == (0, "", "")
    assert hub.topics
    assert checkout.run("2026-03-05T12:30", "--publish", f"echo up >> {log}") == (0, "", "")
    assert log.read_text() == "up\n"
