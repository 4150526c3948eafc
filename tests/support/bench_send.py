"""The measurements of ``scripts/bench-send``."""

import os
import resource
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue

from lists_of_subscribers import SIGNER, frozen, join_many, people

from handbill.deliver.journal import Recipient, counts
from handbill.deliver.outcome import Letter
from handbill.deliver.relay import Run
from handbill.deliver.settings import Smtp
from handbill.deliver.state import opened

SIZE = 30_000
BODY = b"Subject: bench\r\nFrom: news@example.org\r\n\r\n" + (b"x" * 70 + b"\r\n") * (SIZE // 72)
ROUNDS = 3


@contextmanager
def sink() -> Iterator[int]:
    """smtp-sink on a port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    with subprocess.Popen(["smtp-sink", *user, f"127.0.0.1:{port}", "500"]) as process:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        try:
            yield port
        finally:
            process.terminate()


def by_smtp_source(port: int, messages: int, connections: int) -> float:
    """Seconds that Postfix's own generator of mail takes; it sends one message again and again."""
    begin = time.perf_counter()
    command = ["smtp-source", "-d", "-s", str(connections), "-m", str(messages), "-l", str(SIZE)]
    subprocess.run([*command, "-f", "a@example.org", "-t", "b@example.org", f"127.0.0.1:{port}"], check=True)
    return time.perf_counter() - begin


def by_handbill(port: int, messages: int, connections: int) -> float:
    """Seconds that a sending run takes: composing, marking, sending, recording."""
    folder = Path(tempfile.mkdtemp())

    def compose(recipient: Recipient) -> Letter:
        match = recipient.match or ""
        head = f"To: {recipient.address}\r\nList-Unsubscribe: <https://example.org/{SIGNER.leave_token(match)}>\r\n"
        sender = SIGNER.envelope_sender("bounces@example.org", match, 1)
        return Letter(sender, recipient.address, head.encode() + BODY, SIGNER.message_id("bench", match))

    try:
        with opened(folder) as connection:
            join_many(connection, messages)
            issue = frozen(connection)
            smtp = Smtp("127.0.0.1", port, "none", helo="bench.example.org", connections=connections)
            begin = time.perf_counter()
            Run(connection, issue, smtp, compose, lambda: datetime.now(UTC), time.monotonic).send()
            taken = time.perf_counter() - begin
            assert counts(connection, issue) == {"accepted": messages}
    finally:
        shutil.rmtree(folder)
    return taken


def by_smtplib(port: int, messages: int, connections: int) -> float:
    """Seconds that as many threads take, each with smtplib and its `sendmail`."""
    todo: SimpleQueue[str] = SimpleQueue()
    for address in people(messages):
        todo.put(address)

    def work() -> None:
        with smtplib.SMTP("127.0.0.1", port, "bench.example.org") as client:
            while True:
                try:
                    address = todo.get_nowait()
                except Empty:
                    return
                client.sendmail("bounces@example.org", [address], f"To: {address}\r\n".encode() + BODY)

    begin = time.perf_counter()
    threads = [threading.Thread(target=work) for _ in range(connections)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return time.perf_counter() - begin


def sync_time() -> float:
    """The median time, in milliseconds, of writing and syncing 4 KB."""
    with tempfile.NamedTemporaryFile() as file:
        taken = []
        for number in range(200):
            os.pwrite(file.fileno(), b"x" * 4096, 4096 * number)
            begin = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - begin)
    return statistics.median(taken) * 1000


def main() -> None:
    """Measure in turns, so that whatever else the machine does falls on all alike."""
    messages, connections = (int(each) for each in [*sys.argv[1:], *("10000", "16")[len(sys.argv) - 1 :]])
    ways = {"smtp-source -d": by_smtp_source, "Handbill": by_handbill, "smtplib threads": by_smtplib}
    taken: dict[str, list[float]] = {name: [] for name in ways}
    with sink() as port:
        for _ in range(ROUNDS):
            for name, way in ways.items():
                taken[name].append(way(port, messages, connections))
    best = {name: min(times) for name, times in taken.items()}
    print(f"{messages} messages of {SIZE // 1000} KB, {connections} connections, best of {ROUNDS}")
    for name, seconds in best.items():
        rate, ratio = messages / seconds, best["smtp-source -d"] / seconds
        print(f"  {name:<16} {seconds:6.2f} s  {rate:7.0f} a second  {ratio:5.2f}")
    print(f"  a sync takes {sync_time():.2f} ms (median)")
    print(f"  most memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
