"""Issues with their recipients: frozen whole, each recipient in just one state, and what persons decide."""

import sqlite3
from collections.abc import Sequence
from datetime import timedelta

import pytest
from lists_of_subscribers import BODY, NOW, SIGNER, frozen, join, join_many, people

from handbill.deliver import journal, subscribers
from handbill.deliver.addresses import parse
from handbill.deliver.answers import Meaning
from handbill.deliver.decisions import (
    catch_up_with,
    discard,
    doubt_the_rest,
    next_sender,
    pause,
    resolve_doubt,
    resume,
    sender,
    standing,
    unknown_to,
)
from handbill.deliver.errors import DeliveryError
from handbill.deliver.journal import Issue
from handbill.deliver.pace import GIVE_UP
from handbill.deliver.settling import Answer, clear_up, settle


def ids(connection: sqlite3.Connection, issue: Issue) -> list[int]:
    return [each.id for each in journal.due(connection, issue, NOW + GIVE_UP, 0, 1000)]


def mark(connection: sqlite3.Connection, issue: Issue, marks: Sequence[int]) -> frozenset[int]:
    return settle(connection, issue, [], marks, NOW).granted


def answer(
    connection: sqlite3.Connection, issue: Issue, meaning: Meaning, *which: int, words: str = "said"
) -> str | None:
    return settle(connection, issue, [Answer(each, meaning, words) for each in which], [], NOW).paused


def test_frozen_for_those_who_are_active_then(connection: sqlite3.Connection) -> None:
    join(connection, *people(3))
    left = subscribers.find(connection, "reader1@example.org")
    assert left
    subscribers.leave(connection, left.id, NOW, "")
    issue = frozen(connection)
    join(connection, "late@example.org")
    assert [each.address for each in journal.due(connection, issue, NOW, 0, 9)] == [
        "reader0@example.org", "reader2@example.org"
    ]  # fmt: skip
    assert journal.message(connection, issue) == BODY


def test_frozen_once(connection: sqlite3.Connection) -> None:
    join(connection, *people(2))
    first = frozen(connection)
    join(connection, "late@example.org")
    again = journal.freeze(
        connection, key="2026-04-01", number=7, subject="other", record="", message=b"other", now=NOW + timedelta(1)
    )
    assert again == first
    assert journal.message(connection, again) == BODY
    assert journal.counts(connection, again) == {"waiting": 2}


def test_a_list_is_one_recipient(connection: sqlite3.Connection) -> None:
    join(connection, *people(2))
    issue = frozen(connection, to="harbour@lists.example.org")
    (only,) = journal.due(connection, issue, NOW, 0, 9)
    assert (only.address, only.match) == ("harbour@lists.example.org", None)
    assert mark(connection, issue, [only.id]) == {only.id}


def test_a_mark_says_in_doubt_until_the_answer_is_known(connection: sqlite3.Connection) -> None:
    join(connection, *people(2))
    issue = frozen(connection)
    one, two = ids(connection, issue)
    assert mark(connection, issue, [one, two]) == {one, two}
    assert journal.counts(connection, issue) == {"in doubt": 2}
    assert mark(connection, issue, [one]) == frozenset(), "nobody is marked twice"
    answer(connection, issue, Meaning.ACCEPTED, one)
    clear_up(connection, issue, NOW)
    assert journal.counts(connection, issue) == {"accepted": 1, "in doubt": 1}
    (doubt,) = journal.told(connection, issue, "in doubt")
    assert "sending ended between" in doubt.words


def test_who_left_meanwhile_is_not_marked(connection: sqlite3.Connection) -> None:
    join(connection, *people(2))
    issue = frozen(connection)
    one, two = ids(connection, issue)
    reader = subscribers.find(connection, "reader0@example.org")
    assert reader
    subscribers.leave(connection, reader.id, NOW, "by mail")
    settled = settle(connection, issue, [], [one, two], NOW)
    assert (set(settled.granted), settled.skipped) == ({two}, 1)
    (skipped,) = journal.told(connection, issue, "skipped")
    assert skipped.words == "left since 2026-04-01T08:00:00Z"


def test_leaving_and_joining_again_before_the_mark(connection: sqlite3.Connection) -> None:
    join(connection, *people(1))
    issue = frozen(connection)
    (one,) = ids(connection, issue)
    reader = subscribers.find(connection, "reader0@example.org")
    assert reader
    subscribers.leave(connection, reader.id, NOW, "")
    subscribers.add(connection, SIGNER, parse("reader0@example.org"), name="", consent="", now=NOW, again=True)
    assert mark(connection, issue, [one]) == {one}


def test_erased_and_joined_again_in_mid_send_is_not_a_recipient(connection: sqlite3.Connection) -> None:
    join(connection, *people(1))
    issue = frozen(connection)
    (one,) = ids(connection, issue)
    reader = subscribers.find(connection, "reader0@example.org")
    assert reader
    subscribers.erase(connection, SIGNER, reader, NOW)
    subscribers.add(connection, SIGNER, parse("reader0@example.org"), name="", consent="", now=NOW, again=True)
    assert mark(connection, issue, [one]) == frozenset()
    assert journal.counts(connection, issue) == {"skipped": 1}


def test_words_that_come_after_an_erasure_are_not_kept(connection: sqlite3.Connection) -> None:
    join(connection, *people(1))
    issue = frozen(connection)
    (one,) = ids(connection, issue)
    mark(connection, issue, [one])
    reader = subscribers.find(connection, "reader0@example.org")
    assert reader
    subscribers.erase(connection, SIGNER, reader, NOW)
    answer(connection, issue, Meaning.REFUSED, one, words="550 5.1.1 <reader0@example.org> unknown")
    (refused,) = journal.told(connection, issue, "refused")
    assert (refused.address, refused.words) == (None, "")


def test_deferred_until_due_and_given_up_after_five_days(connection: sqlite3.Connection) -> None:
    join(connection, *people(1))
    issue = frozen(connection)
    (one,) = ids(connection, issue)
    answer(connection, issue, Meaning.LATER, one, words="450 4.2.0 greylisted")
    assert journal.due(connection, issue, NOW, 0, 9) == []
    due = journal.next_due(connection, issue)
    assert due
    assert due > NOW
    assert [each.tries for each in journal.due(connection, issue, due, 0, 9)] == [1]
    clear_up(connection, issue, NOW + GIVE_UP - timedelta(seconds=1))
    assert journal.counts(connection, issue) == {"deferred": 1}
    clear_up(connection, issue, NOW + GIVE_UP)
    (refused,) = journal.told(connection, issue, "refused")
    assert refused.words == "given up after 5 days: 450 4.2.0 greylisted"
    reader = subscribers.find(connection, "reader0@example.org")
    assert reader
    assert reader.state == "active"
    assert subscribers.events(connection, reader.id)[-1].what == "bounced softly"


def test_refused_makes_bouncing_when_the_issue_is_finished(connection: sqlite3.Connection) -> None:
    join(connection, *people(2))
    issue = frozen(connection)
    one, two = ids(connection, issue)
    answer(connection, issue, Meaning.REFUSED, one, words="550 5.1.1 unknown")
    clear_up(connection, issue, NOW)
    assert subscribers.count(connection) == {"active": 2}
    answer(connection, issue, Meaning.ACCEPTED, two)
    clear_up(connection, issue, NOW)
    assert subscribers.count(connection) == {"active": 1, "bouncing": 1}
    known = journal.find(connection, "2026-04-01")
    assert known
    assert known.finished == NOW


def test_an_answer_about_ourselves_pauses_and_puts_off(connection: sqlite3.Connection) -> None:
    join(connection, *people(3))
    issue = frozen(connection)
    one, two, _ = ids(connection, issue)
    assert answer(connection, issue, Meaning.PAUSE, one, words="550 5.4.5 quota") == "550 5.4.5 quota"
    assert mark(connection, issue, [two]) == frozenset()
    assert journal.counts(connection, issue) == {"waiting": 2, "deferred": 1}
    resume(connection, issue)
    assert mark(connection, issue, [two]) == {two}


def test_five_refusals_among_the_first_pause(connection: sqlite3.Connection) -> None:
    join_many(connection, 20)
    issue = frozen(connection)
    readers = ids(connection, issue)
    assert answer(connection, issue, Meaning.REFUSED, *readers[:4]) is None
    assert answer(connection, issue, Meaning.REFUSED, readers[4]) == "5 of the first 5 recipients were refused"


def test_a_person_pauses(connection: sqlite3.Connection) -> None:
    join(connection, *people(1))
    issue = frozen(connection)
    pause(connection, issue, "wrong figures")
    assert mark(connection, issue, ids(connection, issue)) == frozenset()


def test_discarded_before_the_first_mark_alone(connection: sqlite3.Connection) -> None:
    join(connection, *people(2))
    issue = frozen(connection)
    discard(connection, issue)
    assert journal.issues(connection) == []
    assert connection.execute("SELECT count(*) FROM recipient").fetchone() == (0,)
    issue = frozen(connection)
    (one, _) = ids(connection, issue)
    mark(connection, issue, [one])
    with pytest.raises(DeliveryError, match="sending has begun"):
        discard(connection, issue)


@pytest.mark.parametrize(("choice", "state"), [("send", "waiting"), ("skip", "skipped")])
def test_doubts_are_resolved(connection: sqlite3.Connection, choice: str, state: str) -> None:
    join(connection, *people(2))
    issue = frozen(connection)
    one, two = ids(connection, issue)
    mark(connection, issue, [one, two])
    answer(connection, issue, Meaning.ACCEPTED, two)
    clear_up(connection, issue, NOW)
    assert resolve_doubt(connection, issue, "send" if choice == "send" else "skip", NOW) == 1
    assert journal.counts(connection, issue) == {"accepted": 1, state: 1}


def test_a_correction_goes_to_those_who_have_the_issue(connection: sqlite3.Connection) -> None:
    join(connection, *people(4))
    issue = frozen(connection)
    one, two, three, four = ids(connection, issue)
    mark(connection, issue, [one, two, four])
    answer(connection, issue, Meaning.ACCEPTED, one, four)
    answer(connection, issue, Meaning.REFUSED, three)
    gone = subscribers.find(connection, "reader3@example.org")
    assert gone
    subscribers.leave(connection, gone.id, NOW, "")
    correction = journal.correct(connection, issue, subject="Corrected", message=b"new", now=NOW)
    assert correction.name == "2026-04-01, correction 1"
    assert [each.address for each in journal.due(connection, correction, NOW, 0, 9)] == people(2)
    assert journal.correct(connection, issue, subject="Again", message=b"new", now=NOW).correction == 2


def test_one_state_folder_is_the_sender(connection: sqlite3.Connection) -> None:
    assert standing(connection, "") == "unclaimed"
    assert standing(connection, "somebody else 000004") == "another"
    first = next_sender(connection)
    second = next_sender(connection)
    assert first < second == sender(connection)
    assert standing(connection, first) == standing(connection, second) == "ours"


def test_an_old_copy_of_the_state_knows_that_it_is_old(connection: sqlite3.Connection) -> None:
    name = sender(connection).partition(" ")[0]
    assert standing(connection, f"{name} 000009") == "older"
    catch_up_with(connection, f"{name} 000009")
    assert standing(connection, f"{name} 000009") == "ours"


def test_all_who_wait_are_in_doubt_when_another_may_have_sent(connection: sqlite3.Connection) -> None:
    join(connection, *people(3))
    issue = frozen(connection)
    answer(connection, issue, Meaning.ACCEPTED, ids(connection, issue)[0])
    assert doubt_the_rest(connection, NOW, "this state is older than the last run") == 2
    assert journal.counts(connection, issue) == {"accepted": 1, "in doubt": 2}


def test_an_issue_that_the_ledger_alone_knows(connection: sqlite3.Connection) -> None:
    assert unknown_to(connection, ["2026-03-01", "2026-04-01"]) == ["2026-03-01", "2026-04-01"]
    journal.adopt(connection, key="2026-04-01", number=4, subject="Lost", record="{}", now=NOW)
    assert unknown_to(connection, ["2026-03-01", "2026-04-01"]) == ["2026-03-01"]
    (issue,) = journal.issues(connection)
    assert not issue.known
    with pytest.raises(DeliveryError):
        discard(connection, issue)
    join(connection, *people(2))
    again = frozen(connection)
    assert again.known
    assert journal.counts(connection, again) == {"waiting": 2}
