"""By what a long list is filtered, and which parts of it have a feed of their own."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from handbill.model import Site
from handbill.published import FeedLink
from handbill.render.shown import Dated
from handbill.render.words import Words

_FACETS = ("kind", "category", "publisher", "language", "year")


class Choice(NamedTuple):
    """A filter: its name, its label, and its options, each with the number that entries carry."""

    name: str
    label: str
    options: list[tuple[int, str]]


class PartFeeds(NamedTuple):
    """The feeds of the parts of one kind ("By subject"), each with its name."""

    label: str
    feeds: list[tuple[FeedLink, str]]


def choices(pairs: Sequence[Dated], site: Site, words: Words) -> tuple[list[Markup], list[Choice]]:
    """For each entry the attribute that says which options it has; and the filters that leave something to choose."""
    numbers: dict[tuple[str, str], int] = {}
    known: dict[tuple[object, ...], Markup] = {}
    marks = []
    for pair in pairs:
        entry = pair[1].entry
        alike = (pair[0].year, entry.lang, entry.kind, entry.publisher, entry.categories)
        if alike not in known:
            own = dict.fromkeys(str(numbers.setdefault(option, len(numbers))) for option in _options(pair, site, words))
            known[alike] = Markup(f' data-f="{" ".join(own)}"')
        marks.append(known[alike])
    found = []
    for facet in _FACETS:
        options = [(number, text) for (name, text), number in numbers.items() if name == facet]
        options.sort(key=lambda option: option[1].casefold(), reverse=facet == "year")
        if len(options) > 1:
            found.append(Choice(facet, words.say(facet), options))
    return marks, found


def _options(pair: Dated, site: Site, words: Words) -> Iterator[tuple[str, str]]:
    day, entry = pair[0], pair[1].entry
    yield "year", f"{day.year:04}"
    yield "language", words.language(entry.lang or site.lang)
    if entry.kind:
        yield "kind", entry.kind
    if entry.publisher:
        yield "publisher", entry.publisher
    for category in entry.categories:
        yield "category", category


def part_feeds(feeds: Iterable[FeedLink], total: int, words: Words) -> list[PartFeeds]:
    """The feeds of parts of a list of *total* entries; those that are empty or hold the whole list are left out."""
    found = []
    for facet in ("category", "kind", "publisher", "lang"):
        parts = [feed for feed in feeds if feed.facet == facet and 0 < feed.count < total]
        named = [(feed, words.language(feed.title) if facet == "lang" else feed.title) for feed in parts]
        if named:
            found.append(PartFeeds(words.say(f"facet-{facet}"), sorted(named, key=lambda pair: pair[1].casefold())))
    return found
