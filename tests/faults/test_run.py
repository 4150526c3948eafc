"""Cron's command killed, refused by the disk or cut off from the network at each of its steps.

Whatever happens: no reader gets half a file, the next run completes to the same bytes as an undisturbed one, what was
uploaded is what is served, hubs know of every feed, and each subscriber has one copy of the issue, or is in doubt
because the run died between the end of the message and the answer.
"""

import json
import os
import random
import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from fault_server import FaultServer, Script, fault_server
from running import Ended, run

from handbill.commands.steps.memory import FILE as MEMORY
from handbill.deliver import hubs, journal
from handbill.deliver.state import FILE, opened

BEFORE, DUE = "2026-03-05T12:00:00Z", "2026-04-01T08:00:00Z"
HEAD = """
[site]
title = "Harbour"
url = "{url}"
hubs = ["{url}hub"]
entries-in-feed = 2

[digest]
from = "News <news@example.org>"
bounces = "bounces@example.org"
address = "1 Quay Street"
leave-url = "https://example.org/leave/"
"""
ENTRY = '\n[[entry]]\ndate = 2026-03-{0:02}\ntitle = "Notice {0}"\nkind = "{1}"\n'
OLD = ENTRY.format(3, "report") + ENTRY.format(2, "report") + ENTRY.format(1, "chart")
NEW = ENTRY.format(20, "chart")
READERS = ("a@example.org", "b@example.org", "c@example.org")
PUBLISH = "rm -rf up.new && cp -r feeds up.new && rm -rf up && mv up.new up"

CALLS = ("write", "pwrite64", "fsync", "fdatasync", "rename", "connect", "sendto", "unlink", "openat", "ftruncate")
"""The calls by which a run changes anything; and openat, which comes before all of them."""

FAULTS = (
    ("write", "ENOSPC", ""), ("pwrite64", "ENOSPC", ""), ("pwrite64", "ENOSPC", "+"), ("openat", "EROFS", ""),
    ("openat", "EACCES", ""), ("openat", "EMFILE", ""), ("rename", "EROFS", "+"), ("rename", "EIO", ""),
    ("fsync", "EIO", ""), ("fsync", "ENOSPC", "+"), ("fdatasync", "EIO", ""), ("mkdir", "EROFS", "+"),
    ("pread64", "EIO", ""), ("ftruncate", "EIO", ""), ("unlink", "EROFS", "+"), ("flock", "ENOLCK", ""),
    ("connect", "ECONNREFUSED", "+"), ("connect", "ENETUNREACH", ""), ("connect", "ENETUNREACH", "+"),
    ("sendto", "ECONNRESET", ""),
)  # fmt: skip
"""A call, how it fails, and whether only once or from then on."""


class Web:
    """The served folder, and a hub, on loopback: *topics* are those that the hub was told of."""

    def __init__(self) -> None:
        self.topics: list[str] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                web.topics += form["hub.url"]
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that is overridden
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()


class Harbour:
    """A publication on the day its issue is due, with one entry more to publish; and what an undisturbed run makes."""

    def __init__(self, folder: Path, web: Web, relay: FaultServer) -> None:
        self.folder, self.kept, self.web, self.relay = folder / "site", folder / "kept", web, relay
        self.folder.mkdir()
        self.environment = {name: value for name, value in os.environ.items() if "HANDBILL" not in name} | {
            "XDG_CONFIG_HOME": str(folder / "config"), "HANDBILL_SMTP_HOST": "127.0.0.1",
            "HANDBILL_SMTP_PORT": str(relay.port), "HANDBILL_SMTP_HELO": "tests.example.org",
            "HANDBILL_SMTP_CONNECTIONS": "1", "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        head = HEAD.format(url=web.url)
        (self.folder / "entries.toml").write_text(head + OLD)
        self.words = ["run", "--state", "state", "--publish", PUBLISH]
        assert self.run(now=BEFORE).status == 0
        for reader in READERS:
            added = run(["subscribers", "add", reader, "--consent", "form", "--state", "state", "--now", BEFORE],
                        self.folder, self.environment)  # fmt: skip
            assert added.status == 0, added
        (self.folder / "entries.toml").write_text(head + NEW + OLD)
        self.before = served(self.folder / "feeds")
        shutil.copytree(self.folder, self.kept)
        log = folder / "log"
        traced = ",".join({*CALLS, *(call for call, _, _ in FAULTS)})
        self.fresh()
        built = run(["build", "--state", "state", "--now", DUE], self.folder, self.environment)
        assert built.status == 0, built
        self.between = served(self.folder / "feeds")
        self.fresh()
        ended = self.run("-o", str(log), "-e", f"trace={traced}")
        assert (ended.status, ended.err) == (0, ""), ended
        assert ended.out.splitlines()[-1] == "issue 2026-04-01: 3 accepted"
        assert self.relay.kept == dict.fromkeys(READERS, 1)
        self.after = served(self.folder / "feeds")
        assert served(self.folder / "up") == self.after
        self.topics = set(self.web.topics)
        # The n-th call is that of one thread: `strace` counts for each on its own.
        found = Counter(re.findall(r"^(\d+) +(\w+)\(", log.read_text(), re.MULTILINE))
        self.steps = {name: max(n for (_, its), n in found.items() if its == name) for _, name in found}

    def fresh(self) -> None:
        """Begin again."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept, self.folder, symlinks=True)
        self.web.topics.clear()
        self.relay.kept.clear()
        self.relay.script = Script()

    def run(self, *strace: str, now: str = DUE) -> Ended:
        return run([*self.words, "--now", now], self.folder, self.environment, strace)

    def inject(self, call: str, what: str, when: str) -> Ended:
        return self.run("-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={call}:{what}:when={when}")

    def states(self) -> Counter[str]:
        with opened(self.folder / "state") as connection:
            found = [journal.counts(connection, issue) for issue in journal.issues(connection)]
            assert len(found) == 1
            return Counter({str(name): count for name, count in found[0].items()})

    def check_between(self, at: str) -> None:
        """What readers have now is whole, and what was sent is known."""
        now = served(self.folder / "feeds")
        whole = (self.before, self.between, self.after)
        half = [path for path, data in now.items() if data not in [files.get(path) for files in whole]]
        assert half == [], at
        assert self.before.keys() - now.keys() == set(), at
        assert max(self.relay.kept.values(), default=0) <= 1, at

    def check_completes(self, at: str) -> None:
        """The next run brings all that is missing; the one after it has nothing to do."""
        ended = self.run()
        states = self.states()
        doubts = states["in doubt"]
        assert doubts <= 1, at
        assert ended.status == (3 if doubts else 0), f"{at}: {ended}"
        assert states["accepted"] + doubts == len(READERS), f"{at}: {states}"
        assert max(self.relay.kept.values()) == 1, at
        assert 0 <= len(self.relay.kept) - states["accepted"] <= doubts, f"{at}: {self.relay.kept} {states}"
        made = served(self.folder / "feeds")
        assert sorted(made) == sorted(self.after), at
        assert [path for path in made if made[path] != self.after[path]] == [], at
        assert served(self.folder / "up") == made, at
        assert not [path for path in self.folder.rglob("*handbill~*") if "up" not in path.parts], at
        told = hubs.load(self.folder / "state")[f"{self.web.url}hub"]
        for topic, mark in told.items():
            path = topic.removeprefix(self.web.url)
            assert mark == hubs.mark_of((self.folder / "feeds" / path).read_bytes()), at
        assert self.topics <= set(self.web.topics) | set(told), at
        again, topics = self.run(), len(self.web.topics)
        assert (again.status, again.out, again.err) == (3 if doubts else 0, "", ""), at
        assert served(self.folder / "feeds") == made, at
        assert len(self.web.topics) == topics, at


def served(folder: Path) -> dict[str, bytes]:
    """What is served; the ledger without its count of sending runs, by which an older copy of the state is known."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith("~"))
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    return {path: re.sub(rb'"sender":"\w+ \d+",?', b"", data) for path, data in found.items()}


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harbour]:
    web = Web()
    with fault_server(Script()) as relay:
        yield Harbour(tmp_path_factory.mktemp("run"), web, relay)
    web.server.shutdown()
    web.server.server_close()


def sample(last: int, count: int) -> Sequence[int]:
    """*count* numbers from 1 to *last*, evenly."""
    return sorted({1 + (last - 1) * n // max(1, count - 1) for n in range(count)})


@pytest.mark.needs("strace")
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_each_step(harbour: Harbour, call: str, *, campaign: bool) -> None:
    last = harbour.steps[call]
    killed = 0
    for step in range(1, last + 1) if campaign else sample(last, 2):
        at = f"killed at {call} {step}"
        harbour.fresh()
        ended = harbour.inject(call, "signal=KILL", str(step))
        killed += ended.status == -9
        harbour.check_between(at)
        harbour.check_completes(at)
    print(f"{call}: killed at {killed} of {last}")
    assert killed


@pytest.mark.needs("strace")
@pytest.mark.parametrize(("call", "error", "on"), FAULTS)
def test_what_the_system_refuses(harbour: Harbour, call: str, error: str, on: str, *, campaign: bool) -> None:
    """It ends with a status that says so, in lines without a traceback, and what it told it does not tell again."""
    last = harbour.steps.get(call, 0)
    failed = 0
    for step in range(1, last + 1) if campaign else sample(last, 2)[-1:]:
        at = f"{error} at {call} {step}{on}"
        harbour.fresh()
        ended = harbour.inject(call, f"error={error}", f"{step}{on}")
        if "ModuleNotFoundError" in ended.err:  # a program that may not be read is no passing failure
            assert (call, error, ended.status) == ("openat", "EACCES", 70), f"{at}: {ended}"
        else:
            assert ended.status in (0, 2, 3, 75), f"{at}: {ended}"
            assert "Traceback" not in ended.err, f"{at}: {ended}"
            assert len(ended.err.splitlines()) <= 4, f"{at}: {ended}"
        assert "@example" not in ended.err, at
        failed += ended.status != 0
        harbour.check_between(at)
        with opened(harbour.folder / "state") as connection:  # a pause is a person's to end
            assert not [issue for issue in journal.issues(connection) if issue.paused], at
        harbour.check_completes(at)
    print(f"{call} {error}{on}: failed at {failed} of {last}")


def test_killed_at_random(harbour: Harbour, *, campaign: bool) -> None:
    """Again and again, until one comes through: however often, each subscriber has one copy or is in doubt."""
    dice = random.Random(11)
    for round_ in range(60 if campaign else 3):
        harbour.fresh()
        for _ in range(6):
            ended = killed_after(harbour, dice.uniform(0.02, 0.9))
            harbour.check_between(f"round {round_}")
            if ended.status in (0, 3):
                break
        harbour.run()
        states = harbour.states()
        doubts = states["in doubt"]
        assert states["accepted"] + doubts == len(READERS), states
        assert max(harbour.relay.kept.values()) == 1
        assert served(harbour.folder / "feeds") == harbour.after
        assert served(harbour.folder / "up") == harbour.after


def killed_after(harbour: Harbour, seconds: float) -> Ended:
    """A run that is killed after so long, unless it has come to its end."""
    return run([*harbour.words, "--now", DUE], harbour.folder, harbour.environment, kill_after=seconds)


def test_no_network_and_no_names(harbour: Harbour, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be published is; the failure is told once a day; when the network is back all goes on."""
    harbour.fresh()
    harbour.relay.stop()
    monkeypatch.setitem(harbour.environment, "HANDBILL_SMTP_HOST", "relay.invalid")
    first = harbour.run()
    assert first.status == 75
    assert "relay.invalid" in first.err
    assert "\nTraceback" not in first.err
    second = harbour.run(now="2026-04-01T08:15:00Z")
    assert (second.status, second.out, second.err) == (75, "", "")
    third = harbour.run(now="2026-04-02T08:15:00Z")
    assert (third.status, third.err) == (75, first.err)
    monkeypatch.setitem(harbour.environment, "HANDBILL_SMTP_HOST", "127.0.0.1")
    harbour.relay.start()
    harbour.check_completes("without names")


@pytest.mark.parametrize("jump", ["2027-04-05T08:00:00Z", "2025-03-28T08:00:00Z"])
def test_the_clock_jumps_a_year_and_back(harbour: Harbour, jump: str) -> None:
    """Nobody gets an issue twice, nothing is announced twice, and what was put off is not put off for a year."""
    harbour.fresh()
    harbour.relay.script = Script(lambda point, to: "450 4.2.0 later" if point == "rcpt" and to == READERS[0] else "")
    assert harbour.run(now=jump).status == 0
    harbour.relay.script = Script()
    for now in (DUE, "2026-04-02T08:00:00Z", "2026-05-01T08:00:00Z", "2026-05-02T08:00:00Z"):
        ended = harbour.run(now=now)
        assert (ended.status, ended.err) == (0, ""), ended
    assert harbour.relay.kept == dict.fromkeys(READERS, 1)
    text = (harbour.folder / "feeds" / "ledger.jsonl").read_text()
    announced = [
        each for line in text.splitlines() if "issue" in (record := json.loads(line)) for each in record["new"]
    ]
    assert len(announced) == len(set(announced)) == 4


def test_two_at_once(harbour: Harbour, *, campaign: bool) -> None:
    """Both leave well; the work is done once."""
    for _ in range(20 if campaign else 3):
        harbour.fresh()
        with ThreadPoolExecutor(3) as pool:
            ended = list(pool.map(lambda _: harbour.run(), range(3)))
        assert [each.status for each in ended] == [0, 0, 0], ended
        assert "".join(each.err for each in ended) == ""
        assert sum("accepted" in each.out for each in ended) == 1
        assert max(Counter(harbour.web.topics).values()) <= 2, "once for the list, once for the issue"
        harbour.check_completes("three at once")


def test_a_dead_runs_locks_do_not_block(harbour: Harbour) -> None:
    harbour.fresh()
    for name in ("send.lock", "publish.lock"):
        (harbour.folder / "state" / name).touch()
    harbour.check_completes("with locks of the dead")


def test_what_it_remembers_may_be_damaged(harbour: Harbour) -> None:
    for data in (
        b"",
        b"\xff\0",
        b"[]",
        b'{"told": 1, "last": 2}',
        b'{"told": {"a": 1}}',
        b'{"told": {"a": ["b", "c"]}}',
    ):
        harbour.fresh()
        (harbour.folder / "state" / MEMORY).write_bytes(data)
        assert harbour.run().status == 0
    assert (harbour.folder / "state" / FILE).exists()
