"""What is published as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

What has no place there stands under ``_handbill``.
"""

import json
from typing import Any

from handbill.dates import rfc3339
from handbill.model import Enclosure, Site
from handbill.published import Feed, Item, Tombstone
from handbill.render import offered
from handbill.render.address import address_of, uri
from handbill.render.legal import legal
from handbill.render.markdown import to_html

PATH = "feed.json"
"""Where the document stands below feeds/."""


def json_feed(feed: Feed) -> bytes:
    """The JSON Feed document of *feed*."""
    site = feed.site
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": uri(site.base),
        "feed_url": address_of(PATH, site),
        "description": offered.description(site),
        "icon": site.icon and uri(site.icon),
        "favicon": site.icon and uri(site.icon),
        "authors": [{"name": site.author or site.title}],
        "language": site.lang,
        "hubs": [{"type": "WebSub", "url": uri(hub)} for hub in site.hubs],
        "items": [_item(item, site) for item in feed.items],
        "_handbill": {
            "id": feed.id,
            "updated": rfc3339(feed.updated),
            "email": site.email,
            "license": site.license,
            "logo": site.logo and uri(site.logo),
            "intro_html": site.intro and to_html(legal(site.intro), site.base).strip(),
            "links": [{"title": link.title, "url": uri(link.url)} for link in site.link],
            "deleted": [_deleted(tombstone) for tombstone in feed.tombstones],
        },
    }
    return (json.dumps(_known(document), ensure_ascii=False, indent=2) + "\n").encode()


def _item(item: Item, site: Site) -> dict[str, Any]:
    entry = item.entry
    summary, content, image = offered.summary(item, site), offered.content(item, site), offered.image(item)
    return {
        "id": item.id,
        "url": uri(item.link),
        "title": offered.title(item, site),
        "summary": summary,
        "content_html": content,
        "content_text": None if content else summary or offered.title(item, site),  # one of the two must be there
        "image": image and uri(image),
        "date_published": rfc3339(item.published),
        "date_modified": rfc3339(item.updated),
        "authors": [{"name": name} for name in entry.authors],
        "tags": list(entry.categories),
        "language": entry.lang,
        "attachments": [_attachment(enclosure) for enclosure in offered.enclosures(item)],
        "_handbill": {
            "kind": entry.kind,
            "publisher": entry.publisher,
            "issued": entry.issued and str(entry.issued),
            "revised": entry.revised and str(entry.revised),
            "image_alt": image and entry.image_alt,
            "withdrawn": item.withdrawn and item.withdrawn.isoformat(),
            "withdrawn_reason": entry.withdrawn_reason if item.withdrawn else None,
        },
    }


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    return {
        "url": uri(enclosure.url),
        "mime_type": enclosure.type,
        "title": enclosure.title,
        "size_in_bytes": enclosure.length,
    }


def _deleted(tombstone: Tombstone) -> dict[str, Any]:
    return {
        "id": tombstone.id,
        "when": rfc3339(tombstone.when),
        "title": tombstone.title,
        "comment": tombstone.comment or None,
    }


def _known(value: Any) -> Any:
    """The *value* without members that say nothing, its texts legal."""
    if isinstance(value, dict):
        members = ((name, _known(member)) for name, member in value.items())
        return {name: member for name, member in members if name == "items" or member not in (None, [], {})}
    if isinstance(value, list):
        return [_known(member) for member in value]
    return legal(value) if isinstance(value, str) else value
