"""When to try again, when to stop and ask, and how long a run bears a server that is not well."""

from datetime import timedelta

import pytest
from lists_of_subscribers import NOW

from handbill.deliver.pace import GIVE_UP, RESUMED, Patience, Tally, next_try


def test_pauses_grow_and_leave_room_for_many_tries_in_five_days() -> None:
    pauses = [next_try(tries, NOW) - NOW for tries in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] <= timedelta(minutes=1)
    assert pauses[-1] == timedelta(hours=4)
    assert 20 < sum(1 for end in range(39) if sum(pauses[:end], timedelta()) < GIVE_UP) < 40


def after(tally: Tally, answers: str) -> Tally:
    for answer in answers:
        tally = tally.accepted() if answer == "a" else tally.refused()
    return tally


@pytest.mark.parametrize(
    ("answers", "suspicious"),
    [
        ("", False),
        ("rrrr", False),
        ("rrrrr", True),
        ("a" * 45 + "rrrrr", True),
        ("a" * 46 + "rrrrr", False),
        ("raaaa" * 10, True),
        ("raaaa" * 4 + "a" * 30 + "r", False),
        ("a" * 60 + "r" * 9, False),
        ("a" * 60 + "r" * 10, True),
        ("a" * 60 + "r" * 9 + "a" + "r" * 9, False),
    ],
)
def test_so_many_refusals_are_one_fault_of_ours(answers: str, *, suspicious: bool) -> None:
    seen = [after(Tally(), answers[:end]).suspicion(4) for end in range(len(answers) + 1)]
    assert bool(seen[-1]) is suspicious


def test_after_a_person_looked_the_first_ones_do_not_count() -> None:
    assert after(RESUMED, "rrrrrrrrr").suspicion(4) is None
    assert after(RESUMED, "rrrrrrrrrr").suspicion(4)


def test_a_run_waits_longer_each_time_and_then_stops() -> None:
    patience, clock, waited = Patience(), 0.0, []
    while not patience.exhausted:
        patience.failed(clock)
        patience.failed(clock)  # another connection that broke at the same time
        waited.append(patience.resume_at - clock)
        clock = patience.resume_at
    assert waited == [1, 5, 20, 0]


def test_success_makes_patient_again() -> None:
    patience = Patience()
    patience.failed(0)
    patience.succeeded()
    assert patience.failures == 0


def test_ten_put_off_in_a_row_are_a_failure_of_the_whole() -> None:
    patience = Patience()
    for _ in range(9):
        patience.deferred(0)
    assert patience.failures == 0
    patience.deferred(0)
    assert patience.failures == 1


def test_lines_that_break_after_the_dot_again_and_again() -> None:
    tally = Tally()
    for _ in range(4):
        tally = tally.doubted()
    assert tally.suspicion(4) is None
    assert tally.accepted().doubted().suspicion(4) is None
    assert tally.doubted().suspicion(4)
