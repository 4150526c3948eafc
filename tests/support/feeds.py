"""Feeds to render: written down in TOML, or any feed at all."""

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from handbill.dates import PartialDate, parse_partial_date
from handbill.model import TABLES, Enclosure, Entry, Kind, Link, Site, fields_of
from handbill.published import Feed, Item, Tombstone


def feed_from(text: str) -> Feed:
    """The feed that *text* tells of: the values of `published.Feed`, with the tables of ``entries.toml`` inside."""
    told = tomllib.loads(text)
    site: Site = _table("site", told.pop("site"))
    items = tuple(Item(_table("entry", item.pop("entry")), **item) for item in told.pop("items", []))
    return Feed(
        site=site, items=items, tombstones=tuple(Tombstone(**each) for each in told.pop("tombstones", [])), **told
    )


def _table(name: str, told: Mapping[str, Any]) -> Any:
    declared = fields_of(TABLES[name])
    values: dict[str, Any] = {}
    for key, value in told.items():
        field = declared[key]
        if field.kind is Kind.TABLES:
            value = tuple(_table(f"{name}.{key}", each) for each in value)
        elif field.kind is Kind.PARTIAL_DATE:
            value = parse_partial_date(str(value))
        values[field.attribute] = tuple(value) if isinstance(value, list) else value
    return TABLES[name](**values)


_PIECES = st.sampled_from(
    [
        "<b>", "</b>", "&amp;", "&lt;", "&#65;", "]]>", "<![CDATA[", "<!--", "-->", "?>", "<script>x()</script>", ".  ",
        *"<>&\"'`’“”—\n\t\u00a0 ]/;#%{}\\é中ع\U0001f6a2",
    ]
)  # fmt: skip

_WORDS = st.text(
    st.characters(
        exclude_categories=["Cc", "Cs"],
        exclude_characters=[chr(p << 16 | c) for p in range(17) for c in (0xFFFE, 0xFFFF)],
    ),
    min_size=1,
    max_size=8,
)

texts: st.SearchStrategy[str] = (
    st.lists(_PIECES | _WORDS, min_size=1, max_size=5).map(lambda pieces: "".join(pieces).strip()).filter(bool)
)
"""Text as reading lets it through, as unlike plain words as may be."""

_hosts = st.sampled_from(
    ["example.org", "müller.example", "例え.example", "xn--mller-kva.example", "[2001:db8::1]:8080"]
)
addresses: st.SearchStrategy[str] = st.builds(
    lambda host, path: f"https://{host}/{path}",
    _hosts,
    st.text(st.sampled_from("abc/?=&;#%é中ع~'()*!$,+:@\"<>|\\^{}[]"), max_size=12),
)
"""Web addresses in any script, with characters that a URI cannot have."""

_languages = st.sampled_from(["en", "de-AT", "ar", "zh-Hant"])
_moments = st.integers(631152000, 4102444800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
_partial_dates = st.dates(date(1000, 1, 1)).flatmap(
    lambda day: st.sampled_from(
        [PartialDate(day.year), PartialDate(day.year, day.month), PartialDate(day.year, day.month, day.day)]
    )
)
_media_types = st.sampled_from(["audio/mpeg", "application/pdf", "image/png", "text/plain; charset=utf-8"])

_enclosures = st.builds(
    Enclosure, url=addresses, type=_media_types, length=st.none() | st.integers(0, 1 << 40), title=st.none() | texts
)

_entries = st.builds(
    Entry,
    date=st.just(date(2010, 11, 23)),
    title=texts,
    kind=st.none() | texts,
    publisher=st.none() | texts,
    authors=st.lists(texts, max_size=2).map(tuple),
    issued=st.none() | _partial_dates,
    revised=st.none() | _partial_dates,
    categories=st.lists(texts, max_size=3, unique=True).map(tuple),
    lang=st.none() | _languages,
    summary=st.none() | texts,
    content=st.none() | texts,
    image=st.none() | addresses,
    image_alt=texts,
    enclosure=st.lists(_enclosures, max_size=3).map(tuple),
    withdrawn_reason=st.none() | texts,
)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Any item; its identifier and anchor are its own."""
    id_ = draw(st.uuids()).urn
    moment = draw(_moments)
    later = moment + timedelta(seconds=draw(st.integers(0, 10**8)))
    withdrawn = draw(st.none() | st.just(later.date()))
    return Item(draw(_entries), id_, id_[-12:], draw(addresses), moment, later, withdrawn)


_sites = st.builds(
    Site,
    title=texts,
    url=addresses.map(lambda address: address.partition("?")[0].partition("#")[0]),
    description=st.none() | texts,
    intro=st.none() | texts,
    link=st.lists(st.builds(Link, title=texts, url=addresses), max_size=2).map(tuple),
    author=st.none() | texts,
    email=st.none() | st.just("desk@example.org"),
    lang=_languages,
    license=st.none() | texts | addresses,
    icon=st.none() | addresses,
    logo=st.none() | addresses,
    hubs=st.lists(addresses, max_size=2, unique=True).map(tuple),
)

_paths = st.none() | st.sampled_from(["archive/1.xml", "archive/2.xml"])

feeds: st.SearchStrategy[Feed] = st.builds(
    Feed,
    path=st.sampled_from(["feed", "category/中文 c++.xml", "kind/a%20b.xml"]),
    id=st.just("urn:uuid:8b5c0b0e-5d1c-5a7e-9c1e-000000000000"),
    title=texts,
    site=_sites,
    updated=_moments,
    items=st.lists(items(), min_size=1, max_size=3, unique_by=lambda item: item.id).map(tuple),
    tombstones=st.lists(
        st.builds(Tombstone, st.uuids().map(lambda id_: id_.urn), _moments, texts, st.just("") | texts), max_size=2
    ).map(tuple),
    archive=st.booleans(),
    prev_archive=_paths,
    next_archive=_paths,
    current=st.none() | st.just("atom.xml"),
)
"""Any feed that publishing might ask for."""
