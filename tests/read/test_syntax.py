"""Reading on after a syntax error: nothing is lost, nothing is said twice, and whatever comes, something is said."""

from collections.abc import Iterable
from pathlib import Path

import pytest
import tomli
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from toml_texts import documents

from handbill.findings import Edit
from handbill.read.syntax import Recovered, recover

CORPUS = Path(__file__).parents[1] / "corpus" / "right"
RIGHT = [path for path in sorted(CORPUS.glob("*.toml")) if path.stem != "inline-tables"]  # it can have no [[entry]]
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/"\n\n'
ENTRY = '[[entry]]\ndate = 2026-03-05\ntitle = "Tide tables"\n'


def said(found: Recovered) -> list[tuple[int, str]]:
    return [(each.place.line if each.place else 0, each.code) for each in found.findings]


def mended(text: str, found: Recovered) -> str:
    return edited(text, [edit for each in found.findings for edit in each.fix])


def edited(text: str, edits: Iterable[Edit]) -> str:
    for start, end, write in sorted(edits, reverse=True):
        text = text[:start] + write + text[end:]
    return text


@given(documents())
def test_of_valid_toml_all_is_understood(document: tuple[str, list[tuple[str, str]]]) -> None:
    """It is called for other texts; so this holds that it loses and changes nothing."""
    text, _ = document
    found = recover(text)
    assert repr(found.data) == repr(tomli.loads(text))
    assert [each.code for each in found.findings] == ["E199"]
    assert found.broken == frozenset()


@pytest.mark.parametrize("path", RIGHT, ids=lambda path: path.stem)
def test_one_slip_is_one_finding_and_the_rest_is_as_before(path: Path) -> None:
    text = path.read_bytes().decode("utf-8-sig")
    slip = text + '\n[[entry]]\ndate = 2026-01-02\ntitle = "The last one\n'
    found = recover(slip)
    assert said(found) == [(slip.count("\n"), "E101")]
    assert mended(slip, found) == slip[:-1] + '"\n'
    assert repr(found.data) == repr(tomli.loads(mended(slip, found)))


def test_five_slips_in_five_entries_are_five_findings() -> None:
    slips = ['url = "https://example.org/', "date = 5 March 2026", "kind: “news”", '[entry]\ntitle = "x"', "Call Ana"]
    text = SITE + "".join(f"[[entry]]\n{slip}\n\n" for slip in slips)
    assert [line for line, _ in said(recover(text))] == [6, 9, 12, 15, 19]


def test_what_is_broken_is_named() -> None:
    text = SITE + ENTRY + 'summary = "a "b" c"\n\n' + ENTRY + "Some words\n" + "[[entry.enclosure]]\nlength = 3 MB\n"
    found = recover(text)
    assert found.broken == {("entry", 0, "summary"), ("entry", 1), ("entry", 1, "enclosure", 0, "length")}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ENTRY + 'title = "Again"\n', [(4, "E116")]),
        (ENTRY + '\ndate = 2026-03-09\ntitle = "Ebb"\n', [(5, "E119")]),
        (SITE + ENTRY + '[site]\ntitle = "Other"\nlang = "en"\n', [(8, "E117")]),
        ('[[entry.enclosure]]\nurl = "a"\n\n' + ENTRY, [(1, "E118")]),
        (ENTRY + "[entry.enclosure]\n[entry.enclosure]\n", [(4, "E114"), (5, "E114")]),
        (ENTRY + 'title.short = "Tide"\n', [(4, "E116")]),
        ("[a]\nb = 1\n[a.b]\nc = 2\n", [(3, "E117")]),
        ("[a.b]\n[a]\nb.d = 1\n", [(3, "E116")]),
        ("a = {b = 1}\n[a]\n", [(2, "E117")]),
        ("[[a]]\n[a]\n", [(2, "E117")]),
    ],
)
def test_what_stands_twice(text: str, expected: list[tuple[int, str]]) -> None:
    with pytest.raises(tomli.TOMLDecodeError):
        tomli.loads(text)
    assert said(recover(text)) == expected


def test_second_places_are_named_in_the_message_too() -> None:
    (finding,) = recover(SITE + ENTRY + 'url = "a"\nurl = "b"\n').findings
    assert finding.also
    assert (finding.place and finding.place.line, finding.also.line) == (9, 8)
    assert "line 8" in finding.message


def test_fields_of_a_table_are_places_too() -> None:
    text = SITE + ENTRY + "kind = “news”\n[[entry]\ndate = 2026-03-06\n"
    places = [(each.kind, each.path, text[each.start : each.end]) for each in recover(text).statements]
    assert places[-3:] == [
        ("pair", ("kind",), "kind = “news”"),
        ("array-heading", ("entry",), "[[entry]"),
        ("pair", ("date",), "date = 2026-03-06"),
    ]


def test_windows_line_ends_are_kept() -> None:
    text = (SITE + ENTRY + 'content = "one\ntwo"\nkind = "a" url = "b"\n').replace("\n", "\r\n")
    expected = (SITE + ENTRY + 'content = """one\ntwo"""\nkind = "a"\nurl = "b"\n').replace("\n", "\r\n")
    found = recover(text)
    assert said(found) == [(8, "E106"), (10, "E113")]
    assert mended(text, found) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 1000 + "]" * 1000,
        "a." * 2000 + "b = 1",
        "a = {b = " * 600 + "1" + "}" * 600,
        "[" + "a." * 3000 + "b]",
    ],
)
def test_depth_is_an_error_like_others(text: str) -> None:
    assert [each.code for each in recover(SITE + text).findings] in (["E110"], ["E131"], ["E132"], ["E115"])


_TOKENS = st.one_of(
    st.sampled_from("\"'[]{}=,\n\r #\\“”«:;|\0\v\u00a0\u200b\ufeffіé\t"),
    st.sampled_from(['"""', "'''", "[[entry]]", "[site]", "[[entry.enclosure]]", "2026-03-05", "3/5/2026", "1,234"]),
    st.sampled_from(
        ["title = ", "date = ", "authors = ", "draft = ", "content = ", "x-a.b = 1\n", "yes", "null", "word "]
    ),
    st.sampled_from(
        ["<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "//", "/*", "*/", "<!--", "---\n", "+++\n", "```", "<p>"]
    ),
)
GOOD = (CORPUS / "harbour-news.toml").read_text(encoding="utf-8")


@st.composite
def _broken_copies(draw: st.DrawFn) -> str:
    """A good file after some slips: signs put in, taken out, lines lost or doubled."""
    text = GOOD
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.sampled_from([0, 0, 1, 2, 7, 40]))
        text = text[:start] + draw(st.one_of(_TOKENS, st.just(""))) + text[start + length :]
    return text


@pytest.mark.slow
@given(st.one_of(_broken_copies(), st.lists(_TOKENS, max_size=40).map("".join), st.text(max_size=60)))
@settings(max_examples=300)
def test_whatever_comes_something_true_is_said(text: str) -> None:
    found = recover(text)
    assert any(each.is_error for each in found.findings)
    lines = text.split("\n")
    for each in found.findings:
        assert each.message
        assert each.place
        assert 1 <= each.place.column <= each.place.end_column
        assert each.place.end_column <= len(lines[each.place.line - 1]) + 2
        assert all(0 <= edit.start <= edit.end <= len(text) for edit in each.fix)


@pytest.mark.slow
@given(_broken_copies())
@settings(max_examples=150)
def test_a_repair_repairs(text: str) -> None:
    """Each finding with a repair is gone after it, and no line is worse than before."""
    try:
        tomli.loads(text)
    except tomli.TOMLDecodeError:
        found = recover(text)
        for each in found.findings:
            if not each.fix or each.code == "E126":
                continue
            after = edited(text, each.fix)
            assert after != text
            try:
                tomli.loads(after)
            except tomli.TOMLDecodeError:
                assert len(recover(after).findings) <= len(found.findings)
    else:
        assume(False)
