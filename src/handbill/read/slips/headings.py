"""Slips with headings: their brackets, their names, and what shares their line."""

import re
from typing import NamedTuple

from handbill.model import TABLES
from handbill.read.names import HEADINGS, table_meant
from handbill.read.scan import heading_at
from handbill.read.slips.draft import beginning, parsed, shown
from handbill.read.slips.marks import ODD, ODD_SPACES, QUOTES, UNSEEN, called, sign_called

SINGLE = frozenset(("site", "digest"))
"""The tables there is one of."""
_OPEN = re.compile(r"[\[［【(<{][\[［【(<{\s]*")
_CLOSE = re.compile(r"[\]］】)>}\s]*")
_NAME = re.compile(r"""[\w.\-: /,'"“”‘’|>]*?(?=\s*(?:[\]］】)}#=]|$))""")
_LINK = re.compile(r"\[[^\]\n]+\]\([^)\n]*\)|\[\w+\]:\s")
_BEHIND = re.compile(
    rf"""(?<=["'\]\d\w])[ \t]*(\[\[?(?:{"|".join(map(re.escape, TABLES))})\]\]?)[ \t]*(?:\#[^\n]*)?\Z"""
)
_LONGEST_BEHIND = 200
_NAMES = {kind: name for name, kind in TABLES.items()}


class Heading(NamedTuple):
    """A heading as it was probably meant: *text* ("" if that is not known), and what is wrong with it.

    *rest* is the offset of a field that stands on its line, or None; *remark* is what may follow the heading.
    """

    text: str
    code: str = ""
    message: str = ""
    hint: str = ""
    start: int = 0
    end: int = 0
    certain: bool = False
    rest: int | None = None
    remark: str = ""

    @property
    def line(self) -> str:
        """The line as it was meant, without a field that stands on it."""
        return f"{self.text}  {self.remark}" if self.remark else self.text


def heading_behind(line: str) -> re.Match[str] | None:
    """The heading at the end of *line*, behind a field that is right without it; its group is the heading."""
    found = _BEHIND.search(line, max(0, len(line) - _LONGEST_BEHIND))
    return found if found and parsed(line[: found.start()]) else None


def written(name: str) -> str:
    """The heading of the table of this dotted name: ``[[entry]]``."""
    return HEADINGS[TABLES[name]] if name in TABLES else f"[{name}]"


def heading_of(line: str) -> Heading | None:
    """What was meant by *line*, which begins with a bracket; None if it is no heading at all."""
    if odd := ODD.match(line):
        begin = len(line) - len(line.lstrip(f" \t{ODD_SPACES}{UNSEEN}"))
        found = heading_of(line[begin:])
        if not found or found.code:
            return found and found._replace(certain=False, rest=found.rest and found.rest + begin)
        return found._replace(code="E126", message=f"{called(odd[0])} stands before the heading; it cannot be seen",
                              hint="delete it", end=1, certain=True)  # fmt: skip
    if _LINK.match(line):
        return None
    if together := _together(line):
        return together
    if (valid := heading_at(line, 0)) and parsed(line[: valid.end]):
        return _with_rest(line, line[: valid.end], valid.end)
    opened = _OPEN.match(line)
    if not opened:
        return None
    name = _NAME.match(line, opened.end())
    if (odd := ODD.search(line)) and not (name and name[0]):
        meant_line = heading_of(ODD.sub("", line))
        if meant_line and meant_line.text:
            message = f"{called(odd[0])} stands in the heading {meant_line.text}; it cannot be seen"
            return meant_line._replace(code="E126", message=message, hint=f"write {meant_line.text} anew",
                                       start=odd.start(), end=odd.end(), certain=False, rest=None)  # fmt: skip
    if not name or not (name[0].strip() or line[name.end() :].strip(" ])")):
        return Heading("", "E115", "this heading has no name", "write [[entry]] for an entry", 0, len(line))
    closed = _CLOSE.match(line, name.end())
    end = closed.end() if closed else name.end()
    bracketed = line[:end].rstrip()
    meant = known_table(name[0])
    if not meant:
        return _unknown(line, name[0], bracketed)
    text = written(meant)
    if odd := ODD.search(bracketed):
        message = f"{called(odd[0])} stands in the heading {text}; it cannot be seen"
        found = Heading(text, "E126", message, f"write {text} anew", odd.start(), odd.end(), certain=True)
    else:
        found = _told(text, meant, name[0].strip(), bracketed)
    rest = line[end:].strip()
    if not rest or rest[0] == "#":
        return found._replace(remark=rest)
    at = end + line[end:].index(rest[0])
    if beginning(rest):
        return found._replace(rest=at)
    return found._replace(certain=False)


def _together(line: str) -> Heading | None:
    """One name whose parts have brackets of their own: ``[[entry]][[enclosure]]``, ``[[entry].enclosure]``."""
    if not re.match(r"\[[\[\s]*\w+[\]\s]*(?:\][.\[\w]|\.\[)", line):
        return None
    bracketed = line.partition("#")[0].rstrip()
    name = re.sub(r"[\[\]\s.]+", ".", bracketed).strip(".")
    if name not in TABLES:
        return None
    message = f"the parts of the heading {written(name)} have brackets of their own: {shown(bracketed)}"
    return Heading(
        written(name), "E114", message, "", 0, len(bracketed), certain=True, remark=line[len(bracketed) :].strip()
    )


def _with_rest(line: str, text: str, end: int) -> Heading | None:
    """A heading that is right, with something behind it; None if that and an unknown name are rather prose."""
    rest = line[end:].strip(" \t\r")
    if not rest or rest[0] == "#":
        return Heading(text, remark=rest)
    at = end + line[end:].index(rest[0])
    if odd := ODD.match(line, at):
        return Heading(text, "E126", f"{called(odd[0])} stands behind the heading; it cannot be seen", "delete it",
                       at, at + 1, certain=not ODD.sub("", rest).strip())  # fmt: skip
    name = known_table(text.strip("[]"))
    if not rest.strip("])}") and name:
        brackets = len(text) - len(text.lstrip("["))
        message = f"the heading has {_number(brackets)} at its beginning and more at its end: {shown(text + rest)}"
        return Heading(written(name), "E114", message, "", 0, end + len(rest), certain=True)
    if begin := beginning(rest):
        message = f"the field `{begin['name'].strip()}` stands on the line of the heading {text}"
        hint = f"give it a line of its own: `{shown(rest)}`"
        return Heading(text, "E113", message, hint, at, at + len(rest), rest=at,
                       certain=True)  # fmt: skip
    if re.fullmatch(r"[=:;,.\-–]+", rest):
        return Heading(
            text, "E114", f"{sign_called(rest)} stands behind the heading {text}", "delete it", at, at + len(rest), True
        )
    if sign := re.match(r"//+|--|;|/\*|<!--", rest):
        words = re.sub(r"\s*(?:\*/|-->)$", "", rest[len(sign[0]) :].strip())
        message = f"a remark begins with # here, not with {sign_called(sign[0])}"
        return Heading(text, "E124", message, "", at, at + len(sign[0]),
                       certain=True, remark=f"# {words}")  # fmt: skip
    if not name:
        return None
    message = f"“{shown(rest, 40)}” stands on the line of the heading {text}"
    return Heading(text, "E113", message, "move it to a field of its own, or put # before it", at, at + len(rest))


def known_table(name: str) -> str | None:
    """The table that is meant by *name*, or None."""
    plain = ODD.sub("", name).strip(f" \t{QUOTES}").casefold()
    plain = re.sub(r"\s*[.:/,|> ]\s*", ".", plain)
    if plain in TABLES:
        return plain
    kind = table_meant(plain)
    return _NAMES[kind] if kind else None


def _told(text: str, meant: str, name: str, bracketed: str) -> Heading:
    """What is wrong with the brackets or the name of a known heading."""
    opening = bracketed[: len(bracketed) - len(bracketed.lstrip("[［【(<{ \t"))].rstrip()
    closing = bracketed[len(opening) + bracketed[len(opening) :].find(name) + len(name) :].strip() if name else ""
    tidy, size = name == meant, len(bracketed)
    want = 1 if meant in SINGLE else 2
    if set(opening + closing) - set("[] \t"):
        message = f"{bracketed} has other brackets than square ones"
    elif " " in opening or "\t" in opening or (" " in closing and tidy):
        message = f"there are spaces between the brackets of {bracketed}"
    elif opening.count("[") != want or closing.count("]") != want:
        begins, ends = opening.count("["), closing.count("]")
        message = f"the heading begins with {_number(begins)} and ends with {_number(ends)}: {bracketed}"
        if begins == ends:
            message = f"the heading has {_number(begins)} on each side: {bracketed}"
    else:
        message = f"{bracketed} is no heading"
    return Heading(text, "E114" if tidy else "E115", message, f"write {text}", 0, size, certain=tidy)


def _unknown(line: str, name: str, bracketed: str) -> Heading | None:
    if re.search(r"""["'“”]\s*,|,\s*["'“]|\d\s*,""", line):
        return None
    names = ", ".join(written(each) for each in TABLES)
    message = f"this is no heading: {shown(bracketed, 40)}"
    return Heading("", "E115", message, f"the headings are {names}", 0, len(bracketed))


def _number(brackets: int) -> str:
    return {0: "no bracket", 1: "one bracket", 2: "two brackets", 3: "three brackets"}.get(
        brackets, f"{brackets} brackets"
    )
