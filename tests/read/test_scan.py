"""Places of headings and fields: exact in valid TOML, and never far off in any other text."""

import time

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st
from toml_texts import documents

from handbill.read.scan import Statement, statements, value_at


@given(documents())
def test_finds_exactly_what_a_valid_document_holds(document: tuple[str, list[tuple[str, str]]]) -> None:
    text, inventory = document
    tomli.loads(text)
    found = statements(text)
    assert [(text[s.key_start : s.key_end], text[s.value_start : s.value_end]) for s in found] == inventory


@given(documents())
def test_each_span_alone_parses_to_the_value_in_the_whole(document: tuple[str, list[tuple[str, str]]]) -> None:
    text, _ = document
    found = statements(text)
    joined = "\n".join(text[s.start : s.end] for s in found)
    assert repr(tomli.loads(joined)) == repr(tomli.loads(text))
    for each in found:
        inner = tomli.loads(text[each.start : each.end])
        for part in each.path:
            inner = inner[part] if isinstance(inner, dict) else inner[0][part]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[site]", Statement("heading", ("site",), 0, 6, 1, 5, 6, 6)),
        ("  [[ entry . enclosure ]]", Statement("array-heading", ("entry", "enclosure"), 2, 25, 5, 22, 25, 25)),
        ('title = "a # b" # c', Statement("pair", ("title",), 0, 15, 0, 5, 8, 15)),
        ("date = 2026-03-31 08:00:00  # c", Statement("pair", ("date",), 0, 26, 0, 4, 7, 26)),
    ],
)
def test_offsets(text: str, expected: Statement) -> None:
    assert statements(text) == [expected]


def test_goes_on_after_what_it_cannot_read() -> None:
    text = (
        'title = "no end\n???\n[[entry]\nlist = ["a", "b"\ndate = 2026-03-31\nlong = """\nnever closed\n\n[[entry]]\n'
    )
    assert [(s.path, text[s.value_start : s.value_end]) for s in statements(text)] == [
        (("title",), '"no end'),
        (("list",), '["a", "b"'),
        (("date",), "2026-03-31"),
        (("long",), '"""\nnever closed'),
        (("entry",), ""),
    ]


@given(st.text(st.sampled_from("ab.=[]{}\"'\\#\n\r \t,1é")))
@settings(max_examples=500)
def test_any_text_has_ordered_spans(text: str) -> None:
    last = 0
    for each in statements(text):
        assert last <= each.start <= each.key_start < each.key_end <= each.value_start <= each.value_end <= each.end
        last = each.end
        if each.kind == "pair":
            assert value_at(text, each.value_start).end == each.end


@pytest.mark.parametrize(
    "piece",
    [
        'a = """',
        "a = '''",
        'a = ["',
        'a = """\\"',
        '\\"""\n',
        "[",
        "{",
        '"',
        "'",
        'a = [""" \n',
        "a.",
        "[a",
        "\n",
        " ",
        "a",
    ],
)
def test_time_grows_with_the_text(piece: str) -> None:
    text = "a = [" + piece * 60_000
    start = time.perf_counter()
    statements(text)
    assert time.perf_counter() - start < 2
