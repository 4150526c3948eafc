"""Real servers take part: Postfix with its own bounces, and Postfix's smtp-sink with every answer it can give."""

import os
import socket
import sqlite3
import subprocess
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from lists_of_subscribers import NOW, SIGNER, frozen, join, join_many
from postfix import postfix
from sending import relay, run, states

from handbill.deliver import journal, subscribers
from handbill.deliver.inbox import take_in_maildir
from handbill.deliver.state import opened


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A private state, open."""
    with opened(tmp_path / "state") as connection:
        yield connection


def root_alone() -> None:
    if os.geteuid():
        pytest.skip("Postfix starts as root alone")


@pytest.mark.needs("postfix")
def test_a_real_bounce_from_postfix_marks_the_subscriber(connection: sqlite3.Connection, tmp_path: Path) -> None:
    root_alone()
    join(connection, "bounces@example.org", "nobody@example.org")
    issue = frozen(connection)
    with postfix(early=False) as server:
        outcome = run(connection, issue, relay(server.port))
        assert (outcome.accepted, outcome.done) == (2, 2), outcome
        new = server.maildir / "new"
        until = time.monotonic() + 20
        while not (new.is_dir() and len(list(new.iterdir())) == 2):
            assert time.monotonic() < until, server.log.read_text()
            time.sleep(0.1)
        noted = take_in_maildir(connection, SIGNER, server.maildir, NOW)
    assert noted == {"hard bounce": 1, "not understood": 1}, "the issue itself came to the other address"
    found = subscribers.find(connection, "nobody@example.org")
    assert found
    assert found.state == "bouncing"
    event = subscribers.events(connection, found.id)[-1]
    assert "unknown user" in event.evidence
    assert event.issue == issue.key


@pytest.mark.needs("postfix")
def test_postfix_refuses_an_unknown_mailbox_in_the_conversation(connection: sqlite3.Connection, tmp_path: Path) -> None:
    root_alone()
    join(connection, "bounces@example.org", "nobody@example.org")
    issue = frozen(connection)
    with postfix(early=True) as server:
        run(connection, issue, relay(server.port))
    assert states(connection, issue) == {"bounces@example.org": "accepted", "nobody@example.org": "refused"}
    (refused,) = journal.told(connection, issue, "refused")
    assert refused.words.startswith("550 5.1.1")


@contextmanager
def sink(*options: str) -> Iterator[int]:
    """Postfix's smtp-sink with *options*, on a port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen(["smtp-sink", *user, *options, f"127.0.0.1:{port}", "100"]) as process:
        until = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until
                time.sleep(0.05)
        try:
            yield port
        finally:
            process.terminate()


@pytest.mark.needs("smtp-sink")
@pytest.mark.parametrize(
    ("options", "expected", "paused"),
    [
        ([], {"accepted": 300}, False),
        (["-8"], {"accepted": 300}, False),
        (["-p"], {"accepted": 300}, False),
        (["-e"], {"accepted": 300}, False),
        (["-f", "rcpt"], {"waiting", "deferred"}, True),
        (["-f", "mail"], {"waiting", "deferred"}, True),
        (["-f", "data"], {"waiting", "deferred"}, True),
        (["-f", "."], {"waiting", "deferred"}, True),
        (["-r", "rcpt"], {"waiting", "deferred"}, False),
        (["-r", "mail"], {"waiting"}, False),
        (["-r", "."], {"waiting", "deferred"}, False),
        (["-q", "."], {"waiting", "in doubt"}, True),
        (["-q", "data"], {"waiting", "deferred"}, False),
        (["-q", "mail"], {"waiting"}, False),
        (["-Q", "rcpt"], {"waiting", "deferred"}, False),
        (["-Q", "."], {"waiting", "deferred"}, False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_smtp_sink(
    connection: sqlite3.Connection, options: list[str], expected: dict[str, int] | set[str], *, paused: bool
) -> None:
    join_many(connection, 300)
    issue = frozen(connection)
    with sink(*options) as port:
        for _ in range(6):
            outcome = run(connection, issue, relay(port, connections=2), waits=(0.01, 0.02))
    counts = journal.counts(connection, issue)
    if isinstance(expected, dict):
        assert counts == expected
    else:
        assert counts.keys() <= expected, counts
        assert counts.get("in doubt", 0) <= 8
    assert bool(outcome.paused) is paused, outcome


@pytest.mark.needs("smtp-sink")
def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 5000):
        with opened(tmp_path / str(count)) as connection, sink() as port:
            join_many(connection, count)
            issue = frozen(connection)
            tracemalloc.start()
            try:
                assert run(connection, issue, relay(port)).accepted == count
                peaks.append(tracemalloc.get_traced_memory()[1])
            finally:
                tracemalloc.stop()
    assert peaks[1] < peaks[0] + 200_000, peaks
