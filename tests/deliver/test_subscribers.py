"""Who gets the digest, who does not any more, and what is known of it."""

import hashlib
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from lists_of_subscribers import NOW, SIGNER, frozen, join, join_many

from handbill.deliver import subscribers
from handbill.deliver.addresses import parse
from handbill.deliver.errors import DeliveryError
from handbill.deliver.state import FILE, opened, transaction
from handbill.deliver.subscribers import SuppressedError, add, complain, erase, events, find, find_handle, leave


def state_of(connection: sqlite3.Connection, address: str) -> str:
    found = find(connection, address, SIGNER)
    assert found
    return found.state


def id_of(connection: sqlite3.Connection, address: str) -> int:
    found = find(connection, address)
    assert found
    return found.id


def again(connection: sqlite3.Connection, address: str, *, sure: bool) -> bool:
    return add(connection, SIGNER, parse(address), name="", consent="asked again", now=NOW, again=sure)


def test_added_once(connection: sqlite3.Connection) -> None:
    join(connection, "Reader@Example.org")
    assert not again(connection, "reader@example.ORG", sure=False)
    assert [each.address for each in subscribers.everyone(connection)] == ["Reader@Example.org"]


def test_who_left_comes_back_only_by_asking_again(connection: sqlite3.Connection) -> None:
    join(connection, "reader@example.org")
    assert leave(connection, id_of(connection, "reader@example.org"), NOW, "by mail")
    assert not leave(connection, id_of(connection, "reader@example.org"), NOW, "by mail")
    with pytest.raises(SuppressedError):
        again(connection, "reader@example.org", sure=False)
    assert again(connection, "reader@example.org", sure=True)
    told = [(each.what, each.evidence) for each in events(connection, id_of(connection, "reader@example.org"))]
    assert told == [("joined", "form, 2026-01-01"), ("left", "by mail"), ("joined again", "asked again")]


def test_a_complaint_outweighs_leaving(connection: sqlite3.Connection) -> None:
    join(connection, "reader@example.org")
    reader = id_of(connection, "reader@example.org")
    assert complain(connection, reader, NOW, "feedback")
    assert not leave(connection, reader, NOW, "by mail")
    assert state_of(connection, "reader@example.org") == "complained"


def bounce(connection: sqlite3.Connection, issue: str, days: int, *, hard: bool = False) -> bool:
    with transaction(connection):
        reader = id_of(connection, "reader@example.org")
        return subscribers.bounce(connection, reader, issue, NOW + timedelta(days), "no room", hard=hard)


def test_one_hard_bounce(connection: sqlite3.Connection) -> None:
    join(connection, "reader@example.org")
    assert bounce(connection, "2026-04-01", 1, hard=True)
    assert state_of(connection, "reader@example.org") == "bouncing"


def test_soft_bounces_in_three_issues(connection: sqlite3.Connection) -> None:
    join(connection, "reader@example.org")
    assert [bounce(connection, issue, 1) for issue in ("1", "1", "1", "2", "2", "3")] == [False] * 5 + [True]
    assert state_of(connection, "reader@example.org") == "bouncing"


def test_soft_bounces_before_joining_again_do_not_count(connection: sqlite3.Connection) -> None:
    join(connection, "reader@example.org")
    for issue in ("1", "2", "3"):
        bounce(connection, issue, -1)
    later = NOW + timedelta(2)
    if state_of(connection, "reader@example.org") != "active":
        add(connection, SIGNER, parse("reader@example.org"), name="", consent="", now=later, again=True)
    assert not bounce(connection, "4", 3)
    assert not bounce(connection, "5", 3)
    assert bounce(connection, "6", 3)


def test_a_keyed_hash_finds_them(connection: sqlite3.Connection) -> None:
    join(connection, "reader@example.org", "other@example.org")
    found = find_handle(connection, SIGNER.handle("other@example.org"), SIGNER)
    assert found
    assert found.address == "other@example.org"
    assert find_handle(connection, SIGNER.handle("nobody@example.org"), SIGNER) is None


def test_erasing_leaves_no_trace_but_a_hash(connection: sqlite3.Connection, folder: Path) -> None:
    join(connection, "somebody.unusual@example.org", "other@example.org")
    issue = frozen(connection)
    reader = find(connection, "somebody.unusual@example.org")
    assert reader
    connection.execute(
        "UPDATE recipient SET state = 'refused', words = '550 5.1.1 <somebody.unusual@example.org>: gone'"
        " WHERE issue = ? AND subscriber = ?", [issue.id, reader.id],
    )  # fmt: skip
    erase(connection, SIGNER, reader, NOW)
    assert state_of(connection, "somebody.unusual@example.org") == "left"
    for file in folder.iterdir():
        assert b"unusual" not in file.read_bytes(), file.name
    assert b"other@example.org" in (folder / FILE).read_bytes()


def test_who_is_erased_from_a_long_list_leaves_no_trace(connection: sqlite3.Connection, folder: Path) -> None:
    """In no page that was left free, in no index, in nobody else's words, and by no hash that needs no secret."""
    join_many(connection, 200)
    join(connection, *(f"Unusual.{number}@Example.org" for number in range(12)))
    issue = frozen(connection)
    connection.execute(
        "UPDATE recipient SET state = 'refused', words = '550 5.1.1 UNUSUAL.7@example.org, forwarded' WHERE id = 3"
    )
    for number in range(12):
        found = find(connection, f"unusual.{number}@example.org")
        assert found
        with transaction(connection):
            subscribers.record(connection, found.id, NOW, "bounced softly", f"unusual.{number}: full", issue.key)
        assert find_handle(connection, SIGNER.handle(f"unusual.{number}@example.org"), SIGNER)
        erase(connection, SIGNER, found, NOW)
    for file in folder.iterdir():
        content = file.read_bytes().lower()
        assert b"unusual" not in content, file.name
        for digest in ("md5", "sha1", "sha256"):
            assert hashlib.new(digest, b"unusual.7@example.org").hexdigest().encode() not in content
    (words,) = connection.execute("SELECT words FROM recipient WHERE id = 3").fetchone()
    assert words == "…"


def test_erasing_while_another_reads_is_told(connection: sqlite3.Connection, folder: Path) -> None:
    join(connection, "reader@example.org")
    reader = find(connection, "reader@example.org")
    assert reader
    connection.execute("PRAGMA busy_timeout = 1")
    with opened(folder) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM subscriber").fetchone()
        with pytest.raises(DeliveryError, match="say it again when that has ended"):
            erase(connection, SIGNER, reader, NOW)
        other.execute("ROLLBACK")
    erase(connection, SIGNER, reader, NOW)
    assert all(b"reader@" not in file.read_bytes() for file in folder.iterdir())


def test_who_was_erased_and_asks_again_is_somebody_new(connection: sqlite3.Connection) -> None:
    join(connection, "reader@example.org")
    before = find(connection, "reader@example.org")
    assert before
    erase(connection, SIGNER, before, NOW)
    with pytest.raises(SuppressedError):
        again(connection, "Reader@example.org", sure=False)
    assert again(connection, "Reader@example.org", sure=True)
    after = find(connection, "reader@example.org")
    assert after
    assert after.id != before.id
    assert [each.what for each in events(connection, after.id)] == ["joined"]
