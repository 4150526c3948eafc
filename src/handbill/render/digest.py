"""An issue of the digest: subject, HTML with its CSS inlined, and plain text, from the templates ``digest.*``."""

import logging
import re
import sys
from functools import cache
from types import ModuleType
from typing import Any

import jinja2
from markupsafe import Markup

from handbill.failure import FailureError
from handbill.published import ISSUE_FEED, ISSUE_INDEX, Issue
from handbill.render.address import address_of, uri
from handbill.render.composed import LEAVE, Composed, mailto
from handbill.render.digest_view import LONG, Place, Section, capitalised, preheader, sections_of, with_room_for
from handbill.render.headers import one_line
from handbill.render.templating import TemplateError, is_own, render, source_of
from handbill.render.words import direction, same_language, words_in
from handbill.render.wrapping import underlined, wrap

MOST = 100_000
"""The most bytes of HTML: beyond 102 KB Gmail hides what follows."""

_STYLE = 66  # bytes, about, that inlining adds to a heading, paragraph or link; if wrong, it costs another round
_SAMPLE = 50  # so many entries tell about how many have room
_STYLED = re.compile(r"<(?:h[1-6]|p|a)[ >]")
_SELECTORS = re.compile(r"([^\s{};@][^{};]*)\{")
_PLACEHOLDER = re.compile(r"\{(month|year|number|title|count)\}")
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class TooLargeError(FailureError):
    """What every issue has leaves no room for an entry."""

    status = 1


def compose(issue: Issue, templates: jinja2.Environment, *, for_web: bool = False) -> Composed:
    """The *issue* as everybody gets it, or, *for_web*, as its copy on the web: without the way to leave.

    The same values make the same bytes. Raises TemplateError for a mistake in a template, and TooLargeError.
    """
    values = _values(issue, for_web)
    everything = sections_of(issue)
    values["preheader"] = preheader(issue, everything)
    sections, html = _html(everything, templates, values)
    text = _clean(render(templates, "digest.txt", sections=sections, wrap=wrap, underlined=underlined, **values))
    if values["leave"] == LEAVE:
        for name, made in (("digest.html", html), ("digest.txt", text)):
            if LEAVE not in made:
                raise TemplateError(name, 1, "says nowhere how to leave: it must show {{ leave }}", own=True)
    return Composed(subject(issue), html, re.sub(r"\n{3,}", "\n\n", text).strip() + "\n")


def side_by_side(composed: Composed, templates: jinja2.Environment) -> str:
    """A page for who makes the list: the HTML of *composed* (the file ``digest.html``) beside its plain text."""
    words = words_in("en")
    html_size, text_size = (words.size(len(each.encode())) for each in (composed.html, composed.text))
    return render(
        templates,
        "digest-preview.html",
        subject=composed.subject,
        text=composed.text,
        html_size=html_size,
        text_size=text_size,
    )


def subject(issue: Issue) -> str:
    """The subject line of *issue*, as its editor words it; a number that is not known yet is ``?``."""
    words, day = words_in(issue.site.lang), issue.month_of
    values = {
        "month": words.month_name(day),
        "year": f"{day.year:04}",
        "number": "?" if issue.number is None else str(issue.number),
        "title": issue.site.title,
        "count": words.number(len(issue.new) + len(issue.revised) + len(issue.withdrawn)),
    }
    return one_line(_PLACEHOLDER.sub(lambda found: values[found[1]], issue.digest.subject))


def _values(issue: Issue, for_web: bool) -> dict[str, object]:
    site, digest, words = issue.site, issue.digest, words_in(issue.site.lang)
    intro, intro_text = _intro(digest.intro or site.intro or "", site.base)
    foreign = ""
    if not same_language(words.labels_lang, site.lang):
        foreign = Markup(f' lang="{words.labels_lang}" dir="{direction(words.labels_lang)}"')
    return {
        "site": site,
        "digest": digest,
        "issue": issue,
        "words": words,
        "foreign": foreign,
        "dir": direction(site.lang),
        "subject": subject(issue),
        "month": capitalised(words.month(issue.month_of)),
        "intro": intro,
        "intro_text": intro_text,
        "page_url": uri(site.base),
        "places": (
            Place(words.say("mail-page"), uri(site.base), True),
            Place(words.say("mail-feed"), address_of("atom.xml", site), True),
            *(Place(link.title, uri(link.url), False) for link in site.link),
        ),
        "view_url": address_of(issue.view_path, site) if issue.view_path else "",
        "issues_url": address_of(ISSUE_INDEX, site) if for_web else "",
        "issues_feed": address_of(ISSUE_FEED, site) if for_web else "",
        "contents": len(issue.new) >= LONG,
        "for_web": for_web,
        "why": words.say("mail-why-list", list=digest.to) if digest.to else words.say("mail-why", title=site.title),
        "leave": "" if for_web else _leave(issue),
    }


def _intro(text: str, base: str) -> tuple[Markup, str]:
    """The opening words as HTML and as plain text."""
    if not text:
        return Markup(), ""
    from handbill.render.digest_markdown import to_mail_html, to_text

    return Markup(to_mail_html(text, base)), to_text(text, base)


def _leave(issue: Issue) -> str:
    """Where to leave: each recipient's own place; the one that the file names when the issue goes to a list."""
    digest = issue.digest
    if not digest.to:
        return LEAVE
    return digest.leave_url or mailto(digest.leave_mailto or "")


def _html(
    sections: tuple[Section, ...], templates: jinja2.Environment, values: dict[str, object]
) -> tuple[tuple[Section, ...], str]:
    """What of *sections* makes at most `MOST` bytes of HTML, and that HTML."""

    def made(number: int) -> tuple[tuple[Section, ...], str, int]:
        some = with_room_for(number, sections)
        html = _clean(render(templates, "digest.html", sections=some, **values))
        return some, html, _size_inlined(html)

    total = number = sum(section.total for section in sections)
    if total > 2 * _SAMPLE:
        likely = int(_SAMPLE * MOST / made(_SAMPLE)[2])
        number = total if 2 * likely > total else likely + _SAMPLE // 5  # a good guess, if it is far from all
    while True:
        some, html, size = made(number)
        if size <= MOST or number == 0 or (number == total and size <= MOST * 1.1):
            html = _inlined(html, templates)
            size = len(html.encode())
            if size <= MOST:
                return some, html
            if number == 0:
                raise TooLargeError(
                    f"the digest takes {size // 1000} KB before its first entry, and mail programs hide what is over "
                    f"{MOST // 1000} KB: shorten its intro or address, the site's title or links, or your own templates"
                )
        number = min(number - 1, int(number * MOST / size))


def _inlined(html: str, templates: jinja2.Environment) -> str:
    try:
        return inlined(html)
    except ValueError as error:
        line = _line_of_selector(source_of(templates, "digest.css"))
        name = "digest.css" if line else "digest.html"
        raise TemplateError(name, line, str(error), is_own(templates, name)) from error


def _line_of_selector(css: str) -> int:
    """On which line of *css* the first selector stands that cannot be looked for; 0 if there is none."""
    from lxml.cssselect import CSSSelector
    from lxml.etree import Element, LxmlError

    for found in _SELECTORS.finditer(css):
        for selector in found[1].split(","):  # as premailer does
            try:
                CSSSelector(selector)(Element("p"))
            except (SyntaxError, LxmlError):
                return css.count("\n", 0, found.start(1)) + 1
    return 0


def _size_inlined(html: str) -> int:
    """About as many bytes as *html* has once its CSS is inlined: each round of that costs more than all the rest."""
    return len(html.encode()) + _STYLE * len(_STYLED.findall(html))


def inlined(html: str) -> str:
    """*html* with the rules of its style sheets in ``style`` attributes; a sheet that asks to be ignored stays.

    Raises ValueError for what is no document, or holds a selector that cannot be looked for.
    """
    inliner = _premailer()(
        allow_network=False,
        strip_important=False,
        disable_validation=True,
        cssutils_logging_level=logging.CRITICAL,
        disable_basic_attributes=["height"],
    )
    from lxml.etree import LxmlError, ParserError

    try:
        return str(inliner.transform(html, pretty_print=False))
    except (AttributeError, ParserError):  # there is nothing in it
        raise ValueError("makes no document: there must be something in it for people to read") from None
    except (SyntaxError, LxmlError) as error:  # of cssselect, and of what lxml makes of it
        raise ValueError(f"has a selector that cannot be looked for ({error}): name elements and classes") from None


@cache
def _premailer() -> Any:
    """`premailer.Premailer`, without requests: loading that takes half as long as all the rest of it.

    It is there for style sheets from the web, which are never loaded here (``allow_network=False``).
    """
    absent = "requests" not in sys.modules
    if absent:
        sys.modules["requests"] = ModuleType("requests")
    try:
        from premailer import Premailer
    finally:
        if absent:
            del sys.modules["requests"]
    return Premailer


def _clean(text: str) -> str:
    return _NOT_IN_HTML.sub("\ufffd", text)
