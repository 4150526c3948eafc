"""What the editor writes: the one declaration of every table and field of ``entries.toml``.

Validation, the JSON Schema and the manual's reference table are all made from the annotations below.
"""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime, time, tzinfo
from enum import Enum
from functools import cache
from types import MappingProxyType
from typing import Annotated, Any, NamedTuple, TypeAlias, get_type_hints

from handbill.dates import PartialDate

Day: TypeAlias = date
When: TypeAlias = date | datetime
"""A bare date (meant in the site's time zone), or an aware date-time. Mind that a `datetime` is also a `date`."""


class Kind(Enum):
    """How a value is written in the file; the text is what the manual calls it."""

    TEXT = "text"
    MARKDOWN = "Markdown"
    ADDRESS = "web address"
    LEAVE_MAILTO = "mail address for leaving"
    MAIL = "mail address"
    SENDER = "mail address, with or without a name"
    LANGUAGE = "language code (BCP 47)"
    ZONE = "time zone name (IANA)"
    DATE = "date"
    WHEN = "date or date-time"
    PARTIAL_DATE = '"YYYY", "YYYY-MM", or date'
    WHOLE = "whole number"
    FLAG = "true or false"
    TEXTS = "list of texts"
    ADDRESSES = "list of web addresses"
    MAILS = "list of mail addresses"
    MEDIA_TYPE = "media type"
    SUBJECT = "text with {month} {year} {number} {title} {count}"
    DAY = 'day of the month 1-31, or "first monday" ... "last friday"'
    LIST_ID = "list identifier (RFC 2919)"
    CLOCK = '"HH:MM"'
    TABLES = "tables"


class Declared(NamedTuple):
    """What an annotation below says of a field.

    *example* is a valid value as it is written in the file; *minimum* is the least whole number allowed;
    *name* is how the file spells the field when that is not the attribute with hyphens for underscores.
    """

    kind: Kind
    doc: str
    example: str = ""
    minimum: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enclosure:
    """An attachment or a recording that belongs to an entry: `[[entry.enclosure]]`."""

    url: Annotated[str, Declared(Kind.ADDRESS, "where the file is", '"https://example.org/audio/briefing.mp3"')]
    type: Annotated[str, Declared(Kind.MEDIA_TYPE, "what kind of file it is", '"audio/mpeg"')]
    length: Annotated[int | None, Declared(Kind.WHOLE, "size in bytes", "1234567")] = None
    title: Annotated[str | None, Declared(Kind.TEXT, "what to call it", '"Recording of the call"')] = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A related place: `[[site.link]]`."""

    title: Annotated[str, Declared(Kind.TEXT, "what the place is called", '"Blog posts"')]
    url: Annotated[str, Declared(Kind.ADDRESS, "where it is", '"https://example.org/blog/"')]
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """The publication as a whole: `[site]`."""

    title: Annotated[str, Declared(Kind.TEXT, "name of the publication", '"Harbour News"')]
    url: Annotated[
        str,
        Declared(Kind.ADDRESS, "where the folder feeds/ is served, with or without the last slash",
                 '"https://example.org/harbour/"'),
    ]  # fmt: skip
    id: Annotated[
        str | None,
        Declared(Kind.TEXT, "a name kept for ever, from which identifiers are minted; default: the first url published",
                 '"https://example.org/harbour/"'),
    ] = None  # fmt: skip
    description: Annotated[str | None, Declared(Kind.TEXT, "one sentence about the publication", '"What moves."')] = (
        None
    )
    intro: Annotated[str | None, Declared(Kind.MARKDOWN, "the page's opening words", '"What *moves* in port."')] = None
    author: Annotated[str | None, Declared(Kind.TEXT, "who publishes", '"Harbour Watch"')] = None
    email: Annotated[str | None, Declared(Kind.MAIL, "how to reach them", '"desk@example.org"')] = None
    lang: Annotated[str, Declared(Kind.LANGUAGE, "language of the list", '"en-US"')] = "en"
    timezone: Annotated[str, Declared(Kind.ZONE, "the zone in which dates are meant", '"America/New_York"')] = "UTC"
    license: Annotated[str | None, Declared(Kind.TEXT, "terms of use, in words or as an address", '"CC BY 4.0"')] = None
    icon: Annotated[str | None, Declared(Kind.ADDRESS, "a small square picture", '"https://example.org/i.png"')] = None
    logo: Annotated[str | None, Declared(Kind.ADDRESS, "a wide picture", '"https://example.org/logo.png"')] = None
    entries_in_feed: Annotated[
        int,
        Declared(
            Kind.WHOLE,
            "how many entries a feed shows; the rest is reached through archive documents",
            "50",
            1,
        ),
    ] = 50
    hubs: Annotated[
        tuple[str, ...],
        Declared(Kind.ADDRESSES, "WebSub hubs that are told of changes", '["https://hub.example.org/"]'),
    ] = ()
    link: Annotated[tuple[Link, ...], Declared(Kind.TABLES, "related places: [[site.link]]")] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The address of the served folder, with its last slash."""
        return self.url if self.url.endswith("/") else self.url + "/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """The e-mail digest: `[digest]`."""

    sender: Annotated[
        str | None,
        Declared(Kind.SENDER, "the sender; without it a digest is made, never sent", '"Harbour <news@example.org>"',
                 name="from"),
    ] = None  # fmt: skip
    to: Annotated[
        str | None, Declared(Kind.MAIL, "a mailing list that gets one message", '"harbour@lists.example.org"')
    ] = None
    reply_to: Annotated[str | None, Declared(Kind.MAIL, "where answers go", '"desk@example.org"')] = None
    bounces: Annotated[
        str | None,
        Declared(Kind.MAIL, "envelope sender, where bounces come back (VERP)", '"bounces@example.org"'),
    ] = None
    proof_to: Annotated[
        tuple[str, ...],
        Declared(Kind.MAILS, "who gets the issue a day before it goes out", '["desk@example.org"]'),
    ] = ()
    subject: Annotated[
        str,
        Declared(Kind.SUBJECT, "the issue's subject; {month} is the month of the day before the issue is due",
                 '"{title}: {month} {year}"'),
    ] = "{title}: {month} {year}"  # fmt: skip
    intro: Annotated[str | None, Declared(Kind.MARKDOWN, "opens every issue", '"Dear readers,"')] = None
    address: Annotated[
        str | None,
        Declared(Kind.TEXT, "the publisher's postal address, printed at the foot", '"1 Quay Street, Harbourtown"'),
    ] = None
    leave_url: Annotated[
        str | None, Declared(Kind.ADDRESS, "where `handbill web` is served", '"https://example.org/leave/"')
    ] = None
    leave_mailto: Annotated[
        str | None,
        Declared(Kind.LEAVE_MAILTO, "address to which a mail means leaving", '"leave@example.org"'),
    ] = None
    list_id: Annotated[
        str | None,
        Declared(Kind.LIST_ID, "List-Id (RFC 2919); default from the site's host", '"harbour.example.org"'),
    ] = None
    send_on: Annotated[
        int | str,
        Declared(
            Kind.DAY,
            "on which day an issue is due; 31 means the last day of shorter months",
            '"first monday"',
        ),
    ] = 1
    send_at: Annotated[
        time,
        Declared(Kind.CLOCK, "at what local time; one that does not exist that day: the next that does", '"08:00"'),
    ] = time(8)
    min_entries: Annotated[
        int, Declared(Kind.WHOLE, "with fewer entries the issue waits for the next date", "1", 1)
    ] = 1
    catch_up: Annotated[
        int,
        Declared(Kind.WHOLE, "days: an entry dated longer ago than this when first seen is not announced", "62"),
    ] = 62
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One dated resource: `[[entry]]`."""

    date: Annotated[
        When,
        Declared(Kind.WHEN, "when it is announced here; in the future: held back until then", "2026-03-31"),
    ]
    title: Annotated[str, Declared(Kind.TEXT, "what the resource is called", '"Tide tables for 2026"')]
    url: Annotated[
        str | None,
        Declared(Kind.ADDRESS, "where the resource is; if unknown, the entry lives on the list's own page",
                 '"https://example.org/tides"'),
    ] = None  # fmt: skip
    kind: Annotated[str | None, Declared(Kind.TEXT, "fact sheet, press release, audio ...", '"fact sheet"')] = None
    publisher: Annotated[str | None, Declared(Kind.TEXT, "who issued the resource", '"Port Authority"')] = None
    authors: Annotated[tuple[str, ...], Declared(Kind.TEXTS, "who wrote it", '["A. Author"]')] = ()
    issued: Annotated[
        PartialDate | None,
        Declared(
            Kind.PARTIAL_DATE,
            "when the resource itself first appeared, only as precisely as known",
            '"2026-03"',
        ),
    ] = None
    revised: Annotated[
        PartialDate | None,
        Declared(Kind.PARTIAL_DATE, "the edition that is meant, only as precisely as known", '"2026-04"'),
    ] = None
    updated: Annotated[
        When | None,
        Declared(
            Kind.WHEN,
            "a revision of this entry that readers should see; leave it alone for a typo",
            "2026-04-02",
        ),
    ] = None
    expires: Annotated[Day | None, Declared(Kind.DATE, "the last day it is shown", "2026-12-31")] = None
    withdrawn: Annotated[
        Day | None,
        Declared(Kind.DATE, "taken back on this day: readers are told, later it goes", "2026-05-01"),
    ] = None
    withdrawn_reason: Annotated[
        str | None, Declared(Kind.TEXT, "why it was taken back", '"The figures were wrong."')
    ] = None
    categories: Annotated[tuple[str, ...], Declared(Kind.TEXTS, "subjects", '["tides", "safety"]')] = ()
    lang: Annotated[str | None, Declared(Kind.LANGUAGE, "language, if it is not the list's", '"es"')] = None
    summary: Annotated[
        str | None,
        Declared(Kind.TEXT, "plain text; typographic marks are kept as written", '"High water, day by day."'),
    ] = None
    content: Annotated[str | None, Declared(Kind.MARKDOWN, "long text", '"All **high waters** ..."')] = None
    image: Annotated[str | None, Declared(Kind.ADDRESS, "a picture", '"https://example.org/tide.jpg"')] = None
    image_alt: Annotated[
        str | None,
        Declared(Kind.TEXT, "the picture in words; an image requires it", '"The harbour at low tide"'),
    ] = None
    highlight: Annotated[bool, Declared(Kind.FLAG, "leads the digest", "true")] = False
    draft: Annotated[bool, Declared(Kind.FLAG, "seen in the preview alone", "true")] = False
    note: Annotated[str | None, Declared(Kind.TEXT, "the editor's own, never published", '"ask for the PDF"')] = None
    id: Annotated[
        str | None,
        Declared(Kind.TEXT, "only to carry over an identifier from elsewhere", '"tag:example.org,2026:tides"'),
    ] = None
    enclosure: Annotated[
        tuple[Enclosure, ...], Declared(Kind.TABLES, "attachments and recordings: [[entry.enclosure]]")
    ] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The whole file. *entries* stand in the order of the file; *zone* is the site's time zone."""

    site: Site
    zone: tzinfo
    digest: Digest | None = None
    entries: tuple[Entry, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


class Field(NamedTuple):
    """A field as the file has it.

    *name* is its spelling in the file, *attribute* its name in the value, *required* and *default* as declared.
    """

    name: str
    attribute: str
    declared: Declared
    required: bool
    default: object

    @property
    def kind(self) -> Kind:
        """How its value is written."""
        return self.declared.kind


@cache
def fields_of(table: type) -> Mapping[str, Field]:
    """Every declared field of *table* (one of the classes above), by its name in the file, in declared order."""
    hints = get_type_hints(table, include_extras=True)
    found: dict[str, Field] = {}
    for each in fields(table):
        for declared in getattr(hints[each.name], "__metadata__", ()):
            name = declared.name or each.name.replace("_", "-")
            required = each.default is MISSING
            found[name] = Field(name, each.name, declared, required, None if required else each.default)
    return MappingProxyType(found)


TABLES: Mapping[str, type] = MappingProxyType(
    {"site": Site, "site.link": Link, "digest": Digest, "entry": Entry, "entry.enclosure": Enclosure}
)
"""Every table of the file by its dotted name."""
