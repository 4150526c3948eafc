"""What is published as RSS 2.0, with the modules content, dc, dcterms, atom, media and fh."""

import re
from dataclasses import replace

from handbill.published import Feed
from handbill.render.feedgen_feed import document, generator
from handbill.render.feedgen_item import rss_entry

PATH = "rss.xml"
"""Where the document stands below feeds/."""

_PLAIN = re.compile(
    rb"<(?:title|category|copyright|managingEditor|description|(?:dc|media):[a-z]+)\b[^<>]*>[^<>]+"
    rb'|\btitle="[^"]+"'
)


def rss(feed: Feed) -> bytes:
    """The RSS document of *feed*; RSS has no word for its tombstones."""
    made = generator(replace(feed, path=PATH, tombstones=()), "application/rss+xml")
    if not made.description():
        made.description(made.title())  # RSS must have one
    for item in feed.items:
        made.add_entry(rss_entry(item, feed.site), order="append")
    body = made.rss_str(pretty=True, encoding="UTF-8", xml_declaration=False)
    return document(_PLAIN.sub(_hexadecimal, body), PATH)


def _hexadecimal(element: re.Match[bytes]) -> bytes:
    """In plain text the RSS Advisory Board's profile asks for hexadecimal references, which more readers get right."""
    return element[0].replace(b"&amp;", b"&#x26;").replace(b"&lt;", b"&#x3C;")
