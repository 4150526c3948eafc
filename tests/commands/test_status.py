"""How things stand, in one screen: what is published, what comes next, the last run; and the dead man's switch."""

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from handbill.cli import main

HEAD = '[site]\ntitle = "Harbour"\nurl = "https://example.org/harbour/"\ntimezone = "Europe/Lisbon"\n'
DIGEST = '[digest]\nfrom = "News <news@example.org>"\nto = "list@lists.example.org"\naddress = "1 Quay Street"\n'
ENTRIES = """
[[entry]]
date = 2026-04-10
title = "Regatta"
[[entry]]
date = 2026-03-02
title = "Bridge closed"
expires = 2026-04-05
[[entry]]
date = 2026-03-01
title = "Tide tables"
[[entry]]
date = 2026-05-01
title = "Secret"
draft = true
"""
NOW = "2026-03-05T12:00"

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run a command there; gives its exit status, what it printed and what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "entries.toml").write_text(HEAD + DIGEST + ENTRIES)

    def call(*words: str, now: str = NOW) -> tuple[int, str, str]:
        status = main([*words, "--state", "state", *(["--now", now] if now else [])])
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


def test_before_anything_is_published_it_tells_and_makes_nothing(call: Call, tmp_path: Path) -> None:
    status, out, _ = call("status")
    assert status == 0
    assert "published    nothing yet" in out
    assert "nothing was sent yet" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["entries.toml"]


def test_what_is_published_and_what_comes_next(call: Call) -> None:
    call("run", "--no-web-check")
    _, out, _ = call("status")
    assert out.splitlines() == [
        "Harbour  https://example.org/harbour/",
        "published    2 entries; last change 2026-03-05 12:00",
        "next         2026-04-06 00:00  “Bridge closed” ends",
        "             2026-04-10 00:00  “Regatta” appears",
        "next issue   due 2026-04-01 08:00: “Harbour: March 2026” (2 entries so far)",
        f"last run     2026-03-05 12:00, status 0: {Path('feeds')}: {_written(out)} files written, 2 entries public",
        "subscribers: none",
    ]


def _written(out: str) -> str:
    return out.split("status 0: feeds: ")[1].split()[0]


def test_an_issue_that_went_out(call: Call) -> None:
    call("run", "--no-web-check")
    assert "next issue   due now: “Harbour: March 2026” (2 entries so far)" in call("status", now="2026-04-01T08:05")[1]
    call("run", "--no-web-check", now="2026-04-01T08:05")
    _, out, _ = call("status", now="2026-04-01T08:10")
    assert "due 2026-05-01 08:00: “Harbour: April 2026” (0 entries so far; waits for at least 1)" in out
    assert "last run     2026-04-01 08:05, status 0" in out
    assert "issue 2026-04-01 “Harbour: March 2026”, done: 1 accepted" in out


def test_a_run_that_did_nothing_leaves_the_last_one_standing(call: Call) -> None:
    call("run", "--no-web-check")
    call("run", "--no-web-check", now="2026-03-06T12:00")
    out = call("status", now="2026-03-06T12:01")[1]
    assert "last run     2026-03-06 12:00, nothing to do\nbefore       2026-03-05 12:00, status 0: feeds: " in out
    out = call("status", now="2026-03-08T12:01")[1]
    assert "last run     2026-03-06 12:00, nothing to do, and none since: does cron still run it?" in out


def test_a_failure_is_told(call: Call) -> None:
    assert call("run", "--publish", "exit 9")[0] == 75
    assert "last run     2026-03-05 12:00, status 75: the command of --publish ended with status 9" in call("status")[1]


def test_that_a_person_must_decide_is_told(call: Call, tmp_path: Path) -> None:
    call("run", "--no-web-check")
    call("run", "--no-web-check", now="2026-04-01T08:05")
    shutil.rmtree(tmp_path / "state")  # another state now, so another is the sender
    for minute in (10, 20):
        assert call("run", "--no-web-check", now=f"2026-05-01T08:{minute}")[0] == 3
        out = call("status", now=f"2026-05-01T08:{minute}")[1]
        assert re.search(f"last run     2026-05-01 08:{minute}, status 3: .*(another state|a person must)", out), out


def test_without_a_digest(call: Call, tmp_path: Path) -> None:
    (tmp_path / "entries.toml").write_text(HEAD + ENTRIES)
    call("build")
    status, out, _ = call("status")
    assert status == 0
    assert "2 entries" in out
    assert "issue" not in out


def test_a_digest_without_sender_is_never_sent(call: Call, tmp_path: Path) -> None:
    (tmp_path / "entries.toml").write_text(HEAD + "[digest]\n" + ENTRIES)
    call("build")
    assert "never sent: [digest] has no from" in call("status")[1]


@pytest.mark.parametrize("broken", ["[site\n", HEAD + '[[entry]]\ndate = 1\ntitle = ""\n'])
def test_a_broken_file_still_lets_the_rest_be_seen(call: Call, tmp_path: Path, broken: str) -> None:
    call("run", "--no-web-check")
    (tmp_path / "entries.toml").write_text(broken)
    status, out, _ = call("status")
    assert status == 0
    assert "published    2 entries" in out
    assert "handbill check tells" in out
    assert "last run" in out


def test_accident_missing_file_and_damaged_ledger_are_problems(call: Call, tmp_path: Path) -> None:
    call("run", "--no-web-check")
    (tmp_path / "entries.toml").unlink()
    assert "problem" in call("status")[1]
    (tmp_path / "feeds" / "ledger.jsonl").write_text("no ledger\n")
    status, out, _ = call("status")
    assert status == 0
    assert "nothing was changed. Bring back a copy" in out


def test_as_json(call: Call) -> None:
    call("run", "--no-web-check")
    call("run", "--no-web-check", now="2026-04-01T08:05")
    told = json.loads(call("status", "--json", now="2026-04-02T08:00")[1])
    assert told["entries"] == 2
    assert [each["what"] for each in told["next"]] == ["ends", "appears"]
    assert told["next"][1] == {"moment": "2026-04-09T23:00:00Z", "what": "appears", "title": "Regatta"}
    assert told["next_issue"]["key"] == "2026-05-01"
    assert told["last_run"]["status"] == 0
    assert [(each["key"], each["standing"], each["recipients"]) for each in told["issues"]] == [
        ("2026-04-01", "done", {"accepted": 1})
    ]
    assert "list@" not in json.dumps(told)
    people = json.loads(call("status", "--json", "--all", now="2026-04-02T08:00")[1])["issues"][0]["people"]
    assert [each["address"] for each in people] == ["list@lists.example.org"]


def test_check_tells_the_next_issue_to_a_person_alone(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert call("check") == (0, "", "")
    monkeypatch.setattr("handbill.commands.check.on_terminal", lambda: True)
    assert call("check")[1] == "next issue due 2026-04-01 08:00: “Harbour: March 2026” (2 entries so far)\n"


class Switch:
    """A dead man's switch: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.status, self.asked = 200, list[str]()
        switch = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                switch.asked.append(self.path)
                self.send_response(switch.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


@pytest.fixture
def switch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Switch]:
    made = Switch()
    monkeypatch.setenv("HANDBILL_PING_URL", made.url)
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_each_good_run_asks_the_switch_and_no_bad_one(call: Call, switch: Switch, tmp_path: Path) -> None:
    assert call("run", now="")[0] == 0
    assert call("run", now="") == (0, "", "")
    assert call("build", now="")[0] == 0
    assert switch.asked == ["/secret"] * 2
    (tmp_path / "entries.toml").write_text("[site\n")
    assert call("run", now="")[0] == 1
    assert len(switch.asked) == 2


def test_a_switch_that_does_not_answer_is_told_without_its_secret(call: Call, switch: Switch) -> None:
    switch.status = 500
    status, _, err = call("run", now="")
    assert status == 75
    assert err.startswith("handbill run: all is done, but HANDBILL_PING_URL (127.0.0.1:")
    assert "secret" not in err
    assert call("run", now="") == (75, "", ""), "told once"


@pytest.mark.parametrize("wrong", ["example.org", "file:///etc/hostname", "http://", "http://a b/"])
def test_a_wrong_address_is_told(call: Call, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    monkeypatch.setenv("HANDBILL_PING_URL", wrong)
    status, _, err = call("run")
    assert status in (2, 75)
    assert "HANDBILL_PING_URL" in err
