"""What happens to a newsletter over the years, by the commands: machines, backups, mistakes, people who come and go."""

import io
import re
import shutil
import sqlite3
from collections.abc import Iterator
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from fault_server import FaultServer, Script, fault_server

from handbill.cli import main
from handbill.deliver.state import FILE, sending_lock

TOML = """\
[site]
title = "Harbour News"
url = "https://example.org/harbour/"
id = "https://example.org/harbour/"
[digest]
from = "Harbour <news@example.org>"
bounces = "bounces@example.org"
leave-url = "https://example.org/leave/"
address = "1 Quay Street"
[[entry]]
date = 2026-03-20
title = "Tide tables"
url = "https://example.org/tides"
"""
FIRST, LATER, NEXT = "2026-04-01T09:00", "2026-04-02T09:00", "2026-05-01T09:00"
SECRET = "correct horse battery"


class Machine:
    """A checkout with its own state and secrets."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        folder.mkdir(exist_ok=True)
        self.folder, self.capsys = folder, capsys
        self.file, self.out, self.state = folder / "entries.toml", folder / "feeds", folder / "state"
        self.said = ""

    def __call__(self, command: str, *more: str, now: str = FIRST) -> int:
        words = [*command.split(), *more, "-f", str(self.file), "--state", str(self.state), "--now", now]
        if command.startswith("send"):
            words.append("--no-web-check")
        status = main(words)
        said = self.capsys.readouterr()
        self.said = said.out + said.err
        return status

    def write(self, text: str) -> None:
        self.file.write_text(text, encoding="utf-8")

    def clone(self, folder: Path) -> "Machine":
        """Another checkout: what is committed, nothing private."""
        other = Machine(folder, self.capsys)
        shutil.copy(self.file, other.file)
        shutil.copytree(self.out, other.out)
        return other


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FaultServer]:
    """The relay that the environment names."""
    with fault_server(Script(features=("PIPELINING", "AUTH PLAIN", "ENHANCEDSTATUSCODES"))) as server:
        monkeypatch.setenv("HANDBILL_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("HANDBILL_SMTP_PORT", str(server.port))
        monkeypatch.setenv("HANDBILL_SMTP_HELO", "tests.example.org")
        monkeypatch.setenv("HANDBILL_SMTP_CONNECTIONS", "1")
        monkeypatch.setenv("HANDBILL_SMTP_USER", "user")
        monkeypatch.setenv("HANDBILL_SMTP_PASSWORD", SECRET)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        monkeypatch.delenv("CONFIGURATION_DIRECTORY", raising=False)
        monkeypatch.delenv("HANDBILL_KEY", raising=False)
        monkeypatch.chdir(tmp_path)
        yield server


@pytest.fixture
def machine(tmp_path: Path, server: FaultServer, capsys: pytest.CaptureFixture[str]) -> Machine:
    """A list of three, with an issue due at `FIRST`."""
    machine = Machine(tmp_path / "first", capsys)
    machine.write(TOML)
    assert machine("build", now="2026-03-15") == 0
    for name in ("a", "b", "c"):
        assert machine(f"subscribers add {name}@example.org", "--consent", "form", now="2026-03-16") == 0
    return machine


THREE = {"a@example.org": 1, "b@example.org": 1, "c@example.org": 1}


def test_once_and_only_once(machine: Machine, server: FaultServer) -> None:
    assert machine("send") == 0, machine.said
    assert machine.said == "issue 2026-04-01: 3 accepted\n"
    assert server.kept == THREE
    assert machine("send", now=LATER) == 0
    assert machine.said == ""
    assert server.kept == THREE
    assert (machine.out / "digest" / "2026-04-01.html").exists()


def test_nothing_is_due_nothing_is_sent(machine: Machine, server: FaultServer) -> None:
    assert machine("send", now="2026-03-30") == 0
    assert (machine.said, server.messages) == ("", [])


def test_two_machines_with_the_same_repository(machine: Machine, server: FaultServer, tmp_path: Path) -> None:
    assert machine("send") == 0
    other = machine.clone(tmp_path / "second")
    other("subscribers add a@example.org", "--consent", "form")
    other.write(TOML + '[[entry]]\ndate = 2026-04-10\ntitle = "More"\nurl = "https://example.org/more"\n')
    assert other("send", now=NEXT) == 3
    assert "another state folder is the sender" in other.said
    assert other("send", now=NEXT) == 3
    assert other.said == "", "told once"
    assert server.kept == THREE
    assert other("send --take-over", now=NEXT) == 3, "the issue that it does not know is in doubt"
    assert server.kept["a@example.org"] == 2
    shutil.copytree(other.out, machine.out, dirs_exist_ok=True)
    shutil.copy(other.file, machine.file)
    assert machine("send", now="2026-06-01T09:00") == 3
    assert server.kept == {**THREE, "a@example.org": 2}


def test_the_state_is_lost(machine: Machine, server: FaultServer) -> None:
    machine("send")
    machine("subscribers export")
    exported = machine.said
    shutil.rmtree(machine.state)
    (machine.folder / "list.csv").write_text(exported)
    machine("subscribers import", str(machine.folder / "list.csv"), "--consent", "from the export")
    assert machine("send", now=LATER) == 3
    assert machine("send --take-over", now=LATER) == 3
    assert "2026-04-01: all in doubt" in machine.said
    assert machine("send --resolve-doubt skip", now=LATER) == 0, machine.said
    assert server.kept == THREE
    assert machine("send", now=LATER) == 0


def test_links_outlive_the_state(machine: Machine, server: FaultServer) -> None:
    machine("send")
    token = re.search(rb"leave/([a-z2-7]{16}\.[A-Za-z0-9_-]{22})>", next(m for m in server.messages if b"To: b@" in m))
    assert token
    shutil.rmtree(machine.state)
    machine("subscribers add b@example.org", "--consent", "again")
    mail = machine.folder / "Maildir"
    for part in ("new", "cur", "tmp"):
        (mail / part).mkdir(parents=True)
    (mail / "new" / "1").write_bytes(b"Subject: leave " + token[1] + b"\r\n\r\n")
    assert machine("inbox", str(mail)) == 0
    machine("subscribers list left")
    assert "b@example.org" in machine.said


def test_the_ledger_is_lost(machine: Machine, server: FaultServer) -> None:
    machine("send")
    before = (machine.out / "ledger.jsonl").read_text()
    (machine.out / "ledger.jsonl").unlink()
    assert machine("send", now=LATER) == 0, machine.said
    assert server.kept == THREE
    issue = next(line for line in before.splitlines() if '"issue"' in line)
    assert issue in (machine.out / "ledger.jsonl").read_text()


def test_a_stale_backup_of_the_state(machine: Machine, server: FaultServer) -> None:
    """Taken when two of three still waited; the rest was sent after that."""
    server.script = Script(
        lambda point, to: "drop" if point == "dot" and to == "a@example.org" else "", ("AUTH PLAIN",)
    )
    assert machine("send", now=FIRST) == 3
    backup = machine.folder / "backup"
    shutil.copytree(machine.state, backup)
    stale = machine.folder / "stale"
    shutil.copytree(backup, stale)
    with sqlite3.connect(stale / FILE) as connection:
        connection.execute("UPDATE recipient SET state = 'waiting' WHERE state = 'accepted'")
        connection.execute("UPDATE issue SET finished = NULL")
        connection.execute("UPDATE meta SET value = '0' WHERE name = 'runs'")
    sent = dict(server.kept)
    shutil.rmtree(machine.state)
    shutil.copytree(stale, machine.state)
    server.script = Script(features=("AUTH PLAIN",))
    assert machine("send", now=LATER) == 3
    assert dict(server.kept) == sent
    assert "3 in doubt" in machine.said


def test_a_backup_from_before_the_issue(machine: Machine, server: FaultServer) -> None:
    backup = machine.folder / "backup"
    shutil.copytree(machine.state, backup)
    machine("send")
    shutil.rmtree(machine.state)
    shutil.copytree(backup, machine.state)
    assert machine("send", now=LATER) == 3
    assert "all in doubt" in machine.said
    assert server.kept == THREE
    assert machine("send --resolve-doubt send", now=LATER) == 0, machine.said
    assert server.kept == dict.fromkeys(THREE, 2), "asked for"


def test_a_wrong_issue_is_discarded(machine: Machine, server: FaultServer) -> None:
    server.script = Script(lambda point, to: "421 4.3.2 not now" if point == "connect" else "")
    assert machine("send --publish false") == 75
    assert "no mail was sent" in machine.said
    assert machine("send --discard") == 0, machine.said
    server.script = Script(features=("PIPELINING", "AUTH PLAIN"))
    machine.write(TOML.replace("Tide tables", "Tide tables for 2026"))
    assert machine("send") == 0, machine.said
    assert all(b"Tide tables for 2026" in message for message in server.messages)
    assert server.kept == THREE
    assert (machine.out / "ledger.jsonl").read_text().count('"issue"') == 1


def test_a_wrong_issue_is_paused_and_corrected(machine: Machine, server: FaultServer) -> None:
    def act(point: str, to: str) -> str:
        return "550 5.4.5 quota" if point == "rcpt" and to != "a@example.org" else ""

    server.script = Script(act, ("PIPELINING", "AUTH PLAIN"))
    assert machine("send") == 3
    assert "is paused: 550 5.4.5 quota" in machine.said
    assert machine("send") == 3
    assert machine.said == "", "told once"
    assert machine("status") == 0
    assert "  paused: 550 5.4.5 quota" in machine.said
    assert re.search(r"  deferred .*  b@example.org: 550 5.4.5 quota", machine.said)
    assert machine("send --discard") == 3
    assert "sending has begun" in machine.said
    server.script = Script(features=("PIPELINING", "AUTH PLAIN"))
    machine.write(TOML.replace('title = "Tide tables"', 'title = "Tide tables, corrected"'))
    machine("subscribers remove b@example.org", now=LATER)
    assert machine("send --correction", now=LATER) == 3, "the issue itself is paused still"
    assert server.kept == {"a@example.org": 2}
    assert b"corrected" in server.messages[-1]
    assert machine("send --resume", now=LATER) == 0, machine.said
    assert server.kept == {"a@example.org": 2, "c@example.org": 1}


def test_one_leaves_one_is_erased_one_joins_again_while_it_is_sent(machine: Machine, server: FaultServer) -> None:
    server.script = Script(
        lambda point, to: "550 5.7.1 policy" if point == "mail" else "", ("PIPELINING", "AUTH PLAIN")
    )
    assert machine("send") == 3
    machine("subscribers remove a@example.org")
    machine("subscribers remove --erase b@example.org")
    machine("subscribers add b@example.org --again", "--consent", "asked again")
    machine("subscribers remove c@example.org")
    machine("subscribers add c@example.org --again", "--consent", "asked again")
    server.script = Script(features=("PIPELINING", "AUTH PLAIN"))
    assert machine("send --resume") == 0, machine.said
    assert server.kept == {"c@example.org": 1}
    machine.write(TOML + '[[entry]]\ndate = 2026-04-10\ntitle = "More"\nurl = "https://example.org/more"\n')
    assert machine("send", now=NEXT) == 0, machine.said
    assert server.kept == {"b@example.org": 1, "c@example.org": 2}


def test_a_dry_run_touches_nothing(machine: Machine, server: FaultServer) -> None:
    before = {each: each.read_bytes() for each in machine.folder.rglob("*") if each.is_file()}
    assert machine("send --dry-run") == 0, machine.said
    assert "“Harbour News: March 2026”, 1 entry, to 3 subscribers" in machine.said
    assert SECRET not in machine.said
    assert {each: each.read_bytes() for each in machine.folder.rglob("*") if each.is_file()} == before
    assert server.connections == 0


def test_a_dry_run_makes_no_state_and_leaves_that_of_a_dead_run_alone(machine: Machine) -> None:
    """A process that was killed leaves a log beside the state, which whoever opens it there would tidy up."""
    with sqlite3.connect(machine.state / FILE) as connection:
        connection.execute("UPDATE subscriber SET state = 'left' WHERE address = 'a@example.org'")
        connection.commit()
        killed = machine.folder / "killed"
        shutil.copytree(machine.state, killed)
    shutil.rmtree(machine.state)
    killed.rename(machine.state)
    assert (machine.state / f"{FILE}-wal").stat().st_size
    before = {each: (each.read_bytes(), each.stat().st_mtime_ns) for each in machine.state.iterdir()}
    assert machine("send --dry-run") == 0, machine.said
    assert "to 2 subscribers" in machine.said
    assert {each: (each.read_bytes(), each.stat().st_mtime_ns) for each in machine.state.iterdir()} == before
    shutil.rmtree(machine.state)
    assert machine("send --dry-run") == 0, machine.said
    assert "to 0 subscribers" in machine.said
    assert not machine.state.exists()


def test_a_test_goes_to_one_address_and_is_not_recorded(machine: Machine, server: FaultServer) -> None:
    assert machine("send --test editor@example.org", now="2026-03-25") == 0, machine.said
    assert server.kept == {"editor@example.org": 1}
    assert machine("send") == 0
    assert server.kept == {**THREE, "editor@example.org": 1}


def test_a_proof_a_day_before(machine: Machine, server: FaultServer) -> None:
    machine.write(TOML.replace("[digest]\n", '[digest]\nproof-to = ["desk@example.org"]\n'))
    for now in ("2026-03-30T09:00", "2026-03-31T09:00", "2026-03-31T10:00"):
        assert machine("send", now=now) == 0, machine.said
    assert server.kept == {"desk@example.org": 1}


def test_a_test_is_what_a_subscriber_gets(machine: Machine, server: FaultServer) -> None:
    """So that the relay's signature over the headers for leaving can be seen before anybody else has it."""
    assert machine("send --test a@example.org", now="2026-03-25") == 0, machine.said
    assert machine("send") == 0
    test, real = server.messages[0], next(each for each in server.messages[1:] if b"To: a@" in each)
    name = re.compile(rb"(?m)^([A-Za-z-]+):")
    assert name.findall(test.partition(b"\r\n\r\n")[0]) == name.findall(real.partition(b"\r\n\r\n")[0])
    link = re.compile(rb"List-Unsubscribe: <https://example\.org/leave/([^>]+)>")
    assert link.findall(test) == link.findall(real) != []


def test_another_machine_sends_no_proof(machine: Machine, server: FaultServer, tmp_path: Path) -> None:
    machine("send")
    machine.write(
        TOML.replace("[digest]\n", '[digest]\nproof-to = ["desk@example.org"]\n')
        + '[[entry]]\ndate = 2026-04-10\ntitle = "More"\nurl = "https://example.org/more"\n'
    )
    other = machine.clone(tmp_path / "second")
    assert other("send", now="2026-04-30T09:00") == 3
    assert "desk@example.org" not in server.kept
    machine("send", now="2026-04-30T09:00")
    assert server.kept["desk@example.org"] == 1


def test_one_proof_reader_is_refused_and_the_other_gets_one_proof(machine: Machine, server: FaultServer) -> None:
    machine.write(TOML.replace("[digest]\n", '[digest]\nproof-to = ["desk@example.org", "gone@example.org"]\n'))
    server.script = Script(lambda point, to: "550 5.1.1 unknown" if to == "gone@example.org" else "", ("AUTH PLAIN",))
    for now in ("2026-03-31T09:00", "2026-03-31T10:00", "2026-03-31T11:00"):
        machine("send", now=now)
    assert server.kept == {"desk@example.org": 1}


@pytest.mark.parametrize("words", ["--resume", "--discard", "--resolve-doubt skip", "--correction"])
def test_nothing_is_decided_while_a_run_is_sending(machine: Machine, words: str) -> None:
    machine("send")
    with sending_lock(machine.state) as alone:
        assert alone
        assert machine(f"send {words}") == 75
        assert "a run is sending just now" in machine.said
        assert machine("send") == 0, "cron's own leaves it to the other"
        assert machine.said == ""


def test_who_decides_without_need_is_told_so(machine: Machine, server: FaultServer) -> None:
    assert machine("send --discard") == 2
    assert "there is no issue yet" in machine.said
    server.script = Script(lambda point, to: "421 4.3.2 not now" if point == "connect" else "")
    assert machine("send --publish false") == 75
    assert machine("send --correction") == 2
    assert "nobody has issue 2026-04-01" in machine.said
    server.script = Script(features=("PIPELINING", "AUTH PLAIN"))
    assert machine("send") == 0
    assert machine("send --resume") == 0
    assert machine.said == "no issue is paused\n"
    assert machine("send --resolve-doubt send") == 0
    assert machine.said == "nobody is in doubt\n"
    assert machine("send --discard") == 3
    assert server.kept == THREE


def test_a_discarded_issue_leaves_nothing_on_the_web(machine: Machine, server: FaultServer) -> None:
    """Also when the next one has another date."""
    assert machine("send --publish false") == 75
    page = machine.out / "digest" / "2026-04-01.html"
    assert page.exists()
    assert machine("send --discard") == 0
    machine.write(TOML.replace("[digest]\n", "[digest]\nsend-on = 15\n"))
    for now in ("2026-04-02T09:00", "2026-04-15T09:00"):
        assert machine("build", now=now) == 0
        assert machine("send", now=now) == 0, machine.said
    assert not page.exists()
    assert (machine.out / "digest" / "2026-04-15.html").exists()
    assert "2026-04-01" not in (machine.out / "digest" / "atom.xml").read_text()


def test_a_correction_is_discarded_and_the_issue_stays(machine: Machine, server: FaultServer) -> None:
    assert machine("send") == 0
    server.script = Script(lambda point, to: "421 4.3.2 not now" if point == "connect" else "")
    machine.write(TOML.replace("Tide tables", "Tide tables, corrected"))
    assert machine("send --publish false --correction", now=LATER) == 75, machine.said
    assert machine("send --discard", now=LATER) == 0, machine.said
    server.script = Script(features=("PIPELINING", "AUTH PLAIN"))
    assert machine("send", now=LATER) == 0, machine.said
    assert server.kept == THREE
    assert (machine.out / "digest" / "2026-04-01.html").exists()
    assert (machine.out / "ledger.jsonl").read_text().count('"issue"') == 1


def test_who_left_elsewhere_is_imported_so(machine: Machine, server: FaultServer) -> None:
    gone = machine.folder / "gone.csv"
    gone.write_text("a@example.org\nd@example.org\n")
    assert machine("subscribers import", str(gone), "--as", "left") == 0
    assert machine.said == "0 new, 0 known already, 2 suppressed\n"
    assert machine("subscribers import", str(gone)) == 2
    assert "nobody knows when and how" in machine.said
    assert machine("subscribers import", str(gone), "--consent", "form") == 0
    assert machine.said == "0 new, 0 known already, 2 kept out (left before)\n"
    assert machine("send") == 0
    assert server.kept == {"b@example.org": 1, "c@example.org": 1}


def test_mail_from_a_pipe_is_never_lost(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of any other status than 75 a mail server would bounce the wish to leave."""
    pipe = io.TextIOWrapper(io.BytesIO(b"Subject: x\n\n"))
    monkeypatch.setattr("sys.stdin", pipe)
    monkeypatch.setenv("HANDBILL_KEY", "another" * 9)
    assert machine("inbox") == 75
    monkeypatch.delenv("HANDBILL_KEY")
    machine.write(TOML.replace("title =", "titel ="))
    assert machine("inbox") == 0, "a mistake in the file holds nobody up"
    shutil.rmtree(machine.state)
    assert machine("inbox") == 75
    assert not machine.state.exists()


def test_a_list_gets_one_message(machine: Machine, server: FaultServer) -> None:
    machine.write(TOML.replace("[digest]\n", '[digest]\nto = "harbour@lists.example.org"\n'))
    assert machine("send") == 2, "and subscribers of one's own as well"
    assert server.messages == []
    for address in THREE:
        machine(f"subscribers remove {address}")
    assert machine("send") == 0, machine.said
    assert server.kept == {"harbour@lists.example.org": 1}
    assert b"List-" not in server.messages[0]


def test_the_web_copy_must_answer(machine: Machine, server: FaultServer) -> None:
    words = ["send", "-f", str(machine.file), "--state", str(machine.state), "--now", FIRST]
    machine.write(TOML.replace("https://example.org/harbour/", "http://127.0.0.1:9/"))
    assert main(words) == 75
    assert server.messages == []


def test_no_secret_and_no_address_gets_out(
    machine: Machine, server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither into feeds/ nor into a line that is printed, whatever happens."""
    said: list[str] = []

    def act(point: str, to: str) -> str:
        return f"550 5.1.1 <{to}>: unknown" if point == "rcpt" and to == "a@example.org" else ""

    def quota(point: str, to: str) -> str:
        return f"550 5.4.5 <{to}> quota for user" if point == "rcpt" else ""

    def login(point: str, to: str) -> str:
        return f"535 5.7.8 no {SECRET[:0]}" if point == "auth" else ""

    for script in (Script(login, ("AUTH PLAIN",)), Script(quota, ("AUTH PLAIN",)), Script(act, ("AUTH PLAIN",))):
        server.script = script
        machine("send --resume")
        said.append(machine.said)
    server.script = Script(lambda point, to: f"450 4.2.0 <{to}> later" if point == "rcpt" else "", ("AUTH PLAIN",))
    machine("send --test c@example.org", now="2026-03-25")
    said.append(machine.said)
    for port in ("1", "x"):
        monkeypatch.setenv("HANDBILL_SMTP_PORT", port)
        machine("send --test c@example.org", now=LATER)
        said.append(machine.said)
    key = (tmp_path / "config" / "handbill" / "key").read_text().strip()
    outputs = ["".join(said), *(each.read_text(errors="replace") for each in machine.out.rglob("*") if each.is_file())]
    for text in outputs:
        assert SECRET not in text
        assert key not in text
        assert not re.search(r"\b[abc]@example\.org", text), text


@pytest.mark.parametrize(
    "title",
    [
        "=?utf-8?q?=0ABcc:_victim@example.org?=",
        "Hafen " * 33,
        "Häfen ñ 港口 " * 16,
        'Quo"tes\\ <x@example.org>, (c)',
        "x" * 200,
    ],
    ids=["encoded word", "long", "other scripts", "quotes", "one word"],
)
def test_headers_read_back(machine: Machine, server: FaultServer, title: str) -> None:
    """Odd titles and odd subscribers: nothing is injected, no link is encoded, no line is too long."""
    quoted = title.replace("\\", "\\\\").replace('"', '\\"')
    machine.write(TOML.replace('"Harbour News"', f'"{quoted}"'))
    machine("subscribers add", "ärger@bücher.example.org", "--name", "=?utf-8?q?=0ABcc:x?=", "--consent", "form")
    machine("subscribers add", "o'brien+tag@bücher.example.org", "--name", "\x07Bell\r\nBcc: x", "--consent", "form")
    server.script = Script(features=("AUTH PLAIN", "SMTPUTF8", "8BITMIME", "PIPELINING"))
    assert machine("send") == 0, machine.said
    assert len(server.messages) == 5
    seen = set()
    for raw in server.messages:
        assert max(map(len, raw.split(b"\r\n"))) <= 998
        head = raw.partition(b"\r\n\r\n")[0]
        names = [line.partition(b":")[0].decode() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
        assert len(names) == len(set(names))
        assert {"Bcc", "Cc"}.isdisjoint(names)
        assert re.search(
            rb"(?m)^List-Unsubscribe: <https://example\.org/leave/[a-z2-7]{16}\.[\w-]{22}>,\r\n <mailto:", head
        )
        message = BytesParser(policy=default).parsebytes(raw)
        assert " ".join(str(message["Subject"]).split()) == " ".join(f"{title.strip()}: March 2026".split())
        seen.add(str(message["To"]))
    assert {"ärger@xn--bcher-kva.example.org", "o'brien+tag@xn--bcher-kva.example.org"} < seen
    assert len(set(server.senders)) == 5
