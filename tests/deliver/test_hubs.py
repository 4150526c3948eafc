"""Hubs are told of just the feeds that changed, and again by the next run when they could not be reached."""

from pathlib import Path

import pytest
from hub import Hub

from handbill.deliver.errors import DeliveryError
from handbill.deliver.hubs import Ping, due, keep, load, mark_of, tell

ATOM, RSS = "https://example.org/atom.xml", "https://example.org/rss.xml"


def round_of(hub: Hub, feeds: dict[str, str], state: Path) -> list[str]:
    """One run: what went wrong, and what was told."""
    told = load(state)
    outcomes = list(tell(due([hub.url], feeds, told)))
    keep(state, told, outcomes, [hub.url])
    return [outcome.error for outcome in outcomes if outcome.error]


def test_just_what_changed_is_told_once(hub: Hub, tmp_path: Path) -> None:
    feeds = {ATOM: mark_of(b"1"), RSS: mark_of(b"1")}
    assert round_of(hub, feeds, tmp_path) == []
    assert hub.topics == [ATOM, RSS]
    assert round_of(hub, feeds, tmp_path) == []
    assert hub.topics == [ATOM, RSS]
    assert round_of(hub, {**feeds, RSS: mark_of(b"2")}, tmp_path) == []
    assert hub.topics == [ATOM, RSS, RSS]


def test_a_failure_is_told_and_made_up_for(hub: Hub, tmp_path: Path) -> None:
    hub.status = 503
    feeds = {ATOM: mark_of(b"1"), RSS: mark_of(b"1")}
    assert round_of(hub, feeds, tmp_path) == ["it answered 503 Service Unavailable"] * 2
    assert hub.topics == [ATOM]  # out of order for one feed, out of order for all
    hub.status = 202
    assert round_of(hub, feeds, tmp_path) == []
    assert hub.topics == [ATOM, ATOM, RSS]


def test_a_refusal_of_one_feed_is_none_of_another(hub: Hub, tmp_path: Path) -> None:
    hub.status = 400
    assert len(round_of(hub, {ATOM: "1", RSS: "1"}, tmp_path)) == 2
    assert hub.topics == [ATOM, RSS]


def test_a_dead_hub_is_told_of_in_words(tmp_path: Path) -> None:
    (outcome,) = tell([Ping("http://127.0.0.1:9/", ATOM, "1")])
    assert outcome.error.startswith("it cannot be reached (")


@pytest.mark.parametrize("garbage", ["", "[]", '{"a": 1}', "\x00"])
def test_a_lost_memory_tells_all_again(hub: Hub, tmp_path: Path, garbage: str) -> None:
    (tmp_path / "hubs.json").write_text(garbage)
    assert load(tmp_path) == {}
    round_of(hub, {ATOM: "1"}, tmp_path)
    assert hub.topics == [ATOM]


def test_a_hub_that_was_dropped_is_forgotten(hub: Hub, tmp_path: Path) -> None:
    round_of(hub, {ATOM: "1"}, tmp_path)
    keep(tmp_path, load(tmp_path), [], [])
    assert load(tmp_path) == {}


def test_a_folder_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(DeliveryError, match=r"hubs\.json: .*the next run tells the hubs again"):
        keep(tmp_path / "state", {}, [], [])
