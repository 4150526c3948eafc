"""When an issue that is under way has something to do: whether now, and when next by the clock alone."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime

from handbill.dates import parse_rfc3339, rfc3339
from handbill.deliver.journal import Issue, issues
from handbill.deliver.pace import GIVE_UP, LONGEST


def going(connection: sqlite3.Connection, now: datetime) -> list[Issue]:
    """The issues for which a run at *now* can do something: not those that wait for a later try, or for a person."""
    return [
        issue
        for issue in issues(connection)
        if issue.known and not issue.finished and not issue.paused and _has_work(connection, issue, now)
    ]


def _has_work(connection: sqlite3.Connection, issue: Issue, now: datetime) -> bool:
    """Whether somebody is to be tried, given up or skipped, or nobody is left and the issue is to be finished."""
    (left, ready) = connection.execute(
        "SELECT count(*), coalesce(sum(r.state = 'waiting' OR r.due <= ?1 OR r.due > ?2 OR r.first <= ?3"
        " OR s.state IS NOT NULL AND s.state != 'active'), 0)"
        " FROM recipient r LEFT JOIN subscriber s ON s.id = r.subscriber"
        " WHERE r.issue = ?4 AND r.state IN ('waiting', 'deferred')",
        [rfc3339(now), rfc3339(now + LONGEST), rfc3339(now - GIVE_UP), issue.id],
    ).fetchone()
    return not left or bool(ready)


def next_turns(connection: sqlite3.Connection) -> Iterator[datetime]:
    """When those who were put off come to their next try, or are given up."""
    for issue in issues(connection):
        if issue.known and not issue.finished and not issue.paused:
            due, first = connection.execute(
                "SELECT min(due), min(first) FROM recipient WHERE issue = ? AND state = 'deferred'", [issue.id]
            ).fetchone()
            if due:
                yield min(parse_rfc3339(due), parse_rfc3339(first) + GIVE_UP)
