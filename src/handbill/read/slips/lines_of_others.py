"""Lines that another program wrote and somebody pasted: rows of a table, objects of JSON."""

import json
import re
from collections.abc import Callable
from typing import NamedTuple

from handbill.model import Entry
from handbill.read.names import guess
from handbill.read.scan import end_of_line
from handbill.read.slips.draft import shown
from handbill.read.slips.marks import QUOTES, straight
from handbill.read.written_dates import read_date

ADDRESS = re.compile(r"<?((?:https?://|www\.)\S+?)>?[.,;]?$")
"""A line or cell that is a web address alone."""
_MOST_CELLS = 20
_IN_JSON = re.compile(r'\s*(?:"[^"\n]*"\s*:|"[^"\n]*"\s*,?\s*$|[\[\]{},;\s]+(?:"[^"\n]*"\s*:|$))')
_NAME_IN_JSON = re.compile(r'[{,\n]\s*"[\w-]+"\s*:')
_ENTRY = "[[entry]]"


class Stray(NamedTuple):
    """Lines that are out of place, from *start* to *end*, and what to say of them. *also* are the beginnings
    of other lines that this tells of too.

    *edits* repair them, if that is certain: (start, end, text). *heading* is the heading that they stand for, if they
    do; *whole* says that no field of the table they stand in can be among them.
    """

    code: str
    message: str
    hint: str
    start: int
    end: int
    edits: tuple[tuple[int, int, str], ...] = ()
    also: tuple[int, ...] = ()
    heading: str = ""
    whole: bool = False


def rows(text: str, start: int, line: str, table: str) -> Stray | None:
    """Rows of a spreadsheet, or of a table as Markdown has it."""
    sign = next((each for each in ("\t", ";", "|", ",") if _are_cells(line, each)), None)
    if not sign:
        return None
    end = while_belongs(text, start, lambda each: len(_cells(each, sign)) > 1)
    below = text[end_of_line(text, start) + 1 : end].splitlines()
    first = next((each for each in (line, *below) if _tells(_cells(each, sign))), line)
    cells = _cells(first, sign)
    day = next((cell for cell in cells if (found := read_date(cell)) and found.readings), "")
    address = next((cell for cell in cells if ADDRESS.match(cell)), "")
    title = next((cell for cell in cells if cell not in (day, address) and len(cell) > 3), "")
    what = "a table" if line.lstrip().startswith("|") else "a row of a spreadsheet"
    message = f"this is {what}, and no field{and_lines(text, start, end)}"
    return Stray("E128", message, _as_fields({"date": day, "title": title, "url": address}), start, end)


def json_object(text: str, start: int, line: str, table: str) -> Stray | None:
    """An entry as JSON has it."""
    if line[0] not in "{[":
        return None
    end = while_belongs(text, start, lambda each: bool(_IN_JSON.match(each)))
    if not _NAME_IN_JSON.search(text, start, end):
        return None
    try:
        found = json.loads(text[start:end].strip().rstrip(",;"))
    except (ValueError, RecursionError):
        found = {}
    first = found[0] if isinstance(found, list) and found else found
    known = {guess(Entry, name).field: value for name, value in first.items()} if isinstance(first, dict) else {}
    message = f"this is an entry as JSON has it{and_lines(text, start, end)}"
    return Stray("E128", message, _as_fields(known), start, end)


def _as_fields(values: dict[str, object]) -> str:
    """What to write for an entry with the *values*."""
    parts = [_ENTRY]
    written = values.get("date")
    if isinstance(written, str) and (day := read_date(written)) and day.readings:
        parts.append(f"date = {day.readings[0]}")
    parts += [
        f"{name} = {straight(text)}" for name in ("title", "url") if isinstance(text := values.get(name), str) and text
    ]
    if len(parts) == 1:
        return f"write {_ENTRY}, and below it a field on each line: date = 2026-03-31"
    return f"write each of these on a line of its own: {shown(' / '.join(parts), 200)}"


def _cells(line: str, sign: str) -> list[str]:
    return [cell.strip().strip(QUOTES) for cell in line.split(sign, _MOST_CELLS) if cell.strip()][:_MOST_CELLS]


def _are_cells(line: str, sign: str) -> bool:
    cells = _cells(line, sign)
    framed = sign == "|" and line.lstrip().startswith("|")
    if len(cells) < 2 or (len(cells) == 2 and sign != "\t" and not framed):
        return False
    return sign != "," or _tells(cells) or all(guess(Entry, cell).field for cell in cells)


def _tells(cells: list[str]) -> bool:
    """Whether one of the *cells* is a date or an address."""
    return any(read_date(cell) or ADDRESS.match(cell) for cell in cells)


def while_belongs(text: str, start: int, belongs: Callable[[str], bool]) -> int:
    """The end of the run of lines without a blank one that begins at *start* and *belongs* together."""
    end = end_of_line(text, start)
    while end < len(text):
        next_end = end_of_line(text, end + 1)
        line = text[end + 1 : next_end]
        if not line.strip() or not belongs(line):
            break
        end = next_end
    return end


def and_lines(text: str, start: int, end: int) -> str:
    """The end of a message on the line at *start* that tells of those up to *end*: ``, and so is the line below``."""
    count = text.count("\n", start, end)
    return f", and so {'is the line' if count == 1 else f'are the {count} lines'} below it" if count else ""
