"""A publication's own words: labels in its language, dates as precisely as known, sizes, names of languages.

Dates, numbers and names of languages are the locale data's (CLDR, through Babel); the labels are in `labels`. A
language that has no labels gets English ones, with its own dates.
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.units import format_unit

from handbill.dates import PartialDate
from handbill.render.labels import LABELS, MEDIA_NAMES

_RIGHT_TO_LEFT = frozenset("Adlm Arab Hebr Mand Mend Nkoo Rohg Samr Syrc Thaa Yezi".split())  # noqa: SIM905

_ONE_SCRIPT = {
    "Arab": frozenset("ar fa ps ur".split()),  # noqa: SIM905
    "Hebr": frozenset({"he", "yi"}),
    "Latn": frozenset("ca cs da de en es et eu fi fr gl hr hu id it lt lv nb nl nn no pl pt ro sk sl sq sv vi".split()),  # noqa: SIM905
}
"""Languages in one script wherever they are read. To load the table of all takes longer than to load a language."""

_FLAT = frozenset("languages territories scripts variants time_zones meta_zones currency_names".split())  # noqa: SIM905
_UNUSED = frozenset({"day_periods", "currency_names_plural", "compact_decimal_formats"})
"""Large tables of the locale data in which nothing stands for something else, or that nobody here asks for."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a publication in the language *lang*; *labels_lang* is the language its labels are in."""

    lang: str
    labels_lang: str
    locale: Locale

    def say(self, label: str, **values: object) -> str:
        """The text of *label* with *values* filled in; *count*, if given, chooses between its plural forms."""
        texts = LABELS[self.labels_lang]
        if direction(self.lang) != direction(self.labels_lang):
            # A date or a name that is written the other way keeps its own order amid the label's words.
            values = {name: f"\u2068{each}\u2069" if not str(each).isascii() else each for name, each in values.items()}
        count = values.get("count")
        if isinstance(count, int):
            values["count"] = self.number(count)
            label += "-one" if count == 1 else "-other"
        return texts[label].format(**values)

    def number(self, number: int) -> str:
        """*number* with the separators of the language."""
        return format_decimal(number, locale=self.locale)

    def day(self, day: date) -> str:
        """*day* in full: ``November 23, 2010``."""
        return _day(day, self.lang)

    def day_of_year(self, day: date) -> str:
        """*day* without its year, short: ``Nov 23``."""
        return _skeleton("MMMd", day.replace(year=2000), self.lang)  # one for all years: 2000 has a 29 February

    def month(self, day: date) -> str:
        """The month of *day* with its year: ``November 2010``."""
        return _skeleton("yMMMM", day, self.lang)

    def month_name(self, day: date) -> str:
        """The name of the month of *day* alone: ``November``."""
        return format_date(day, "LLLL", locale=self.locale)

    def partial(self, known: PartialDate) -> str:
        """A date with just what is *known* of it: ``2010``, ``November 2010``, ``November 23, 2010``."""
        return _partial(known, self.lang)

    def size(self, length: int) -> str:
        """*length* bytes in a unit that a person can weigh: ``1.2 MB``."""
        units = ("byte", "kilobyte", "megabyte", "gigabyte", "terabyte")
        amount, power = float(length), 0
        while amount >= 999.5 and power < len(units) - 1:
            amount, power = amount / 1000, power + 1
        rounded = round(amount) if amount >= 10 or power == 0 else round(amount, 1)
        return format_unit(rounded, f"digital-{units[power]}", "long" if power == 0 else "short", locale=self.locale)

    def media(self, media_type: str) -> str:
        """What kind of file *media_type* (RFC 6838) means, as people say it: ``PDF``, ``MP3 audio``."""
        plain = media_type.partition(";")[0].strip().lower()
        if plain in MEDIA_NAMES:
            return MEDIA_NAMES[plain]
        general = plain.partition("/")[0]
        return self.say(f"media-{general}") if general in ("audio", "video", "image", "text") else plain

    def language(self, tag: str) -> str:
        """The name of the language *tag* (BCP 47): ``Spanish``; the tag itself if it has no name here."""
        return _language(tag, self.lang)


@cache
def words_in(lang: str) -> Words:
    """The words of a publication in *lang* (BCP 47)."""
    primary = _primary(lang)
    return Words(lang, primary if primary in LABELS else "en", _locale(lang))


@cache
def direction(lang: str) -> str:
    """``rtl`` or ``ltr``: the way *lang* (BCP 47) is written, by the script that it names or most likely has."""
    return "rtl" if _script(lang) in _RIGHT_TO_LEFT else "ltr"


@cache
def same_language(lang: str, other: str) -> bool:
    """Whether who reads *lang* reads *other* too: they may differ in region, not in script."""
    return (_primary(lang), _script(lang)) == (_primary(other), _script(other))


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()


def _script(tag: str) -> str:
    """The script (ISO 15924) that *tag* names or most likely has; empty when nothing is known of it."""
    language, *more = tag.replace("_", "-").split("-")
    if not more or (len(more) == 1 and len(more[0]) in (2, 3)):  # a language, alone or as it is in a region
        for script, languages in _ONE_SCRIPT.items():
            if language.lower() in languages:
                return script
    likely = get_global("likely_subtags")
    for key in _wider(tag):
        for part in (key, likely.get(key, "")):
            if script := next((each for each in part.split("_")[1:] if len(each) == 4 and each.isalpha()), ""):
                return script
    return ""


def _wider(tag: str) -> Iterator[str]:
    """*tag* as the locale data spells it, then without its last parts: ``zh_Hant_TW``, ``zh_Hant``, ``zh``."""
    parts = tag.replace("_", "-").split("-")
    spelled = [parts[0].lower()]
    spelled += [each.title() if len(each) == 4 else each.upper() for each in parts[1:]]
    while spelled:
        yield "_".join(spelled)
        spelled.pop()


def _locale(lang: str) -> Locale:
    for key in (*_wider(lang), "en"):
        try:
            locale = Locale.parse(key)
        except (ValueError, UnknownLocaleError):
            continue
        _set_apart(str(locale))
        return locale
    raise AssertionError("Babel knows English")


@cache
def _set_apart(name: str) -> None:
    """Give the locale *name* data of its own.

    Babel shares what locales inherit, and writes into it what it resolves for one of them: after Chinese had named a
    month, all languages that inherit the same table named it in Chinese (Babel 2.18).
    """
    data = localedata.load(name)
    for key in data.keys() - _FLAT - _UNUSED:
        data[key] = deepcopy(data[key])


@cache  # by the name of the language: a locale takes long to hash
def _day(day: date, lang: str) -> str:
    return format_date(day, "long", locale=words_in(lang).locale)


@cache
def _skeleton(skeleton: str, day: date, lang: str) -> str:
    return format_skeleton(skeleton, day, locale=words_in(lang).locale)


@cache
def _partial(known: PartialDate, lang: str) -> str:
    first = date(known.year, known.month or 1, known.day or 1)
    if known.day:
        return _day(first, lang)
    return _skeleton("yMMMM" if known.month else "y", first, lang)


@cache
def _language(tag: str, lang: str) -> str:
    names = words_in(lang).locale.languages
    return next((names[key] for key in _wider(tag) if key in names), tag)
