"""The tables of the file: which there are, how their headings are written, and the publication they make."""

from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

from handbill.model import Digest, Enclosure, Entry, Link, Publication, Site, fields_of
from handbill.read.checking import OTHER_LINE, Checking, Defect, Mend, Path
from handbill.read.fields import table, tables
from handbill.read.names import HEADINGS, table_meant
from handbill.read.strangers import is_tables
from handbill.read.twice import of_entries

T = TypeVar("T", Site, Digest)

_NAMES: Mapping[str, type] = {"site": Site, "digest": Digest, "entry": Entry}


def document(written: Mapping[str, Any], checking: Checking) -> Publication | None:
    """The publication that the whole file describes; None if it lacks what is required."""
    found = _by_kind(written, checking)
    _language(found, checking)
    site = _single(Site, found, checking)
    if site:
        checking.host = urlsplit(site.url).hostname or ""
    digest = _single(Digest, found, checking)
    entries: list[Entry] = []
    for path, value in found.get(Entry, ()):
        entries += _entries(path, value, checking)
    of_entries(checking.entries, checking)
    if site is None:
        return None
    extra = {name: value for name, value in written.items() if name.startswith("x-")}
    return Publication(site=site, zone=checking.zone, digest=digest, entries=tuple(entries), extra=extra)


def _by_kind(written: Mapping[str, Any], checking: Checking) -> dict[type, list[tuple[Path, Any]]]:
    """The tables of the file by what they are meant to be; all else that stands on the top level is told."""
    found: dict[type, list[tuple[Path, Any]]] = {}
    above = []
    for name, value in written.items():
        kind = _NAMES.get(name)
        if kind is None and not name.startswith("x-"):
            if is_tables(value):
                kind = _heading(name, value, checking)
            else:
                above.append(name)
        if kind is not None:
            found.setdefault(kind, []).append(((name,), value))
    if above:
        _above_all(above, written, checking)
    elif Site not in found and not checking.lost((), "site"):
        _no_site(written, checking)
    return found


def _heading(name: str, value: Any, checking: Checking) -> type | None:
    """Tell of a table that there is not; the kind that it was meant to be."""
    many = isinstance(value, list)
    kind = table_meant(name)
    wrong = f"[[{name}]]" if many else f"[{name}]"
    if kind is Entry and isinstance(value, dict) and set(value) == {"enclosure"}:
        _attachments(name, value["enclosure"], checking)
        return None
    places: list[Path] = [(name, number) for number in range(len(value))] if many else [(name,)]
    heading = HEADINGS.get(kind) if kind else None
    if kind in (Enclosure, Link):
        owner = "an entry" if kind is Enclosure else "`[site]`"
        hint = f"write `{heading}`, below the fields of what it belongs to: {owner}"
    elif heading:
        hint = f"write `{heading}`"
    else:
        hint = "headings are [site], [[site.link]], [digest], [[entry]] and [[entry.enclosure]]; your own begin with x-"
    mends = tuple(Mend(each, "heading", heading) for each in places) if heading and kind in _NAMES.values() else ()
    checking.defects.append(Defect("E204", f"there is no heading `{wrong}`", hint, places[0], "heading", mends=mends))
    return kind if kind in _NAMES.values() else None


def _attachments(name: str, value: Any, checking: Checking) -> None:
    """Tell of headings of attachments that misspell the name of the entries' own as *name*."""
    many = len(value) if isinstance(value, list) else 0
    places: list[Path] = [(name, "enclosure", number) for number in range(many)] or [(name, "enclosure")]
    right = HEADINGS[Enclosure]
    mends = tuple(Mend(each, "heading", right) for each in places)
    message = f"there is no heading `{right.replace('entry', name)}`"
    checking.defects.append(Defect("E204", message, f"write `{right}`", places[0], "heading", mends=mends))


def _above_all(names: list[str], written: Mapping[str, Any], checking: Checking) -> None:
    """Tell of fields that stand above the first heading."""
    first = names[0]
    listed = ", ".join(f"`{name}`" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    stand, belong = ("stands", "belongs") if len(names) == 1 else ("stand", "belong")
    message = f"{listed} {stand} above the first heading, and {belong} below one"
    if "site" in written:
        checking.defects.append(
            Defect("E206", message, "move this down, below the heading that it belongs to", (first,), "name")
        )
        return
    certain = all(name in fields_of(Site) for name in names)
    mends = (Mend((first,), "name", f"[site]\n{first}"),) if certain else ()
    hint = f"write the heading `[site]` above `{first}`"
    checking.defects.append(Defect("E206", message, hint, (first,), "name", mends=mends))
    if certain:
        table(Site, {name: written[name] for name in names}, (), checking)


def _no_site(written: Mapping[str, Any], checking: Checking) -> None:
    lines = " and ".join(
        f"`{each.name} = {each.declared.example}`" for each in fields_of(Site).values() if each.required
    )
    message = "the heading `[site]` is missing" if written else "there is nothing in this file yet"
    checking.defects.append(Defect("E208", message, f"begin the file with `[site]`, below it {lines}"))


def _language(found: Mapping[type, list[tuple[Path, Any]]], checking: Checking) -> None:
    for _, value in found.get(Site, ()):
        lang = value.get("lang") if isinstance(value, dict) else None
        if isinstance(lang, str):
            checking.day_first = lang.lower().replace("_", "-") not in ("en-us", "en-ph")


def _single(kind: type[T], found: Mapping[type, list[tuple[Path, Any]]], checking: Checking) -> T | None:
    """The one table of the *kind*."""
    made: T | None = None
    path: Path
    for path, value in found.get(kind, ()):
        heading = HEADINGS[kind]
        if isinstance(value, dict):
            made = table(kind, value, path, checking)
            continue
        if is_tables(value):
            if path[-1] in _NAMES or len(value) > 1:
                checking.defects.append(_several(heading, path, len(value)))
            for number, each in enumerate(value):
                made = table(kind, each, (*path, number), checking)
            continue
        message = f"`{path[-1]}` is a heading with fields below it, and here it is written like a field"
        checking.defects.append(Defect("E209", message, f"write it as a heading: `{heading}`", path, "name"))
    return made


def _several(heading: str, path: Path, number: int) -> Defect:
    """Tell of a heading that has brackets as if there could be several, of which there are *number*."""
    message = f"there is only one {heading}: its heading has one bracket on each side"
    first: Path = (*path, 0)
    if number > 1:
        hint = f"write `{heading}`, and bring together what stands below it and below {OTHER_LINE}"
        return Defect("E205", message, hint, first, "heading", also=(*path, 1))
    return Defect("E205", message, f"write `{heading}`", first, "heading", mends=(Mend(first, "heading", heading),))


def _entries(path: Path, value: Any, checking: Checking) -> tuple[Entry, ...]:
    if isinstance(value, dict) and set(value) == {"enclosure"}:
        place = (*path, "enclosure", 0)
        hint = "write `[[entry]]` with its fields above `[[entry.enclosure]]`"
        checking.defects.append(Defect("E204", "an attachment stands here without its entry", hint, place, "heading"))
        return ()
    return tables(Entry, value, path, checking)
