"""Sending runs in tests: quick retries, and what must be true of their results."""

import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fault_server import FaultServer, fault_server
from lists_of_subscribers import NOW, frozen, join_many, letter

from handbill.deliver import journal
from handbill.deliver.decisions import resume
from handbill.deliver.journal import Issue
from handbill.deliver.outcome import Outcome
from handbill.deliver.pace import Patience
from handbill.deliver.relay import Run
from handbill.deliver.settings import Smtp, Tls
from handbill.deliver.settling import clear_up
from handbill.deliver.state import opened


def relay(
    port: int,
    *,
    connections: int = 2,
    messages: int = 100,
    timeout: float = 5,
    answer_timeout: float = 5,
    tls: Tls = "none",
    ca_file: str = "",
    login: bool = False,
    host: str = "127.0.0.1",
) -> Smtp:
    """A relay on loopback."""
    return Smtp(
        host, port, tls, *(("user", "a password") if login else ("", "")), ca_file=ca_file, helo="tests.example.org",
        connections=connections, messages=messages, connect_timeout=timeout, timeout=timeout,
        answer_timeout=answer_timeout,
    )  # fmt: skip


def run(
    connection: sqlite3.Connection,
    issue: Issue,
    smtp: Smtp,
    *,
    waits: tuple[float, ...] = (0.01, 0.02, 0.05, 0.1),
    now: datetime = NOW,
    stop: Callable[[], bool] = lambda: False,
) -> Outcome:
    """One sending run in which a second of waiting takes a millisecond."""
    again = journal.find(connection, issue.key)
    assert again
    clear_up(connection, again, now)
    if again.paused:
        return Outcome(paused=again.paused)
    started = Run(
        connection, again, smtp, letter, lambda: now, time.monotonic, stop, patience=Patience(waits), unit=0.001
    )
    outcome = started.send()
    clear_up(connection, again, now)
    return outcome


def states(connection: sqlite3.Connection, issue: Issue) -> dict[str, str]:
    """The state of each recipient, by address."""
    return {
        each.address or "": state
        for state in ("waiting", "accepted", "refused", "deferred", "skipped", "in doubt")
        for each in journal.told(connection, issue, state)
    }


def broken_promises(connection: sqlite3.Connection, issue: Issue, kept: Counter[str]) -> list[str]:
    """What is wrong between the journal and what the server kept, in words; nothing while the promise holds."""
    wrong = []
    for address, state in states(connection, issue).items():
        copies = kept[address]
        allowed = {"accepted": (1,), "in doubt": (0, 1)}.get(state, (0,))
        if copies not in allowed:
            wrong.append(f"{address} is {state} and has {copies} copies")
    return wrong


def until_settled(connection: sqlite3.Connection, issue: Issue, server: FaultServer, smtp: Smtp) -> None:
    """Run, going on after each pause, until nobody waits; the server is expected to be well."""
    later = NOW + timedelta(hours=1)  # the next try of whoever was put off often is seconds away, even here
    for _ in range(20):
        resume(connection, issue)
        run(connection, issue, smtp, now=later)
        if not {"waiting", "deferred"} & journal.counts(connection, issue).keys():
            return
    raise AssertionError(f"still waiting: {journal.counts(connection, issue)}; {server.connections} connections")


def main() -> None:
    """A process of its own, to be killed: ``sending.py STATE PORT CONNECTIONS MESSAGES``."""
    state, port, connections, messages = sys.argv[1:]
    with opened(Path(state)) as connection:
        issue = journal.find(connection, "2026-04-01")
        assert issue
        smtp = relay(int(port), connections=int(connections), messages=int(messages))
        now = datetime.now(UTC)
        clear_up(connection, issue, now)
        outcome = Run(
            connection, issue, smtp, letter, lambda: datetime.now(UTC), time.monotonic,
            patience=Patience((0.05, 0.1, 0.2)), unit=0.001,
        ).send()  # fmt: skip
        clear_up(connection, issue, datetime.now(UTC))
        print(outcome)


__all__ = ["broken_promises", "fault_server", "frozen", "join_many", "relay", "run", "states", "until_settled"]

if __name__ == "__main__":
    main()
