"""Texts: kept as written but for white space at their ends; what was pasted by accident is told."""

import re
from typing import Any

from handbill.read.checking import Checking, Mend
from handbill.read.names import nearest
from handbill.read.slips.marks import called, straight
from handbill.read.values import invisible, pasted
from handbill.read.values.kinds import empty, not_text

PLACEHOLDERS = ("{month}", "{year}", "{number}", "{title}", "{count}")
_ENDS = " \t\r\n"
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""What XML 1.0 cannot hold (section 2.2), and the carriage return, which no one means."""
_WITHOUT_WIDTH, _MOST = "\u200b\ufeff", 100
"""Characters that can go wherever they have no business, and how many are taken away at once."""
_SHORTEST_PLACE_HOLDER = 3
_LONGEST_SUBJECT = 500
_IN_OTHER_LANGUAGES = {
    "monat": "month", "mes": "month", "mois": "month", "mese": "month", "mês": "month", "maand": "month",
    "jahr": "year", "año": "year", "année": "year", "annee": "year", "anno": "year", "ano": "year", "jaar": "year",
    "nummer": "number", "número": "number", "numéro": "number", "titel": "title", "título": "title", "titre": "title",
    "anzahl": "count", "name": "title", "issue": "number", "entries": "count",
}  # fmt: skip
_BRACES = re.compile(r"\{\{?\s*([^{}]*?)\s*\}?\}|\$\{?(\w+)\}?|%\(?(\w+)\)?[s%]|[{}]")


def text(value: Any, checking: Checking) -> str | None:
    """A plain text."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    stripped = value.strip(_ENDS)
    if not stripped or (len(stripped) < 60 and not stripped.isascii() and not _is_seen(stripped)):
        if checking.items or checking.field.required:
            empty(checking)
        return None
    if not (value.isascii() and value.isprintable()) and not _is_clean(value, checking):
        return None
    if ("<" in stripped or "&" in stripped) and checking.name != "note" and (found := pasted.html(value)):
        offset, length = found
        shown = value[offset : offset + length][:40]
        checking.say(
            "W433",
            f"`{checking.name}` is plain text: readers will see the signs {shown} as they are",
            _without(shown, checking.name),
            offset=offset,
            length=length,
        )
    if stripped[:12].lower().startswith(pasted.PLACE_HOLDERS_BEGIN):
        _place_holder(stripped, checking)
    return stripped


def markdown(value: Any, checking: Checking) -> str | None:
    """A text in Markdown: as `text`, but white space at the start of its first line counts."""
    if type(value) is not str:
        not_text(value, checking)
        return None
    if not (value.isascii() and value.isprintable()) and not _is_clean(value, checking):
        return None
    stripped = value.rstrip(_ENDS).lstrip("\r\n")
    if not stripped.strip():
        return None
    if stripped[:12].lower().startswith(pasted.PLACE_HOLDERS_BEGIN):
        _place_holder(stripped, checking)
    return stripped


def subject(value: Any, checking: Checking) -> str | None:
    """The subject of an issue, with its placeholders."""
    checked = text(value, checking)
    if checked is None:
        return None
    if len(checked) > _LONGEST_SUBJECT:
        checking.say("E430", f"a subject of {len(checked)} characters is too long", "write a shorter one")
        return None
    if "\n" in checked:
        checking.say("E430", "a subject has one line", "write it without the line break", offset=value.index("\n"))
        return None
    start = len(checking.defects)
    for match in _BRACES.finditer(value):
        if match[0] not in PLACEHOLDERS:
            _no_placeholder(value, match, checking)
    return checked if len(checking.defects) == start else None


def _no_placeholder(value: str, match: re.Match[str], checking: Checking) -> None:
    """Tell of what looks like a place to fill, and is none; a dollar or per cent sign alone is only that."""
    word = (match[1] or match[2] or match[3] or "").lower()
    word = _IN_OTHER_LANGUAGES.get(word, word)
    close, _ = nearest(word, {each[1:-1]: each for each in PLACEHOLDERS}) if word else ("", 0)
    meant = f"{{{word}}}" if f"{{{word}}}" in PLACEHOLDERS else close
    if not match[1] and not meant and match[0] not in "{}":
        return
    message = f"`{match[0]}` is nothing that a subject can be filled with"
    offset, length = match.start(), len(match[0])
    if meant:
        write = straight(value[:offset] + meant + value[offset + length :])
        checking.say("E429", message, f"write `{meant}`", write=write, offset=offset, length=length)
    else:
        hint = f"there are {', '.join(PLACEHOLDERS)}"
        checking.say("E429", message, hint, offset=offset, length=length)


def _without(html: str, name: str) -> str:
    if html[0] == "&":
        from html import unescape

        return f"write `{unescape(html)}`" if unescape(html).isprintable() else "write a space"
    return "write the text without them" + ("; `content` takes formatted text" if name == "summary" else "")


def _is_clean(value: str, checking: Checking) -> bool:
    """Tell of control, invisible and lost characters; whether the text can be published."""
    if value.replace("\n", "").isprintable() and "\ufffc" not in value and "\ufffd" not in value:
        return True
    if forbidden := _FORBIDDEN.search(value):
        at = forbidden.start()
        hint = "take it out"
        if value[at] in "\b\f\r":
            hint = "a backslash begins a special sign: write it twice, or put the text in single quotation marks"
        checking.say(
            "E407", f"`{checking.name}` has {called(value[at])} in it, which no feed can hold", hint, offset=at
        )
        return False
    if found := invisible.strays(value):
        others = f", and {len(found) - 1} more that cannot be seen" if len(found) > 1 else ""
        message = f"`{checking.name}` has {called(value[found[0]])} in it{others}"
        checking.say("W431", message, "delete it", offset=found[0])
        if all(value[at] in _WITHOUT_WIDTH for at in found[:_MOST]) and len(found) <= _MOST:
            told = checking.defects[-1]
            mends = tuple(Mend(told.path, "value", "", at) for at in found)
            checking.defects[-1] = told._replace(mends=mends)
    if found := invisible.lost(value):
        at = found[0]
        meant = value[at].encode("latin-1", "replace").decode("cp1252", "replace") if value[at] <= "\x9f" else ""
        hint = "look at where the text came from, and write what stood there"
        if meant.isprintable() and meant not in ("", "?", "\ufffd"):
            hint = f"write {meant}, if that stood there"
        checking.say("W432", f"a character was lost here in copying: {called(value[at])}", hint, offset=at)
    return True


def _is_seen(stripped: str) -> bool:
    return any(
        each.isprintable() and not each.isspace() and each not in "\u115f\u1160\u2800\u3164\uffa0" for each in stripped
    )


def _place_holder(stripped: str, checking: Checking) -> None:
    if len(stripped) >= _SHORTEST_PLACE_HOLDER and pasted.holds_a_place(stripped) and checking.name != "note":
        checking.say("W434", f"`{checking.name}` still holds the place for another text", "write the text itself")
