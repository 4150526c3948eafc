"""No secret and no person's address gets out: a publication with failures of every kind, all its outputs searched.

Of people, only `subscribers` and `status` speak: commands that a person gives, never cron.
"""

import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
from fault_server import FaultServer, Script, fault_server

from handbill.cli import main
from handbill.deliver.state import FILE
from handbill.deliver.tokens import Signer

SITE = "https://example.org/harbour/"
TOML = f"""\
[site]
title = "Harbour News"
url = "{SITE}"
author = "Harbour"
[digest]
from = "Harbour <news@example.org>"
bounces = "bounces@example.org"
leave-url = "https://example.org/leave/"
leave-mailto = "leave@example.org"
proof-to = ["desk.quagga@example.org"]
address = "1 Quay Street"
[[entry]]
date = 2026-03-20
title = "Tide tables"
url = "https://example.org/tides"
"""
PASSWORD, KEY = "zebra-password-0123456789", "zebra-key-" + "k" * 40
PEOPLE = [f"quagga{number}@example.org" for number in range(12)]
SECRET = re.compile(
    rf"zebra|{re.escape(b64encode(PASSWORD.encode()).decode())}|{re.escape(b64encode(KEY.encode()).decode())}|"
    + re.escape(b64encode(f"\0user\0{PASSWORD}".encode()).decode())
)
PERSON = re.compile("quagga", re.IGNORECASE)
SIGNER = Signer(KEY.encode(), SITE)


class Publication:
    """One, by its commands as processes; all that they say is kept."""

    def __init__(self, folder: Path, server: FaultServer) -> None:
        self.folder, self.said = folder, ""
        (folder / "entries.toml").write_text(TOML, encoding="utf-8")
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HANDBILL_")},
            "HOME": str(folder),
            "HANDBILL_SMTP_HOST": "127.0.0.1",
            "HANDBILL_SMTP_PORT": str(server.port),
            "HANDBILL_SMTP_HELO": "tests.example.org",
            "HANDBILL_SMTP_USER": "user",
            "HANDBILL_SMTP_PASSWORD": PASSWORD,
            "HANDBILL_KEY": KEY,
        }

    def __call__(
        self,
        *words: str,
        now: str = "2026-04-01T09:00",
        entered: bytes = b"",
        until: Callable[[], bool] | None = None,
        **more: str,
    ) -> int:
        """Give the command *words* (ended as an operator would, a second after it is so far); the exit status."""
        command = [sys.executable, "-m", "handbill", *words, "-f", "entries.toml", "--state", "state"]
        if words[0] in ("run", "send"):
            command.append("--no-web-check")
        with subprocess.Popen(
            [*command, "--now", now], cwd=self.folder, env=self.environment | more, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            if until:
                while process.poll() is None and not until():
                    time.sleep(0.05)
                time.sleep(1)
                process.send_signal(signal.SIGTERM)
            said, _ = process.communicate(entered, timeout=120)
        self.said += f"$ {' '.join(words)}: {process.returncode}\n{said.decode()}"
        return process.returncode


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """The relay."""
    with fault_server(Script(features=("PIPELINING", "AUTH PLAIN"))) as server:
        yield server


def says(answers: dict[str, dict[str, str]], *, everybody: str = "") -> Script:
    """What a server answers at each point to the person with that number, naming them; or to everybody at RCPT."""

    def act(point: str, recipient: str) -> str:
        number = "".join(filter(str.isdigit, recipient))
        answer = answers.get(point, {}).get(number, everybody if point == "rcpt" else "")
        return answer.format(to=recipient)

    return Script(act, ("PIPELINING", "AUTH PLAIN"))


WELL = Script(features=("PIPELINING", "AUTH PLAIN"))


def test_a_whole_publication(tmp_path: Path, server: FaultServer) -> None:
    its = Publication(tmp_path, server)
    assert its("check") == 0
    assert its("build", now="2026-03-15") == 0
    (tmp_path / "list.csv").write_text("address,name\n" + "".join(f"{each},Q\n" for each in PEOPLE[:11]))
    assert its("subscribers", "import", "list.csv", "--consent", "form") == 0
    assert its("subscribers", "import", "list.csv", "--consent", "form") == 0
    assert its("digest", "--output", "look") == 0
    assert its("send", "--dry-run", "--publish", "true") == 0

    server.script = says({}, everybody="550 5.1.1 <{to}> not here")  # the proof
    its("run", now="2026-03-31T09:00")
    its("send", "--test", PEOPLE[0], now="2026-03-31T09:00")
    server.script = WELL
    its("run", now="2026-03-31T10:00")

    server.script = Script(lambda point, to: f"535 5.7.8 no, {PEOPLE[1]}" if point == "auth" else "", WELL.features)
    assert its("run", "--publish", "env") == 3
    server.script = says({}, everybody="554 5.7.1 <{to}>: relay access denied")
    assert its("send", "--resume") == 3
    server.script = says({
        "rcpt": {"2": "550 5.1.1 <{to}>: unknown", "3": "450 4.2.0 <{to}> greylisted"},
        "dot": {"4": "drop", "5": "550 5.2.1 mailbox {to} disabled"},
        "data": {"6": "451 4.3.0 {to} later"},
    })  # fmt: skip
    assert its("send", "--resume", until=lambda: len(server.messages) >= 5) in (3, 75)
    assert "it was told to stop" in its.said
    before = server.connections
    assert its("run", now="2026-04-01T10:00", until=lambda: server.connections > before) in (3, 75)
    assert "in doubt" in its.said
    its("send", "--pause")
    its("run", now="2026-04-01T11:00")
    its("send", "--discard")
    assert its("status", "--json") == 0
    server.stop()
    assert its("send", "--resume", now="2026-04-01T12:00") == 75
    assert "Connection refused" in its.said
    server.start()
    server.script = WELL
    its("send", "--resolve-doubt", "skip", now="2026-04-02T13:00")
    its("run", now="2026-04-02T14:00")
    assert server.kept[PEOPLE[7]] == 1
    its("send", "--correction", now="2026-04-02T15:00")

    returned = SIGNER.envelope_sender("bounces@example.org", PEOPLE[8], 1)
    report = (
        f"To: {returned}\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns;x\n\nFinal-Recipient: rfc822;{PEOPLE[8]}\n"
        f"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp;550 5.1.1 <{PEOPLE[8]}> unknown\n\n--b--\n"
    ).encode()
    assert its("inbox", entered=report) == 0
    assert "1 hard bounce" in its.said
    its("inbox", entered=f"From: {PEOPLE[9]}\nSubject: leave {SIGNER.leave_token(PEOPLE[9])}\n\n".encode())
    its("inbox", entered=f"From: {PEOPLE[9]}\nSubject: Hello from quagga\n\nHi\n".encode())
    (tmp_path / "Mail").mkdir()
    its("inbox", "Mail")

    its("subscribers", "add", PEOPLE[11], "--consent", "form")
    its("subscribers", "add", PEOPLE[9], "--consent", "form")
    its("subscribers", "add", "quagga.example.org", "--consent", "form")
    its("subscribers", "remove", PEOPLE[11])
    its("subscribers", "remove", "--erase", PEOPLE[10])
    its("backup", "copy")
    its("restore", "copy")
    _visit(its)

    # Settings that are wrong, and a state that is.
    its("send", HANDBILL_SMTP_PASSWORD="")
    its("send", HANDBILL_SMTP_PASSWORD="zebra-ü")
    its("send", HANDBILL_SMTP_PASSWORD="", HANDBILL_SMTP_PASSWORD_FILE=str(tmp_path / "none"))
    its("send", HANDBILL_KEY="zebra")
    its("subscribers", "list", HANDBILL_KEY="zebra-of-another-list-" + "x" * 20)
    its("send", HANDBILL_SMTP_PORT="x")
    its("send", HANDBILL_SMTP_HOST="localhost", HANDBILL_SMTP_TLS="starttls", now="2026-05-02")
    (tmp_path / "entries.toml").write_text(TOML.replace("title =", "titel ="))
    assert its("run", now="2026-05-02") == 1
    (tmp_path / "entries.toml").write_text(TOML)
    damaged = (tmp_path / "state" / FILE).read_bytes()
    (tmp_path / "state" / FILE).write_bytes(damaged[:3000] + b"quagga0@example.org" * 500)
    its("run", now="2026-05-03")
    its("send", now="2026-05-03")

    assert not SECRET.search(its.said), its.said
    commands = re.compile(r"^\$ .*\n", re.MULTILINE)  # what the test itself typed
    assert not PERSON.search(commands.sub("", its.said)), its.said
    assert {"0", "1", "2", "3", "75"} <= set(re.findall(r"^\$ .*: ([0-9]+)$", its.said, re.MULTILINE))
    _nothing_in(tmp_path / "feeds")
    _nothing_in(tmp_path / "look")
    names = [each.name for each in tmp_path.rglob("*")]
    assert not [name for name in names if PERSON.search(name) or SECRET.search(name)]
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or not SECRET.search(file.read_bytes().decode("latin-1")), file


def _nothing_in(folder: Path) -> None:
    files = [each for each in folder.rglob("*") if each.is_file()]
    assert files
    for file in files:
        text = file.read_bytes().decode("latin-1")
        assert not PERSON.search(text), file
        assert not SECRET.search(text), file


def _visit(its: Publication) -> None:
    """What the server for leaving says, on the line and in its log."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "handbill", "web", "--listen", f"127.0.0.1:{port}", "--state", "state"]
    with subprocess.Popen(command, cwd=its.folder, env=its.environment, stderr=subprocess.PIPE) as process:
        tokens = [SIGNER.leave_token(PEOPLE[0]), SIGNER.leave_token("nobody@example.org"), "x", ""]
        until = time.monotonic() + 20
        for token in tokens:
            for data in (None, b"List-Unsubscribe=One-Click", b"x=y", PEOPLE[0].encode()):
                while True:
                    try:
                        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{token}", data, 10) as answer:
                            its.said += f"{answer.headers}{answer.read().decode()}"
                        break
                    except URLError as error:
                        if hasattr(error, "headers"):
                            its.said += f"{error.headers}{error.read().decode()}"  # type: ignore[attr-defined]
                            break
                        assert time.monotonic() < until
                        time.sleep(0.05)
        process.terminate()
        assert process.stderr
        its.said += process.stderr.read().decode()


def test_a_fault_of_ours(
    tmp_path: Path, server: FaultServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its traceback stays, without whom it was about."""
    its = Publication(tmp_path, server)
    monkeypatch.chdir(tmp_path)
    for name, value in its.environment.items():
        monkeypatch.setenv(name, value)
    options = ["-f", "entries.toml", "--state", "state"]
    assert main(["build", *options, "--now", "2026-03-15"]) == 0
    assert main(["subscribers", "add", PEOPLE[0], "--consent", "form", *options, "--now", "2026-03-15"]) == 0

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(f"cannot send to <{PEOPLE[0]}>")

    monkeypatch.setattr("handbill.commands.send.send_issue", fails)
    for command in ("send", "run"):
        assert main([command, "--no-web-check", *options, "--now", "2026-04-01T09:00"]) == 70
    said = "".join(capsys.readouterr())
    assert "cannot send to <…>" in said
    assert "Traceback" in said
    assert not PERSON.search(said)
    assert not SECRET.search(said)


def test_what_is_published_is_published_without_secrets(tmp_path: Path, server: FaultServer) -> None:
    """The operator's own command sees the environment, secrets excepted."""
    its = Publication(tmp_path, server)
    assert its("run", "--publish", "env", now="2026-03-15") == 0
    assert "HANDBILL_SMTP_HOST=127.0.0.1" in its.said
    assert not SECRET.search(its.said)


def test_the_state_holds_people_and_no_secret(tmp_path: Path, server: FaultServer) -> None:
    """So that a copy of it alone signs nothing."""
    its = Publication(tmp_path, server)
    its("subscribers", "add", PEOPLE[0], "--consent", "form")
    with sqlite3.connect(tmp_path / "state" / FILE) as connection:
        dump = "\n".join(connection.iterdump())
    assert PERSON.search(dump)
    assert not SECRET.search(dump)
    for file in (tmp_path / "state").iterdir():
        assert file.stat().st_mode & 0o077 == 0, file
