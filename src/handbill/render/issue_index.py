"""All issues of the digest on one page, ``digest/index.html``: when each came out, and what it held."""

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from handbill.model import Site
from handbill.published import ISSUE_INDEX, Page, PastIssue
from handbill.render.address import address_of
from handbill.render.output import Output
from handbill.render.page import document, issue_feeds
from handbill.render.shown import tongue
from handbill.render.words import Words, words_in

_TITLES = 4  # so many of an issue tell what it is about


class Row(NamedTuple):
    """An issue in the index.

    *url* leads there from the index, *title* is its subject, *date* its day in words, *moment* the same for machines,
    *facts* are its number and how many entries it held of each sort. *titles* are the first of those that are still
    shown, each with the attributes of its language; *more* tells whether it held others.
    """

    url: str
    title: str
    date: str
    moment: str
    facts: tuple[str, ...]
    titles: tuple[tuple[str, Markup], ...]
    more: bool


def issue_index(page: Page, templates: jinja2.Environment, standing: Collection[str] = ()) -> tuple[Output, ...]:
    """The index of the issues on *page*, once there are some.

    Where it is among the *standing* files it is made again even when there are none any more: what was taken back must
    not be listed for ever.
    """
    if not page.issues and ISSUE_INDEX not in standing:
        return ()
    words, feeds = words_in(page.site.lang), issue_feeds(page)
    rows = [_row(issue, page.site, words) for issue in page.issues]

    def make() -> bytes:
        return document(
            templates,
            "issues.html",
            page.site,
            words,
            home="../",
            address=address_of(ISSUE_INDEX, page.site),
            description=words.say("issues-of", title=page.site.title),
            scripted=False,
            issues=rows,
            issue_feeds=feeds,
        )

    return (Output(ISSUE_INDEX, (page.site, feeds, rows), make),)


def _row(issue: PastIssue, site: Site, words: Words) -> Row:
    counts = {"mail-new": issue.new, "mail-count-revised": issue.revised, "mail-count-withdrawn": issue.withdrawn}
    return Row(
        url=quote(issue.path.rpartition("/")[2]),
        title=issue.title,
        date=words.day(issue.day),
        moment=issue.day.isoformat(),
        facts=(
            words.say("mail-issue", number=issue.number),
            *(words.say(label, count=count) for label, count in counts.items() if count),
        ),
        titles=tuple(
            (item.entry.title, tongue(item.entry.lang or site.lang, site.lang)) for item in issue.items[:_TITLES]
        ),
        more=sum(counts.values()) > _TITLES,
    )
