"""The ledger reads back what it wrote, merges by keeping both sides, and is never taken for missing."""

import contextlib
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists import NOON, History, entry

from handbill.publish.ledger import IssueRecord, Ledger, LedgerError, Record, dump, load

moments = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
records = st.builds(
    Record,
    id=texts,
    title=texts,
    url=st.none() | texts,
    date=texts,
    published=moments,
    updated=moments,
    seen=moments,
    state=st.sampled_from(["live", "expired", "withdrawn", "removed"]),
    since=st.none() | moments,
    mark=texts,
    backlog=st.booleans(),
    archive=st.none() | st.integers(1, 99),
    facets=st.lists(texts, max_size=2).map(tuple),
)
announced = st.dictionaries(texts, texts, max_size=2)
issues = st.builds(
    IssueRecord,
    key=texts,
    number=st.integers(1, 999),
    moment=moments,
    subject=texts,
    new=announced,
    revised=announced,
    withdrawn=announced,
)
ledgers = st.builds(
    Ledger,
    id=texts,
    created=moments,
    look=texts,
    records=st.lists(records, max_size=4).map(lambda all_: {r.id: r for r in all_}),
    facets=st.dictionaries(texts, texts, max_size=3),
    issues=st.lists(issues, max_size=3).map(lambda all_: {i.key: i for i in all_}),
    passed=st.frozensets(texts, max_size=3),
    schedules=st.dictionaries(texts, moments, max_size=3),
    archives=st.dictionaries(st.integers(1, 9), texts, max_size=3),
    sender=texts,
)


@given(ledgers)
def test_it_reads_back_what_it_wrote(ledger: Ledger) -> None:
    text = dump(ledger)
    assert load(text) == ledger
    assert dump(load(text)) == text
    assert text.split("\n")[:-1] == sorted(text.split("\n")[:-1])


@given(ledgers, ledgers)
def test_both_sides_of_a_merge_give_one_ledger_in_either_order(one: Ledger, two: Ledger) -> None:
    ours, theirs = dump(one), dump(two)
    merged = load(f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n")
    assert dump(merged) == dump(load(theirs + ours))
    for id_ in one.records.keys() & two.records.keys():
        both = (one.records[id_], two.records[id_])
        assert merged.records[id_].published == min(record.published for record in both)
        assert merged.records[id_].updated == max(record.updated for record in both)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("\n\n", 1),
        ("<<<<<<< HEAD\n=======\n>>>>>>> x\n", 1),
        ("garbage\n", 1),
        ('{"handbill":1,"id":"x","created":"2026-01-01T00:00:00Z"}\n{"entry":"urn:x"}\n', 2),
        ('{"handbill":1,"id":"x","created":"2026-01-01T00:00:00Z"}\n[1]\n', 2),
        ('{"handbill":1,"id":"x","created":"yesterday"}\n', 1),
        ('{"handbill":99,"id":"x","created":"2026-01-01T00:00:00Z"}\n', 1),
        ('{"facet":"kind/x.xml","title":"x"}\n', 1),
        ("[" * 100_000, 1),
    ],
)
def test_what_is_no_ledger_is_an_error_with_its_line(text: str, line: int) -> None:
    with pytest.raises(LedgerError) as caught:
        load(text)
    assert caught.value.line == line


@given(st.text())
def test_any_text_is_a_ledger_or_an_error(text: str) -> None:
    with contextlib.suppress(LedgerError):
        load(text)


def test_two_branches_merge_in_git_without_a_person(tmp_path: Path) -> None:
    """Each adds an entry and builds; git keeps both sides; the next build knows both, with their identifiers."""

    def git(*words: str) -> None:
        identity = ["-c", "user.name=Editor", "-c", "user.email=editor@example.org"]
        subprocess.run(["git", *identity, *words], cwd=tmp_path, check=True, capture_output=True)

    old = [entry("Old"), entry("Older", "2026-02-01")]
    history = History()
    history.build(*old)
    assert history.text
    base = history.text
    git("init", "-b", "main")
    (tmp_path / ".gitattributes").write_text("ledger.jsonl merge=union\n")
    ledger = tmp_path / "ledger.jsonl"
    ledger.write_text(base)
    git("add", ".")
    git("commit", "-m", "base")
    made: dict[str, str] = {}
    for branch in ("ours", "theirs"):
        git("checkout", "-b", branch, "main")
        history.text = base
        made |= history.build(entry(branch), *old, now=NOON + timedelta(days=1))
        ledger.write_text(history.text or "")
        git("commit", "-am", branch)
    git("merge", "ours")
    history.text = ledger.read_text()
    after = history.build(entry("ours"), entry("theirs"), *old, now=NOON + timedelta(days=2))
    assert after == made
    assert len(set(after.values())) == 4


def test_a_record_knows_what_it_was_told_last() -> None:
    record = Record("a", "A", None, "2026-01-01", NOON, NOON, NOON)
    later = replace(record, title="B", updated=NOON + timedelta(days=1), state="withdrawn", since=NOON)
    text = dump(Ledger(id="x", created=NOON, records={"a": record})) + dump(
        Ledger(id="x", created=NOON, records={"a": later})
    )
    assert load(text).records["a"] == later
