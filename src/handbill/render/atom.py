"""What is published as Atom 1.0 (RFC 4287), with archives (RFC 5005) and tombstones (RFC 6721)."""

from lxml import etree

from handbill.published import Feed, Item
from handbill.render.feedgen_feed import document, generator
from handbill.render.feedgen_item import NAMESPACES, atom_element

Made = dict[str, tuple[Item, bytes]]
"""The entries made so far, by identifier, of one site."""


def atom(feed: Feed, made: Made | None = None) -> bytes:
    """The Atom document of *feed*.

    An item that stands in several documents is made once when they are given the same *made*.
    """
    made = {} if made is None else made
    shell = etree.Element("feed", nsmap=NAMESPACES)
    head, end, tail = (
        generator(feed, "application/atom+xml")
        .atom_str(pretty=True, encoding="UTF-8", xml_declaration=False)
        .rpartition(b"</feed>")
    )
    parts = [head]
    for item in feed.items:
        known = made.get(item.id)
        if known is None or known[0] is not item:
            known = made[item.id] = (item, _entry(item, feed, shell))
        parts.append(known[1])
    return document(b"".join([*parts, end, tail]), feed.path)


_DECLARED = b"".join(b' xmlns:%s="%s"' % (name.encode(), uri.encode()) for name, uri in NAMESPACES.items())


def _entry(item: Item, feed: Feed, shell: etree._Element) -> bytes:
    """The bytes of the entry of *item*, whose namespaces are declared on the feed."""
    element = atom_element(item, feed.site)
    shell.append(element)
    etree.indent(element, level=1)
    element.tail = None
    data: bytes = etree.tostring(element, encoding="UTF-8", xml_declaration=False)
    shell.remove(element)
    return b"  " + data.replace(_DECLARED, b"", 1) + b"\n"
