"""All files that are served, in an order in which no link dangles: what is linked to comes before what links."""

from collections.abc import Collection, Iterator
from typing import Any, Literal

import jinja2

from handbill.published import Documents, Feed
from handbill.render import readback
from handbill.render.atom import atom
from handbill.render.json_feed import json_feed
from handbill.render.opml import opml
from handbill.render.page import sheets
from handbill.render.rss import rss

_STYLE = "feed.css"


def everything(
    documents: Documents, templates: jinja2.Environment, standing: Collection[str]
) -> Iterator[tuple[str, bytes]]:
    """The path below feeds/ and the bytes of each file.

    *standing* are the paths of the files that are there: of these an archive document is left alone unless it is due,
    and the page of a year that has no more entries is made to say so. Raises templating.TemplateError, and
    readback.NotAsMeantError for a feed that would say something else than was meant.
    """
    made: dict[Any, Any] = {}
    yield _STYLE, templates.get_template(_STYLE).render().encode()
    for feed in documents.archives:
        if feed.path in documents.due or feed.path not in standing:
            yield feed.path, _checked(feed, atom(feed, made), "atom")
    pages = sheets(documents.page, templates, standing)
    for sheet in (*pages[1:], pages[0]):
        yield sheet.path, sheet.render()
    for feed in documents.facets:
        yield feed.path, _checked(feed, atom(feed, made), "atom")
    if documents.issues:
        yield documents.issues.path, _checked(documents.issues, atom(documents.issues, made), "atom")
    live = documents.live
    yield live.path, _checked(live, atom(live, made), "atom")
    yield "rss.xml", _checked(live, rss(live), "rss")
    yield "feed.json", _checked(live, json_feed(live), "json")
    yield "feeds.opml", opml(documents.page)


def _checked(feed: Feed, data: bytes, form: Literal["atom", "rss", "json"]) -> bytes:
    readback.check(feed, data, form)
    return data
