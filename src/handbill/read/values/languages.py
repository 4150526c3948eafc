"""Language codes (BCP 47)."""

import re
from typing import Any

from handbill.read.checking import Checking
from handbill.read.values.kinds import example, mend, not_text, short

_EVERYDAY = (
    "ar bg ca cs da de de-AT de-CH de-DE el en en-AU en-CA en-GB en-IE en-IN en-NZ en-US es es-AR es-ES es-MX es-US et"
    " eu fa fi fr fr-BE fr-CA fr-CH fr-FR ga gl he hi hr hu id is it it-IT ja ko lt lv mt nb nl nl-BE nl-NL nn no pl"
    " pl-PL pt pt-BR pt-PT ro ru sk sl sr sv th tr uk vi zh zh-CN zh-Hans zh-Hant zh-TW"
)
COMMON = frozenset(_EVERYDAY.split())
"""Codes of every day, known to be right: they spare the import of `langcodes`, which takes longer than most checks."""

_IRREGULAR = (
    "art-lojban cel-gaulish en-gb-oed i-ami i-bnn i-default i-enochian i-hak i-klingon i-lux i-mingo i-navajo i-pwn"
    " i-tao i-tay i-tsu no-bok no-nyn sgn-be-fr sgn-be-nl sgn-ch-de zh-guoyu zh-hakka zh-min zh-min-nan zh-xiang"
)
_GRANDFATHERED = frozenset(_IRREGULAR.split())
"""Codes that RFC 5646 (section 2.2.8) lists as valid though they have another form."""

_FORM = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_OF_COUNTRIES = {"gb": "en-GB", "us": "en-US", "au": "en-AU", "nz": "en-NZ", "ca": "en-CA", "ie": "en-IE"}
_OWN_NAMES = (
    "ar bg ca cs cy da de el es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv nb nl pl pt ro ru sk sl sv tr uk"
    " vi zh"
)


def language(value: Any, checking: Checking) -> str | None:
    """A language code that is registered."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if value in COMMON or _is_valid(value):
        return value
    _no_language(value, checking)
    return None


def _is_valid(value: str) -> bool:
    if not _FORM.fullmatch(value) or len(value) > 100:
        return False
    if value.lower() in _GRANDFATHERED:
        return True
    from langcodes import Language
    from langcodes.tag_parser import LanguageTagError

    try:
        return Language.get(value, normalize=False).is_valid()
    except LanguageTagError:
        return False


def _no_language(value: str, checking: Checking) -> None:
    if not value.strip():
        checking.say(
            "E406", f"`{checking.name}` is empty", f"write for example {example(checking)}, or take the line out"
        )
        return
    message = f"“{short(value)}” is no language code"
    tag = value.strip().split(".")[0].replace("_", "-")
    if _is_valid(tag):
        mend(checking, "E425", message, f'"{tag}"')
        return
    if found := _standard(tag) or _by_name(value):
        mend(checking, "E425", message, f'"{found}"')
    elif found := _of_country(value.strip()):
        checking.say("E425", f"{message}, it is that of a country", f'write `{checking.name} = "{found}"`')
    elif re.search(r"[,;/&]| and ", value):
        checking.say("E425", f"{message}: there can be one only", f"write the main one, such as {example(checking)}")
    else:
        checking.say("E425", message, f"write the code of the language, such as {example(checking)}")


def _standard(tag: str) -> str:
    """The registered form of a code that others use: ``ger``, ``en-UK``."""
    from langcodes import standardize_tag
    from langcodes.tag_parser import LanguageTagError

    if not _FORM.fullmatch(tag) or len(tag) > 100:
        return ""
    try:
        found = standardize_tag(tag)
    except LanguageTagError:
        return ""
    return found if _is_valid(found) else ""


def _by_name(value: str) -> str:
    """The code of a language that is named, in English or in itself."""
    from babel import Locale

    wanted = " ".join(re.sub(r"[()\[\],/–-]", " ", value.casefold()).split())
    if not wanted or len(wanted) > 60:
        return ""
    english = Locale("en")
    names = {str(name).casefold(): str(code) for code, name in english.languages.items()}
    for code in _OWN_NAMES.split():
        names.setdefault(str(Locale.parse(code).get_language_name() or "").casefold(), code)
    if wanted in names:
        return names[wanted].replace("_", "-")
    name, _, country = wanted.partition(" ")
    countries = {str(each).casefold(): str(code) for code, each in english.territories.items()}
    countries |= {"us": "US", "usa": "US", "uk": "GB", "gb": "GB"}
    if name in names and country in countries:
        return f"{names[name]}-{countries[country]}"
    return ""


def _of_country(value: str) -> str:
    """The code of the language that is spoken in the country with the code *value*."""
    if value.lower() in _OF_COUNTRIES:
        return _OF_COUNTRIES[value.lower()]
    if not re.fullmatch(r"[A-Za-z]{2}", value):
        return ""
    from babel.languages import get_official_languages

    spoken = get_official_languages(value.upper(), de_facto=True)
    return str(spoken[0]).replace("_", "-") if spoken else ""
