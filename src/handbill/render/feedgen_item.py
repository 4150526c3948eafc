"""An item as feedgen's entry: what feedgen sets itself, and an extension for all that it has no room for.

Some elements come before feedgen's own on purpose: feedparser takes ``dcterms:issued`` for the time of publication
unless the entry's own comes after it.
"""

from email.utils import format_datetime
from html import escape

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension
from lxml import etree

from handbill.model import Enclosure, Site
from handbill.published import Item
from handbill.render import offered
from handbill.render.address import address_of, uri
from handbill.render.legal import legal

ATOM = "http://www.w3.org/2005/Atom"
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
}
"""What an entry may use, by prefix."""
_DC = f"{{{NAMESPACES['dc']}}}"
_DCTERMS = f"{{{NAMESPACES['dcterms']}}}"
_MEDIA = f"{{{NAMESPACES['media']}}}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class ItemExtension(BaseEntryExtension):  # type: ignore[misc]
    """What an *item* has beyond feedgen's own elements."""

    item: Item

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Complete the Atom *entry*."""
        item = self.item
        if item.entry.lang:
            entry.set(_LANG, item.entry.lang)
        self._dates(entry)
        for enclosure in offered.enclosures(item):
            link = etree.SubElement(entry, "link", rel="enclosure", href=uri(enclosure.url), type=enclosure.type)
            if enclosure.length is not None:
                link.set("length", str(enclosure.length))
            if enclosure.title:
                link.set("title", legal(enclosure.title))
        self._facts(entry)
        return entry

    def extend_rss(self, entry: etree._Element) -> etree._Element:
        """Complete the RSS item *entry*."""
        item = self.item
        self._dates(entry)
        _sub(entry, "pubDate", format_datetime(item.published))
        _sub(entry, f"{{{ATOM}}}updated", item.updated.isoformat())
        for author in item.entry.authors:
            _sub(entry, _DC + "creator", author)
        if item.entry.lang:
            _sub(entry, _DC + "language", item.entry.lang)
        enclosures = offered.enclosures(item)
        for first in enclosures[:1]:
            length = str(first.length or 0)
            etree.SubElement(entry, "enclosure", url=uri(first.url), length=length, type=first.type)
        for enclosure in enclosures:
            _media_content(entry, enclosure)
        self._facts(entry)
        return entry

    def _dates(self, element: etree._Element) -> None:
        for name, known in (("modified", self.item.entry.revised), ("issued", self.item.entry.issued)):
            if known:
                date = etree.Element(_DCTERMS + name)
                date.text = str(known)
                element.insert(0, date)

    def _facts(self, element: etree._Element) -> None:
        entry = self.item.entry
        if entry.publisher:
            _sub(element, _DC + "publisher", entry.publisher)
        if entry.kind:
            _sub(element, _DC + "type", entry.kind)
        if image := offered.image(self.item):
            picture = etree.SubElement(element, _MEDIA + "content", url=uri(image), medium="image")
            if entry.image_alt:
                _sub(picture, _MEDIA + "description", entry.image_alt).set("type", "plain")
            etree.SubElement(element, _MEDIA + "thumbnail", url=uri(image))


def _sub(parent: etree._Element, tag: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, tag)
    element.text = legal(text)
    return element


def _media_content(parent: etree._Element, enclosure: Enclosure) -> None:
    content = etree.SubElement(parent, _MEDIA + "content", url=uri(enclosure.url), type=enclosure.type)
    if enclosure.length:
        content.set("fileSize", str(enclosure.length))
    medium = enclosure.type.partition("/")[0].lower()
    if medium in ("audio", "video", "image"):
        content.set("medium", medium)
    if enclosure.title:
        _sub(content, _MEDIA + "title", enclosure.title).set("type", "plain")


def _entry(item: Item, site: Site) -> FeedEntry:
    entry = FeedEntry()
    entry.id(legal(item.id))
    entry.title(legal(offered.title(item, site)))
    entry.updated(item.updated)
    entry.link(href=uri(item.link), rel="alternate")
    categories = [{"term": legal(each)} for each in item.entry.categories]
    if item.entry.kind:
        categories.append({"term": legal(item.entry.kind), "scheme": address_of("kind/", site)})
    entry.category(categories)
    entry.register_extension("handbill", ItemExtension)
    entry.handbill.item = item
    return entry


def atom_element(item: Item, site: Site) -> etree._Element:
    """The ``entry`` element of *item* (RFC 4287 section 4.1.2)."""
    entry = _entry(item, site)
    entry.id(legal(offered.atom_id(item.id)))
    entry.published(item.published)
    entry.author([{"name": legal(name)} for name in item.entry.authors])
    summary, content = offered.summary(item, site), offered.content(item, site)
    if summary:
        entry.summary(legal(summary))
    if content:
        entry.content(content, type="html")
    element: etree._Element = entry.atom_entry()
    return element


def rss_entry(item: Item, site: Site) -> FeedEntry:
    """The entry from which feedgen makes the RSS ``item`` of *item*.

    A description is HTML by custom, so plain text is escaped for it; without a summary, feedgen puts the content there.
    feedgen's pubDate would change the locale of the whole process for a moment, so the extension writes it.
    """
    entry = _entry(item, site)
    summary, content = offered.summary(item, site), offered.content(item, site)
    if summary:
        entry.description(legal(escape(summary, quote=False)), isSummary=True)
    if content:
        entry.content(content)
    return entry
