"""Where a value stands in the text: from its path to its characters, and from these to line and column."""

from handbill.findings import Place
from handbill.read.checking import Part, Path
from handbill.read.lines import Lines
from handbill.read.scan import Statement, statements
from handbill.read.within import Span, characters, fields, items


class Places:
    """Finds places in *text*. What it does not find, it looks for one step further out."""

    def __init__(self, text: str, known: list[Statement] | None = None) -> None:
        """Scan the whole text once; *known* are the headings and fields of a broken one."""
        self.text = text
        self._lines = Lines(text)
        self._headings: dict[Path, Span] = {}
        self._names: dict[Path, Span] = {}
        self._values: dict[Path, Span] = {}
        self._around: dict[Path, Span] = {}
        counts: dict[Path, int] = {}
        table: Path = ()
        for each in statements(text) if known is None else known:
            if each.kind == "pair":
                path = (*table, *each.path)
                self._names.setdefault(path, Span(each.key_start, each.key_end))
                self._values.setdefault(path, Span(each.value_start, each.value_end))
                if len(each.path) > 1:
                    self._around.setdefault(path[:-1], Span(each.key_start, each.key_end))
                continue
            table = ()
            for part in each.path[:-1]:
                table = (*table, part)
                if table in counts:
                    table = (*table, counts[table] - 1)
            table = (*table, each.path[-1])
            if each.kind == "array-heading":
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            self._headings.setdefault(table, Span(each.start, each.end))
            self._around.setdefault(table[:1], Span(each.start, each.end))

    def exactly(self, path: Path, part: Part) -> Span | None:
        """Where the *part* of what stands at *path* is, None if there is no such thing."""
        if part == "heading":
            return self._headings.get(path)
        known = self._names if part == "name" else self._values
        if path not in known and path and path not in self._headings:
            self._look_within(path[:-1])
        return known.get(path)

    def _look_within(self, path: Path) -> None:
        """Find the places of what stands inside the value at *path*."""
        around = self.exactly(path, "value") if path else None
        if not around:
            return
        for number, span in enumerate(items(self.text, around)):
            self._values.setdefault((*path, number), span)
        for each in fields(self.text, around):
            self._names.setdefault((*path, *each.path), each.name)
            self._values.setdefault((*path, *each.path), each.value)

    def nearest(self, path: Path, part: Part = "value") -> Span | None:
        """Where the *part* of what stands at *path* is, or else the nearest around it."""
        while path:
            found = self.exactly(path, part) or self.exactly(path, "value") or self.exactly(path, "heading")
            if found := found or self._around.get(path):
                return found
            path = path[:-1]
        return None

    def within(self, path: Path, offset: int, length: int) -> Span | None:
        """Where *length* characters, from *offset* on, of the text at *path* stand."""
        span = self.exactly(path, "value")
        quoted = span and self.text.startswith(("'", '"'), span.start)
        return characters(self.text, span, offset, length) if span and quoted else None

    def place(self, span: Span) -> Place:
        """Line and columns of *span*; one over several lines is cut at the end of its first."""
        return self._lines.place(span.start, span.end)
