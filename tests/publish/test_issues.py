"""An issue holds exactly what is new: nothing is announced twice, nothing is lost."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from lists import NOON, History, entry

from handbill.model import Digest, Entry
from handbill.publish.issues import (
    announcing,
    has_enough,
    is_over,
    latest_month,
    month_issue,
    next_issue,
    passing,
    record_of,
)
from handbill.publish.ledger import dump
from handbill.published import Issue, Item

DAY = timedelta(days=1)
ZONE = ZoneInfo("America/New_York")
DIGEST = Digest()
KEY = date(2026, 4, 1)


def issue_of(history: History, key: date = KEY, digest: Digest = DIGEST) -> Issue:
    assert history.last
    return next_issue(history.last, digest, key)


def titles(items: tuple[Item, ...]) -> list[str]:
    return [item.entry.title for item in items]


def announce(history: History, issue: Issue, now: datetime) -> None:
    """Record *issue* as made."""
    assert history.last
    history.text = dump(announcing(history.last.ledger, record_of(issue, f"Issue {issue.number}", now)))


def test_new_entries_newest_first_without_backlog() -> None:
    history = History()
    history.build(
        entry("New"), entry("Older", "2026-02-01"), entry("Backlog", "2025-01-01"), entry("Later", "2027-01-01")
    )
    issue = issue_of(history)
    assert titles(issue.new) == ["New", "Older"]
    assert issue.number == 1
    assert issue.month_of == date(2026, 3, 31)


def test_a_revision_is_told_once_and_a_withdrawal_once() -> None:
    history = History()
    news = entry("News")
    history.build(news)
    announce(history, issue_of(history), NOON)
    history.build(news)
    assert not has_enough(issue_of(history))
    revised = replace(news, updated=date(2026, 4, 5))
    history.build(revised, now=NOON + 40 * DAY)
    issue = issue_of(history, date(2026, 5, 1))
    assert (titles(issue.new), titles(issue.revised)) == ([], ["News"])
    announce(history, issue, NOON + 41 * DAY)
    history.build(revised, now=NOON + 42 * DAY)
    assert not has_enough(issue_of(history))
    gone = replace(revised, withdrawn=date(2026, 4, 25))
    history.build(gone, now=NOON + 50 * DAY)
    issue = issue_of(history, date(2026, 6, 1))
    assert titles(issue.withdrawn) == ["News"]
    assert not issue.revised
    announce(history, issue, NOON + 51 * DAY)
    history.build(gone, now=NOON + 52 * DAY)
    assert not has_enough(issue_of(history))
    history.build(revised, now=NOON + 60 * DAY)
    assert titles(issue_of(history).revised) == ["News"]
    announce(history, issue_of(history, date(2026, 7, 1)), NOON + 60 * DAY)
    history.build(replace(revised, withdrawn=date(2026, 5, 20)), now=NOON + 72 * DAY)
    assert titles(issue_of(history).withdrawn) == ["News"]


def test_what_was_never_announced_is_not_told_as_withdrawn() -> None:
    history = History()
    history.build(entry("News"))
    history.build(entry("News", withdrawn=date(2026, 3, 10)))
    assert not has_enough(issue_of(history))


def test_too_few_wait() -> None:
    history = History()
    history.build(entry("One"))
    assert has_enough(issue_of(history))
    assert not has_enough(issue_of(history, digest=Digest(min_entries=2)))


def test_a_first_digest_on_an_old_list_announces_none_of_the_years_before() -> None:
    history = History()
    entries: list[Entry] = []
    for number in range(10):  # each seen on its day, so none of them is backlog
        day = date(2024, 1, 1) + number * 30 * DAY
        entries.insert(0, entry(f"{number}", day))
        history.build(*entries, now=datetime(day.year, day.month, day.day, 12, tzinfo=ZONE))
    now = datetime(2024, 10, 1, tzinfo=ZONE)
    history.build(*entries, now=now)
    assert history.last
    history.text = dump(replace(history.last.ledger, schedules={"1 08:00": now}))
    history.build(*entries, now=now)
    assert titles(issue_of(history).new) == ["9", "8"]


def test_a_date_with_too_little_is_over_and_its_entries_wait() -> None:
    history = History()
    history.build(entry("One"))
    assert history.last
    assert not is_over(history.last.ledger, KEY)
    history.text = dump(passing(history.last.ledger, KEY))
    history.build(entry("One"))
    assert is_over(history.last.ledger, KEY)
    assert titles(issue_of(history, date(2026, 5, 1)).new) == ["One"]


def test_issues_stand_on_the_page_and_in_a_feed_of_their_own() -> None:
    history = History()
    history.build(entry("News"))
    assert history.last
    assert "digest/atom.xml" not in [link.path for link in history.last.documents.page.feeds]
    announce(history, issue_of(history), NOON)
    history.build(entry("News"))
    assert is_over(history.last.ledger, KEY)
    feed = history.last.documents.issues
    assert feed
    (item,) = feed.items
    assert (item.entry.title, item.link) == ("Issue 1", "https://example.org/harbour/digest/2026-04-01.html")
    assert item.published == NOON
    (past,) = history.last.documents.page.issues
    assert (past.path, past.title, past.day, past.number) == ("digest/2026-04-01.html", "Issue 1", KEY, 1)
    assert (past.new, past.revised, past.withdrawn, titles(past.items)) == (1, 0, 0, ["News"])
    assert "digest/atom.xml" in [link.path for link in history.last.documents.page.feeds]


def test_a_past_issue_names_what_of_it_is_still_shown() -> None:
    """Highlights first, a notice of withdrawal last, and no word of what was removed."""
    history = History()
    old = [entry("Plain"), entry("Gone"), entry("Taken back"), entry("Lead", highlight=True), entry("Also plain")]
    history.build(*old)
    announce(history, issue_of(history), NOON)
    later = [old[0], replace(old[2], withdrawn=date(2026, 4, 2)), *old[3:]]
    history.build(*later, now=NOON + 40 * DAY)
    announce(history, issue_of(history, date(2026, 5, 1)), NOON + 41 * DAY)
    history.build(*later, now=NOON + 42 * DAY)
    assert history.last
    second, first = history.last.documents.page.issues
    assert (second.new, second.revised, second.withdrawn, titles(second.items)) == (0, 0, 1, ["Taken back"])
    assert (first.new, first.revised, first.withdrawn) == (5, 0, 0)
    assert titles(first.items) == ["Lead", "Plain", "Also plain", "Taken back"]


def test_a_month_by_date() -> None:
    history = History()
    history.build(entry("A", "2010-11-23"), entry("B", "2010-11-01"), entry("C", "2010-10-31"))
    assert history.last
    issue = month_issue(history.last, DIGEST, 2010, 11, ZONE)
    assert titles(issue.new) == ["A", "B"]
    assert (issue.month_of, issue.key) == (date(2010, 11, 30), date(2010, 12, 1))
    assert month_issue(history.last, DIGEST, 2010, 12, ZONE).new == ()
    assert latest_month(history.last, ZONE) == (2010, 11)


class Issues(RuleBasedStateMachine):
    """Random edits, builds and issues: promise 8."""

    @initialize()
    def begin(self) -> None:
        self.history = History()
        self.now = NOON
        self.entries: list[Entry] = []
        self.told: dict[str, int] = {}
        self.revisions: set[tuple[str, datetime]] = set()
        self.taken_back: set[tuple[str, datetime]] = set()
        self.count = 0

    @rule(back=st.integers(0, 20))
    def add(self, back: int) -> None:
        self.count += 1
        self.entries.insert(0, entry(f"Entry {self.count}", (self.now - back * DAY).date()))

    @rule(which=st.integers(0, 99), fact=st.sampled_from(["title", "url", "date"]))
    def edit(self, which: int, fact: str) -> None:
        if self.entries:
            at = which % len(self.entries)
            self.count += 1
            value: Any = {
                "title": f"Renamed {self.count}",
                "url": f"https://example.org/{self.count}",
                "date": (self.now - (which % 7) * DAY).date(),
            }[fact]
            self.entries[at] = replace(self.entries[at], **{fact: value})
            self.build()

    @rule(which=st.integers(0, 99))
    def revise(self, which: int) -> None:
        if self.entries:
            at = which % len(self.entries)
            self.entries[at] = replace(self.entries[at], updated=self.now.date())

    @rule(which=st.integers(0, 99))
    def withdraw_or_reinstate(self, which: int) -> None:
        if self.entries:
            at = which % len(self.entries)
            back = self.entries[at].withdrawn is not None
            self.entries[at] = replace(self.entries[at], withdrawn=None if back else self.now.date())
            self.build()

    @rule(which=st.integers(0, 99))
    def let_expire_or_bring_back(self, which: int) -> None:
        if self.entries:
            at = which % len(self.entries)
            back = self.entries[at].expires is not None
            self.entries[at] = replace(self.entries[at], expires=None if back else (self.now - DAY).date())
            self.build()

    @rule(which=st.integers(0, 99))
    def hide_or_show(self, which: int) -> None:
        if self.entries:
            at = which % len(self.entries)
            self.entries[at] = replace(self.entries[at], draft=not self.entries[at].draft)
            self.build()

    @rule(which=st.integers(0, 99))
    def remove(self, which: int) -> None:
        if self.entries:
            del self.entries[which % len(self.entries)]
            self.build()

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        self.now += days * DAY

    @rule()
    def build(self) -> None:
        self.history.build(*self.entries, now=self.now)

    @rule()
    def issue(self) -> None:
        self.build()
        issue = issue_of(self.history, self.now.date())
        assert self.history.last
        live = {item.id for item in self.history.last.documents.page.items if not item.withdrawn}
        backlog = {id_ for id_, record in self.history.last.ledger.records.items() if record.backlog}
        for item in issue.new:
            assert item.id not in self.told, "announced twice"
            self.told[item.id] = 1
        for item in issue.revised:
            assert (item.id, item.updated) not in self.revisions, "a revision told twice"
            self.revisions.add((item.id, item.updated))
        for item in issue.withdrawn:
            assert item.id in self.told, "taken back, but never announced"
            assert (item.id, item.updated) not in self.taken_back, "a withdrawal told twice"
            self.taken_back.add((item.id, item.updated))
        assert live <= self.told.keys() | backlog, "lost"
        if has_enough(issue):
            announce(self.history, issue, self.now)
        self.now += DAY  # an issue has its day for itself


Issues.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestIssues = Issues.TestCase
