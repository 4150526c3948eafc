"""One broken field, and one thing that may be wrong with it: what the modules that recognise slips have in common."""

import re
from collections.abc import Callable
from typing import Any, NamedTuple, TypeAlias

import tomli

from handbill.model import TABLES, Entry, Field, Kind, fields_of
from handbill.read.names import plain
from handbill.read.slips.marks import ODD_SPACES, QUOTES, UNSEEN
from handbill.read.vocabulary import FIELDS

KNOWN = frozenset(name for table in TABLES.values() for name in fields_of(table))
"""The names of all fields of all tables."""

TEXT_KINDS = frozenset(
    (Kind.TEXT, Kind.MARKDOWN, Kind.ADDRESS, Kind.LEAVE_MAILTO, Kind.MAIL, Kind.LANGUAGE, Kind.ZONE, Kind.MEDIA_TYPE,
     Kind.SUBJECT, Kind.LIST_ID, Kind.CLOCK)
)  # fmt: skip
LIST_KINDS = frozenset((Kind.TEXTS, Kind.ADDRESSES, Kind.MAILS))
DATE_KINDS = frozenset((Kind.DATE, Kind.WHEN, Kind.PARTIAL_DATE))

_BLANK = f"[ \\t{ODD_SPACES}{UNSEEN}]*+"
_SIGN = (
    r"=[ \t]*=+>?|:=|=:|=>|[-–—]>|->|→|⇒|＝|﹦|≡|≔|=|:|：|﹕|꞉|(?<=[ \t])[-–—](?=[ \t])"
    r"|[;,](?=[ \t]*(?:[\"'“]|\d{4}-\d))"
)
_NAME = r"[^\s=:：＝≔≡→⇒#/?&<>()|;,\[\]{}\\]"
_SIGNED = re.compile(
    rf"""{_BLANK}
    (?P<name>{_NAME}{{1,40}}+(?:[ \t]{_NAME}{{1,30}}+){{0,3}}?)
    {_BLANK}(?P<sign>{_SIGN}){_BLANK}""",
    re.VERBOSE,
)
_UNSIGNED = re.compile(
    rf"""(?P<name>{"|".join(sorted(map(re.escape, KNOWN), key=len, reverse=True))})(?P<sign>\t[ \t]*|[ ]{{2,}}|[ ])
    (?=(?<=\t)\S|(?<=[ ][ ])\S|["'“„«\[]|[A-Z0-9]|https?:|(?:true|false)\b)""",
    re.VERBOSE,
)
_LONGEST_START = 200
_LONGEST_SHOWN = 1_000


class Draft(NamedTuple):
    """A field as it is written, or as it was probably meant so far.

    *text* begins with its name; *value_at* is where its value begins. *table* is the dotted name of the table it
    stands in, *field* what is declared of it, *day_first* how its editor writes dates.
    """

    text: str
    name: str
    value_at: int
    table: str
    field: Field | None
    day_first: bool | None = None

    @property
    def value(self) -> str:
        """All that stands behind the equals sign."""
        return self.text[self.value_at :]

    @property
    def kind(self) -> Kind | None:
        """How the value of this field is written."""
        return self.field.kind if self.field else None

    def with_value(self, value: str) -> str:
        """The field with another value."""
        return self.text[: self.value_at] + value


class Slip(NamedTuple):
    """Something wrong with a draft.

    *start* and *end* are where, as offsets into its text; *write* is the whole field as it was probably meant, without
    this slip, and *certain* says that nothing else can have been meant. *hint* says what to do where the field itself
    does not; *also* is the offset of a second place.
    """

    code: str
    message: str
    start: int
    end: int
    write: str | None = None
    certain: bool = False
    hint: str = ""
    also: int | None = None


Recogniser: TypeAlias = Callable[[Draft], Slip | None]


def beginning(text: str, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """How a field begins at *start*, with all that people write around its name and for its equals sign; or None.

    The match has the groups *name* and *sign* and ends where the value begins. Only a name that is known may stand
    before another sign than an equals sign, so that prose with a colon is no field.
    """
    end = min(len(text) if end is None else end, start + _LONGEST_START)
    found = _SIGNED.match(text, start, end)
    if found and re.search(f"[ \t][{QUOTES}]", found["name"]):
        found = None  # the sign stands in the text: title "a = b"
    if found and found["sign"] == "," and found["name"][0] in QUOTES:
        found = None  # a row of texts
    if found and _may_be_field(plain_name(found["name"]), found["sign"]):
        return found
    return _UNSIGNED.match(text, start, end)


def _may_be_field(name: str, sign: str) -> bool:
    hyphened = re.sub("[ _]+", "-", name)
    if hyphened in KNOWN or name.startswith("x-"):
        return True
    if sign in ":：﹕꞉" and plain(name) in FIELDS[Entry]:
        return True
    return bool(name) and name.count(" ") < 2 and (len(sign) > 1 or sign in "=＝﹦≡≔")


def draft_of(text: str, table: str, day_first: bool | None = None) -> Draft | None:
    """The field that *text* seems to be."""
    start = beginning(text)
    if not start:
        return None
    name = plain_name(start["name"])
    declared = fields_of(TABLES[table]).get(name) if table in TABLES else None
    return Draft(text, name, start.end(), table, declared, day_first)


def plain_name(written: str) -> str:
    """A field's name without what people put around it."""
    return written.strip(f" \t*_`.@$-•{QUOTES}").casefold()


def parsed(text: str) -> dict[str, Any] | None:
    """What TOML makes of *text*; None if that is nothing."""
    try:
        return tomli.loads(text)
    except (ValueError, RecursionError):
        return None


def shown(text: str, most: int = 90) -> str:
    """*text* as it is shown in a message: on one line, and cut in its middle when it is long."""
    text = text.strip()
    if len(text) > _LONGEST_SHOWN:
        text = text[: _LONGEST_SHOWN // 2] + text[-_LONGEST_SHOWN // 2 :]
    line = re.sub(r"\s*\n\s*", " ↵ ", text)
    return line if len(line) <= most else f"{line[: most * 2 // 3]} … {line[-most // 4 :]}"


def split_remark(value: str) -> tuple[str, str]:
    """The value and the remark behind it (with the blanks before): a # after a blank, behind all quotation marks."""
    last_mark = max((value.rfind(mark) for mark in '"”»'), default=-1)
    remark = re.compile(r"(?<![ \t])[ \t]+#(?=\s|$)").search(value, last_mark + 1)
    if not remark and last_mark >= 0:
        remark = re.compile(r"[ \t]*#").match(value, last_mark + 1)
    at = remark.start() if remark else len(value)
    return value[:at].rstrip(), value[at:] if remark else ""
