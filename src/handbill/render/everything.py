"""All files that are served, in an order in which no link dangles: what is linked to comes before what links."""

from collections.abc import Collection, Iterator
from typing import Any, Literal

import jinja2

from handbill.published import Documents, Feed, Page
from handbill.render.issue_index import issue_index
from handbill.render.output import Output
from handbill.render.page import sheets

_STYLE = "feed.css"


def everything(documents: Documents, templates: jinja2.Environment, standing: Collection[str]) -> Iterator[Output]:
    """Each file that is to stand below feeds/; nothing is made before it is asked for.

    *standing* are the paths of the files that are there: of these an archive document is left alone unless it is due,
    and the page of a year that has no more entries is made to say so.
    """
    made: dict[Any, Any] = {}

    def feed(meant: Feed, form: Literal["atom", "rss", "json"] = "atom", path: str = "") -> Output:
        return Output(path or meant.path, meant, lambda: _checked(meant, form, made))

    yield Output(_STYLE, None, lambda: templates.get_template(_STYLE).render().encode())
    for archive in documents.archives:
        if archive.path in documents.due or archive.path not in standing:
            yield feed(archive)._replace(depends=None)
    if documents.issues:
        yield feed(documents.issues)
    yield from issue_index(documents.page, templates, standing)
    index, *years = sheets(documents.page, templates, standing)
    yield from years
    yield index
    yield from map(feed, documents.facets)
    yield feed(documents.live)
    yield feed(documents.live, "rss", "rss.xml")
    yield feed(documents.live, "json", "feed.json")
    yield Output("feeds.opml", (documents.page.site, documents.page.feeds), lambda: _opml(documents.page))


def _opml(page: Page) -> bytes:
    from handbill.render.opml import opml

    return opml(page)


def _checked(feed: Feed, form: Literal["atom", "rss", "json"], made: dict[Any, Any]) -> bytes:
    """The document of *feed* in the format *form*, read back; *made* holds what several documents have in common.

    What makes feeds takes long to import, and one change may concern none of them.
    """
    from handbill.render import readback
    from handbill.render.atom import atom
    from handbill.render.json_feed import json_feed
    from handbill.render.rss import rss

    data = atom(feed, made) if form == "atom" else rss(feed) if form == "rss" else json_feed(feed)
    readback.check(feed, data, form)
    return data
