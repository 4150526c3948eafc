"""A feed as feedgen's generator: what feedgen sets itself, and an extension for archives, tombstones and links."""

from email.utils import format_datetime

from feedgen.ext.base import BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from handbill.dates import rfc3339
from handbill.published import Feed, Tombstone
from handbill.render import offered
from handbill.render.address import address_of, uri
from handbill.render.feedgen_item import ATOM, NAMESPACES
from handbill.render.legal import legal

_AT = "http://purl.org/atompub/tombstones/1.0"
_FH = "http://purl.org/syndication/history/1.0"


class FeedExtension(BaseExtension):  # type: ignore[misc]
    """What a *feed* has beyond feedgen's own elements."""

    feed: Feed

    def extend_ns(self) -> dict[str, str]:
        """The namespaces of the feed and of any entry."""
        own = {"at": _AT} if self.feed.tombstones else {}
        return NAMESPACES | own | ({"fh": _FH} if self.feed.archive else {})

    def extend_atom(self, root: etree._Element) -> etree._Element:
        """Complete the Atom feed *root*."""
        if self.feed.archive:
            etree.SubElement(root, f"{{{_FH}}}archive")
        for tombstone in self.feed.tombstones:
            _deleted_entry(root, tombstone)
        return root

    def extend_rss(self, root: etree._Element) -> etree._Element:
        """Complete the RSS feed *root*."""
        channel = root[0]
        etree.SubElement(channel, "lastBuildDate").text = format_datetime(self.feed.updated)
        for link in _links(self.feed):
            etree.SubElement(channel, f"{{{ATOM}}}link", link)
        if self.feed.archive:
            etree.SubElement(channel, f"{{{_FH}}}archive")
        return root


def _deleted_entry(root: etree._Element, tombstone: Tombstone) -> None:
    """RFC 6721 section 3."""
    when = rfc3339(tombstone.when)
    deleted = etree.SubElement(root, f"{{{_AT}}}deleted-entry", ref=legal(offered.atom_id(tombstone.id)), when=when)
    comment = etree.SubElement(deleted, f"{{{_AT}}}comment")
    comment.text = legal(f"{tombstone.title}: {tombstone.comment}" if tombstone.comment else tombstone.title)


def _links(feed: Feed) -> list[dict[str, str]]:
    """The links of *feed* beside the one to itself and the one to its page."""
    site = feed.site
    found = [{"rel": "hub", "href": uri(hub)} for hub in site.hubs]
    for relation, path in (
        ("current", feed.current),
        ("prev-archive", feed.prev_archive),
        ("next-archive", feed.next_archive),
    ):
        if path is not None:
            found.append({"rel": relation, "href": address_of(path, site), "type": "application/atom+xml"})
    if site.license and _is_address(site.license):
        found.append({"rel": "license", "href": uri(site.license)})
    return found + [{"rel": "related", "href": uri(link.url), "title": legal(link.title)} for link in site.link]


def _is_address(text: str) -> bool:
    """Whether *text*, which may be words as well, is a web address."""
    return text.startswith(("http://", "https://")) and not any(map(str.isspace, text))


def generator(feed: Feed, media_type: str) -> FeedGenerator:
    """The generator for *feed* without its entries; *media_type* is the one of the document itself."""
    site = feed.site
    made = FeedGenerator()
    made.id(legal(feed.id))
    made.title(legal(feed.title))
    made.updated(feed.updated)
    # feedgen would write lastBuildDate by changing the locale of the whole process; the extension writes it.
    made._FeedGenerator__rss_lastBuildDate = None
    made.generator("Handbill")
    made.docs("")
    name = legal(" ".join((site.author or site.title).split()))
    made.author({"name": name, "email": legal(site.email)} if site.email else {"name": name})
    if site.email:
        made.managingEditor(f"{legal(site.email)} ({name})")
    made.link({"rel": "self", "href": address_of(feed.path, site), "type": media_type})
    for link in _links(feed):
        made.link(link)
    made.link({"rel": "alternate", "href": uri(site.base), "type": "text/html"})  # the last: RSS takes that one
    if description := offered.description(site):
        made.subtitle(legal(description))
    made.language(legal(site.lang))
    if site.icon:
        made.icon(uri(site.icon))
    if site.logo:
        made.logo(uri(site.logo))
        made.image(uri(site.logo), title=legal(feed.title), link=uri(site.base))
    if site.license:
        made.rights(legal(site.license))
    made.register_extension("handbill", FeedExtension)
    made.handbill.feed = feed
    return made


def document(body: bytes, path: str) -> bytes:
    """The XML document with root *body* that stands at *path*, styled for people who open it in a browser."""
    style = "../" * path.count("/") + "feed.css"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/css" href="{style}"?>\n'.encode() + body
    )
