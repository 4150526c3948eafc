"""An issue of the digest as its templates see it: in the list's words, in the order of reading."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.lists import format_list

from handbill.model import Enclosure, Entry, Site
from handbill.published import Issue, Item
from handbill.render.address import uri
from handbill.render.words import Words, direction, same_language, words_in
from handbill.render.wrapping import paragraphs_of

LONG = 10
"""From so many new entries on, they are grouped and a list of contents leads to the groups."""

_GROUPS = 12  # more headings than that would be no help
_SUMMARY = 4000  # characters of a summary; more is read on the page
_EXCERPT = 600  # characters of an entry's long text that stand for a summary it does not have
_PREHEADER = 140  # characters that a mail program shows beside the subject, at the most


class Attachment(NamedTuple):
    """A file of an entry: its *title*, its *url*, and *about* it what is known of type and size (``PDF, 1.2 MB``)."""

    title: str
    url: str
    about: str


class Place(NamedTuple):
    """Where there is more on the web; *is_label* says that the title is one of our labels, not the editor's word."""

    title: str
    url: str
    is_label: bool


class Shown(NamedTuple):
    """An entry in the issue.

    *about* is what is known of it (kind, publisher, authors, dates, language), each in words; *notice* says when
    it was revised or withdrawn, *reason* why it was withdrawn. *paragraphs* are its summary, or the opening of its long
    text; *read_on* is where there is more ("": nowhere). *item* is all that is published of it, *extra* has the entry's
    own ``x-`` fields. *lang* and *dir* are those of the entry.
    """

    item: Item
    title: str
    url: str
    lang: str
    dir: str
    about: tuple[str, ...]
    notice: str
    reason: str
    paragraphs: tuple[str, ...]
    read_on: str
    attachments: tuple[Attachment, ...]
    extra: Mapping[str, Any]


class Section(NamedTuple):
    """Entries under one heading, of which *more* have no room here and stand on the page.

    *is_label* says that the title is one of our labels, not the editor's word.
    """

    id: str
    title: str
    is_label: bool
    entries: tuple[Shown, ...]
    more: int = 0

    @property
    def total(self) -> int:
        """How many belong here, shown or not."""
        return len(self.entries) + self.more


def sections_of(issue: Issue) -> tuple[Section, ...]:
    """All entries of *issue*: highlights, then what else is new (grouped when it is much), revised, withdrawn."""
    words = words_in(issue.site.lang)
    highlights = tuple(item for item in issue.new if item.entry.highlight)
    others = tuple(item for item in issue.new if not item.entry.highlight)
    if not others:
        highlights, others = (), highlights
    groups = _groups(others, words)
    if not groups:
        title = words.say("mail-also-new") if highlights else words.say("mail-new", count=len(others))
        groups = [_Group("new", title, others)]
    parts = [
        _Group("highlights", words.say("mail-highlights"), highlights),
        *groups,
        _Group("revised", words.say("mail-revised"), issue.revised),
        _Group("withdrawn", words.say("mail-withdrawn"), issue.withdrawn),
    ]
    return tuple(
        Section(part.id, part.title, not part.told, tuple(_shown(each, part, issue.site, words) for each in part.items))
        for part in parts
        if part.items
    )


def with_room_for(number: int, sections: Sequence[Section]) -> tuple[Section, ...]:
    """*sections* with *number* entries in all: no section loses any as long as a longer one can."""
    shares = [0] * len(sections)
    while number > 0 and (short := [at for at, each in enumerate(sections) if shares[at] < len(each.entries)]):
        portion = max(1, number // len(short))
        for at in short[:number]:
            given = min(portion, len(sections[at].entries) - shares[at])
            shares[at], number = shares[at] + given, number - given
    return tuple(
        section._replace(entries=section.entries[:share], more=len(section.entries) - share)
        for section, share in zip(sections, shares, strict=True)
    )


def preheader(issue: Issue, sections: Sequence[Section]) -> str:
    """What a mail program shows beside the subject: how much there is, and the first titles."""
    words = words_in(issue.site.lang)
    held = {"mail-new": issue.new, "mail-count-revised": issue.revised, "mail-count-withdrawn": issue.withdrawn}
    counts = [words.say(label, count=len(items)) for label, items in held.items() if items]
    titles = [entry.title for section in sections for entry in section.entries]
    return _clipped(" · ".join([*counts, *titles[:5]]), _PREHEADER)


class _Group(NamedTuple):
    """What becomes a section; *told* is what its title says of each entry already ("kind")."""

    id: str
    title: str
    items: tuple[Item, ...]
    told: str = ""


def _groups(items: Sequence[Item], words: Words) -> list[_Group]:
    """Many *items* by kind, else by first category, if that divides them well; those that have none come last."""
    if len(items) < LONG:
        return []
    for told, of in (("kind", _kind), ("category", _category)):
        groups: dict[str, list[Item]] = {}
        for item in items:
            groups.setdefault(of(item.entry).casefold(), []).append(item)
        rest = groups.pop("", [])
        if 1 < len(groups) <= min(_GROUPS, len(items) // 3) and len(rest) <= len(items) // 3:
            named = [
                _Group(f"group-{at}", capitalised(of(group[0].entry)), tuple(group), told)
                for at, group in enumerate(groups.values(), 1)
            ]
            return [*named, *([_Group("others", words.say("mail-others"), tuple(rest))] if rest else [])]
    return []


def _kind(entry: Entry) -> str:
    return entry.kind or ""


def _category(entry: Entry) -> str:
    return entry.categories[0] if entry.categories else ""


def _shown(item: Item, group: _Group, site: Site, words: Words) -> Shown:
    entry, lang = item.entry, item.entry.lang or site.lang
    page = f"{uri(site.base)}#{item.anchor}"
    whole = _summary(entry, site)
    summary = _clipped(whole, _SUMMARY if entry.summary else _EXCERPT)
    withdrawn = group.id == "withdrawn"
    return Shown(
        item=item,
        title=" ".join(entry.title.split("\n")),
        url=page if withdrawn else uri(item.link),
        lang=lang,
        dir=direction(lang),
        about=tuple(_about(entry, group.told, lang, site, words)),
        notice=_notice(item, group.id, site, words),
        reason=entry.withdrawn_reason or "" if withdrawn else "",
        paragraphs=() if withdrawn else tuple(paragraphs_of(summary)),
        read_on=page if not withdrawn and (entry.content or summary != whole) else "",
        attachments=() if withdrawn else tuple(_attachment(each, words) for each in entry.enclosure),
        extra=entry.extra,
    )


def _about(entry: Entry, told: str, lang: str, site: Site, words: Words) -> Iterator[str]:
    if entry.kind and told != "kind":
        yield capitalised(entry.kind)
    if entry.publisher:
        yield entry.publisher
    if entry.authors:
        yield format_list(entry.authors, locale=words.locale)
    known = {name: words.partial(value) for name in ("issued", "revised") if (value := getattr(entry, name))}
    if known:
        yield words.say("-".join(known), **known)
    if not same_language(lang, site.lang):
        yield words.say("in-language", language=words.language(lang))


def _notice(item: Item, section: str, site: Site, words: Words) -> str:
    if section == "withdrawn" and item.withdrawn:
        return words.say("withdrawn-on", date=words.day(item.withdrawn))
    if section == "revised":
        return words.say("updated", date=words.day(item.updated.astimezone(ZoneInfo(site.timezone)).date()))
    return ""


def _summary(entry: Entry, site: Site) -> str:
    if entry.summary or not entry.content:
        return entry.summary or ""
    from handbill.render.digest_markdown import to_text

    return to_text(entry.content, site.base, width=10**6)


def _attachment(file: Enclosure, words: Words) -> Attachment:
    size = [] if file.length is None else [words.size(file.length)]
    return Attachment(file.title or words.say("download"), uri(file.url), ", ".join([words.media(file.type), *size]))


def capitalised(text: str) -> str:
    """*text* as it begins a line: with a capital letter, unless it has one somewhere ("iOS app")."""
    return text[:1].upper() + text[1:] if text.islower() else text


def _clipped(text: str, most: int) -> str:
    """*text*, or as many of its words as make *most* characters, and an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[:most]
    head = cut.rpartition(" ")[0]
    return (head if len(head) > most // 2 else cut).rstrip() + "…"
