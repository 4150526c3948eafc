"""An entry as the page shows it: what its template needs beside the facts, ready to be printed."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from handbill.model import Entry, Site
from handbill.published import Item
from handbill.render.markdown import to_html
from handbill.render.words import Words, direction, same_language

_NOTHING = Markup()
_BREAK = re.compile(r"(\n[ \t]*\n\s*)")


class Shown(NamedTuple):
    """An entry in full.

    *day* is when it was announced, *date* the same in words, *moment* for machines. *tongue* holds the attributes of
    text in its language, *facets* those by which it is found. *facts* are said of it in a few words each, *notice*
    of one that was withdrawn, *held* of one that a preview alone shows.
    """

    item: Item
    day: date
    date: str
    moment: str
    tongue: Markup
    facets: Markup
    permalink: str
    facts: tuple[str, ...]
    notice: str
    held: str
    summary: Markup
    content: Markup


class Line(NamedTuple):
    """An entry in a line: its *anchor*, the day in short, its *title*, a *note* of one withdrawn or held back."""

    anchor: str
    facets: Markup
    day: str
    tongue: Markup
    title: str
    note: str


Dated = tuple[date, Item]
"""An item, and the day it was announced."""

Days = tuple[tuple[date, tuple[Shown, ...]], ...]
"""Entries by the day."""


def dated(items: Iterable[Item], site: Site) -> list[Dated]:
    """*items* with their days, the latest day first; those of a day stay in their order."""
    zone = ZoneInfo(site.timezone)
    return sorted(((_day(item.entry.date, zone), item) for item in items), key=lambda pair: pair[0], reverse=True)


def by_day(shown: Iterable[Shown]) -> Days:
    """Group what is *shown* by its days."""
    return tuple((day, tuple(members)) for day, members in groupby(shown, key=lambda each: each.day))


def in_full(pair: Dated, facets: Markup, site: Site, words: Words, level: int) -> Shown:
    """An entry in full, below a heading of *level*."""
    day, item = pair
    entry = item.entry
    label = "withdrawn-explained" if entry.withdrawn_reason else "withdrawn-on"
    return Shown(
        item=item,
        day=day,
        date=words.day(day),
        moment=_moment(entry, site),
        tongue=tongue(entry.lang, site.lang),
        facets=facets,
        permalink=words.say("permalink", title=entry.title),
        facts=tuple(_facts(entry, day, site, words)),
        notice=words.say(label, date=words.day(item.withdrawn)) if item.withdrawn else "",
        held=_held(item, day, words),
        summary=_paragraphs(entry.summary) if entry.summary else _NOTHING,
        content=markdown(entry.content, site, level),
    )


def in_a_line(pair: Dated, facets: Markup, site: Site, words: Words) -> Line:
    """An entry in a line."""
    day, item = pair
    note = words.say("withdrawn") if item.withdrawn else _held(item, day, words)
    where = tongue(item.entry.lang, site.lang)
    return Line(item.anchor, facets, words.day_of_year(day), where, item.entry.title, note)


@cache
def tongue(lang: str | None, around: str) -> Markup:
    """The attributes for text in *lang* amid text in the language *around*."""
    if not lang or lang.lower() == around.lower():
        return _NOTHING
    turn = Markup(' dir="{}"').format(direction(lang)) if direction(lang) != direction(around) else ""
    return Markup(' lang="{}"{}').format(lang, turn)


def markdown(text: str | None, site: Site, level: int) -> Markup:
    """The HTML of Markdown *text* as it stands below a heading of *level*; a table can be scrolled with the keyboard.

    The HTML is not parsed for this: what is put in, a digit and a bare word, does no harm wherever it lands.
    """
    if not text:
        return _NOTHING
    html = re.sub(r"<table(?=[ >])", "<table tabindex=0", to_html(text, site.base))
    lowered = re.sub(r"(</?h)([1-6])(?=[ >])", lambda found: f"{found[1]}{min(6, int(found[2]) + level)}", html)
    return Markup(lowered)


def _day(when: date, zone: ZoneInfo) -> date:
    return when.astimezone(zone).date() if isinstance(when, datetime) else when


def _moment(entry: Entry, site: Site) -> str:
    if isinstance(entry.date, datetime):
        return entry.date.astimezone(ZoneInfo(site.timezone)).isoformat()
    return entry.date.isoformat()


def _facts(entry: Entry, day: date, site: Site, words: Words) -> Iterator[str]:
    """When the resource itself appeared, as far as that is known, when it was updated here, and its language."""
    if entry.issued and entry.revised:
        yield words.say("issued-revised", issued=words.partial(entry.issued), revised=words.partial(entry.revised))
    elif entry.issued:
        yield words.say("issued", issued=words.partial(entry.issued))
    elif entry.revised:
        yield words.say("revised", revised=words.partial(entry.revised))
    if entry.updated and (updated := _day(entry.updated, ZoneInfo(site.timezone))) > day:
        yield words.say("updated", date=words.day(updated))
    if entry.lang and not same_language(entry.lang, site.lang):
        yield words.say("in-language", language=words.language(entry.lang))


def _held(item: Item, day: date, words: Words) -> str:
    if not item.held:
        return ""
    return words.say("held-draft") if item.entry.draft else words.say("held-until", date=words.day(day))


def _paragraphs(text: str) -> Markup:
    """*text* with its paragraphs marked, and all its characters in their order."""
    if "\n" not in text:
        return Markup(f"<p>{escape(text)}</p>")
    head = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :]
    parts = [str(escape(part)) for part in _BREAK.split(text.strip())]
    parts[::2] = [f"<p>{part}</p>" for part in parts[::2]]
    return Markup(head + "".join(parts) + tail)
