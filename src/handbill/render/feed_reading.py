"""What a feed document says, as parsers read it that did not write it: the standard library's Expat, and `json`.

For what is no such document the readers raise one of `FAILURES`.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from xml.etree.ElementTree import XML, Element, ParseError

FAILURES = (ParseError, ValueError, KeyError, TypeError, IndexError, AttributeError)

_ATOM = "{http://www.w3.org/2005/Atom}"
_AT = "{http://purl.org/atompub/tombstones/1.0}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_FH = "{http://purl.org/syndication/history/1.0}"
_MEDIA = "{http://search.yahoo.com/mrss/}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ARCHIVES = ("current", "prev-archive", "next-archive")


class Entry(NamedTuple):
    """What a feed says of an entry; what it does not say is empty. In RSS the summary is HTML."""

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


class Document(NamedTuple):
    """What a feed says; what it does not say is empty."""

    id: str
    title: str
    description: str
    address: str
    page: str
    updated: datetime
    archive: bool
    hubs: tuple[str, ...]
    related: tuple[str, ...]
    archives: tuple[tuple[str, str], ...]
    tombstones: tuple[tuple[str, datetime, str], ...]
    entries: tuple[Entry, ...]


class _Children(dict[str, list[Element]]):
    """The children of an element by their tag, in their order."""

    def __init__(self, element: Element) -> None:
        for child in element:
            self.setdefault(child.tag, []).append(child)

    def all(self, tag: str) -> list[Element]:
        return self.get(tag, [])

    def text(self, tag: str, kind: str = "text") -> str:
        """The text of the one child *tag*, or nothing if there is none; *kind* is what Atom calls its type."""
        found = self.get(tag)
        if found is None:
            return ""
        only = found[0]
        if len(found) > 1 or len(only) or only.get("type", "text") != kind:
            raise ValueError(f"{tag} stands there {len(found)} times, has markup in it, or is no {kind}")
        return only.text or ""

    def texts(self, tag: str) -> tuple[str, ...]:
        return tuple([each.text or "" for each in self.get(tag, ())])

    def links(self) -> dict[str, list[str]]:
        """The addresses of Atom's links by relation."""
        found: dict[str, list[str]] = {}
        for link in self.get(_ATOM + "link", ()):
            found.setdefault(link.get("rel", "alternate"), []).append(link.attrib["href"])
        return found


def read_atom(data: bytes) -> Document:
    """What the Atom document *data* says."""
    children = _Children(XML(data))
    links = children.links()
    return Document(
        id=children.text(_ATOM + "id"),
        title=children.text(_ATOM + "title"),
        description=children.text(_ATOM + "subtitle"),
        address=links["self"][0],
        page=links["alternate"][0],
        updated=datetime.fromisoformat(children.text(_ATOM + "updated")),
        archive=_FH + "archive" in children,
        hubs=tuple(links.get("hub", ())),
        related=tuple(links.get("related", ())),
        archives=tuple((relation, links[relation][0]) for relation in _ARCHIVES if relation in links),
        tombstones=tuple(
            (each.attrib["ref"], datetime.fromisoformat(each.attrib["when"]), _Children(each).text(_AT + "comment"))
            for each in children.all(_AT + "deleted-entry")
        ),
        entries=tuple([_read_atom_entry(each) for each in children.all(_ATOM + "entry")]),
    )


def _read_atom_entry(element: Element) -> Entry:
    children = _Children(element)
    categories = [(each.get("scheme"), each.attrib["term"]) for each in children.all(_ATOM + "category")]
    return Entry(
        id=children.text(_ATOM + "id"),
        title=children.text(_ATOM + "title"),
        link=children.links()["alternate"][0],
        published=datetime.fromisoformat(children.text(_ATOM + "published")),
        updated=datetime.fromisoformat(children.text(_ATOM + "updated")),
        summary=children.text(_ATOM + "summary"),
        content=children.text(_ATOM + "content", "html"),
        authors=tuple([each.findtext(_ATOM + "name", "") for each in children.all(_ATOM + "author")]),
        categories=tuple([term for scheme, term in categories if scheme is None]),
        kind=next((term for scheme, term in categories if scheme is not None), ""),
        publisher=children.text(_DC + "publisher"),
        language=element.get(_LANG, ""),
        issued=children.text(_DCTERMS + "issued"),
        revised=children.text(_DCTERMS + "modified"),
        image=_image(children),
        enclosures=tuple(
            [
                (link.attrib["href"], link.attrib["type"], _size(link, "length"), link.get("title", ""))
                for link in children.all(_ATOM + "link")
                if link.get("rel") == "enclosure"
            ]
        ),
    )


def read_rss(data: bytes) -> Document:
    """What the RSS document *data* says."""
    children = _Children(XML(data)[0])
    links = children.links()
    return Document(
        id="",
        title=children.text("title"),
        description=children.text("description"),
        address=links["self"][0],
        page=children.text("link"),
        updated=parsedate_to_datetime(children.text("lastBuildDate")),
        archive=_FH + "archive" in children,
        hubs=tuple(links.get("hub", ())),
        related=tuple(links.get("related", ())),
        archives=tuple((relation, links[relation][0]) for relation in _ARCHIVES if relation in links),
        tombstones=(),
        entries=tuple([_read_rss_item(each) for each in children.all("item")]),
    )


def _read_rss_item(element: Element) -> Entry:
    children = _Children(element)
    categories = [(each.get("domain"), each.text or "") for each in children.all("category")]
    enclosures = tuple(_media(children))
    first = [(each.get("url"), each.get("type"), each.get("length")) for each in children.all("enclosure")]
    if [each.get("isPermaLink") for each in children.all("guid")] != ["false"]:
        raise ValueError("a guid that readers take for an address (isPermaLink)")
    if first != [(url, type_, str(length or 0)) for url, type_, length, _title in enclosures[:1]]:
        raise ValueError(f"enclosure {first} does not agree with media:content {enclosures[:1]}")
    return Entry(
        id=children.text("guid"),
        title=children.text("title"),
        link=children.text("link"),
        published=parsedate_to_datetime(children.text("pubDate")),
        updated=datetime.fromisoformat(children.text(_ATOM + "updated")),
        summary=children.text("description"),
        content=children.text(_CONTENT + "encoded"),
        authors=children.texts(_DC + "creator"),
        categories=tuple([value for domain, value in categories if domain is None]),
        kind=next((value for domain, value in categories if domain is not None), ""),
        publisher=children.text(_DC + "publisher"),
        language=children.text(_DC + "language"),
        issued=children.text(_DCTERMS + "issued"),
        revised=children.text(_DCTERMS + "modified"),
        image=_image(children),
        enclosures=enclosures,
    )


def _size(element: Element, name: str) -> int | None:
    """Bytes; none at all are as good as unknown."""
    return int(element.get(name, 0)) or None


def _media(children: _Children) -> Iterator[tuple[str, str, int | None, str]]:
    """The enclosures among the media: the entry's picture is the one whose type nobody stated."""
    for each in children.all(_MEDIA + "content"):
        if type_ := each.get("type"):
            yield each.attrib["url"], type_, _size(each, "fileSize"), each.findtext(_MEDIA + "title", "")


def _image(children: _Children) -> tuple[str, str]:
    for each in children.all(_MEDIA + "content"):
        if not each.get("type"):
            return each.attrib["url"], each.findtext(_MEDIA + "description", "")
    return "", ""


def read_json(data: bytes) -> Document:
    """What the JSON Feed document *data* says."""
    read = json.loads(data)
    own = read["_handbill"]
    return Document(
        id=own["id"],
        title=read["title"],
        description=read.get("description", ""),
        address=read["feed_url"],
        page=read["home_page_url"],
        updated=datetime.fromisoformat(own["updated"]),
        archive=False,
        hubs=tuple(hub["url"] for hub in read.get("hubs", [])),
        related=tuple(link["url"] for link in own.get("links", [])),
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


def _read_json_item(read: dict[str, Any]) -> Entry:
    own = read.get("_handbill", {})
    return Entry(
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
            (each["url"], each["mime_type"], each.get("size_in_bytes") or None, each.get("title", ""))
            for each in read.get("attachments", [])
        ),
    )
