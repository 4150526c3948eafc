"""What the world may see: the values that `publish` decides and `render` turns into bytes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from handbill.model import Digest, Entry, Site

ISSUE_FEED = "digest/atom.xml"
"""The path of the feed of the digest's issues, below feeds/."""

ISSUE_INDEX = "digest/index.html"
"""The path of the page that lists them all."""


@dataclass(frozen=True, slots=True)
class Item:
    """An entry as it is published.

    *id* is its identifier for ever (an IRI); *anchor* its place on the page; *link* the resource's address, or the
    entry's own place on the page; *published* and *updated* are moments (UTC, whole seconds). *withdrawn* is the day
    it was taken back: then it is shown as a notice. One that is *held* back still is in a preview alone.
    """

    entry: Entry
    id: str
    anchor: str
    link: str
    published: datetime
    updated: datetime
    withdrawn: date | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An entry that is gone (RFC 6721): its identifier, since when, and what to tell of it."""

    id: str
    when: datetime
    title: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """An entry that is no longer shown: its anchor on the page still says so.

    *title* is empty for one that was removed, of which nothing more is told.
    """

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that can be subscribed to: its path below feeds/, its title and what it is one of ("category" ...)."""

    path: str
    title: str
    facet: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Feed:
    """One feed document.

    *path* is where it stands below feeds/ as Atom (in RSS and JSON Feed there is one document each, of the live feed);
    *items* newest first; *archive* marks an RFC 5005 archive document; *prev_archive*, *next_archive* and *current*
    are paths below feeds/. *updated* is the newest of its items and tombstones, never the clock.
    """

    path: str
    id: str
    title: str
    site: Site
    updated: datetime
    items: tuple[Item, ...] = ()
    tombstones: tuple[Tombstone, ...] = ()
    archive: bool = False
    prev_archive: str | None = None
    next_archive: str | None = None
    current: str | None = None


@dataclass(frozen=True, slots=True)
class PastIssue:
    """An issue of the digest on the web.

    *path* is where it stands below feeds/, *title* its subject, *day* its date. *new*, *revised* and *withdrawn* say
    how many entries it held; *items* are those of them that are still shown, highlights first, notices last.
    """

    path: str
    title: str
    day: date
    number: int
    new: int
    revised: int
    withdrawn: int
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The list as a web page; *issues* are the digest's issues on the web, newest first."""

    site: Site
    items: tuple[Item, ...]
    ended: tuple[Ended, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    issues: tuple[PastIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class Documents:
    """Everything that is to be shown.

    *live* is the feed of the whole list, for all three formats; *archives* are the RFC 5005 documents, of which those
    at the paths *due* must be written even where they stand already; *facets* are the feeds of a part of the list,
    *issues* that of the digest's issues (None before the first).
    """

    live: Feed
    archives: tuple[Feed, ...]
    due: frozenset[str]
    facets: tuple[Feed, ...]
    issues: Feed | None
    page: Page


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the digest.

    *key* is the local date on which it is due; *number* counts issues from 1 (None in a preview that has none);
    *month_of* is the day whose month and year the subject names. *highlights* of *new* come first.
    *view_path* is where the issue stands on the web, below feeds/ (None: nowhere).
    """

    site: Site
    digest: Digest
    key: date
    month_of: date
    number: int | None
    new: tuple[Item, ...]
    revised: tuple[Item, ...] = ()
    withdrawn: tuple[Item, ...] = ()
    view_path: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
