"""Fields that a table does not have: told one by one, or together when a heading is missing above them."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from handbill.model import Digest, Enclosure, Entry, Kind, Link, Site, fields_of
from handbill.read.checking import OTHER_LINE, Checking, Defect, Mend, Path
from handbill.read.names import HEADINGS, OF, Guess, guess, is_secret, plain, told_of_secret
from handbill.read.vocabulary import NO_FIELD


class Stranger(NamedTuple):
    """An unknown *name* that stands for the *field*; *defect* tells of it."""

    name: str
    field: str
    defect: Defect

    def told(self, wrong: list[Defect]) -> list[Defect]:
        """The defect of the name, and what is *wrong* with the value: one message for one that is written anew."""
        errors = [each for each in wrong if each.code[0] == "E"]
        if not errors or self.defect.part == "heading":
            return [self.defect, *wrong]
        if len(errors) > 1:
            return [self.defect._replace(mends=()), *wrong]
        (error,) = errors
        mends = self.defect.mends + error.mends if self.defect.mends and error.mends else ()
        return [self.defect._replace(hint=error.hint or self.defect.hint, mends=mends)]


def strangers(
    kind: type, names: list[str], written: Mapping[str, Any], path: Path, checking: Checking
) -> Iterator[Stranger]:
    """Tell of the unknown *names* in a table of the *kind*; yield those that stand for a field of this table."""
    taken = set(written)
    elsewhere: dict[type, list[str]] = {}
    for name in [name for name in names if is_secret(name)]:
        checking.defects.append(Defect("E210", *told_of_secret(name), (*path, name), "name"))
    guesses = _guesses(kind, [name for name in names if not name.startswith("x-") and not is_secret(name)], written)
    for name, meant in guesses.items():
        here = (*path, name)
        if meant.table:
            elsewhere.setdefault(meant.table, []).append(name)
        elif meant.field and (meant.field not in taken or fields_of(kind)[meant.field].kind is Kind.TABLES):
            taken.add(meant.field)
            yield Stranger(name, meant.field, _renamed(kind, name, meant, written[name], here))
        else:
            checking.defects.append(_unknown(kind, name, meant, written[name], here))
    for table, lost in elsewhere.items():
        checking.defects.append(_misplaced(kind, table, lost, path))


def _guesses(kind: type, names: list[str], written: Mapping[str, Any]) -> dict[str, Guess]:
    """What each of *names* means. Where a heading seems to be missing, what can belong below it does."""
    guesses = {name: _guess(kind, name, written[name]) for name in names}
    others = [each for each in (Entry, Site, Digest) if each is not kind]
    lost = next((each for each in others if any(guess.table is each for guess in guesses.values())), None)
    for name, meant in guesses.items():
        home = next((each for each in others if name in fields_of(each)), None)
        if kind is not Entry and meant.field in written and home:
            guesses[name] = Guess(table=home)
        elif lost and name in fields_of(lost):
            guesses[name] = Guess(table=lost)
    return guesses


def _guess(kind: type, name: str, value: Any) -> Guess:
    if kind is Entry and plain(name) == "type" and isinstance(value, str) and "/" in value:
        return Guess(table=Enclosure)
    if kind is Site and name == "link":
        return Guess("url", certain=True, foreign=True)
    meant = guess(kind, name)
    if isinstance(value, bool) and meant.field and fields_of(kind)[meant.field].kind is not Kind.FLAG:
        return Guess(why=NO_FIELD.get(plain(name), ""))
    return meant


def _renamed(kind: type, name: str, meant: Guess, value: Any, here: Path) -> Defect:
    mends = (Mend(here, "name", meant.field),) if meant.certain else ()
    hint = f"write `{meant.field}`"
    if fields_of(kind)[meant.field].kind is Kind.TABLES and is_tables(value):
        heading = HEADINGS[Enclosure if kind is Entry else Link]
        number = len(value) if isinstance(value, list) else 0
        headings = tuple(Mend((*here, each), "heading", heading) for each in range(number))
        wrong = heading.replace(meant.field, name)
        return Defect(
            "E204", f"there is no heading `{wrong}`", f"write `{heading}`", (*here, 0), "heading", mends=headings
        )
    if meant.foreign:
        return Defect("E202", f"`{name}` is called `{meant.field}` here", hint, here, "name", mends=mends)
    message = f"`{name}` is no field of {OF[kind]}" + (f": {meant.why}" if meant.why else "")
    return Defect("E201", message, hint, here, "name", mends=mends)


def is_tables(value: Any) -> bool:
    """Whether *value* is what stands below a heading: a table, or several of one name."""
    return isinstance(value, dict) or (
        isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)
    )


def _unknown(kind: type, name: str, meant: Guess, value: Any, here: Path) -> Defect:
    if kind is Entry and is_tables(value) and not meant.field:
        many = isinstance(value, list)
        first = value[0] if many else value
        heading = HEADINGS[Enclosure if "type" in first and "date" not in first else Entry]
        wrong = f"[[entry.{name}]]" if many else f"[entry.{name}]"
        place = (*here, 0) if many else here
        return Defect("E204", f"there is no heading `{wrong}`", f"write `{heading}`", place, "heading")
    message = f"`{name}` is no field of {OF[kind]}"
    if meant.field:
        hint = f"it is called `{meant.field}` here, and there is one already: take this line out"
    else:
        hint = meant.why or f"take the line out, or write `x-{plain(name) or 'name'}` if your own templates use it"
    return Defect("E201", message, hint, here, "name")


def _misplaced(kind: type, table: type, names: list[str], path: Path) -> Defect:
    here = (*path, names[0])
    heading = HEADINGS[table]
    listed = ", ".join(f"`{name}`" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    stand, belong, lines = ("stands", "belongs", "this line") if len(names) == 1 else ("stand", "belong", "these lines")
    if kind is Enclosure and table is Entry:
        message = f"{listed} {stand} below the heading of an attachment, and {belong} to the entry"
        return Defect(
            "E203", message, f"move {lines} up, above `[[entry.enclosure]]` in {OTHER_LINE}", here, "name", also=path
        )
    if kind is Link and table is Site:
        message = f"{listed} {stand} below the heading of a link, and {belong} to `[site]`"
        return Defect(
            "E203", message, f"move {lines} up, above `[[site.link]]` in {OTHER_LINE}", here, "name", also=path
        )
    message = f"{listed} {belong} below `{heading}`, not below `{HEADINGS[kind]}`"
    hint = f"move {lines} below a heading `{heading}`"
    if table is Entry and len(names) > 1:
        hint = f"write the heading `[[entry]]` above `{names[0]}`, if an entry begins here"
    return Defect("E203", message, hint, here, "name")
