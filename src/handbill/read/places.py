"""Where a value stands in the text: from its path to its characters, and from these to line and column."""

import re
from bisect import bisect_right
from typing import NamedTuple

from handbill.findings import Place
from handbill.read.checking import Part, Path
from handbill.read.scan import Statement, statements


class Span(NamedTuple):
    """A stretch of the text by its offsets."""

    start: int
    end: int


class Places:
    """Finds places in *text*. What it does not find, it looks for one step further out."""

    def __init__(self, text: str) -> None:
        """Scan the whole text once."""
        self.text = text
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]
        self._headings: dict[Path, Statement] = {}
        self._fields: dict[Path, Statement] = {}
        counts: dict[Path, int] = {}
        table: Path = ()
        for each in statements(text):
            if each.kind == "pair":
                self._fields.setdefault((*table, *each.path), each)
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
            self._headings.setdefault(table, each)

    def exactly(self, path: Path, part: Part) -> Span | None:
        """Where the *part* of what stands at *path* is, None if there is no such thing."""
        if part == "heading":
            heading = self._headings.get(path)
            return Span(heading.start, heading.end) if heading else None
        field = self._fields.get(path)
        if not field:
            return None
        if part == "name":
            return Span(field.key_start, field.key_end)
        return Span(field.value_start, field.value_end)

    def nearest(self, path: Path, part: Part = "value") -> Span | None:
        """Where the *part* of what stands at *path* is, or else the nearest around it."""
        while path:
            found = self.exactly(path, part) or self.exactly(path, "value") or self.exactly(path, "heading")
            if found:
                return found
            path = path[:-1]
        return None

    def place(self, span: Span) -> Place:
        """Line and columns of *span*; one over several lines is cut at the end of its first."""
        line = bisect_right(self._lines, span.start)
        begin = self._lines[line - 1]
        end = self.text.find("\n", span.start)
        end = len(self.text) if end < 0 else end
        return Place(line, span.start - begin + 1, min(span.end, end) - begin + 1)
