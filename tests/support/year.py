"""What must be true of a year of cron, written down once more and more simply than the program has it.

The model knows the list, the schedule and who subscribes. At each moment at which a run of the sender could do its work
it decides whether an issue is made, of which entries, and for whom.
"""

import calendar
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class Entry:
    """One entry of the list, by its *title*, public from *moment* on; *gone* when it is out of the file."""

    title: str
    moment: datetime
    expires: date | None = None
    gone: bool = False
    typos: int = 0

    def is_live(self, now: datetime) -> bool:
        """Whether readers see it at *now*."""
        return not self.gone and self.moment <= now and (self.expires is None or now.date() <= self.expires)


@dataclass
class Made:
    """An issue that must exist: *titles* new in it, and *readers* for whom it was frozen."""

    key: date
    titles: frozenset[str]
    readers: frozenset[str]
    excused: set[str] = field(default_factory=set)


@dataclass
class Model:
    """The year as it must be. *schedule* is a day of the month, or like ``first monday``; due at 08:00 UTC."""

    schedule: int | str
    since: datetime
    entries: list[Entry] = field(default_factory=list)
    readers: set[str] = field(default_factory=set)
    issues: list[Made] = field(default_factory=list)
    announced: set[str] = field(default_factory=set)
    over: set[date] = field(default_factory=set)

    def reschedule(self, schedule: int | str, now: datetime) -> None:
        """Another schedule counts from the run that first sees it."""
        self.schedule, self.since = schedule, now

    def works(self, now: datetime) -> None:
        """The sender has run at *now* with a file that is right."""
        live = {entry.title for entry in self.entries if entry.is_live(now)}
        due = self._due(now)
        if due is None or due in self.over:
            return
        self.over.add(due)
        new = live - self.announced
        if new:
            self.issues.append(Made(due, frozenset(new), frozenset(self.readers)))
            self.announced |= new

    def _due(self, now: datetime) -> date | None:
        """The latest date of the schedule whose time has come since there was this schedule."""
        for back in range(35):
            day = now.date() - timedelta(days=back)
            moment = datetime.combine(day, time(8), UTC)
            if self.since < moment <= now and self._is_on(day):
                return day
        return None

    def _is_on(self, day: date) -> bool:
        if isinstance(self.schedule, int):
            return day.day == min(self.schedule, calendar.monthrange(day.year, day.month)[1])
        ordinal, weekday = self.schedule.split()
        if WEEKDAYS[day.weekday()] != weekday:
            return False
        if ordinal == "last":
            return day.day + 7 > calendar.monthrange(day.year, day.month)[1]
        return (day.day - 1) // 7 == ("first", "second", "third", "fourth").index(ordinal)

    def broken(self, got: dict[date, Counter[str]]) -> list[str]:
        """What is wrong between this and the copies *got*, by issue and reader; nothing while all is well."""
        wrong = [f"an issue of {key} that should not be" for key in got.keys() - {made.key for made in self.issues}]
        for made in self.issues:
            copies = got.get(made.key, Counter())
            wrong += [f"{reader} has {made.key}, and was no subscriber" for reader in copies.keys() - made.readers]
            for reader in made.readers:
                count = copies[reader]
                if count > 1 or (count == 0 and reader not in made.excused):
                    wrong.append(f"{reader} has {count} copies of {made.key}")
        return wrong
