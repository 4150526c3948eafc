"""A year of cron in fast motion: the command is run all the time, while an editor, readers and faults are at it.

The clock is the option ``--now``; commands run within this process, but for those that are killed. What everybody got
is compared with a model of its own (``tests/support/year.py``). Four times a day by default; every quarter of an hour,
and more years than one: ``scripts/test tests/faults/conftest.py tests/faults/test_year.py --campaign --years 5``.
"""

import io
import json
import os
import random
import re
import shutil
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import feedparser
import pytest
from fault_server import FaultServer, Script, fault_server
from running import run as in_a_process
from year import Entry, Made, Model

from handbill.cli import main
from handbill.commands.steps.unchanged import said_last
from handbill.deliver import journal
from handbill.deliver.pace import Patience
from handbill.deliver.state import FILE, opened

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
HEAD = """[site]
title = "Harbour"
url = "https://example.org/harbour/"
entries-in-feed = 6

[digest]
from = "News <news@example.org>"
bounces = "bounces@example.org"
address = "1 Quay Street"
send-on = {schedule}
"""


class Machine:
    """A checkout with its private state, and how often its command was run: *looks* had nothing to do."""

    def __init__(self, folder: Path, origin: Path) -> None:
        self.folder, self.origin = folder, origin
        folder.mkdir()
        self.out, self.state = folder / "feeds", folder / "state"
        self.runs = self.looks = self.checked = 0
        self.retired = False
        self.copy = (
            f"rm -rf {origin}.new && cp -r {self.out} {origin}.new && rm -rf {origin} && mv {origin}.new {origin}"
        )

    def words(self, name: str, *more: str) -> list[str]:
        publish = ["--no-web-check", "--publish", self.copy] if name in ("run", "send") and not self.retired else []
        return [name, *more, *publish, "-f", str(self.folder / "entries.toml"), "--state", str(self.state)]

    def call(self, now: datetime, name: str, *more: str) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            status = main([*self.words(name, *more), "--now", f"{now:%Y-%m-%dT%H:%M:%SZ}"])
        assert "Traceback" not in err.getvalue(), err.getvalue()
        return status, out.getvalue(), err.getvalue()

    def pull(self) -> None:
        """What another machine published comes here."""
        if self.origin.is_dir():
            shutil.rmtree(self.out, ignore_errors=True)
            shutil.copytree(self.origin, self.out)


class Year:
    """All that goes on in a year; *model* is what should come of it."""

    def __init__(self, seed: int, folder: Path, relay: FaultServer, step: timedelta) -> None:
        self.dice, self.folder, self.relay, self.step = random.Random(seed), folder, relay, step
        self.now = BEGIN
        self.origin = folder / "origin"
        self.environment = dict(os.environ)
        self.first, self.second = Machine(folder / "first", self.origin), Machine(folder / "second", self.origin)
        self.sender, self.other = self.first, self.second
        self.other.retired = True
        schedules: list[int | str] = [1, 15, 31, "first monday", "last friday"]
        self.model = Model(self.dice.choice(schedules), BEGIN)
        self.number = 0
        self.broken_until: datetime | None = None
        self.down_until: datetime | None = None
        self.kill = False
        self.backup: tuple[Path, set[str]] | None = None
        self.log: list[str] = []
        self.readers_ever = 0
        self.messages = 0
        self.titles: dict[date, set[str]] = {}
        self.got: defaultdict[date, Counter[str]] = defaultdict(Counter)
        for number in range(8):
            self.write_entry(BEGIN - timedelta(days=number))
        self.save()
        for _ in range(5):
            self.join()

    def note(self, text: str) -> None:
        self.log.append(f"{self.now:%m-%d %H:%M} {text}")

    # The editor

    def write_entry(self, moment: datetime, expires: date | None = None) -> None:
        self.number += 1
        self.model.entries.append(Entry(f"Notice {self.number:03}", moment, expires))

    def text(self) -> str:
        schedule = self.model.schedule
        text = HEAD.format(schedule=schedule if isinstance(schedule, int) else f'"{schedule}"')
        for entry in sorted(self.model.entries, key=lambda entry: entry.moment, reverse=True):
            if not entry.gone:
                text += f'\n[[entry]]\ndate = {entry.moment:%Y-%m-%dT%H:%M:%SZ}\ntitle = "{entry.title}"\n'
                text += f'url = "https://example.org/r/{entry.title[7:]}"\n'
                text += f"expires = {entry.expires}\n" if entry.expires else ""
                text += f"# typo mended {entry.typos} times\n" if entry.typos else ""
        return text

    def save(self) -> None:
        for machine in (self.first, self.second):
            (machine.folder / "entries.toml").write_text(self.text())

    def edit(self) -> None:
        kind = self.dice.choice(["new", "new", "new", "late", "future", "expiring", "typo", "gone", "address"])
        if kind == "new":
            self.write_entry(self.now)
        elif kind == "late":
            self.write_entry(self.now - timedelta(days=self.dice.randint(1, 20)))
        elif kind == "future":
            self.write_entry(self.now + timedelta(minutes=15 * self.dice.randint(1, 3000)))
        elif kind == "expiring":
            self.write_entry(self.now, (self.now + timedelta(days=self.dice.randint(1, 40))).date())
        elif kind == "typo":
            self.dice.choice(self.model.entries).typos += 1
        elif kind == "gone":
            old = [entry for entry in self.model.entries if not entry.gone and entry.moment < self.now]
            if len(old) > 6:
                self.dice.choice(old).gone = True
        self.note(kind)
        self.save()

    def reschedule(self) -> None:
        schedule = self.dice.choice([each for each in (1, 8, 20, 31, "second tuesday") if each != self.model.schedule])
        self.model.reschedule(schedule, self.now)
        self.note(f"schedule: {schedule}")
        self.save()

    # The readers

    def join(self) -> None:
        self.readers_ever += 1
        reader = f"reader{self.readers_ever}@example.org"
        assert self.sender.call(self.now, "subscribers", "add", reader, "--consent", "form")[0] == 0
        self.model.readers.add(reader)

    def leave(self, reader: str | None = None) -> None:
        """Somebody leaves, perhaps while an issue goes out: then they may or may not have it."""
        if len(self.model.readers) > 2:
            reader = reader or self.dice.choice(sorted(self.model.readers))
            assert self.sender.call(self.now, "subscribers", "remove", reader)[0] == 0
            self.model.readers.discard(reader)
            self.excuse(reader)
            self.note(f"{reader} leaves")

    def excuse(self, *readers: str) -> None:
        """These may lack the issue that is under way."""
        with opened(self.sender.state) as connection:
            going = {issue.key for issue in journal.issues(connection) if not issue.finished}
        for made in self.model.issues:
            if made.key.isoformat() in going:
                made.excused |= set(readers) or made.readers

    # The faults

    def fault(self) -> None:
        kind = self.dice.choice(["broken", "missing", "cut", "down", "kill", "garbage", "deleted", "edited", "stamp"])
        self.note(f"fault: {kind}")
        file, feeds = self.sender.folder / "entries.toml", self.sender.out
        if kind in ("broken", "missing", "cut"):
            self.broken_until = self.now + timedelta(hours=self.dice.choice([1, 5, 30]))
            if kind == "broken":
                file.write_text(self.text().replace("title", "tytle", 3))
            elif kind == "missing":
                file.unlink()
            else:
                file.write_text(self.text().split("[[entry]]")[0])
        elif kind == "down":
            self.down_until = self.now + timedelta(hours=self.dice.choice([1, 6, 40]))
        elif kind == "kill":
            self.kill = True
        elif kind == "garbage":
            (feeds / ".atom.xml.handbill~").write_text("half a")
        elif kind in ("deleted", "edited"):
            served = sorted(each for each in feeds.rglob("*") if each.is_file() and each.name != "ledger.jsonl")
            chosen = self.dice.choice(served)
            if kind == "deleted":
                chosen.unlink()
            else:
                chosen.write_text("edited by hand")
        else:
            for stamp in self.sender.state.glob("stamp-*"):
                stamp.unlink()

    def save_backup(self) -> None:
        place = self.folder / "state.backup"
        place.unlink(missing_ok=True)
        assert self.sender.call(self.now, "backup", str(place))[0] == 0
        self.backup = (place, set(self.model.readers))
        self.note("backup")

    def restore_backup(self) -> None:
        """The state is lost; the older one is put back, and who joined or left since then is told to it again."""
        if self.backup is None:
            return
        place, readers = self.backup
        self.excuse()
        shutil.rmtree(self.sender.state)
        status, _, err = self.sender.call(self.now, "restore", str(place))
        assert status == 0, err
        for reader in sorted(readers - self.model.readers):
            self.sender.call(self.now, "subscribers", "remove", reader)
        for reader in sorted(self.model.readers - readers):
            self.sender.call(self.now, "subscribers", "add", reader, "--consent", "form")
        self.note("restored")

    def take_over(self) -> None:
        """The machine that sends is given up; the other gets the subscribers and goes on."""
        self.excuse()
        status, exported, _ = self.sender.call(self.now, "subscribers", "export")
        assert status == 0
        self.sender, self.other = self.other, self.sender
        self.sender.retired, self.other.retired = False, True
        self.backup = None
        self.sender.pull()
        table = self.folder / "list.csv"
        table.write_text(exported)
        status, _, err = self.sender.call(self.now, "subscribers", "import", str(table), "--consent", "export")
        assert status == 0, err
        self.save()
        status, _, err = self.sender.call(self.now, "send", "--take-over")
        assert status in (0, 3), err
        self.model.works(self.now)
        self.decide()
        self.note("taken over")

    def decide(self) -> None:
        """A person looks after what waits for one: who is in doubt is left as they are."""
        self.sender.call(self.now, "send", "--resume")
        with opened(self.sender.state) as connection:
            if not journal.issues(connection):
                return
            doubtful = {
                (issue.key, told.address)
                for issue in journal.issues(connection)
                for told in journal.told(connection, issue, "in doubt")
            }
        for key, address in doubtful:
            for made in self.model.issues:
                if made.key.isoformat() == key and address:
                    made.excused.add(address)
        status, _, err = self.sender.call(self.now, "send", "--resolve-doubt", "skip")
        assert status in (0, 75), err

    # Cron

    def relay_as_it_is(self) -> None:
        if self.down_until and self.now < self.down_until:
            self.relay.script = Script(lambda point, to: "421 4.3.2 later" if point == "connect" else "")
            return
        self.down_until = None
        dice = self.dice

        def act(point: str, to: str) -> str:
            if point == "rcpt" and dice.random() < 0.05:
                return "450 4.2.0 greylisted"
            if point == "dot" and dice.random() < 0.03:
                return dice.choice(["drop", "keep-drop"])
            return ""

        self.relay.script = Script(act)

    def cron(self) -> None:
        """One run of the sender's crontab line."""
        if self.broken_until and self.now >= self.broken_until:
            self.broken_until = None
            self.save()
        self.relay_as_it_is()
        machine = self.sender
        machine.runs += 1
        words = [*machine.words("run"), "--now", f"{self.now:%Y-%m-%dT%H:%M:%SZ}"]
        if self.kill:
            self.kill = False
            in_a_process(words, self.folder, dict(self.environment), kill_after=self.dice.uniform(0.01, 0.6))
            if not self.broken_until:
                self.model_after_kill()
            return
        quiet = said_last(words) is not None
        if quiet and self.dice.random() > 0.01:
            machine.looks += 1
            return
        before = self.picture() if quiet else None
        if quiet:
            machine.checked += 1
            for stamp in machine.state.glob("stamp-*"):
                stamp.unlink()
        status, out, err = machine.call(self.now, "run")
        if quiet:
            assert (status, out, err) == (0, "", ""), (self.now, status, out, err)
            assert self.picture() == before, self.now
        if self.broken_until:
            assert status in (1, 2), (status, out, err)
            return
        assert status in (0, 3, 75), (status, out, err)
        self.model.works(self.now)
        if status == 3:
            self.decide()
        self.collect()

    def model_after_kill(self) -> None:
        """What a run had frozen before it was killed is frozen; whether it had is told by the journal."""
        with opened(self.sender.state) as connection:
            made = {issue.key for issue in journal.issues(connection)}
        model = self.model
        trial = replace(model, issues=[*model.issues], announced={*model.announced}, over={*model.over})
        trial.works(self.now)
        if len(trial.issues) > len(model.issues) and trial.issues[-1].key.isoformat() in made:
            self.model = trial
        self.collect()

    def picture(self) -> dict[str, object]:
        """All that a run could change."""
        machine = self.sender
        files = {
            str(each.relative_to(machine.folder)): (each.stat().st_mtime_ns, each.read_bytes())
            for each in machine.out.rglob("*")
            if each.is_file()
        }
        with sqlite3.connect(machine.state / FILE) as connection:
            state = list(connection.iterdump())
        connection.close()
        return {**files, "state": state, "sent": len(self.relay.messages)}

    def collect(self) -> None:
        """Count the messages that came since."""
        for message in self.relay.messages[self.messages :]:
            text = message.decode()
            found = re.search(r"digest/(\d{4}-\d\d-\d\d)\.html", text.replace("=\r\n", ""))
            reader = re.search(r"^To: (?:.*<)?([^\s<>]+@example\.org)", text, re.MULTILINE)
            assert found, text
            assert reader, text
            key = date.fromisoformat(found[1])
            self.got[key][reader[1]] += 1
            self.titles[key] = set(re.findall(r"Notice \d{3}", text.replace("=\r\n", "")))
        self.messages = len(self.relay.messages)

    def pass_(self) -> None:
        """All of it."""
        end = BEGIN + timedelta(days=365)
        while self.now < end:
            self.happen()
            self.cron()
            if (self.now.weekday(), self.now.hour, self.now.minute) == (2, 12, 0):
                self.watch_the_other()
            self.now += self.step
        self.settle()

    def happen(self) -> None:
        """What may happen in a step; the odds are a day's, whatever the step."""
        share = self.step / timedelta(days=1)
        if self.now - BEGIN < timedelta(hours=3):
            return
        odds = [
            (self.edit, 0.35), (self.join, 0.05), (self.leave, 0.03), (self.fault, 0.12), (self.save_backup, 0.05),
            (self.restore_backup, 0.015), (self.reschedule, 0.01), (self.take_over, 0.008),
        ]  # fmt: skip
        for what, odd in odds:
            is_there = (self.sender.folder / "entries.toml").exists()  # without it nobody knows which list is meant
            calm = not self.broken_until or (is_there and what in (self.join, self.leave, self.save_backup))
            if calm and self.dice.random() < odd * share:
                what()
        with_issue = self.model.issues and self.now - datetime.combine(self.model.issues[-1].key, time(8), UTC)
        if is_there and with_issue and with_issue < 2 * self.step and self.dice.random() < 0.3:
            self.leave()

    def watch_the_other(self) -> None:
        """The machine that does not send builds, and sends nothing."""
        sent = len(self.relay.messages)
        self.other.pull()
        status, _, err = self.other.call(self.now, "run")
        assert status in (0, 1, 2, 3, 75), err
        assert len(self.relay.messages) == sent

    def settle(self) -> None:
        """A week without faults, at the end."""
        self.broken_until = self.down_until = None
        self.save()
        self.relay.script = Script()
        for _ in range(7 * 24):
            self.now += timedelta(hours=1)
            status, out, err = self.sender.call(self.now, "run")
            assert status in (0, 3), (status, out, err)
            self.model.works(self.now)
            self.collect()
            if status == 3:
                self.decide()
            self.relay.script = Script()

    # What must be true

    def wrong(self) -> list[str]:
        found = self.model.broken(self.got)
        announced = Counter(title for made in self.model.issues for title in made.titles)
        found += [f"the model announces {title} twice" for title, count in announced.items() if count > 1]
        for made in self.model.issues:
            if made.key in self.titles and self.titles[made.key] != made.titles:
                found.append(f"{made.key} holds {self.titles[made.key] ^ made.titles} too much or too little")
        return found + self.wrong_in_the_ledger() + self.wrong_in_the_feeds()

    def wrong_in_the_ledger(self) -> list[str]:
        lines = (self.sender.out / "ledger.jsonl").read_text().splitlines()
        issues = [record for line in lines if "issue" in (record := json.loads(line))]
        new = Counter(each for record in issues for each in record["new"])
        found = [f"{each} is announced {count} times" for each, count in new.items() if count > 1]
        keys = {record["issue"] for record in issues}
        expected = {made.key.isoformat() for made in self.model.issues}
        return found + [f"issue {key} is in the ledger or in the model alone" for key in keys ^ expected]

    def wrong_in_the_feeds(self) -> list[str]:
        """All live entries for whoever walks from the feed through its archives, the latest form of each first."""
        seen: dict[str, str] = {}
        name: str | None = "atom.xml"
        while name:
            feed = feedparser.parse((self.sender.out / name).read_bytes())
            for entry in feed.entries:
                seen.setdefault(entry.id, entry.title)
            earlier = [link.href for link in feed.feed.links if link.rel == "prev-archive"]
            name = earlier[0].removeprefix("https://example.org/harbour/") if earlier else None
        live = {entry.title for entry in self.model.entries if entry.is_live(self.now)}
        twice = [title for title, count in Counter(seen.values()).items() if count > 1]
        found = [f"{title} has two identifiers" for title in twice]
        found += [f"{title} is live, and in no feed" for title in live - set(seen.values())]
        page = (self.sender.out / "index.html").read_text()
        found += [f"{title} is live, and not on the page" for title in live if title not in page]
        gone = {entry.title for entry in self.model.entries if entry.gone}
        return found + [f"{title} is gone, and on the page" for title in gone if title in page]


@pytest.fixture
def relay(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FaultServer]:
    with fault_server() as server:
        monkeypatch.setenv("HANDBILL_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("HANDBILL_SMTP_PORT", str(server.port))
        monkeypatch.setenv("HANDBILL_SMTP_HELO", "tests.example.org")
        monkeypatch.setenv("HANDBILL_SMTP_CONNECTIONS", "1")
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
        for name in ("CONFIGURATION_DIRECTORY", "STATE_DIRECTORY", "HANDBILL_KEY", "HANDBILL_PING_URL"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("handbill.deliver.sending.Patience", lambda: Patience((0.0, 0.0)))
        monkeypatch.setattr("handbill.deliver.relay._LINGER", 0.0)
        yield server


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        years = metafunc.config.getoption("--years", default=1)
        begin = metafunc.config.getoption("--first-year", default=1)
        metafunc.parametrize("seed", range(begin, begin + years))


def test_a_year(
    seed: int, tmp_path: Path, relay: FaultServer, monkeypatch: pytest.MonkeyPatch, *, campaign: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    year = Year(seed, tmp_path, relay, timedelta(minutes=15) if campaign else timedelta(hours=6))
    try:
        year.pass_()
        wrong = year.wrong()
    finally:
        print("\n".join(year.log))
        for machine in (year.first, year.second):
            print(
                machine.folder.name, machine.runs, "runs,", machine.looks, "over at once,", machine.checked, "checked"
            )
        print(len(year.model.issues), "issues,", len(relay.messages), "messages,", len(year.model.entries), "entries")
    assert not wrong, "\n".join(wrong)
    assert len(year.model.issues) >= 8
    assert year.first.looks + year.second.looks > 0.6 * (year.first.runs + year.second.runs)


def test_the_model_can_fail() -> None:
    model = Model(1, BEGIN, readers={"a@example.org"}, entries=[Entry("One", BEGIN)])
    model.works(BEGIN + timedelta(days=40))
    (made,) = model.issues
    assert made == Made(date(2026, 2, 1), frozenset({"One"}), frozenset({"a@example.org"}))
    assert model.broken({}) == ["a@example.org has 0 copies of 2026-02-01"]
    assert model.broken({date(2026, 2, 1): Counter({"a@example.org": 1})}) == []
    assert len(model.broken({date(2026, 2, 1): Counter({"a@example.org": 2, "b@example.org": 1})})) == 2
