"""What is to be said about the file: a place, what is wrong, and what to write instead."""

from dataclasses import dataclass
from typing import NamedTuple


class Place(NamedTuple):
    """A stretch of the file: *line* and *column* count from 1, in characters; *end_column* is the first one after."""

    line: int
    column: int
    end_column: int

    def __str__(self) -> str:
        """As it is spoken of: ``line 9``."""
        return f"line {self.line}"


class Edit(NamedTuple):
    """A certain repair: the characters from *start* to *end* (offsets from 0 into the text) become *text*."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    *code* begins with E (cannot be built), W (probably not meant) or N (good to know). *place* is None when the
    finding is about no line. *hint* says what to write instead. *also* is a second place that belongs to it.
    *fix* repairs it, if there is just one certain way.
    """

    code: str
    message: str
    hint: str = ""
    place: Place | None = None
    also: Place | None = None
    fix: tuple[Edit, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether nothing can be built before this is mended."""
        return self.code.startswith("E")
