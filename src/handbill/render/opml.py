"""All feeds in one file that a feed reader imports: OPML 2.0 (http://opml.org/spec2.opml)."""

from itertools import groupby

from lxml import etree

from handbill.published import FeedLink, Page
from handbill.render.address import address_of, uri
from handbill.render.legal import legal


def opml(page: Page) -> bytes:
    """The OPML document that lists the feeds of *page*; feeds of one facet are in an outline of their own."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = legal(page.site.title)
    if page.site.author:
        etree.SubElement(head, "ownerName").text = legal(page.site.author)
    if page.site.email:
        etree.SubElement(head, "ownerEmail").text = legal(page.site.email)
    body = etree.SubElement(root, "body")
    for facet, feeds in groupby(page.feeds, key=lambda feed: feed.facet):
        parent = etree.SubElement(body, "outline", text=legal(facet.capitalize())) if facet else body
        for feed in feeds:
            _outline(parent, feed, page)
    data: bytes = etree.tostring(root, encoding="UTF-8", pretty_print=True, xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + data


def _outline(parent: etree._Element, feed: FeedLink, page: Page) -> None:
    etree.SubElement(
        parent,
        "outline",
        type="rss",  # whatever the format: OPML 2.0, "Subscription lists"
        text=legal(feed.title),
        title=legal(feed.title),
        xmlUrl=address_of(feed.path, page.site),
        htmlUrl=uri(page.site.base),
    )
