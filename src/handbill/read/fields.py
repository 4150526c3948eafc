"""The fields of one table: each is checked by its kind, what is missing is named, and the table becomes a value."""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeVar

from handbill.model import TABLES, Digest, Enclosure, Entry, Field, Link, Site, fields_of
from handbill.read.checking import OTHER_LINE, Check, Checking, Defect, Mend, Path, Seen
from handbill.read.meaning import TOGETHER
from handbill.read.names import HEADINGS
from handbill.read.strangers import strangers
from handbill.read.values import CHECKS
from handbill.read.values.media import of_address

T = TypeVar("T", Site, Digest, Entry, Link, Enclosure)

_LONGEST = 2000  # of an address that is looked at

INNER: Mapping[tuple[type, str], type] = {(Site, "link"): Link, (Entry, "enclosure"): Enclosure}
"""The tables inside tables, by the outer one and the name."""

SPOKEN: Mapping[type, str] = {
    Site: "[site]",
    Digest: "[digest]",
    Entry: "this entry",
    Link: "this link",
    Enclosure: "this attachment",
}
"""How a message speaks of a table of each kind."""


class Plan(NamedTuple):
    """How a table is read: each field with its attribute and its check (None: tables), and the required fields."""

    fields: Mapping[str, tuple[Field, str, Check | None]]
    required: tuple[Field, ...]


def _plan(kind: type) -> Plan:
    declared = fields_of(kind)
    return Plan(
        {name: (each, each.attribute, CHECKS.get(each.kind)) for name, each in declared.items()},
        tuple(each for each in declared.values() if each.required),
    )


_PLANS: Mapping[type, Plan] = {kind: _plan(kind) for kind in TABLES.values()}


def table(kind: type[T], written: Mapping[str, Any], path: Path, checking: Checking) -> T | None:
    """The table of the *kind* that *written*, which stands at *path*, describes; None if it lacks what is required."""
    plan, required = _PLANS[kind]
    values: dict[str, Any] = {}
    unknown: list[str] = []
    checking.path = path
    for name, value in written.items():
        known = plan.get(name)
        if known is None:
            unknown.append(name)
            continue
        checking.field, attribute, check = known
        if check is None and isinstance(value, str) and kind is Site and "url" not in written:
            unknown.append(name)  # what other tools call `url`
        elif check is None:
            values[attribute] = tables(INNER[kind, name], value, (*path, name), checking)
            checking.path = path
        elif (checked := check(value, checking)) is not None:
            values[attribute] = checked
    if unknown:
        written = {**written, **_unknown(kind, unknown, written, path, checking, values)}
        checking.path = path
    if look := TOGETHER.get(kind):
        look(values, written, checking)
    if kind is Entry:
        checking.entries.append(Seen(path, values))
    absent = [each for each in required if each.attribute not in values]
    if not absent:
        return kind(**values)
    if missing := [each for each in absent if each.name not in written and not checking.lost(path, each.name)]:
        _missing(kind, missing, written, path, checking)
    return None


def tables(kind: type[T], written: Any, path: Path, checking: Checking) -> tuple[T, ...]:
    """The tables of the *kind* that stand in the list *written*; what is no list of tables is told."""
    if isinstance(written, dict):
        heading = HEADINGS[kind]
        if path[-1] == heading.strip("[]").rpartition(".")[2]:
            message = f"there can be many {heading}: its heading has two brackets on each side"
            mends = (Mend(path, "heading", heading),)
            checking.defects.append(Defect("E205", message, f"write `{heading}`", path, "heading", mends=mends))
        only = table(kind, written, path, checking)
        return () if only is None else (only,)
    if not isinstance(written, list):
        _no_table(kind, path, checking)
        return ()
    found = []
    for number, each in enumerate(written):
        if not isinstance(each, dict):
            _no_table(kind, (*path, number), checking)
            break  # what is no list of tables is one mistake
        if (made := table(kind, each, (*path, number), checking)) is not None:
            found.append(made)
    return tuple(found)


def _no_table(kind: type, path: Path, checking: Checking) -> None:
    name = next(part for part in reversed(path) if isinstance(part, str))
    lines = " and ".join(f"`{each.name} = {each.declared.example}`" for each in _PLANS[kind].required)
    message = f"`{name}` is a heading with fields below it, and here it is written like a field"
    checking.defects.append(Defect("E209", message, f"write a heading `{HEADINGS[kind]}`, below it {lines}", path))


def _unknown(
    kind: type, names: list[str], written: Mapping[str, Any], path: Path, checking: Checking, values: dict[str, Any]
) -> dict[str, Any]:
    """Keep the user's own fields in *values*; tell of all others. Gives what these say by the names that were meant."""
    own = {name: written[name] for name in names if name.startswith("x-")}
    if own:
        values["extra"] = own
    meant = {}
    for stranger in strangers(kind, names, written, path, checking):
        meant[stranger.field] = written[stranger.name]
        checking.renamed[*path, stranger.field] = (*path, stranger.name)
        field, attribute, check = _PLANS[kind].fields[stranger.field]
        here = (*path, stranger.name)
        start = len(checking.defects)
        if check is None:
            tables(INNER[kind, stranger.field], written[stranger.name], here, checking)
            checking.path = path
        else:
            checking.field = field
            if (checked := check(written[stranger.name], checking)) is not None:
                values[attribute] = checked
        wrong = [_moved(each, here) for each in checking.defects[start:]]
        del checking.defects[start:]
        checking.defects += stranger.told(wrong)
    return meant


def _moved(defect: Defect, here: Path) -> Defect:
    """The *defect* of a value that stands under another name, at the path *here*."""
    mends = tuple(each._replace(path=(*here, *each.path[len(here) :])) for each in defect.mends)
    return defect._replace(path=(*here, *defect.path[len(here) :]), mends=mends)


def _missing(kind: type, missing: list[Field], written: Mapping[str, Any], path: Path, checking: Checking) -> None:
    """Tell what required fields are missing, unless they stand in a table inside this one by mistake."""
    also: Path | None = None
    for (outer, inner), within in INNER.items():
        lists = written.get(inner) if outer is kind else None
        for number, each in enumerate(lists if isinstance(lists, list) else ()):
            if isinstance(each, dict):
                lost = [one for one in missing if one.name in each and one.name not in fields_of(within)]
                missing = [one for one in missing if one not in lost]
                if any(one.name in each and not fields_of(within)[one.name].required for one in missing):
                    also = (*path, inner, number)
    if not missing:
        return
    names = " and no ".join(f"`{each.name}`" for each in missing)
    examples = {each.name: each.declared.example for each in missing}
    if kind is Enclosure and (likely := of_address(str(written.get("url", ""))[:_LONGEST])):
        examples["type"] = f'"{likely}"'
    lines = " and ".join(f"`{each.name} = {examples[each.name]}`" for each in missing)
    hint = f"add a line such as {lines}"
    if also:
        hint = f"move the line `{missing[0].name} = ...` up, above the heading in {OTHER_LINE}, if it is the entry's"
    checking.defects.append(Defect("E207", f"{SPOKEN[kind]} has no {names}", hint, path, "heading", also=also))
