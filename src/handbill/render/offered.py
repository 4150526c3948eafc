"""What feeds offer of a site, and of an item: its own words and files, or, once it was taken back, that it was."""

import re
from uuid import NAMESPACE_URL, uuid5

from handbill.model import Enclosure, Site
from handbill.published import Item
from handbill.render.legal import legal
from handbill.render.markdown import to_html, to_plain

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")


def description(site: Site) -> str | None:
    """What *site* is about, as plain text: its own sentence, or else its opening words."""
    return site.description or (to_plain(site.intro) or None if site.intro else None)


def atom_id(id_: str) -> str:
    """The identifier *id_* as Atom allows it, which wants an IRI (RFC 4287 section 4.2.6).

    One that was carried over from elsewhere and is none, such as RSS allows, stands under an IRI made of it.
    """
    return id_ if _IRI.fullmatch(id_) else f"urn:uuid:{uuid5(NAMESPACE_URL, id_)}"


def title(item: Item, site: Site) -> str:
    """The title of *item*, an entry of *site*."""
    if not item.withdrawn:
        return item.entry.title
    from handbill.render.words import words_in

    return f"{words_in(item.entry.lang or site.lang).say('withdrawn')}: {item.entry.title}"


def summary(item: Item, site: Site) -> str | None:
    """The summary of *item*, an entry of *site*, as plain text."""
    if not item.withdrawn:
        return item.entry.summary
    from handbill.render.words import words_in

    words, reason = words_in(item.entry.lang or site.lang), item.entry.withdrawn_reason
    said = words.say("withdrawn-explained" if reason else "withdrawn-on", date=words.day(item.withdrawn))
    return f"{said} {reason}" if reason else said


def content(item: Item, site: Site) -> str | None:
    """The long text of *item*, an entry of *site*, as HTML."""
    if item.withdrawn or not item.entry.content:
        return None
    html = to_html(legal(item.entry.content), site.base).strip()
    return legal(html) or None  # again: "&#11;" has become the character


def enclosures(item: Item) -> tuple[Enclosure, ...]:
    """The enclosures of *item*."""
    return () if item.withdrawn else item.entry.enclosure


def image(item: Item) -> str | None:
    """The address of the picture of *item*."""
    return None if item.withdrawn else item.entry.image
