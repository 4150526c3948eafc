"""What goes out when, through cron's own command, whatever becomes of the clock, the zone and the schedule."""

import email
import email.policy
import shutil
from pathlib import Path

import pytest

from handbill.cli import main
from handbill.publish.ledger import load

ENTRY = '\n[[entry]]\ndate = {0}\ntitle = "Of {0}"\n'


class List:
    """A list whose file is written anew before each run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.dates = folder, list[str]()
        self.zone, self.digest = "UTC", ""

    def run(self, now: str, *dates: str) -> list[str]:
        """Add entries of these *dates* and run at *now*; the keys of the issues that went out in it."""
        self.dates += dates
        head = f'[site]\ntitle = "Harbour"\nurl = "https://example.org/harbour/"\ntimezone = "{self.zone}"\n'
        (self.folder / "entries.toml").write_text(head + self.digest + "".join(map(ENTRY.format, self.dates)))
        before = self.messages()
        assert main(["run", "--no-web-check", "--state", str(self.folder / "state"), "--now", now]) == 0
        return sorted(name[:10] for name in self.messages().keys() - before.keys())

    def messages(self) -> dict[str, str]:
        """Each message in the outbox: its file's name, and its plain text."""
        files = sorted((self.folder / "build" / "outbox").glob("*.eml"))
        read = {each.name: email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in files}
        bodies = {name: message.get_body(("plain",)) for name, message in read.items()}
        return {name: body.get_content() for name, body in bodies.items() if body}

    def held(self, key: str) -> set[str]:
        """The dates of the entries that the issue of *key* announces, by the ledger and by the message alike."""
        issues = load((self.folder / "feeds" / "ledger.jsonl").read_text()).issues
        (text,) = (text for name, text in self.messages().items() if name.startswith(key))
        named = {date for date in self.dates if f"Of {date}" in text}
        assert len(issues[key].new) == len(named)
        return named


def digest(more: str = "") -> str:
    return f'\n[digest]\nfrom = "News <news@example.org>"\nto = "list@lists.example.org"\naddress = "1 Quay"\n{more}\n'


@pytest.fixture
def letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> List:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    made = List(tmp_path)
    made.digest = digest()
    return made


@pytest.mark.slow
def test_the_time_zone_changes(letters: List) -> None:
    """The new zone's morning counts, and a date whose moment was before the change was seen is not due again."""
    assert letters.run("2026-03-05T12:00Z", "2026-03-02") == []
    letters.zone = "America/New_York"
    assert letters.run("2026-03-20T12:00Z", "2026-03-10") == []
    assert letters.run("2026-04-01T11:59Z") == []
    assert letters.run("2026-04-01T12:00Z") == ["2026-04-01"]
    assert letters.held("2026-04-01") == {"2026-03-02", "2026-03-10"}
    letters.zone = "Pacific/Honolulu"  # where eight o'clock of the first is still to come
    assert letters.run("2026-04-01T14:00Z", "2026-04-01") == []
    assert letters.run("2026-04-01T18:00Z") == []
    letters.zone = "Asia/Tokyo"
    assert letters.run("2026-04-30T22:59Z") == []
    assert letters.run("2026-04-30T23:00Z") == ["2026-05-01"]
    assert letters.held("2026-05-01") == {"2026-04-01"}


@pytest.mark.slow
def test_the_clock_goes_back_and_a_year_ahead_and_back_again(letters: List) -> None:
    """A wrong clock makes at most the one issue that it says is due, and silences none of the right time."""
    assert letters.run("2026-03-05T12:00Z", "2026-03-02") == []
    assert letters.run("2026-04-01T08:00Z") == ["2026-04-01"]
    assert letters.run("2026-02-15T08:00Z") == []
    assert letters.run("2026-04-01T08:30Z") == []
    assert letters.run("2026-05-01T08:00Z", "2026-04-10") == ["2026-05-01"]
    assert letters.run("2027-05-12T08:00Z", "2026-05-02") == ["2027-05-01"]
    assert letters.run("2026-05-12T08:00Z") == []
    assert letters.run("2026-06-01T08:00Z", "2026-05-20") == ["2026-06-01"]
    assert letters.run("2026-07-01T08:00Z", "2026-06-20") == ["2026-07-01"]
    announced = {
        key: letters.held(key) for key in ("2026-04-01", "2026-05-01", "2027-05-01", "2026-06-01", "2026-07-01")
    }
    assert list(announced.values()) == [{"2026-03-02"}, {"2026-04-10"}, {"2026-05-02"}, {"2026-05-20"}, {"2026-06-20"}]


@pytest.mark.slow
def test_the_day_changes_from_the_15th_to_the_1st_on_the_10th(letters: List) -> None:
    """The first of this month, gone already, is not made up for; the next first is the next issue."""
    letters.digest = digest("send-on = 15")
    assert letters.run("2026-03-20T12:00Z", "2026-03-18") == []
    letters.digest = digest("send-on = 1")
    assert letters.run("2026-04-10T12:00Z", "2026-04-05") == []
    assert letters.run("2026-04-15T08:00Z") == []
    assert letters.run("2026-05-01T08:00Z") == ["2026-05-01"]
    assert letters.held("2026-05-01") == {"2026-03-18", "2026-04-05"}


@pytest.mark.slow
def test_the_day_changes_from_the_1st_to_the_15th_on_the_10th(letters: List) -> None:
    assert letters.run("2026-03-20T12:00Z", "2026-03-18") == []
    assert letters.run("2026-04-01T08:00Z") == ["2026-04-01"]
    letters.digest = digest("send-on = 15")
    assert letters.run("2026-04-10T12:00Z", "2026-04-05") == []
    assert letters.run("2026-04-15T08:00Z") == ["2026-04-15"]
    assert letters.held("2026-04-15") == {"2026-04-05"}


@pytest.mark.slow
def test_an_old_list_gets_its_first_digest(letters: List) -> None:
    """Nothing is due at once, and its first issue is what came within *catch-up* days, not years of entries."""
    letters.digest = ""
    old = [f"20{year}-0{month}-10" for year in range(20, 26) for month in range(1, 9)]
    assert letters.run("2026-03-05T12:00Z", *old, "2026-02-20") == []
    letters.digest = digest()
    assert letters.run("2026-03-10T12:00Z", "2026-03-09") == []
    assert letters.run("2026-04-01T07:59Z") == []
    assert letters.run("2026-04-01T08:00Z", "2026-03-30") == ["2026-04-01"]
    assert letters.held("2026-04-01") == {"2026-02-20", "2026-03-09", "2026-03-30"}
    assert letters.run("2026-05-01T08:00Z") == []


@pytest.mark.slow
def test_a_machine_that_slept_for_three_months_sends_one_issue_of_everything(letters: List) -> None:
    assert letters.run("2026-03-05T12:00Z", "2026-03-02") == []
    assert letters.run("2026-06-03T09:00Z", "2026-04-02", "2026-05-20") == ["2026-06-01"]
    assert letters.held("2026-06-01") == {"2026-03-02", "2026-04-02", "2026-05-20"}
    assert letters.run("2026-06-03T09:15Z") == []


@pytest.mark.slow
def test_what_stands_on_the_web_of_an_issue_is_made_again_if_it_is_missing(letters: List) -> None:
    """The copies as they were frozen, whatever has become of the file since; the index and the feed of issues too."""
    feeds = letters.folder / "feeds"
    assert letters.run("2026-03-05T12:00Z", "2026-03-02") == []
    assert not (feeds / "digest").exists()
    assert letters.run("2026-04-01T08:00Z") == ["2026-04-01"]
    assert letters.run("2026-05-01T08:00Z", "2026-04-10") == ["2026-05-01"]
    letters.digest = digest('intro = "Words of today"')
    assert letters.run("2026-05-02T08:00Z") == []
    copies = [f"{key}.{ending}" for key in ("2026-04-01", "2026-05-01") for ending in ("html", "txt")]
    made = {each.name: each.read_bytes() for each in (feeds / "digest").iterdir()}
    assert sorted(made) == sorted([*copies, "atom.xml", "index.html"])
    assert b"Words of today" not in made["2026-05-01.html"]
    for name in made:
        (feeds / "digest" / name).unlink()
        assert letters.run("2026-05-03T08:00Z") == []
        assert (feeds / "digest" / name).read_bytes() == made[name], name
    shutil.rmtree(feeds / "digest")
    assert letters.run("2026-05-03T08:00Z") == []
    assert {each.name: each.read_bytes() for each in (feeds / "digest").iterdir()} == made
    for copy in copies:
        text = made[copy].decode()
        assert "https://example.org/harbour/digest/index.html" in text
        assert ("digest/atom.xml" in text) == copy.endswith("html")
    assert 'href="digest/index.html"' in (feeds / "index.html").read_text()
