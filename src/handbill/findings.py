"""What is to be said about the file: a place, what is wrong, and what to write instead.

Every code is explained in one file of its own, ``codes/E123.md`` beside this module; `handbill.codes` tells its form.
A code that occurs in the source has its file, and the other way round: a test holds that.

The number tells the subject: 0.. the file as bytes, 1.. the signs of TOML (quotes, brackets, equals signs, headings),
2.. tables and field names, 3.. dates and times, 4.. other values, 5.. entries seen together,
6.. what is already published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

SEVERITIES: Mapping[str, str] = MappingProxyType({"E": "error", "W": "warning", "N": "note"})
"""What the first letter of a code says."""


class Place(NamedTuple):
    """A stretch of the file: *line* and *column* count from 1, in characters; *end_column* is the first one after.

    Lines end with LF or CRLF. A byte order mark at the start of the file is no part of its text, and no column.
    """

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


SAVE_AS_UTF8 = Edit(0, 0, "")
"""The repair of a file in another encoding that was understood without doubt: the same text, saved as UTF-8."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    *code* begins with E (cannot be built), W (probably not meant) or N (good to know). *place* is None when the
    finding is about no line. *hint* says what to write instead. *also* is a second place that belongs to it.
    *fix* repairs it, if there is just one certain way: it is applied as a whole or not at all.
    """

    code: str
    message: str
    hint: str = ""
    place: Place | None = None
    also: Place | None = None
    fix: tuple[Edit, ...] = ()

    @property
    def severity(self) -> str:
        """What its code begins with, as a word: error, warning or note."""
        return SEVERITIES[self.code[0]]

    @property
    def is_error(self) -> bool:
        """Whether nothing can be built before this is mended."""
        return self.code.startswith("E")


class Remark(NamedTuple):
    """A finding about an entry by its number in the file (from 0), before its place is known.

    *field* is the field that it is about, None for the entry as a whole; *also* the number of a second entry.
    """

    code: str
    message: str
    hint: str = ""
    entry: int | None = None
    field: str | None = None
    also: int | None = None


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """*findings* in the order of the file, those about no line first."""
    return sorted(findings, key=lambda finding: (finding.place or Place(0, 0, 0), finding.code))
