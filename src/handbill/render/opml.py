"""All feeds in one file that a feed reader imports: OPML 2.0 (http://opml.org/spec2.opml)."""

from itertools import groupby

from lxml import etree

from handbill.model import Site
from handbill.published import Page
from handbill.render.address import address_of, uri
from handbill.render.legal import legal
from handbill.render.words import words_in


def opml(page: Page) -> bytes:
    """The OPML document that lists the feeds of *page*: those of a facet in an outline of its own.

    A facet whose last entry has gone is served on, but no longer offered.
    """
    words = words_in(page.site.lang)
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = legal(page.site.title)
    if page.site.author:
        etree.SubElement(head, "ownerName").text = legal(page.site.author)
    if page.site.email:
        etree.SubElement(head, "ownerEmail").text = legal(page.site.email)
    body = etree.SubElement(root, "body")
    for feed in page.feeds:
        if not feed.facet:
            _outline(body, feed.path, feed.title, page.site)
    parts = sorted((feed for feed in page.feeds if feed.facet and feed.count), key=lambda feed: feed.facet)
    for facet, feeds in groupby(parts, key=lambda feed: feed.facet):
        parent = etree.SubElement(body, "outline", text=words.say(f"facet-{facet}"))
        for feed in feeds:
            name = words.language(feed.title) if facet == "lang" else feed.title
            _outline(parent, feed.path, f"{page.site.title} – {name}", page.site)
    data: bytes = etree.tostring(root, encoding="UTF-8", pretty_print=True, xml_declaration=False)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + data


def _outline(parent: etree._Element, path: str, title: str, site: Site) -> None:
    etree.SubElement(
        parent,
        "outline",
        type="rss",  # whatever the format: OPML 2.0, "Subscription lists"
        text=legal(title),
        title=legal(title),
        xmlUrl=address_of(path, site),
        htmlUrl=uri(site.base),
        language=site.lang,
    )
