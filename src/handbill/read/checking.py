"""What the checks of single values share: the field they look at, where they stand, and what they have to say."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, tzinfo
from typing import Any, Literal, NamedTuple, TypeAlias

from handbill.model import Field

Path: TypeAlias = tuple[str | int, ...]
"""Where a value stands: names of tables and fields, and numbers (from 0) in lists, from the outermost in."""

Part: TypeAlias = Literal["value", "name", "heading", "line"]
"""What is meant of a field or table: its value, its name, its heading, or all of it with its line end."""


OTHER_LINE = "\ue000"
"""Stands in what is said for ``line 9``, the place of *also*, which is not known yet when it is said."""


AS_WRITTEN = "\ue001"
"""Stands in what is said, and in a repair, for the value as it is written."""


class Mend(NamedTuple):
    """A stretch to replace: the *part* of what stands at *path* becomes *text*.

    With an *offset* it is the character at it: one that is no ASCII.
    """

    path: Path
    part: Part
    text: str
    offset: int | None = None


class Defect(NamedTuple):
    """Something wrong, before its place in the text is known.

    *path* leads to the value, *part* says what of it is wrong; *offset* and *length* narrow that down to characters of
    a text. *mends* repair it, if that is certain; *also* is a second value (or table) that belongs to it.
    """

    code: str
    message: str
    hint: str = ""
    path: Path = ()
    part: Part = "value"
    offset: int | None = None
    length: int = 1
    mends: tuple[Mend, ...] = ()
    also: Path | None = None


class Seen(NamedTuple):
    """An entry as far as it could be read: where it stands, and its right values by the attributes of the model."""

    path: Path
    values: Mapping[str, Any]


class Checking:
    """The circumstances in which a value is checked, and the list of *defects* that its check adds to.

    *field* and *path* (of its table) are the field at hand; *items* is the number in the list, if it is one; *zone* is
    the site's time zone; *day_first* says whether 5/3 is the fifth of March where the publication is written (None: not
    known); *today* bounds what is a likely year (None: not checked); *host* is the site's own; *entries* are those read
    so far; *renamed* leads from where a field belongs to where it stands under another name; *broken* are the paths
    of fields and tables that are not whole in the file, which was told already.
    """

    __slots__ = (
        "broken", "day_first", "defects", "entries", "field", "host", "items", "path", "renamed", "today", "zone",
    )  # fmt: skip

    def __init__(self, today: date | None = None) -> None:
        """Start with the defaults of a site that says nothing."""
        self.today = today
        self.zone: tzinfo = UTC
        self.day_first: bool | None = None
        self.host = ""
        self.field: Field
        self.path: Path = ()
        self.items: Path = ()
        self.defects: list[Defect] = []
        self.entries: list[Seen] = []
        self.renamed: dict[Path, Path] = {}
        self.broken: frozenset[Path] = frozenset()

    def lost(self, path: Path, name: str) -> bool:
        """Whether the table at *path* may have the field *name*, in lines that could not be understood."""
        return bool(self.broken) and not self.broken.isdisjoint(((), path, (*path, name)))

    @property
    def name(self) -> str:
        """The field's name, as the file spells it."""
        return self.field.name

    def say(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        write: str | None = None,
        offset: int | None = None,
        length: int = 1,
    ) -> None:
        """Note a defect of the value at hand; *write* is the TOML that certainly was meant."""
        path = (*self.path, self.field.name, *self.items)
        mends = () if write is None else (Mend(path, "value", write),)
        self.defects.append(Defect(code, message, hint, path, "value", offset, length, mends))


Check: TypeAlias = Callable[[Any, Checking], Any]
"""Takes a value as TOML gave it; returns it as the model wants it, or None after saying what is wrong."""
