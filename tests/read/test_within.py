"""The places of what stands inside a value."""

import tomli
from hypothesis import given
from toml_texts import texts, values

from handbill.read.places import Places
from handbill.read.within import Span, characters


@given(values)
def test_each_inner_span_parses_to_the_inner_value(value: str) -> None:
    text = f"x = {value}"
    places = Places(text)

    def compare(inner: object, path: tuple[str | int, ...]) -> None:
        span = places.exactly(path, "value")
        assert span is not None
        assert repr(tomli.loads("v = " + text[slice(*span)])["v"]) == repr(inner)
        for key, each in inner.items() if isinstance(inner, dict) else ():
            name = places.exactly((*path, key), "name")
            assert name is not None
            assert tomli.loads(text[slice(*name)] + " = 1") == {key: 1}
            compare(each, (*path, key))
        for number, each in enumerate(inner if isinstance(inner, list) else ()):
            compare(each, (*path, number))

    compare(tomli.loads(text)["x"], ("x",))


@given(texts)
def test_each_character_of_a_text_is_found_as_it_is_written(written: str) -> None:
    text = tomli.loads(f"x = {written}")["x"]
    escaped = written[0] == '"'
    for at, character in enumerate(text):
        piece = written[slice(*characters(written, Span(0, len(written)), at, 1))]
        if escaped and "\\" in piece:
            piece = tomli.loads(f'x = """{piece}"""')["x"]
        assert piece.replace("\r\n", "\n") == character


def test_characters_behind_escapes_and_line_ends() -> None:
    written = '"""\r\na\\u00e9\\tb\\\n   c\r\nd"""'
    text = tomli.loads(f"x = {written}")["x"]
    assert text == "aé\tbc\nd"
    spans = [characters(written, Span(0, len(written)), at, 1) for at in range(len(text))]
    assert [written[slice(*span)] for span in spans] == ["a", "\\u00e9", "\\t", "b", "\\\n   c", "\r\n", "d"]
