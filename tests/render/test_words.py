"""Words in the list's language: labels, dates as precisely as known, sizes, directions."""

import subprocess
import sys
from datetime import date
from string import Formatter

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from handbill.dates import PartialDate
from handbill.render import words
from handbill.render.labels import LABELS
from handbill.render.words import direction, same_language, words_in

DAY = date(2010, 11, 23)


def test_every_language_has_every_label_with_the_same_values() -> None:
    def shape(labels: dict[str, str]) -> dict[str, set[str | None]]:
        return {label: {part[1] for part in Formatter().parse(text)} for label, text in labels.items()}

    english = shape(dict(LABELS["en"]))
    assert all(shape(dict(labels)) == english for labels in LABELS.values())


@pytest.mark.parametrize(
    ("lang", "year", "month", "day"),
    [
        ("en-US", "2010", "November 2010", "November 23, 2010"),
        ("en-GB", "2010", "November 2010", "23 November 2010"),
        ("es", "2010", "noviembre de 2010", "23 de noviembre de 2010"),
        ("es-419", "2010", "noviembre de 2010", "23 de noviembre de 2010"),
        ("de", "2010", "November 2010", "23. November 2010"),
        ("ja", "2010年", "2010年11月", "2010年11月23日"),
        ("zh-hant-tw", "2010年", "2010年11月", "2010年11月23日"),
        ("ar", "2010", "نوفمبر 2010", "23 نوفمبر 2010"),
        ("qaa-x-private", "2010", "November 2010", "November 23, 2010"),
    ],
)
def test_dates_say_what_is_known_and_no_more(lang: str, year: str, month: str, day: str) -> None:
    words = words_in(lang)
    assert words.partial(PartialDate(2010)) == year
    assert words.partial(PartialDate(2010, 11)) == month
    assert words.partial(PartialDate(2010, 11, 23)) == words.day(DAY) == day


@pytest.mark.parametrize(
    ("length", "english", "spanish"),
    [
        (0, "0 bytes", "0 bytes"),
        (1, "1 byte", "1 byte"),
        (999, "999 bytes", "999 bytes"),
        (1000, "1 kB", "1 kB"),
        (1_234_567, "1.2 MB", "1,2 MB"),
        (999_600, "1 MB", "1 MB"),
        (45_600_000, "46 MB", "46 MB"),
        (5_000_000_000_000_000, "5,000 TB", "5.000 TB"),
    ],
)
def test_sizes(length: int, english: str, spanish: str) -> None:
    assert words_in("en").size(length) == english
    assert words_in("es").size(length) == spanish


@pytest.mark.parametrize(
    ("media_type", "said"),
    [
        ("audio/mpeg", "MP3"),
        ("Application/PDF", "PDF"),
        ("text/html; charset=utf-8", "HTML"),
        ("video/x-unheard-of", "vídeo"),
        ("application/x-unheard-of", "application/x-unheard-of"),
    ],
)
def test_media_types(media_type: str, said: str) -> None:
    assert words_in("es").media(media_type) == said


@pytest.mark.parametrize(
    ("tag", "english", "spanish"),
    [
        ("es", "Spanish", "español"),
        ("pt-BR", "Brazilian Portuguese", "portugués de Brasil"),
        ("zh-Hant-TW", "Traditional Chinese", "chino tradicional"),
        ("de-DE", "German", "alemán"),
        ("qaa", "qaa", "qaa"),
    ],
)
def test_languages(tag: str, english: str, spanish: str) -> None:
    assert words_in("en").language(tag) == english
    assert words_in("es").language(tag) == spanish


@pytest.mark.parametrize(
    "tag", ["ar", "ar-EG", "he", "fa", "ur", "yi", "dv", "ug", "ps", "pa-PK", "az-Arab", "en-Hebr"]
)
def test_right_to_left(tag: str) -> None:
    assert direction(tag) == "rtl"


@pytest.mark.parametrize("tag", ["en", "es-MX", "zh-Hans", "ja", "pa", "ar-Latn", "az", "ha", "", "x-y", "qaa-Zzzz"])
def test_left_to_right(tag: str) -> None:
    assert direction(tag) == "ltr"


def test_counts() -> None:
    assert words_in("en").say("entries", count=1) == "1 entry"
    assert words_in("es").say("entries", count=12345) == "12.345 entradas"
    assert words_in("fr").labels_lang == "en"


@given(st.text(max_size=20), st.dates())
def test_no_language_is_too_odd(lang: str, day: date) -> None:
    words = words_in(lang)
    assert words.day(day)
    assert words.language(lang) is not None
    assert direction(lang) in ("ltr", "rtl")


@pytest.mark.parametrize(
    ("lang", "other", "same"),
    [
        ("en-US", "en-GB", True),
        ("EN", "en-us", True),
        ("zh-TW", "zh-CN", False),
        ("zh", "zh-Hans-CN", True),
        ("es", "pt", False),
    ],
)
def test_the_same_language(lang: str, other: str, same: bool) -> None:
    assert same_language(lang, other) is same


def test_one_language_says_nothing_in_another() -> None:
    """Whichever comes first: in processes of their own, since what was said once is remembered."""
    code = "import sys; from datetime import date; from handbill.render.words import words_in; "
    code += "print(*(words_in(lang).month_name(date(2026, 11, 30)) for lang in sys.argv[1:]))"
    for languages, names in (("zh es en", "十一月 noviembre November"), ("en es zh", "November noviembre 十一月")):
        words = [sys.executable, "-X", "utf8", "-c", code, *languages.split()]
        told = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=True)
        assert told.stdout.strip() == names


def test_languages_in_one_script_are_what_the_locale_data_says(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [lang for languages in words._ONE_SCRIPT.values() for lang in languages]
    regions = sorted({key.rpartition("_")[2] for key in get_global("likely_subtags") if key.startswith("und_")})
    tags = [*known, *(f"{lang}-{region}" for lang in known for region in regions if len(region) in (2, 3))]
    quick = [words._script(tag) for tag in tags]
    monkeypatch.setattr(words, "_ONE_SCRIPT", {})
    assert [words._script(tag) for tag in tags] == quick
