"""What is published as RSS 2.0, with the modules content, dc, dcterms, atom, media and fh."""

from handbill.published import Feed
from handbill.render.feedgen_feed import document, generator
from handbill.render.feedgen_item import rss_entry


def rss(feed: Feed) -> bytes:
    """The RSS document of *feed*."""
    made = generator(feed, "application/rss+xml")
    for item in feed.items:
        made.add_entry(rss_entry(item, feed.site), order="append")
    return document(made.rss_str(pretty=True, encoding="UTF-8", xml_declaration=False), feed.path)
