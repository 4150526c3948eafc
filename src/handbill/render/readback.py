"""The check before a feed replaces the old one: read back, it must say what was meant.

The reading shares no code with the writing: lxml alone for XML, `json` for JSON.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, Literal, NamedTuple, TypeAlias

from lxml import etree

from handbill.model import Site
from handbill.published import Feed, Item
from handbill.render import notice
from handbill.render.address import address_of, uri
from handbill.render.feedgen_item import shown_content, shown_enclosures
from handbill.render.legal import legal

Format: TypeAlias = Literal["atom", "rss", "json"]


class NotAsMeantError(Exception):
    """A feed that was made says something else than was meant; the message tells what."""


class _Entry(NamedTuple):
    id: str
    title: str
    link: str
    published: datetime
    updated: datetime
    summary: str
    content: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    kind: str
    publisher: str
    language: str
    issued: str
    revised: str
    image: tuple[str, str]
    enclosures: tuple[tuple[str, str, int | None, str], ...]


class _Document(NamedTuple):
    title: str
    address: str
    page: str
    updated: datetime
    hubs: tuple[str, ...]
    archives: tuple[tuple[str, str], ...]
    tombstones: tuple[tuple[str, datetime, str], ...]
    entries: tuple[_Entry, ...]


def check(feed: Feed, data: bytes, format: Format) -> None:  # noqa: A002 - the word of the field
    """Read *data*, a document of the *format* named, and compare it with *feed*.

    Raises NotAsMeantError when it cannot be read or says something else.
    """
    reader = {"atom": _read_atom, "rss": _read_rss, "json": _read_json}[format]
    try:
        found = reader(data)
    except (etree.XMLSyntaxError, ValueError, KeyError, TypeError, IndexError) as error:
        raise NotAsMeantError(f"{feed.path} cannot be read back: {error}") from error
    meant = _meant(feed, format)
    if found != meant:
        raise NotAsMeantError(f"{feed.path} read back differs from what was meant: {_difference(meant, found)}")


def _difference(meant: _Document, found: _Document) -> str:
    for field, one, other in zip(_Document._fields[:-1], meant, found, strict=False):
        if one != other:
            return f"its {field}: {other!r} instead of {one!r}"
    if len(meant.entries) != len(found.entries):
        return f"{len(found.entries)} entries instead of {len(meant.entries)}"
    for number, (one, other) in enumerate(zip(meant.entries, found.entries, strict=True), 1):
        for field, value, instead in zip(_Entry._fields, one, other, strict=True):
            if value != instead:
                return f"{field} of entry {number} ({one.title!r}): {instead!r} instead of {value!r}"
    return "no difference"


def _meant(feed: Feed, format: Format) -> _Document:  # noqa: A002
    site = feed.site
    paths = {"current": feed.current, "prev-archive": feed.prev_archive, "next-archive": feed.next_archive}
    archives = tuple((relation, address_of(path, site)) for relation, path in paths.items() if path is not None)
    stones = tuple(
        (legal(each.id), each.when, legal(f"{each.title}: {each.comment}" if each.comment else each.title))
        for each in feed.tombstones
    )
    return _Document(
        title=legal(feed.title),
        address=address_of(feed.path, site),
        page=uri(site.base),
        updated=feed.updated,
        hubs=tuple(uri(hub) for hub in site.hubs),
        archives=() if format == "json" else archives,
        tombstones=() if format == "rss" else stones,
        entries=tuple(_meant_entry(item, site) for item in feed.items),
    )


def _meant_entry(item: Item, site: Site) -> _Entry:
    entry = item.entry
    image = (uri(entry.image), legal(entry.image_alt or "")) if entry.image and not item.withdrawn else ("", "")
    return _Entry(
        id=legal(item.id),
        title=legal(notice.title(item)),
        link=uri(item.link),
        published=item.published,
        updated=item.updated,
        summary=legal(notice.summary(item) or ""),
        content=legal(shown_content(item, site) or ""),
        authors=tuple(map(legal, entry.authors)),
        categories=tuple(map(legal, entry.categories)),
        kind=legal(entry.kind or ""),
        publisher=legal(entry.publisher or ""),
        language=entry.lang or "",
        issued=str(entry.issued or ""),
        revised=str(entry.revised or ""),
        image=image,
        enclosures=tuple((uri(e.url), e.type, e.length, legal(e.title or "")) for e in shown_enclosures(item)),
    )


_ATOM = "{http://www.w3.org/2005/Atom}"
_AT = "{http://purl.org/atompub/tombstones/1.0}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ARCHIVES = ("current", "prev-archive", "next-archive")


def _parse(data: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=True)
    return etree.fromstring(data, parser)


def _read_atom(data: bytes) -> _Document:
    root = _parse(data)
    links = [(link.get("rel") or "alternate", link.get("href") or "") for link in root.iterchildren(_ATOM + "link")]
    by_relation = dict(reversed(links))
    return _Document(
        title=_text(root, _ATOM + "title"),
        address=by_relation["self"],
        page=by_relation["alternate"],
        updated=datetime.fromisoformat(_text(root, _ATOM + "updated")),
        hubs=tuple(href for relation, href in links if relation == "hub"),
        archives=tuple((relation, by_relation[relation]) for relation in _ARCHIVES if relation in by_relation),
        tombstones=tuple(
            (_attribute(each, "ref"), datetime.fromisoformat(_attribute(each, "when")), _text(each, _AT + "comment"))
            for each in root.iterchildren(_AT + "deleted-entry")
        ),
        entries=tuple(_read_atom_entry(each) for each in root.iterchildren(_ATOM + "entry")),
    )


def _read_atom_entry(element: etree._Element) -> _Entry:
    links = [(link.get("rel") or "alternate", link) for link in element.iterchildren(_ATOM + "link")]
    categories = [(each.get("scheme"), _attribute(each, "term")) for each in element.iterchildren(_ATOM + "category")]
    return _Entry(
        id=_text(element, _ATOM + "id"),
        title=_text(element, _ATOM + "title"),
        link=next(_attribute(link, "href") for relation, link in links if relation == "alternate"),
        published=datetime.fromisoformat(_text(element, _ATOM + "published")),
        updated=datetime.fromisoformat(_text(element, _ATOM + "updated")),
        summary=_text(element, _ATOM + "summary"),
        content=_text(element, _ATOM + "content"),
        authors=tuple(_text(each, _ATOM + "name") for each in element.iterchildren(_ATOM + "author")),
        categories=tuple(term for scheme, term in categories if scheme is None),
        kind=next((term for scheme, term in categories if scheme is not None), ""),
        publisher=_text(element, _DC + "publisher"),
        language=element.get(_LANG) or "",
        issued=_text(element, _DCTERMS + "issued"),
        revised=_text(element, _DCTERMS + "modified"),
        image=_image(element),
        enclosures=tuple(
            (_attribute(link, "href"), _attribute(link, "type"), _size(link, "length"), link.get("title") or "")
            for relation, link in links
            if relation == "enclosure"
        ),
    )


def _read_rss(data: bytes) -> _Document:
    channel = _parse(data)[0]
    links = [(_attribute(link, "rel"), _attribute(link, "href")) for link in channel.iterchildren(_ATOM + "link")]
    by_relation = dict(reversed(links))
    return _Document(
        title=_text(channel, "title"),
        address=by_relation["self"],
        page=_text(channel, "link"),
        updated=parsedate_to_datetime(_text(channel, "lastBuildDate")),
        hubs=tuple(href for relation, href in links if relation == "hub"),
        archives=tuple((relation, by_relation[relation]) for relation in _ARCHIVES if relation in by_relation),
        tombstones=(),
        entries=tuple(_read_rss_item(each) for each in channel.iterchildren("item")),
    )


def _read_rss_item(element: etree._Element) -> _Entry:
    categories = [(each.get("domain"), each.text or "") for each in element.iterchildren("category")]
    enclosures = tuple(_media(element))
    first = [(each.get("url"), each.get("type"), each.get("length")) for each in element.iterchildren("enclosure")]
    if first != [(url, type_, str(length or 0)) for url, type_, length, _title in enclosures[:1]]:
        raise ValueError(f"enclosure {first} does not agree with media:content {enclosures[:1]}")
    return _Entry(
        id=_text(element, "guid"),
        title=_text(element, "title"),
        link=_text(element, "link"),
        published=parsedate_to_datetime(_text(element, "pubDate")),
        updated=datetime.fromisoformat(_text(element, _ATOM + "updated")),
        summary=unescape(_text(element, "description")),
        content=_text(element, _CONTENT + "encoded"),
        authors=tuple(each.text or "" for each in element.iterchildren(_DC + "creator")),
        categories=tuple(value for domain, value in categories if domain is None),
        kind=next((value for domain, value in categories if domain is not None), ""),
        publisher=_text(element, _DC + "publisher"),
        language=_text(element, _DC + "language"),
        issued=_text(element, _DCTERMS + "issued"),
        revised=_text(element, _DCTERMS + "modified"),
        image=_image(element),
        enclosures=enclosures,
    )


def _text(element: etree._Element, path: str) -> str:
    return element.findtext(path) or ""


def _attribute(element: etree._Element, name: str) -> str:
    value = element.get(name)
    if value is None:
        raise ValueError(f"{element.tag} without {name}")
    return value


def _size(element: etree._Element, name: str) -> int | None:
    value = element.get(name)
    return None if value is None else int(value)


def _media(element: etree._Element) -> Iterator[tuple[str, str, int | None, str]]:
    """The enclosures among the media of *element*: the entry's picture is the one whose type nobody stated."""
    for each in element.iterchildren(_MEDIA + "content"):
        if type_ := each.get("type"):
            yield _attribute(each, "url"), type_, _size(each, "fileSize"), _text(each, _MEDIA + "title")


def _image(element: etree._Element) -> tuple[str, str]:
    for each in element.iterchildren(_MEDIA + "content"):
        if not each.get("type"):
            return _attribute(each, "url"), _text(each, _MEDIA + "description")
    return "", ""


def _read_json(data: bytes) -> _Document:
    read = json.loads(data)
    own = read["_handbill"]
    return _Document(
        title=read["title"],
        address=read["feed_url"],
        page=read["home_page_url"],
        updated=datetime.fromisoformat(own["updated"]),
        hubs=tuple(hub["url"] for hub in read.get("hubs", [])),
        archives=(),
        tombstones=tuple(
            (
                each["id"],
                datetime.fromisoformat(each["when"]),
                f"{each['title']}: {each['comment']}" if "comment" in each else each["title"],
            )
            for each in own.get("deleted", [])
        ),
        entries=tuple(_read_json_item(each) for each in read["items"]),
    )


def _read_json_item(read: dict[str, Any]) -> _Entry:
    own = read.get("_handbill", {})
    return _Entry(
        id=read["id"],
        title=read["title"],
        link=read["url"],
        published=datetime.fromisoformat(read["date_published"]),
        updated=datetime.fromisoformat(read["date_modified"]),
        summary=read.get("summary", ""),
        content=read.get("content_html", ""),
        authors=tuple(author["name"] for author in read.get("authors", [])),
        categories=tuple(read.get("tags", [])),
        kind=own.get("kind", ""),
        publisher=own.get("publisher", ""),
        language=read.get("language", ""),
        issued=own.get("issued", ""),
        revised=own.get("revised", ""),
        image=(read.get("image", ""), own.get("image_alt", "") if "image" in read else ""),
        enclosures=tuple(
            (each["url"], each["mime_type"], each.get("size_in_bytes"), each.get("title", ""))
            for each in read.get("attachments", [])
        ),
    )
