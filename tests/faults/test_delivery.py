"""Each fault a server can have, one at a time: what becomes of each recipient, and of the run."""

import sqlite3
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fault_server import Script, by_chance, fault_server
from lists_of_subscribers import BODY, NOW, SIGNER, frozen, join, join_many, people
from sending import broken_promises, relay, run, states, until_settled

from handbill.deliver import journal, subscribers
from handbill.deliver.decisions import pause, resume
from handbill.deliver.journal import Issue
from handbill.deliver.state import opened, transaction


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A private state, open."""
    with opened(tmp_path / "state") as connection:
        yield connection


def issue_for(connection: sqlite3.Connection, count: int) -> Issue:
    join_many(connection, count)
    return frozen(connection)


def at(point: str, *actions: str, only: str = "") -> Callable[[str, str], str]:
    """These *actions* one after the other at *point* (for one recipient *only*), then nothing."""
    left, lock = list(actions), threading.Lock()

    def act(where: str, recipient: str) -> str:
        with lock:
            return left.pop(0) if left and where == point and only in ("", recipient) else ""

    return act


def always(point: str, action: str, only: str = "") -> Callable[[str, str], str]:
    return lambda where, recipient: action if where == point and only in ("", recipient) else ""


@pytest.mark.parametrize("pipelining", [True, False])
def test_all_is_well(connection: sqlite3.Connection, *, pipelining: bool) -> None:
    issue = issue_for(connection, 300)
    features = ("PIPELINING",) if pipelining else ()
    with fault_server(Script(features=features)) as server:
        outcome = run(connection, issue, relay(server.port))
    assert (outcome.accepted, outcome.done) == (300, 300)
    assert server.kept == dict.fromkeys(people(300), 1)
    assert server.connections >= 3, "a hundred messages on each connection"
    assert all(message.endswith(BODY.replace(b"\r\n.", b"\r\n..")) for message in server.messages)
    assert len(set(server.senders)) == 300
    again = journal.find(connection, issue.key)
    assert again
    assert again.finished


def test_a_second_run_sends_nothing(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 3)
    with fault_server() as server:
        run(connection, issue, relay(server.port))
        opened_before = server.connections
        run(connection, issue, relay(server.port))
        assert server.connections == opened_before


def test_one_recipient_opens_one_connection(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 1)
    with fault_server() as server:
        run(connection, issue, relay(server.port, connections=10))
    assert server.connections == 1


@pytest.mark.parametrize("features", [("PIPELINING",), ()])
@pytest.mark.parametrize(
    ("point", "action", "becomes"),
    [
        ("rcpt", "550 5.1.1 no such user", "refused"),
        ("dot", "550 5.1.1 no such user", "refused"),
        ("rcpt", "450 4.2.0 greylisted", "accepted"),
        ("dot", "451 4.3.0 try again", "accepted"),
        ("data", "451 4.3.0 try again", "accepted"),
        ("mail", "451 4.3.0 try again", "accepted"),
        ("mail", "421 4.3.2 going down", "accepted"),
        ("rcpt", "421 4.3.2 going down", "accepted"),
        ("dot", "421 4.3.2 going down", "accepted"),
        ("mail", "drop", "accepted"),
        ("rcpt", "drop", "accepted"),
        ("data", "drop", "accepted"),
        ("body", "drop", "accepted"),
        ("dot", "drop", "in doubt"),
        ("dot", "keep-drop", "in doubt"),
        ("connect", "drop", "accepted"),
        ("connect", "421 4.7.0 too many connections", "accepted"),
        ("ehlo", "drop", "accepted"),
    ],
)
def test_once(connection: sqlite3.Connection, features: tuple[str, ...], point: str, action: str, becomes: str) -> None:
    """A fault happens once; after it the server is well."""
    issue = issue_for(connection, 12)
    with fault_server(Script(at(point, action), features)) as server:
        outcome = run(connection, issue, relay(server.port, connections=3))
    found = states(connection, issue)
    assert sorted(found.values()) == sorted(["accepted"] * 11 + [becomes]), outcome
    assert broken_promises(connection, issue, server.kept) == []


@pytest.mark.parametrize(
    ("point", "action"),
    [
        ("connect", "554 5.3.2 no service here"),
        ("auth", "535 5.7.8 wrong password"),
        ("mail", "550 5.1.8 sender domain not found"),
        ("mail", "552 5.3.4 too big"),
        ("rcpt", "550 5.4.5 daily quota exceeded"),
        ("rcpt", "550 user unknown"),
        ("rcpt", "553 sorry"),
        ("rcpt", "554 5.7.1 relay access denied"),
        ("data", "554 5.7.1 no"),
        ("dot", "554 5.7.1 spam"),
    ],
)
def test_a_refusal_that_is_not_about_the_mailbox_pauses_the_issue(
    connection: sqlite3.Connection, point: str, action: str
) -> None:
    issue = issue_for(connection, 40)
    features = ("PIPELINING", "AUTH PLAIN")
    with fault_server(Script(always(point, action), features)) as server:
        outcome = run(connection, issue, relay(server.port, login=True))
        assert outcome.paused
        assert action in outcome.paused
        assert set(states(connection, issue).values()) <= {"waiting", "deferred"}
        seen = server.connections
        assert run(connection, issue, relay(server.port, login=True)).paused
        assert server.connections == seen, "paused is paused"
        server.script = Script(features=features)
        resume(connection, issue)
        run(connection, issue, relay(server.port, login=True))
    assert server.kept == dict.fromkeys(people(40), 1)


def test_a_server_that_refuses_everybody_pauses_the_issue(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 100)
    with fault_server(Script(always("rcpt", "550 5.1.1 unknown"))) as server:
        outcome = run(connection, issue, relay(server.port))
    assert outcome.paused
    assert "were refused" in outcome.paused
    counts = journal.counts(connection, issue)
    assert 5 <= counts["refused"] <= 5 + 2
    assert counts["waiting"] >= 93


@pytest.mark.parametrize("point", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_silence_before_the_dot_is_no_doubt(connection: sqlite3.Connection, point: str) -> None:
    issue = issue_for(connection, 4)
    with fault_server(Script(at(point, "hang"))) as server:
        run(connection, issue, relay(server.port, timeout=0.3))
    assert server.kept == dict.fromkeys(people(4), 1)


def test_silence_after_the_dot_is_doubt(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 4)
    with fault_server(Script(at("dot", "hang"))) as server:
        run(connection, issue, relay(server.port, timeout=0.2, answer_timeout=0.6))
    assert sorted(states(connection, issue).values()) == ["accepted"] * 3 + ["in doubt"]
    (doubt,) = journal.told(connection, issue, "in doubt")
    assert "did not answer in time" in doubt.words


def test_breaking_after_every_dot_does_not_put_the_whole_list_in_doubt(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 200)
    with fault_server(Script(always("dot", "keep-drop"))) as server:
        outcomes = [run(connection, issue, relay(server.port)) for _ in range(5)]
    assert outcomes[-1].paused
    assert journal.counts(connection, issue)["in doubt"] <= 8
    assert broken_promises(connection, issue, server.kept) == []


def test_a_body_that_always_breaks_the_line_is_put_off_and_the_others_go_on(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 20)
    with fault_server(Script(always("body", "drop", only="reader3@example.org"))) as server:
        run(connection, issue, relay(server.port, connections=1))
    found = states(connection, issue)
    # Put off at least once; as hours are moments here, it may be at its next try again when the run ends.
    assert found.pop("reader3@example.org") in ("deferred", "waiting")
    assert connection.execute("SELECT max(tries) FROM recipient WHERE state != 'accepted'").fetchone()[0] >= 1
    assert set(found.values()) == {"accepted"}


def test_421_after_every_few_messages(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 100)
    with fault_server(Script(closes_after=7)) as server:
        run(connection, issue, relay(server.port))
    assert server.kept == dict.fromkeys(people(100), 1)


def test_throttled_after_five_hundred(connection: sqlite3.Connection) -> None:
    """Nobody counts as sent, the run ends by itself, and the next one goes on."""
    issue = issue_for(connection, 700)
    server_is_full = threading.Event()

    def act(point: str, recipient: str) -> str:
        full = sum(server.kept.values()) >= 500 and not server_is_full.is_set()
        return "454 4.7.0 too much mail, try later" if full and point == "mail" else ""

    with fault_server(Script(act)) as server:
        outcome = run(connection, issue, relay(server.port))
        assert outcome.stopped
        assert "too much mail" in outcome.stopped
        assert 500 <= journal.counts(connection, issue)["accepted"] <= 502
        server_is_full.set()
        run(connection, issue, relay(server.port))
    assert server.kept == dict.fromkeys(people(700), 1)


def test_throttled_at_each_recipient(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 300)
    with fault_server(Script(always("rcpt", "452 4.2.1 later"))) as server:
        outcome = run(connection, issue, relay(server.port))
        assert outcome.stopped
        assert journal.counts(connection, issue)["deferred"] < 100, "it does not ask for everybody in turn"
        server.script = Script()
        run(connection, issue, relay(server.port))
    assert server.kept == dict.fromkeys(people(300), 1)


def test_dead_for_a_while(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 400)
    with fault_server() as server:
        stopper = threading.Timer(0.05, server.stop)
        stopper.start()
        first = run(connection, issue, relay(server.port))
        stopper.join()
        server.stop()
        second = run(connection, issue, relay(server.port))
        server.start()
        third = run(connection, issue, relay(server.port))
    assert first.accepted + first.doubt + third.accepted == 400
    assert second.stopped
    assert first.doubt <= 2
    assert broken_promises(connection, issue, server.kept) == []


def test_one_connection_is_all_that_the_server_takes(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 60)
    busy = threading.Semaphore(1)

    def act(point: str, recipient: str) -> str:
        if point == "connect" and not busy.acquire(blocking=False):
            return "421 4.7.0 one at a time"
        return ""

    with fault_server(Script(act)) as server:
        outcome = run(connection, issue, relay(server.port, connections=4))
    assert outcome.stopped is None
    assert server.kept == dict.fromkeys(people(60), 1)


def test_a_person_pauses_a_run(connection: sqlite3.Connection, tmp_path: Path) -> None:
    issue = issue_for(connection, 2000)

    def act(point: str, recipient: str) -> str:
        if point == "mail" and len(server.messages) >= 50:
            with opened(tmp_path / "state") as other:
                pause(other, issue, "wrong figures")
        return ""

    with fault_server(Script(act)) as server:
        outcome = run(connection, issue, relay(server.port))
    assert outcome.paused == "wrong figures"
    assert outcome.accepted < 60
    assert broken_promises(connection, issue, server.kept) == []


def test_told_to_stop_it_waits_for_the_answers_it_is_owed(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 2000)
    with fault_server() as server:
        outcome = run(connection, issue, relay(server.port), stop=lambda: len(server.messages) > 100)
        assert outcome.stopped
        assert outcome.doubt == 0
        assert outcome.accepted == sum(server.kept.values()) < 300


def test_addresses_that_the_server_cannot_take_are_put_off(connection: sqlite3.Connection) -> None:
    join(connection, "ärger@example.org", "reader@bücher.example.org")
    issue = frozen(connection)
    with fault_server() as server:
        run(connection, issue, relay(server.port))
        assert states(connection, issue) == {"ärger@example.org": "deferred", "reader@bücher.example.org": "accepted"}


# On the way


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for ``localhost`` that nobody has vouched for, and its key, in one file."""
    folder = tmp_path_factory.mktemp("certificates")
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key), "-out",
               str(certificate), "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    both = folder / "both.pem"
    both.write_text(key.read_text() + certificate.read_text())
    return both


def secured(certificates: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificates)
    return context


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("implicit", [False, True])
def test_a_secure_line(connection: sqlite3.Connection, certificates: Path, *, implicit: bool) -> None:
    issue = issue_for(connection, 250)
    script = Script(features=("PIPELINING", "AUTH PLAIN"), tls=secured(certificates), implicit_tls=implicit)
    with fault_server(script) as server:
        tls = "implicit" if implicit else "starttls"
        smtp = relay(server.port, tls=tls, ca_file=str(certificates), login=True, host="localhost")  # type: ignore[arg-type]
        outcome = run(connection, issue, smtp)
    assert outcome.accepted == 250
    assert server.kept == dict.fromkeys(people(250), 1)


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("implicit", [False, True])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_a_wrong_certificate(connection: sqlite3.Connection, certificates: Path, host: str, *, implicit: bool) -> None:
    """Nobody vouched for it; or it is for another name."""
    issue = issue_for(connection, 3)
    script = Script(features=("PIPELINING", "AUTH PLAIN"), tls=secured(certificates), implicit_tls=implicit)
    with fault_server(script) as server:
        ca_file = "" if host == "localhost" else str(certificates)
        tls = "implicit" if implicit else "starttls"
        outcome = run(connection, issue, relay(server.port, tls=tls, ca_file=ca_file, host=host, login=True))  # type: ignore[arg-type]
    assert outcome.stopped
    assert "the certificate of" in outcome.stopped
    assert journal.counts(connection, issue) == {"waiting": 3}


def test_no_starttls_no_mail(connection: sqlite3.Connection) -> None:
    issue = issue_for(connection, 3)
    with fault_server(Script(features=("PIPELINING", "AUTH PLAIN"))) as server:
        outcome = run(connection, issue, relay(server.port, tls="starttls", login=True))
    assert outcome.stopped
    assert "STARTTLS" in outcome.stopped
    assert journal.counts(connection, issue) == {"waiting": 3}
    assert server.messages == []


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("answer", ["454 4.7.0 TLS not available", "drop", "220 go on"])
def test_starttls_that_is_offered_and_refused_sends_nothing(
    connection: sqlite3.Connection, certificates: Path, answer: str
) -> None:
    """Refused, broken off, or followed by something that is no TLS: neither mail nor password goes in the clear."""
    issue = issue_for(connection, 3)
    seen: list[str] = []

    def act(point: str, recipient: str) -> str:
        seen.append(point)
        return answer if point == "starttls" else ""

    script = Script(act, features=("PIPELINING", "AUTH PLAIN"), tls=secured(certificates))
    with fault_server(script) as server:
        smtp = relay(server.port, tls="starttls", ca_file=str(certificates), host="localhost", login=True, timeout=0.5)
        outcome = run(connection, issue, smtp)
    assert outcome.stopped
    assert journal.counts(connection, issue) == {"waiting": 3}
    assert {"auth", "mail"}.isdisjoint(seen)


def test_who_is_erased_while_it_is_sent_is_not_spoken_of(connection: sqlite3.Connection, tmp_path: Path) -> None:
    """Nor are the others held up: no empty address goes to the server, which would refuse it and pause the issue."""
    issue = issue_for(connection, 700)
    spoken: list[str] = []

    def act(point: str, recipient: str) -> str:
        if point == "rcpt":
            spoken.append(recipient)
        if point == "rcpt" and recipient == "reader20@example.org":
            with opened(tmp_path / "state") as other:
                for name in ("reader600", "reader699"):
                    found = subscribers.find(other, f"{name}@example.org")
                    assert found
                    with transaction(other):
                        subscribers.erase_within(other, SIGNER, found, NOW)
                found = subscribers.find(other, "reader601@example.org")
                assert found
                subscribers.leave(other, found.id, NOW, "by the link in an issue")
        return ""

    with fault_server(Script(act)) as server:
        outcome = run(connection, issue, relay(server.port))
    assert outcome.paused is None
    assert journal.counts(connection, issue) == {"accepted": 697, "skipped": 3}
    assert {"", "reader600@example.org", "reader601@example.org", "reader699@example.org"}.isdisjoint(spoken)


def test_why_it_is_paused_names_nobody(connection: sqlite3.Connection) -> None:
    """Whom the server meant, the recipient's own line tells, which goes when they are erased."""
    issue = issue_for(connection, 1)
    with fault_server(Script(always("rcpt", "554 5.7.1 <reader0@example.org>: relay access denied"))) as server:
        assert run(connection, issue, relay(server.port)).paused == "554 5.7.1 <…>: relay access denied"
    (told,) = journal.told(connection, issue, "deferred")
    assert "reader0@example.org" in told.words
    found = subscribers.find(connection, "reader0@example.org")
    assert found
    subscribers.erase(connection, SIGNER, found, NOW)
    assert "reader0" not in "\n".join(connection.iterdump())


# Everything at once

ODDS = {
    "connect": {"drop": 0.05, "421 4.7.0 busy": 0.05, "hang": 0.005},
    "ehlo": {"drop": 0.02},
    "mail": {"451 4.3.0 later": 0.01, "421 4.3.2 closing": 0.01, "drop": 0.01, "hang": 0.001},
    "rcpt": {"450 4.2.0 greylisted": 0.05, "550 5.1.1 unknown": 0.02, "550 5.4.5 quota": 0.002, "drop": 0.01},
    "data": {"drop": 0.01, "451 4.3.0 later": 0.01},
    "body": {"drop": 0.01},
    "dot": {"451 4.3.0 later": 0.02, "554 5.7.1 spam": 0.002, "drop": 0.005, "keep-drop": 0.005, "hang": 0.001,
            "421 4.3.2 closing": 0.005},
}  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_everything_at_once(tmp_path: Path, seed: int, *, campaign: bool) -> None:
    """Rounds in which something is left to send; when nothing is, another list of people is begun."""
    rounds, lists = 0, 0
    while rounds < (150 if campaign else 4):
        lists += 1
        with opened(tmp_path / str(lists)) as connection:
            rounds += _one_list(connection, seed * 1000 + rounds, 3000 if campaign else 300, connections=1 + seed * 2)
    print(f"seed {seed}: {rounds} rounds, {lists} lists")


def _one_list(connection: sqlite3.Connection, seed: int, count: int, *, connections: int) -> int:
    """Rounds of faults, then runs without; how many rounds had something to do."""
    issue = issue_for(connection, count)
    broken = rounds = 0
    with fault_server() as server:
        smtp = relay(server.port, connections=connections, messages=20, timeout=0.3, answer_timeout=0.4)
        while {"waiting", "deferred"} & journal.counts(connection, issue).keys() and rounds < 50:
            server.script = Script(by_chance(seed + rounds, ODDS), ("PIPELINING",) if connections % 4 == 3 else ())
            resume(connection, issue)
            broken += run(connection, issue, smtp, waits=(0.01,)).doubt
            rounds += 1
            assert broken_promises(connection, issue, server.kept) == []
        server.script = Script()
        until_settled(connection, issue, server, smtp)
    counts = journal.counts(connection, issue)
    assert broken_promises(connection, issue, server.kept) == []
    assert sum(counts.values()) == count
    assert counts.get("in doubt", 0) == broken
    assert counts["accepted"] > count / 2
    return rounds
