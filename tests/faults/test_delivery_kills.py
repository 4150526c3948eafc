"""Killed at any moment, and with the power cut: each recipient gets one copy, and doubts are few and named."""

import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_server import FaultServer, fault_server
from lists_of_subscribers import frozen, join_many
from sending import broken_promises, relay, states, until_settled

from handbill.deliver import journal
from handbill.deliver.state import FILE, opened

CHILD = [sys.executable, str(Path(__file__).parents[1] / "support" / "sending.py")]


@pytest.fixture
def server() -> Iterator[FaultServer]:
    """A server that is always well."""
    with fault_server() as server:
        yield server


def begin(folder: Path, count: int) -> None:
    """Freeze an issue for *count* recipients."""
    with opened(folder) as connection:
        join_many(connection, count)
        frozen(connection)


def check(folder: Path, server: FaultServer, most_doubts: int) -> dict[str, str]:
    """The promise holds now; the states of all recipients."""
    with opened(folder) as connection:
        (issue,) = journal.issues(connection)
        assert broken_promises(connection, issue, server.kept) == []
        found = states(connection, issue)
    assert list(found.values()).count("in doubt") <= most_doubts
    return found


def settle(folder: Path, server: FaultServer, most_doubts: int) -> None:
    """A run without faults ends it."""
    with opened(folder) as connection:
        (issue,) = journal.issues(connection)
        until_settled(connection, issue, server, relay(server.port))
    found = check(folder, server, most_doubts)
    assert set(found.values()) <= {"accepted", "in doubt"}


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random(tmp_path: Path, server: FaultServer, seed: int, *, campaign: bool) -> None:
    """Kills that met a run at work; when an issue has gone out, another list of people is begun."""
    count, connections, kills, lists = 4000 if campaign else 200, 1 + 3 * seed, 0, 0
    dice = random.Random(seed)
    while kills < (150 if campaign else 3):
        lists += 1
        folder, before, alive = tmp_path / str(lists), kills, True
        server.kept.clear()
        begin(folder, count)
        while alive:
            alive = _killed(folder, server, connections, dice)
            kills += alive
            check(folder, server, (kills - before) * connections)
        settle(folder, server, (kills - before) * connections)
    print(f"seed {seed}: {kills} kills, {lists} lists of {count}")


def _killed(folder: Path, server: FaultServer, connections: int, dice: random.Random) -> bool:
    """Whether a run was killed before it had come to its end."""
    command = [*CHILD, str(folder), str(server.port), str(connections), "50"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        before = len(server.messages)
        until = time.monotonic() + 20
        while len(server.messages) == before and child.poll() is None and time.monotonic() < until:
            time.sleep(0.002)
        time.sleep(dice.random() * 0.05)
        child.send_signal(signal.SIGKILL)
    time.sleep(0.05)  # what was on its way arrives
    return child.returncode == -signal.SIGKILL


@pytest.mark.needs("strace")
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"])
def test_killed_at_each_write_and_each_sync(tmp_path: Path, server: FaultServer, call: str, *, campaign: bool) -> None:
    """`strace` ends the process just as it begins its n-th call, for each n until there are no more."""
    steps = range(1, 400) if campaign else [1, 2, 3, 5, 8, 12, 16, 22, 30]
    for step in steps:
        folder = tmp_path / f"{call}{step}"
        server.kept.clear()
        begin(folder, 8)
        inject = [
            "strace",
            "-f",
            "-o",
            "/dev/null",
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:signal=KILL:when={step}",
        ]
        ended = subprocess.run(
            [*inject, *CHILD, str(folder), str(server.port), "2", "3"], capture_output=True, check=False
        )
        time.sleep(0.05)
        check(folder, server, 2)
        settle(folder, server, 2)
        if ended.returncode == 0:
            return
    assert not campaign, "there were more steps than were tried"


@pytest.mark.needs("strace")
def test_a_mark_is_on_disk_before_its_dot(tmp_path: Path, server: FaultServer) -> None:
    """With the power cut just as any final dot leaves, the disk (what was synced, nothing else) says so of each one."""
    folder, log = tmp_path / "state", tmp_path / "strace"
    begin(folder, 30)
    start = tmp_path / "start"
    shutil.copytree(folder, start)
    trace = "trace=pwrite64,fdatasync,fsync,ftruncate,sendto"
    command = ["strace", "-f", "-yy", "-xx", "-s", "1000000", "-o", str(log), "-e", trace, *CHILD]
    subprocess.run([*command, str(folder), str(server.port), "3", "100"], check=True, capture_output=True)
    disk = Disk(start)
    dots = 0
    for call in calls(log):
        for address in disk.take(call):
            dots += 1
            disk.restore(tmp_path / "after")
            with opened(tmp_path / "after") as connection:
                (issue,) = journal.issues(connection)
                found = states(connection, issue)
            for sent in disk.dotted:
                assert found[sent] in ("in doubt", "accepted"), (
                    f"{sent} is {found[sent]} as the dot of {address} leaves"
                )
    assert dots == 30


_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


def calls(log: Path) -> Iterator[tuple[str, str, bytes, list[int], int]]:
    """Each call of a trace: name, file or socket, its bytes, its numbers, and its result, when it has ended."""
    open_calls: dict[str, str] = {}
    for line in log.read_text().splitlines():
        thread, _, rest = line.partition(" ")
        if "<unfinished ...>" in line:
            open_calls[thread] = rest.partition("<unfinished")[0].rstrip()
            continue
        if "resumed>" in line:
            rest = open_calls.pop(thread) + rest.partition("resumed>")[2]
        name, _, arguments = rest.strip().partition("(")
        body, _, result = arguments.rpartition(" = ")
        target = re.match(r"\d+<(.*?)>(?=[,)]|$)", body)
        text = _TEXT.search(body)
        data = bytes.fromhex(text[1].replace("\\x", "")) if text else b""
        tail = body[text.end() :] if text else body[target.end() :] if target else ""
        numbers = [int(each) for each in re.findall(r"\b\d+\b", tail)]
        value = re.match(r"-?\d+", result)
        yield name, _plain(target[1]) if target else "", data, numbers, int(value[0]) if value else -1


def _plain(name: str) -> str:
    return re.sub(r"\\x([0-9a-f]{2})", lambda found: chr(int(found[1], 16)), name)


class Disk:
    """The files of the state as a disk has them that forgets what was not synced."""

    def __init__(self, start: Path) -> None:
        self.synced = {each.name: bytearray(each.read_bytes()) for each in start.iterdir()}
        self.pending: dict[str, list[tuple[int, bytes]]] = {}
        self.recipients: dict[str, str] = {}
        self.dotted: list[str] = []

    def take(self, call: tuple[str, str, bytes, list[int], int]) -> list[str]:
        """Do what *call* does; the recipient whose final dot it sends, if it does."""
        name, target, data, numbers, result = call
        file = target.rpartition("/")[2]
        if name == "pwrite64" and file.startswith(FILE):
            self.pending.setdefault(file, []).append((numbers[-1], data[:result]))
        elif name in ("fdatasync", "fsync") and result == 0:
            for offset, written in self.pending.pop(file, []):
                content = self.synced.setdefault(file, bytearray())
                content.extend(b"\0" * (offset + len(written) - len(content)))
                content[offset : offset + len(written)] = written
        elif name == "ftruncate" and file.startswith(FILE):
            del self.synced.setdefault(file, bytearray())[numbers[-1] :]
        elif name == "sendto" and "TCP" in target:
            return self._say(target, data)
        return []

    def _say(self, socket: str, data: bytes) -> list[str]:
        if found := re.search(rb"RCPT TO:<([^>]*)>", data):
            self.recipients[socket] = found[1].decode()
        if data.startswith(b".\r\n"):
            self.dotted.append(self.recipients[socket])
            return [self.recipients[socket]]
        return []

    def restore(self, folder: Path) -> None:
        """Put there what would be found after the power is back."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, content in self.synced.items():
            if not name.endswith("-shm"):
                (folder / name).write_bytes(content)


def test_the_power_cut_test_can_fail(tmp_path: Path) -> None:
    """With ``synchronous=OFF`` nothing is synced, and such a disk has no mark."""
    begin(tmp_path / "state", 2)
    disk = Disk(tmp_path / "state")
    disk.take(("pwrite64", f"/x/{FILE}-wal", b"mark", [4, 0], 4))
    assert f"{FILE}-wal" not in disk.synced
    disk.take(("fdatasync", f"/x/{FILE}-wal", b"", [], 0))
    assert disk.synced[f"{FILE}-wal"] == b"mark"


def test_two_processes_cannot_write_what_they_should_not(tmp_path: Path) -> None:
    """A reader beside a sending run sees whole transactions alone."""
    begin(tmp_path / "state", 3)
    with opened(tmp_path / "state") as one, opened(tmp_path / "state") as other:
        one.execute("BEGIN IMMEDIATE")
        one.execute("UPDATE recipient SET state = 'accepted'")
        assert other.execute("SELECT count(*) FROM recipient WHERE state = 'accepted'").fetchone() == (0,)
        one.execute("COMMIT")
        assert other.execute("SELECT count(*) FROM recipient WHERE state = 'accepted'").fetchone() == (3,)
    assert isinstance(one, sqlite3.Connection)
