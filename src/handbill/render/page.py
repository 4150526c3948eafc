"""The list as a web page: ``index.html``, and beside it a page for each year when the list is long.

On a long list ``index.html`` has the newest entries in full and a line for each older one, which keeps its anchor
and leads to the whole entry on the page of its year.
"""

import hashlib
import re
from base64 import b64encode
from collections.abc import Collection
from itertools import groupby
from typing import NamedTuple
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from handbill.model import Site
from handbill.published import ISSUE_FEED, FeedLink, Page
from handbill.render.address import address_of
from handbill.render.choices import choices, part_feeds
from handbill.render.output import Output
from handbill.render.shown import Dated, Days, Line, by_day, dated, in_a_line, in_full, markdown, tongue
from handbill.render.templating import render
from handbill.render.words import Words, direction, same_language, words_in

FULL = 100
"""How many entries ``index.html`` shows in full; a list of more has pages for its years."""

SEARCHED = 20
"""A list of at least so many entries can be searched and filtered."""

_NOT_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


_YEAR = re.compile(r"years/([0-9]{4})\.html")


class Year(NamedTuple):
    """A year of the list: what is in full by days, and a line for each of the rest."""

    label: str
    days: Days
    lines: tuple[Line, ...] = ()


def sheets(page: Page, templates: jinja2.Environment, standing: Collection[str] = ()) -> tuple[Output, ...]:
    """The files that *page* is made of, ``index.html`` first; nothing is rendered before it is asked for.

    A page of a year that is among the *standing* files is made again even if the list has become short, or the year
    has no more entries: what was withdrawn from it must not stand there for ever.
    """
    pairs = dated(page.items, page.site)
    index = Output("index.html", None, lambda: _index(page, pairs, templates))
    once = {found[1]: () for path in sorted(standing, reverse=True) if (found := _YEAR.fullmatch(path))}
    if len(pairs) <= FULL and not once:
        return (index,)
    years: dict[str, tuple[Dated, ...]] = once | {
        f"{year:04}": tuple(members) for year, members in groupby(pairs, key=lambda pair: pair[0].year)
    }
    labels = tuple(sorted(years, reverse=True))

    def sheet(label: str, members: tuple[Dated, ...]) -> Output:
        depends = (page.site, labels, members)
        return Output(f"years/{label}.html", depends, lambda: _year(page.site, label, labels, members, templates))

    return (index, *(sheet(label, members) for label, members in years.items()))


def _index(page: Page, pairs: list[Dated], templates: jinja2.Environment) -> bytes:
    site, words = page.site, words_in(page.site.lang)
    marks, found = choices(pairs, site, words) if len(pairs) >= SEARCHED else ([Markup()] * len(pairs), [])
    marked = list(zip(pairs, marks, strict=True))
    level = 3 if pairs and pairs[0][0].year != pairs[-1][0].year else 2
    years = []
    for year, members in groupby(enumerate(marked), key=lambda numbered: numbered[1][0][0].year):
        shown, lines = [], []
        for number, (pair, mark) in members:
            if number < FULL:
                shown.append(in_full(pair, mark, site, words, level))
            else:
                lines.append(in_a_line(pair, mark, site, words))
        years.append(Year(f"{year:04}", by_day(shown), tuple(lines)))
    intro = markdown(site.intro, site, 1)
    return document(
        templates,
        "index.html",
        site,
        words,
        home="",
        address=address_of("", site),
        description=site.description or _gist(intro),
        scripted=True,
        level=level,
        intro=intro,
        years=years,
        ended=page.ended,
        found=found,
        older=len(pairs) > FULL,
        parts=part_feeds(page.feeds, len(pairs), words),
        opml=bool(page.feeds),
        issues=page.issues,
        issue_feeds=issue_feeds(page),
    )


def _year(
    site: Site, label: str, labels: tuple[str, ...], pairs: tuple[Dated, ...], templates: jinja2.Environment
) -> bytes:
    words, level = words_in(site.lang), 2
    return document(
        templates,
        "year.html",
        site,
        words,
        home="../",
        address=address_of(f"years/{label}.html", site),
        description=site.description or "",
        scripted=False,
        level=level,
        year=Year(label, by_day(in_full(pair, Markup(), site, words, level) for pair in pairs)),
        labels=labels,
        count=len(pairs),
        issue_feeds=(),
    )


def document(templates: jinja2.Environment, name: str, site: Site, words: Words, **values: object) -> bytes:
    """The bytes of the template *name*. What no HTML document may hold becomes a replacement character."""
    foreign = Markup() if same_language(words.labels_lang, site.lang) else tongue(words.labels_lang, site.lang)
    text = render(
        templates,
        name,
        site=site,
        words=words,
        foreign=foreign,
        direction=direction(site.lang),
        licence=site.license if _is_address(site.license or "") else "",
        mailto=f"mailto:{quote(site.email, safe='@+')}" if site.email else "",  # RFC 6068, section 2
        sha256=_sha256,
        **values,
    )
    return _NOT_HTML.sub("\ufffd", text).encode()


def issue_feeds(page: Page) -> list[FeedLink]:
    """The feed of the digest's issues, once there is one."""
    return [feed for feed in page.feeds if page.issues and feed.path == ISSUE_FEED]


def _gist(html: Markup, most: int = 300) -> str:
    text = " ".join(html.striptags().split())
    return text if len(text) <= most else text[:most].rpartition(" ")[0] + " …"


def _sha256(text: str) -> str:
    """As a Content-Security-Policy names what it allows (CSP 3, section 2.3.1)."""
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _is_address(text: str) -> bool:
    return bool(re.fullmatch(r"https?://\S+", text, re.IGNORECASE))
