"""The check before a feed replaces the old one: read back, it must say what was meant."""

from html import escape
from typing import Literal, TypeAlias

from handbill.model import Site
from handbill.published import Feed, Item
from handbill.render import offered
from handbill.render.address import address_of, uri
from handbill.render.feed_reading import FAILURES, Document, Entry, read_atom, read_json, read_rss
from handbill.render.legal import legal

Format: TypeAlias = Literal["atom", "rss", "json"]

_PATHS = {"rss": "rss.xml", "json": "feed.json"}
"""Where there is but one document in a format, it stands here, below feeds/."""


class NotAsMeantError(Exception):
    """A feed that was made says something else than was meant; the message tells what."""


def check(feed: Feed, data: bytes, form: Format) -> None:
    """Read *data*, a document in the format *form*, and compare it with *feed*.

    Raises NotAsMeantError when it cannot be read or says something else.
    """
    reader = {"atom": read_atom, "rss": read_rss, "json": read_json}[form]
    try:
        found = reader(data)
    except FAILURES as error:
        raise NotAsMeantError(f"{feed.path} cannot be read back: {error}") from error
    meant = _meant(feed, form)
    if found != meant:
        raise NotAsMeantError(f"{feed.path} read back differs from what was meant: {_difference(meant, found)}")


def _difference(meant: Document, found: Document) -> str:
    for field, one, other in zip(Document._fields[:-1], meant, found, strict=False):
        if one != other:
            return f"its {field}: {other!r} instead of {one!r}"
    if len(meant.entries) != len(found.entries):
        return f"{len(found.entries)} entries instead of {len(meant.entries)}"
    for number, (one, other) in enumerate(zip(meant.entries, found.entries, strict=True), 1):
        for field, value, instead in zip(Entry._fields, one, other, strict=True):
            if value != instead:
                return f"{field} of entry {number} ({one.title!r}): {instead!r} instead of {value!r}"
    return "no difference"


def _meant(feed: Feed, form: Format) -> Document:
    site = feed.site
    paths = {"current": feed.current, "prev-archive": feed.prev_archive, "next-archive": feed.next_archive}
    archives = tuple((relation, address_of(path, site)) for relation, path in paths.items() if path is not None)
    stones = tuple(
        (
            legal(offered.atom_id(each.id) if form == "atom" else each.id),
            each.when,
            legal(f"{each.title}: {each.comment}" if each.comment else each.title),
        )
        for each in feed.tombstones
    )
    return Document(
        id="" if form == "rss" else legal(feed.id),
        title=legal(feed.title),
        description=legal(offered.description(site) or (feed.title if form == "rss" else "")),
        address=address_of(_PATHS.get(form, feed.path), site),
        page=uri(site.base),
        updated=feed.updated,
        archive=feed.archive and form != "json",
        hubs=tuple(uri(hub) for hub in site.hubs),
        related=tuple(uri(link.url) for link in site.link),
        archives=() if form == "json" else archives,
        tombstones=() if form == "rss" else stones,
        entries=tuple([_meant_entry(item, site, form) for item in feed.items]),
    )


def _meant_entry(item: Item, site: Site, form: Format) -> Entry:
    entry = item.entry
    summary, content, image = offered.summary(item, site) or "", offered.content(item, site) or "", offered.image(item)
    if form == "rss":  # its description is HTML, and has the content where there is no summary
        summary, content = (escape(summary, quote=False), content) if summary else (content, "")
    return Entry(
        id=legal(offered.atom_id(item.id) if form == "atom" else item.id),
        title=legal(offered.title(item, site)),
        link=uri(item.link),
        published=item.published,
        updated=item.updated,
        summary=legal(summary),
        content=content,
        authors=tuple(map(legal, entry.authors)),
        categories=tuple(map(legal, entry.categories)),
        kind=legal(entry.kind or ""),
        publisher=legal(entry.publisher or ""),
        language=entry.lang or "",
        issued=str(entry.issued or ""),
        revised=str(entry.revised or ""),
        image=(uri(image), legal(entry.image_alt or "")) if image else ("", ""),
        enclosures=tuple(
            [
                (uri(each.url), each.type, each.length or None, legal(each.title or ""))
                for each in offered.enclosures(item)
            ]
        ),
    )
