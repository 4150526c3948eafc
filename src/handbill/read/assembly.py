"""The fields of a broken text under their headings, and what stands twice or in the wrong order."""

from collections import Counter
from typing import Any

from handbill.findings import Edit, Finding
from handbill.model import TABLES, fields_of
from handbill.read.checking import Path
from handbill.read.items import BROKEN, MOST, Item, Items
from handbill.read.lines import Lines
from handbill.read.names import OF
from handbill.read.scan import Statement
from handbill.read.slips.headings import SINGLE, written
from handbill.read.toml_tables import NOWHERE, Clash, Tables

_MANY = frozenset(name for name in TABLES if name not in SINGLE)


class Assembly:
    """Puts items into tables. *broken* are the paths of fields and tables of which not all is known."""

    def __init__(self, items: Items, lines: Lines) -> None:
        """Put all *items* together."""
        self.items = list(items)
        self._conflicts = items.conflicts
        self.tables = Tables()
        self.findings: list[Finding] = []
        self.broken: set[Path] = set()
        self.statements: list[Statement] = []
        self._lines = lines
        self._number = 0
        self._merged: set[Path] = set()
        headings = [item.statement for item in self.items if item.statement and item.statement.kind != "pair"]
        arrays = {each.path for each in headings if each.kind == "array-heading"}
        single = Counter(each.path for each in headings if each.kind == "heading")
        self._meant_arrays = {path for path, count in single.items() if count > 1 or path in arrays}
        self._first_entry = next((each for each in headings if each.path == ("entry",)), None)
        for number, item in enumerate(self.items):
            self._number = number
            self._take(item)
            if len(self.findings) > MOST:
                self.broken.add(())
                break

    def _take(self, item: Item) -> None:
        if item.statement is None:
            self.broken.add(() if item.value is BROKEN else self.tables.current)
        elif item.statement.kind == "pair":
            self._pair(item.statement, item.value)
        else:
            self._heading(item.statement)

    def _say(
        self, code: str, message: str, hint: str, at: Statement, first: int | None, fix: tuple[Edit, ...] = ()
    ) -> None:
        also = None if first is None else self._lines.place(first, first + 1)
        self.findings.append(Finding(code, message, hint, self._lines.place(at.start, at.end), also, fix))

    def _heading(self, heading: Statement) -> None:
        name = ".".join(heading.path)
        if not heading.path:
            self.tables.aside()
            return
        array = heading.kind == "array-heading"
        if name in _MANY and not array and heading.path in self._meant_arrays:
            fix = (Edit(heading.start, heading.end, written(name)),)
            message = f"the heading of {OF[TABLES[name]]} has two brackets on each side"
            self._say("E114", message, f"write {written(name)}", heading, None, fix)
            array = True
        elif name == "entry.enclosure" and self.tables.defined(("entry",)) is None and self._later_entry():
            return
        elif self._is_first_entry(heading):
            shown = f"[[{name}]]" if array else f"[{name}]"
            self._say("E204", f"there is no heading `{shown}`", "write `[[entry]]`", heading, None)
            heading, name, array = heading._replace(path=("entry",)), "entry", True
        self.statements.append(heading._replace(kind="array-heading" if array else "heading"))
        clash = self.tables.heading(heading.path, heading.start, array=array)
        if clash:
            self._heading_clash(heading, name, clash, array=array)

    def _is_first_entry(self, heading: Statement) -> bool:
        """Whether *heading* was meant for the first entry, and has a name behind a point that there is not."""
        first, *inner = heading.path
        if first != "entry" or not inner or self.tables.defined(("entry",)) is not None:
            return False
        return ".".join(heading.path) not in TABLES and not inner[0].startswith("x-")

    def _later_entry(self) -> bool:
        """Tell of an attachment above the first entry; whether there is an entry at all."""
        here, entry = self.items[self._number].statement, self._first_entry
        if not here or not entry:
            return False
        message = f"this attachment stands before its entry, which begins on line {self._lines.number(entry.start)}"
        self._say("E118", message, "move it below the [[entry]] it belongs to, and its fields", here, entry.start)
        self.tables.aside()
        return True

    def _heading_clash(self, heading: Statement, name: str, clash: Clash, *, array: bool) -> None:
        line = self._lines.number(clash.first)
        if name in _MANY and not array:
            message = (
                f"[{name}] stands a second time (first on line {line}), and its heading has two brackets on each side"
            )
            self._say("E114", message, f"write {written(name)} each time", heading, clash.first)
            self.broken.add((*self._owner(heading.path), heading.path[-1]))
            return
        shown = f"[[{name}]]" if array else f"[{name}]"
        if clash.kind in ("heading", "dotted") and not array:
            message = f"the heading {shown} stands twice: on line {line} and here"
            hint = f"move the fields below it up to line {line}, and delete this heading"
            self._merged.add(self.tables.current)
        else:
            message = f"the heading {shown} cannot stand here: line {line} already says what `{name}` is"
            hint = (
                f"write {written(name)}, or take one of the two away" if name in TABLES else "take one of the two away"
            )
            self.broken.add(self._owner(heading.path) + heading.path[-1:])
        self._say("E117", message, hint, heading, clash.first)

    def _owner(self, path: tuple[str, ...]) -> Path:
        """The path of the table around *path*, with the numbers of its entries."""
        found: Path = ()
        node: Any = self.tables.data
        for part in path[:-1]:
            found = (*found, part)
            node = node.get(part) if isinstance(node, dict) else None
            if isinstance(node, list) and node:
                found = (*found, len(node) - 1)
                node = node[-1]
        return found

    def _pair(self, pair: Statement, value: Any) -> None:
        if self.tables.current == NOWHERE:
            return
        if self._begins_entry(pair):
            self.tables.heading(("entry",), pair.start, array=True)
            self.statements.append(Statement("array-heading", ("entry",), *[pair.start] * 6))
        here = self.tables.current
        if value is BROKEN:
            self.broken.add((*here, *pair.path))
            self.tables.reserve(pair.path[0], pair.start)
            self.statements.append(pair)
            return
        clash = self.tables.pair(pair.path, value, pair.start)
        if not clash:
            self.statements.append(pair)
        elif here not in self._merged and (*here, *pair.path) not in self.broken and not self._conflict(clash, pair):
            self._twice(pair, clash)

    def _conflict(self, clash: Clash, pair: Statement) -> bool:
        """Whether the two are versions of one another."""
        return any(clash.first < mark < pair.start for mark in self._conflicts)

    def _twice(self, pair: Statement, clash: Clash) -> None:
        name = ".".join(pair.path)
        line = self._lines.number(clash.first)
        table = self._table()
        if clash.kind != "value" or len(pair.path) > 1:
            message = f"`{name}` cannot stand here: line {line} already says what it is"
            self._say("E116", message, "take one of the two away", pair, clash.first)
            return
        where = {"entry": "in this entry", "entry.enclosure": "under this attachment"}.get(
            table, f"under {written(table)}"
        )
        where = where if table else "above the first heading"
        message = f"`{name}` stands twice {where}: on line {line} and again here"
        hint = "delete one of the two lines"
        if table == "entry.enclosure" and name in fields_of(TABLES["entry"]):
            heading = self.tables.defined(self.tables.current)
            at = self._lines.number(heading[1]) if heading else line
            hint = f"delete one; if this one belongs to the entry, move it above [[entry.enclosure]] on line {at}"
        self._say("E116", message, hint, pair, clash.first)

    def _table(self) -> str:
        return ".".join(part for part in self.tables.current if isinstance(part, str))

    def _begins_entry(self, pair: Statement) -> bool:
        """Whether a heading [[entry]] is missing above *pair*; if so, tell of it."""
        table, here = self._table(), self.tables.current
        if table not in ("entry", "entry.enclosure") or here in self._merged or len(pair.path) > 1:
            return False
        name = pair.path[0]
        first = self.tables.defined((*here, name))
        if not first and (table == "entry" or name in fields_of(TABLES[table])):
            return False
        block = self._block()
        again = [each for each in block if self.tables.defined((*here, each))]
        if table == "entry" and not (len(again) > 1 and {"date", "title"} & set(again)):
            return False
        if table == "entry.enclosure" and not (again and {"date", "title"} <= set(block)):
            return False
        fix = (
            (Edit(pair.start, pair.start, "[[entry]]\n"),)
            if self._after_blank(pair) and {"date", "title"} <= set(block)
            else ()
        )
        other = first[1] if first else (self.tables.defined((*here, again[0])) or ("", 0))[1]
        line = self._lines.number(other)
        message = f"a new entry seems to begin here without its heading: `{again[0]}` stands on line {line} already"
        self._say("E119", message, "write [[entry]] above this line", pair, other, fix)
        return True

    def _block(self) -> list[str]:
        """The names of the fields from here to the next heading."""
        names = []
        for item in self.items[self._number : self._number + 40]:
            if item.statement and item.statement.kind != "pair":
                break
            if item.statement:
                names.append(item.statement.path[0])
        return names

    def _after_blank(self, pair: Statement) -> bool:
        before = self._lines.text[: pair.start].rstrip(" \t")[-4:].replace("\r", "")
        return before.endswith("\n\n")
