"""What Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1 ask of a document, as far as feed readers stumble over it.

Written from the specifications, apart from the code that makes the feeds. Readers forgive; this does not.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
MANY = 10**9

# How often each element may stand in its parent: (at least, at most).
Counts = dict[str, tuple[int, int]]
_PERSONS: Counts = {"author": (0, MANY), "contributor": (0, MANY)}
_COMMON: Counts = {
    "id": (1, 1),
    "title": (1, 1),
    "updated": (1, 1),
    "category": (0, MANY),
    "link": (0, MANY),
    "rights": (0, 1),
}
_FEED: Counts = _COMMON | _PERSONS | dict.fromkeys(("generator", "icon", "logo", "subtitle"), (0, 1))
_ATOM: dict[str, Counts] = {
    "feed": _FEED | {"entry": (0, MANY)},
    "entry": _COMMON | _PERSONS | dict.fromkeys(("content", "published", "source", "summary"), (0, 1)),
    "source": {name: (0, most) for name, (_, most) in _FEED.items()},
    "author": {"name": (1, 1), "uri": (0, 1), "email": (0, 1)},
    "contributor": {"name": (1, 1), "uri": (0, 1), "email": (0, 1)},
}  # fmt: skip
_RSS: dict[str, Counts] = {
    "rss": {"channel": (1, 1)},
    "channel": {"title": (1, 1), "link": (1, 1), "description": (1, 1), "item": (0, MANY), "category": (0, MANY)}
    | dict.fromkeys(
        ("language", "copyright", "managingEditor", "webMaster", "pubDate", "lastBuildDate", "generator", "docs",
         "cloud", "ttl", "image", "textInput", "skipHours", "skipDays"), (0, 1)
    ),
    "item": {"category": (0, MANY)}
    | dict.fromkeys(
        ("title", "link", "description", "author", "comments", "enclosure", "guid", "pubDate", "source"), (0, 1)
    ),
    "image": {"url": (1, 1), "title": (1, 1), "link": (1, 1)}
    | dict.fromkeys(("width", "height", "description"), (0, 1)),
}  # fmt: skip

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d ([+-]\d{4}|GMT)")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;.*)?")

# Each member of an object: what it looks like (a type, a pattern, or the kind of the objects in its list), and whether
# it must be there. A list of no objects is a list of texts.
_JSON: dict[str, dict[str, tuple["re.Pattern[str] | type | str", bool]]] = {
    "feed": {"version": (str, True), "title": (str, True), "home_page_url": (_ADDRESS, False),
             "feed_url": (_ADDRESS, False), "description": (str, False), "user_comment": (str, False),
             "next_url": (_ADDRESS, False),
             "icon": (_ADDRESS, False), "favicon": (_ADDRESS, False), "authors": ("author", False),
             "language": (str, False), "expired": (bool, False), "hubs": ("hub", False), "items": ("item", True)},
    "item": {"id": (str, True), "url": (_ADDRESS, False), "external_url": (_ADDRESS, False), "title": (str, False),
             "content_html": (str, False), "content_text": (str, False), "summary": (str, False),
             "image": (_ADDRESS, False), "banner_image": (_ADDRESS, False), "date_published": (_RFC3339, False),
             "date_modified": (_RFC3339, False), "authors": ("author", False), "tags": (list, False),
             "language": (str, False), "attachments": ("attachment", False)},
    "author": {"name": (str, False), "url": (_ADDRESS, False), "avatar": (_ADDRESS, False)},
    "hub": {"type": (str, True), "url": (_ADDRESS, True)},
    "attachment": {"url": (_ADDRESS, True), "mime_type": (_MEDIA_TYPE, True), "title": (str, False),
                   "size_in_bytes": (int, False), "duration_in_seconds": (int, False)},
}  # fmt: skip


def atom_faults(document: bytes) -> list[str]:
    """What is wrong in an Atom feed *document*, a line for each fault. Raises XMLSyntaxError for what is no XML."""
    feed = etree.fromstring(document)
    if feed.tag != ATOM + "feed":
        return [f"the root is {feed.tag}"]
    return [*_counts(feed, _ATOM, ATOM), *_atom_values(feed), *_atom_links(feed)]


def rss_faults(document: bytes) -> list[str]:
    """What is wrong in an RSS *document*, a line for each fault. Raises XMLSyntaxError for what is no XML."""
    root = etree.fromstring(document)
    if root.tag != "rss" or root.get("version") != "2.0":
        return [f"the root is {root.tag} {root.get('version')}"]
    return [*_counts(root, _RSS, ""), *_rss_values(root)]


def json_feed_faults(document: bytes) -> list[str]:
    """What is wrong in a JSON Feed *document*, a line for each fault. Raises ValueError for what is no JSON."""
    feed = json.loads(document)
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        return [f"the version is {feed.get('version')}"]
    faults = list(_members("feed", feed))
    for identifier, times in Counter(item.get("id") for item in feed.get("items", [])).items():
        if times > 1:
            faults.append(f"{identifier} is used {times} times")
    if any("content_html" not in item and "content_text" not in item for item in feed.get("items", [])):
        faults.append("an item without content")
    return faults


def _members(name: str, told: dict[str, Any]) -> Iterator[str]:
    """Members of *told*, an object of the kind *name*, that are missing, unknown, or of another form."""
    forms = _JSON[name]
    yield from (f"no {member} in {name}" for member, (_, needed) in forms.items() if needed and member not in told)
    for member, value in told.items():
        if member.startswith("_"):
            continue
        form, _ = forms.get(member, (None, False))
        if isinstance(form, str) and isinstance(value, list) and all(isinstance(each, dict) for each in value):
            for each in value:
                yield from _members(form, each)
        elif not isinstance(form, re.Pattern | type) or not _has_form(value, form):
            yield f"{member} in {name}: {value!r}"


def _has_form(value: object, form: "re.Pattern[str] | type") -> bool:
    if isinstance(form, re.Pattern):
        return isinstance(value, str) and form.fullmatch(value) is not None
    if form is list:
        return isinstance(value, list) and all(isinstance(each, str) for each in value)
    return type(value) is form and value != ""


def _counts(parent: etree._Element, allowed: dict[str, Counts], space: str) -> Iterator[str]:
    """Elements of the format's own names that are too many, too few, or where they may not be."""
    name = etree.QName(parent).localname
    children = [child for child in parent if isinstance(child.tag, str) and _is_own(child, space)]
    seen = Counter(etree.QName(child).localname for child in children)
    counts = allowed.get(name, {})
    yield from (f"{child} in {name}" for child in seen if child not in counts)
    for child, (least, most) in counts.items():
        if not least <= seen[child] <= most:
            yield f"{seen[child]} times {child} in {name}"
    for element in children:
        yield from _counts(element, allowed, space)


def _is_own(element: etree._Element, space: str) -> bool:
    return element.tag.startswith(space) if space else not element.tag.startswith("{")


def _atom_values(feed: etree._Element) -> Iterator[str]:
    for element in feed.iter(*(ATOM + name for name in ("updated", "published"))):
        if not _RFC3339.fullmatch(element.text or "") or not _is_date(element.text or ""):
            yield f"{element.text!r} is no date"
    for element in feed.iter(*(ATOM + name for name in ("id", "icon", "logo", "uri"))):
        if not _ADDRESS.fullmatch(element.text or ""):
            yield f"{element.text!r} is no absolute address"
    for element in feed.iter(*(ATOM + name for name in ("title", "subtitle", "summary", "rights", "content"))):
        kind = element.get("type", "text")
        if kind not in ("text", "html") or len(element):
            yield f"{etree.QName(element).localname} of type {kind} with {len(element)} elements inside"
    for element in feed.iter(ATOM + "category"):
        if not element.get("term"):
            yield "a category without a term"
    entries = feed.findall(ATOM + "entry")
    if feed.find(ATOM + "author") is None and any(entry.find(ATOM + "author") is None for entry in entries):
        yield "an entry without an author"
    for identifier, times in Counter(entry.findtext(ATOM + "id") for entry in entries).items():
        if times > 1:
            yield f"{identifier} is used {times} times"


def _atom_links(feed: etree._Element) -> Iterator[str]:
    if len(feed.findall(f"{ATOM}link[@rel='self']")) != 1:
        yield "the feed does not say where it is"
    for parent in (feed, *feed.findall(ATOM + "entry")):
        links = parent.findall(ATOM + "link")
        alternates = [link for link in links if link.get("rel", "alternate") == "alternate"]
        if parent is not feed and not alternates and parent.find(ATOM + "content") is None:
            yield "an entry with neither a link nor content"
        if len({(link.get("type"), link.get("hreflang")) for link in alternates}) < len(alternates):
            yield "two alternate links of one type and language"
        for link in links:
            if not _ADDRESS.fullmatch(link.get("href", "")):
                yield f"{link.get('href')!r} is no absolute address"
            if not _MEDIA_TYPE.fullmatch(link.get("type", "a/b")):
                yield f"{link.get('type')!r} is no media type"
            if not link.get("length", "0").isdecimal():
                yield f"{link.get('length')!r} is no length"


def _rss_values(root: etree._Element) -> Iterator[str]:
    for element in root.iter("pubDate", "lastBuildDate"):
        text = element.text or ""
        if not _RFC822.fullmatch(text) or parsedate_to_datetime(text).strftime("%a") != text[:3]:
            yield f"{text!r} is no date"
    for element in root.iter("link", "url", "docs"):
        if not _ADDRESS.fullmatch(element.text or ""):
            yield f"{element.text!r} is no absolute address"
    for element in root.iter("managingEditor", "webMaster", "author"):
        if not re.fullmatch(r"[^\s@]+@[^\s@]+( \(.+\))?", element.text or ""):
            yield f"{element.text!r} is no mail address"
    for element in root.iter("enclosure"):
        if not (
            _ADDRESS.fullmatch(element.get("url", ""))
            and element.get("length", "").isdecimal()
            and _MEDIA_TYPE.fullmatch(element.get("type", ""))
        ):
            yield f"an enclosure with {element.items()}"
    for item in root.iter("item"):
        if item.find("title") is None and item.find("description") is None:
            yield "an item with neither a title nor a description"
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink") != "false" and not (guid.text or "").startswith("http"):
            yield f"{guid.text!r} is taken for an address"
    for identifier, times in Counter(guid.text for guid in root.iter("guid")).items():
        if times > 1:
            yield f"{identifier} is used {times} times"
    if len(root.findall(f"channel/{ATOM}link[@rel='self']")) != 1:
        yield "the feed does not say where it is"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
