"""The list as a web page: ``index.html``, and beside it a page for each year when the list is long.

On a long list ``index.html`` has the newest entries in full and a line for each older one, which keeps its anchor
and leads to the whole entry on the page of its year.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby
from typing import NamedTuple
from zoneinfo import ZoneInfo

import jinja2
from markupsafe import Markup, escape

from handbill.model import Entry, Site
from handbill.published import FeedLink, Item, Page
from handbill.render.markdown import to_html
from handbill.render.templating import render
from handbill.render.words import Words, direction, words_in

FULL = 100
"""How many entries ``index.html`` shows in full; a list of more has pages for its years."""

SEARCHED = 20
"""A list of at least so many entries can be searched and filtered."""

FACETS = ("kind", "category", "publisher", "language")


class Sheet(NamedTuple):
    """One file of the page.

    *path* is where it stands below feeds/; *depends* is everything but the templates that its bytes depend on, so
    that who has the file from equal facts need not *render* it again. *render* raises TemplateError.
    """

    path: str
    depends: object
    render: Callable[[], bytes]


class Shown(NamedTuple):
    """An entry as the page shows it: *item*, and what templates say of it."""

    item: Item
    day: date
    moment: str
    tongue: Markup
    dates: str
    language: str
    notice: str
    summary: Markup
    content: Markup
    facets: str


class Year(NamedTuple):
    """A year of the list: what is in full by days, and a line for each of the rest."""

    label: str
    days: tuple[tuple[date, tuple[Shown, ...]], ...]
    lines: tuple[tuple[str, str, str, Markup, str], ...] = ()


def sheets(page: Page, templates: jinja2.Environment) -> tuple[Sheet, ...]:
    """The files that *page* is made of, ``index.html`` first; nothing is rendered before it is asked for."""
    index = Sheet("index.html", page, lambda: _index(page, templates))
    if len(page.items) <= FULL:
        return (index,)
    years = _by_year(_dated(page))
    labels = tuple(years)

    def sheet(label: str, dated: "_Dated") -> Sheet:
        depends = (page.site, labels, tuple(dated))
        return Sheet(f"years/{label}.html", depends, lambda: _year(page.site, label, labels, dated, templates))

    return (index, *(sheet(label, dated) for label, dated in years.items()))


def page(page: Page, templates: jinja2.Environment) -> bytes:
    """The bytes of ``index.html``. Raises TemplateError."""
    return _index(page, templates)


_Dated = list[tuple[date, Item]]


def _dated(page: Page) -> _Dated:
    """The items with the day each was announced, the latest day first; those of a day stay in their order."""
    zone = ZoneInfo(page.site.timezone)
    return sorted(((_day(item.entry, zone), item) for item in page.items), key=lambda pair: pair[0], reverse=True)


def _day(entry: Entry, zone: ZoneInfo) -> date:
    return entry.date.astimezone(zone).date() if isinstance(entry.date, datetime) else entry.date


def _by_year(dated: _Dated) -> dict[str, _Dated]:
    return {f"{year:04}": list(pairs) for year, pairs in groupby(dated, key=lambda pair: pair[0].year)}


def _index(page: Page, templates: jinja2.Environment) -> bytes:
    site, words = page.site, words_in(page.site.lang)
    dated = _dated(page)
    numbers: _Numbers = {}
    full = len(page.items) if len(page.items) <= FULL else FULL
    searched = len(page.items) >= SEARCHED
    marks = [_facets(item, site, words, numbers) if searched else "" for _, item in dated]
    rows = list(zip(dated, marks, strict=True))
    years = []
    for year, group in groupby(enumerate(rows), key=lambda row: row[1][0][0].year):
        members = list(group)
        shown = [_shown(item, day, mark, site, words) for at, ((day, item), mark) in members if at < full]
        lines = [_line(item, day, mark, site, words) for at, ((day, item), mark) in members if at >= full]
        years.append(Year(f"{year:04}", _days(shown), tuple(lines)))
    intro = Markup(_lower_headings(to_html(site.intro, site.base), 1)) if site.intro else ""
    return _bytes(
        templates,
        "index.html",
        site,
        words,
        "",
        site.base,
        intro=intro,
        description=site.description or _plain(intro),
        years=years,
        ended=page.ended,
        facets=_facet_feeds(page.feeds, len(page.items), words),
        opml=bool(page.feeds),
        issues=page.issues,
        ask=site.email,
        find=_find(numbers, words) if searched else (),
        long=full < len(page.items),
        scripted=True,
    )


def _year(site: Site, label: str, labels: Sequence[str], dated: _Dated, templates: jinja2.Environment) -> bytes:
    words = words_in(site.lang)
    year = Year(label, _days([_shown(item, day, "", site, words) for day, item in dated]))
    address = f"{site.base}years/{label}.html"
    return _bytes(
        templates,
        "year.html",
        site,
        words,
        "../",
        address,
        year=year,
        labels=labels,
        description=site.description,
        scripted=False,
    )


def _bytes(
    templates: jinja2.Environment, name: str, site: Site, words: Words, home: str, address: str, **values: object
) -> bytes:
    text = render(
        templates,
        name,
        site=site,
        words=words,
        home=home,
        address=address,
        direction=direction,
        sha256=_sha256,
        is_address=_is_address,
        tongue=lambda lang: _tongue(lang, site.lang),
        **values,
    )
    return _NOT_IN_HTML.sub("\ufffd", text).encode()


_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def _days(shown: Iterable[Shown]) -> tuple[tuple[date, tuple[Shown, ...]], ...]:
    return tuple((day, tuple(members)) for day, members in groupby(shown, key=lambda each: each.day))


def _line(item: Item, day: date, mark: str, site: Site, words: Words) -> tuple[str, str, str, Markup, str]:
    return item.anchor, mark, words.day_of_year(day), _tongue(item.entry.lang, site.lang), item.entry.title


def _shown(item: Item, day: date, mark: str, site: Site, words: Words) -> Shown:
    entry = item.entry
    label = "withdrawn-explained" if entry.withdrawn_reason else "withdrawn-on"
    return Shown(
        item=item,
        day=day,
        moment=_moment(entry, site),
        tongue=_tongue(entry.lang, site.lang),
        dates=_dates(entry, words),
        language=_language(entry.lang, site.lang, words),
        notice=words.say(label, date=words.day(item.withdrawn)) if item.withdrawn else "",
        summary=_paragraphs(entry.summary) if entry.summary else Markup(),
        content=Markup(_lower_headings(to_html(entry.content, site.base), 3)) if entry.content else Markup(),
        facets=mark,
    )


def _moment(entry: Entry, site: Site) -> str:
    if isinstance(entry.date, datetime):
        return entry.date.astimezone(ZoneInfo(site.timezone)).isoformat()
    return entry.date.isoformat()


def _dates(entry: Entry, words: Words) -> str:
    """When the resource itself appeared, as far as that is known."""
    known = {name: words.partial(value) for name in ("issued", "revised") if (value := getattr(entry, name))}
    return words.say("-".join(known), **known) if known else ""


def _language(lang: str | None, list_lang: str, words: Words) -> str:
    if not lang or lang.lower() == list_lang.lower():
        return ""
    return words.say("in-language", language=words.language(lang))


@cache
def _tongue(lang: str | None, around: str) -> Markup:
    """The attributes for text in *lang* amid text in *around*."""
    if not lang or lang.lower() == around.lower():
        return Markup()
    turn = Markup(' dir="{}"').format(direction(lang)) if direction(lang) != direction(around) else ""
    return Markup(' lang="{}"{}').format(lang, turn)


_BREAK = re.compile(r"(\n[ \t]*\n\s*)")


def _paragraphs(text: str) -> Markup:
    """*text* with its paragraphs marked, and all its characters in their order."""
    head = text[: len(text) - len(text.lstrip())]
    tail = text[len(text.rstrip()) :]
    parts = _BREAK.split(text.strip())
    marked = [Markup("<p>{}</p>").format(part) if at % 2 == 0 else Markup(part) for at, part in enumerate(parts)]
    return escape(head) + Markup().join(marked) + escape(tail)


def _lower_headings(html: str, by: int) -> str:
    """*html* with its headings *by* levels lower, so that they stand below the one that they belong to."""
    return re.sub(r"(</?h)([1-6])(?=[ >])", lambda found: f"{found[1]}{min(6, int(found[2]) + by)}", html)


def _plain(html: str, most: int = 300) -> str:
    text = " ".join(Markup(html).striptags().split())
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + " …"


def _sha256(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _is_address(text: str | None) -> bool:
    return bool(text and re.match(r"https?://\S+$", text))


_Numbers = dict[tuple[str, str], int]


def _facets(item: Item, site: Site, words: Words, numbers: _Numbers) -> str:
    """The numbers of what *item* can be filtered by, each new one added to *numbers*."""
    entry = item.entry
    names = [("category", category) for category in entry.categories]
    names += [("kind", entry.kind)] if entry.kind else []
    names += [("publisher", entry.publisher)] if entry.publisher else []
    names.append(("language", words.language(entry.lang or site.lang)))
    return " ".join(str(numbers.setdefault(name, len(numbers))) for name in dict.fromkeys(names))


def _find(numbers: _Numbers, words: Words) -> Iterator[tuple[str, str, list[tuple[int, str]]]]:
    """The choices of the filters, each with its name and label; one that leaves nothing to choose is left out."""
    for facet in FACETS:
        options = [(number, text) for (name, text), number in numbers.items() if name == facet]
        if len(options) > 1:
            yield facet, words.say(facet), sorted(options, key=lambda option: option[1].casefold())


def _facet_feeds(feeds: Iterable[FeedLink], total: int, words: Words) -> list[tuple[str, list[tuple[FeedLink, str]]]]:
    """The feeds of parts of the list, by label; those that are empty or hold the whole list are left out."""
    found = []
    for facet in ("category", "kind", "publisher", "lang"):
        part = [feed for feed in feeds if feed.facet == facet and 0 < feed.count < total]
        named = [(feed, words.language(feed.title) if facet == "lang" else feed.title) for feed in part]
        if named:
            found.append((f"facet-{facet}", sorted(named, key=lambda pair: pair[1].casefold())))
    return found
