"""Facet feeds have addresses that are readable, stay, and never meet."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import History, entry

from handbill.publish.facets import slug


@pytest.mark.parametrize(
    ("name", "readable"),
    [
        ("fact sheet", "fact-sheet"),
        ("Tides", "tides"),
        ("新闻", "新闻"),
        ("العربية", "العربية"),
        ("Приливы", "приливы"),
        ("हिन्दी", "हिन्दी"),
        ("C", "c"),
    ],
)
def test_names_in_any_script_stay_readable(name: str, readable: str) -> None:
    assert slug(name) == readable


@pytest.mark.parametrize("name", ["C++", "..", "/", "a/b", "CON", "-", "x" * 500, "fact-sheet", "c-61321478", "%2e"])
def test_names_that_cannot_be_file_names_get_a_mark(name: str) -> None:
    assert slug(name)[-8:].isalnum()
    assert "/" not in slug(name)
    assert len(slug(name).encode()) < 200


def same(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


@given(st.text(), st.text())
def test_different_names_never_meet(one: str, two: str) -> None:
    assert (slug(one) == slug(two)) == (same(one) == same(two))


@given(st.text())
def test_a_slug_is_a_safe_file_name(name: str) -> None:
    made = slug(name)
    assert made
    assert not made.startswith(".")
    assert not set(made) & set('/\\:*?"<>|\0\n')


def test_a_feed_whose_last_entry_has_gone_is_served_on_empty() -> None:
    history = History()
    history.build(entry("A", categories=("tides",)), entry("B", kind="fact sheet"))
    history.build(entry("B", kind="fact sheet"))
    assert history.last
    feeds = {feed.path: feed for feed in history.last.documents.facets}
    assert feeds["category/tides.xml"].items == ()
    assert [stone.title for stone in feeds["category/tides.xml"].tombstones] == ["A"]
    assert [item.entry.title for item in feeds["kind/fact-sheet.xml"].items] == ["B"]
    assert feeds["kind/fact-sheet.xml"].tombstones == ()
