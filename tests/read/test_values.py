"""Single values: what is right is kept as it is, what is wrong is told, and neither takes long."""

import time
from collections.abc import Callable
from datetime import date

import pytest
import tomli
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handbill.model import TABLES, Entry, Kind, Site, fields_of
from handbill.read import Reading, read
from handbill.read.checking import Checking
from handbill.read.slips.marks import straight
from handbill.read.values import CHECKS, addresses, languages, mails, texts
from handbill.read.values.address_slips import slip

TODAY = date(2026, 4, 1)
SITE = '[site]\ntitle = "Harbour News"\nurl = "https://example.org/harbour/"\n'
ENTRY = '[[entry]]\ndate = 2026-03-31\ntitle = "Tide tables"\n'


def at(kind: type, name: str, today: date | None = TODAY) -> Checking:
    """The circumstances of the field *name* of a table."""
    checking = Checking(today)
    checking.field = fields_of(kind)[name]
    return checking


def reading(line: str) -> Reading:
    """What is read of an entry that has the *line*."""
    return read((SITE + ENTRY + line + "\n").encode(), TODAY)


@given(st.from_regex(addresses._PLAIN, fullmatch=True))
def test_everyday_addresses_are_right_at_a_second_look_too(address: str) -> None:
    slow = at(Entry, "url")
    assert addresses.address(address, slow) == address
    host = address.split("/")[2]
    assert len(host) > 200 or not (slip(address, slow) or addresses._host_fault(host))


@settings(max_examples=30)
@given(st.from_regex(mails._PLAIN, fullmatch=True).filter(lambda text: len(text) <= 64))
def test_everyday_mail_addresses_are_right_at_a_second_look_too(address: str) -> None:
    # Nothing reserved (RFC 2606) is refused by the quick look, as it is by the library.
    assert mails._fault(address) in ("", mails._fault(f"a@{address.rpartition('@')[2]}"))


@pytest.mark.parametrize("tag", sorted(languages.COMMON))
def test_everyday_languages_are_right_at_a_second_look_too(tag: str) -> None:
    assert languages._is_valid(tag)


@pytest.mark.parametrize("kind", list(CHECKS), ids=lambda kind: kind.name)
def test_every_kind_has_an_example_that_its_check_takes(kind: Kind) -> None:
    for table in TABLES.values():
        for field in fields_of(table).values():
            if field.kind is kind:
                checking = at(table, field.name)
                value = tomli.loads(f"x = {field.declared.example}")["x"]
                assert CHECKS[kind](value, checking) is not None
                assert checking.defects == []


@given(
    st.sampled_from(
        [field for table in TABLES.values() for field in fields_of(table).values() if field.kind in CHECKS]
    ),
    st.recursive(
        st.one_of(
            st.text(max_size=40),
            st.integers(-(2**70), 2**70),
            st.floats(),
            st.booleans(),
            st.dates(),
            st.datetimes(),
            st.times(),
            st.sampled_from(["https://", "a@b", "2026-", "{", "$5 {", "5%a%", "first ", "UTC+", "en_", "audio/"]),
        ),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
        max_leaves=5,
    ),
)
def test_any_value_is_taken_or_told(field: object, value: object) -> None:
    checking = Checking(TODAY)
    checking.field = field  # type: ignore[assignment]
    check: Callable[[object, Checking], object] = CHECKS[checking.field.kind]
    taken = check(value, checking)
    errors = [each for each in checking.defects if each.code[0] == "E"]
    assert taken is None or not errors or checking.field.kind in (Kind.TEXTS, Kind.ADDRESSES, Kind.MAILS)
    if taken is None and not errors:
        assert isinstance(value, str)
        assert not value.strip() or not texts._is_seen(value.strip())
    for each in checking.defects:
        assert each.message
        for mend in each.mends:
            tomli.loads(f"x = {mend.text}")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@example("a\rb")
@example("\ufffe")
def test_any_text_arrives_or_is_refused(text: str) -> None:
    found = reading(f"summary = {_escaped(text)}")
    if found.publication is None:
        assert [each.code for each in found.findings] == ["E407"]
        return
    summary = found.publication.entries[0].summary
    assert (summary or "") == text.strip(" \t\r\n") or (summary is None and not texts._is_seen(text.strip()))


def _escaped(text: str) -> str:
    return '"' + "".join(f"\\U{ord(letter):08X}" for letter in text) + '"'


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_what_is_proposed_in_quotation_marks_is_the_text(text: str) -> None:
    assert tomli.loads(f"x = {straight(text)}")["x"] == text


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("url = ", "https://" + "a" * 250_000),
        ("url = ", "https://example.org/" + ")" * 250_000),
        ("url = ", "[" * 80_000 + "](" * 80_000),
        ("url = ", "a." * 125_000),
        ("summary = ", "<b>" * 80_000),
        ("summary = ", "<p " * 80_000),
        ("summary = ", "&" * 250_000),
        ("summary = ", "\u200b" * 80_000),
        ("summary = ", "\U000e0061" * 80_000),
        ("title = ", "TODO " + "x" * 250_000),
        ("lang = ", "a-" * 125_000),
        ("date = ", "1" * 250_000),
        ("date = ", "5 March " * 30_000),
        ("issued = ", "1 " * 125_000),
        ("authors = ", " " * 250_000 + "x"),
        ("authors = ", "a, " * 80_000),
        ("note = ", "eyJhbGciOi" * 30_000),
        ("note = ", "sk-proj-" * 30_000),
        ("draft = ", "yes" * 80_000),
    ],
)
def test_long_values_take_no_longer_than_their_length(line: str, value: str) -> None:
    started = time.process_time()
    reading(line + straight(value))
    assert time.process_time() - started < 1


@pytest.mark.parametrize("kind", list(CHECKS), ids=lambda kind: kind.name)
def test_no_value_takes_long_to_be_refused(kind: Kind) -> None:
    found = [(table, field) for table in TABLES.values() for field in fields_of(table).values() if field.kind is kind]
    table, field = found[0]
    begins = ("", "a", "https://", "a@", "2026-", "8", "first", "audio/", "{", "[a](", "<a href=")
    started = time.process_time()
    for part in ("a", "a-", "a.", "a/", " ", ")", "<b ", "1", "1 ", '"', "’", "@", "{a", "&", ";", "a, "):
        for begin in begins:
            CHECKS[kind](begin + part * 60 + "§", at(table, field.name))
        CHECKS[kind](part * 7000 + "§", at(table, field.name))
    assert time.process_time() - started < 4


def test_a_long_list_of_mistakes_is_told_by_its_first() -> None:
    found = reading("categories = [" + "1, " * 30_000 + "]").findings
    assert [each.code for each in found] == ["E401"]


def test_every_site_field_has_its_place() -> None:
    lines = [f"{name} = []" for name, field in fields_of(Site).items() if field.kind in CHECKS and name != "hubs"]
    found = read(("[site]\n" + "\n".join(lines)).encode()).findings
    assert [each.place.line for each in found if each.place] == list(range(2, len(lines) + 2))


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_numbers_of_thousands_of_digits_are_told(table: type) -> None:
    for field in fields_of(table).values():
        if field.kind in CHECKS:
            for value in (16**5000, -(16**5000), [16**5000] * 3, float("inf"), float("nan")):
                checking = at(table, field.name)
                assert CHECKS[field.kind](value, checking) in (None, ())
                assert checking.defects
