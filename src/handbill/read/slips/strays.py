"""Lines that are neither heading nor field: remarks of other languages, pasted tables and pages, prose, lone values."""

import re

from handbill.model import TABLES, Kind, fields_of
from handbill.read.pieces import NEXT
from handbill.read.scan import end_of_line
from handbill.read.slips.draft import KNOWN, parsed, shown
from handbill.read.slips.headings import known_table, written
from handbill.read.slips.lines_of_others import ADDRESS, Stray, and_lines, json_object, rows, while_belongs
from handbill.read.slips.marks import ODD, ODD_SPACES, QUOTES, UNSEEN, called, sign_called, straight
from handbill.read.written_dates import read_date

_REMARK = re.compile(r"//+!?|;+|--(?!-)|%+|REM\b|'(?=[^'\"]*$)|!(?!\[)|\\")
_BLOCKS = (("/*", "*/"), ("<!--", "-->"), ("(*", "*)"))
_LONGEST_BLOCK = 5_000
_FENCE = re.compile(r"(?:```|~~~)[\w-]*$|\+\+\+$|---$")
_RULE = re.compile(r"([-=*_~+#•·─═])\1{2,}$")
_LINK = re.compile(r"[-*]?\s*!?\[[^\]\n]*\](?:\(|:\s*)<?([^\s)>]+)[^)\n]*\)?")
_MARKER = re.compile(r"(?:<{7}|>{7}|={7}|\|{7})(?:\s|$)")
_NEXT_MARKER = re.compile(rf"^{_MARKER.pattern}", re.MULTILINE)
_MOST_MARKS = 4
_TAG = re.compile(r"</?[A-Za-z!?][^>]*>|&lt;")


def stray(text: str, start: int, end: int, table: str) -> Stray:
    """What to say of the line from *start* to *end*, which stands in *table*, and of the lines that belong to it."""
    line = text[start:end]
    for read in (
        _unseen,
        _marker,
        _block,
        _fence,
        _remark,
        _page,
        rows,
        json_object,
        _lone_heading,
        _lone_name,
        _lone_value,
    ):
        if found := read(text, start, line, table):
            return found
    return _prose(text, start, end)


def _unseen(text: str, start: int, line: str, table: str) -> Stray | None:
    odd = ODD.match(line)
    if not odd:
        return None
    end = start + len(line) - len(line.lstrip(f" \t{ODD_SPACES}{UNSEEN}"))
    if end < start + len(line) and text[end] != "#":
        return None
    where = "stands before a remark" if end < start + len(line) else "stands alone on this line"
    message = f"{called(odd[0])} {where}; it cannot be seen"
    return Stray("E126", message, "delete it", start, end, ((start, end, ""),), whole=True)


def _marker(text: str, start: int, line: str, table: str) -> Stray | None:
    """Marks of a conflict of which not all are there: with three of them it was told before (`cleaning`)."""
    if not _MARKER.match(line):
        return None
    marks = [start]
    while len(marks) < _MOST_MARKS and (mark := _NEXT_MARKER.search(text, end_of_line(text, marks[-1]))):
        if text.startswith("<<<<<<<", mark.start()):
            break
        marks.append(mark.start())
        if text.startswith(">>>>>>>", mark.start()):
            break
    first = text.count("\n", 0, start) + 1
    numbers = [str(first + text.count("\n", start, mark)) for mark in marks[1:]]
    if numbers:
        which = f"this line and line{'s' if len(numbers) > 1 else ''} {' and '.join(numbers)} are marks"
    else:
        which = f"{line[:7]} is a mark"
    message = f"{which} of a merge conflict, left when two versions of the file were put together"
    hint = f"keep the lines that are right, and delete {'the marks' if numbers else 'it'}"
    return Stray("E125", message, hint, start, start + len(line), also=tuple(marks[1:]))


def _block(text: str, start: int, line: str, table: str) -> Stray | None:
    for opening, closing in _BLOCKS:
        if not line.startswith(opening):
            continue
        stop = text.find(closing, start + len(opening), start + _LONGEST_BLOCK)
        message = f"a remark begins with # here, on each of its lines, not with {opening}"
        if stop < 0:
            hint = f"write `# {shown(line[len(opening) :], 60)}`"
            return Stray("E124", message, hint, start, start + len(line), whole=True)
        end = end_of_line(text, stop)
        body = text[start + len(opening) : stop]
        after = text[stop + len(closing) : end].strip()
        lines = [each.strip() for each in body.strip().splitlines()]
        meant = "\n".join(f"# {each}".rstrip() for each in lines) or "#"
        edits = () if after else ((start, stop + len(closing), meant),)
        hint = f"write `{shown(meant)}`" if len(lines) == 1 else "write # at the beginning of each line"
        return Stray("E124", message, hint, start, end, edits, whole=True)
    return None


def _fence(text: str, start: int, line: str, table: str) -> Stray | None:
    stripped = line.rstrip()
    if not _FENCE.match(stripped):
        return None
    second = re.compile(rf"^{re.escape(stripped[:3])}[ \t\r]*$", re.MULTILINE).search(text, start + len(line))
    fences = [start, second.start()] if second else [start]
    number = text.count("\n", 0, second.start()) + 1 if second else 0
    lines = f"{stripped}, and the same on line {number}, are lines" if second else f"{stripped} is a line"
    message = f"{lines} that other programs put around a text: here {'they mean' if second else 'it means'} nothing"
    edits = tuple((at, min(end_of_line(text, at) + 1, len(text)), "") for at in fences)
    hint = "delete both lines" if second else "delete this line"
    return Stray("E129", message, hint, start, start + len(line), edits if second or stripped != "---" else (),
                 (second.start(),) if second else (), whole=True)  # fmt: skip


def _remark(text: str, start: int, line: str, table: str) -> Stray | None:
    if _RULE.match(line.rstrip()):
        return Stray("E129", "a line of signs is no field and no heading", f"write `# {shown(line, 40)}`, or delete it",
                     start, start + len(line), ((start, start, "# "),), whole=True)  # fmt: skip
    sign = _REMARK.match(line)
    if not sign or not line[sign.end() :].strip():
        return None
    end, position = start + len(line), start
    edits: list[tuple[int, int, str]] = []
    while True:
        # Lines of the same remark that follow at once are one finding.
        here = text[position : end_of_line(text, position)]
        indent = len(here) - len(here.lstrip(" \t"))
        at = position + indent
        match = re.compile(re.escape(sign[0])).match(text, at)
        if not match:
            break
        edits.append((at, match.end(), "#"))
        end = at + len(here.strip())
        position = end_of_line(text, position) + 1
    words = line[sign.end() :].strip()
    certain = sign[0].startswith(("//", ";", "%", "--", "REM"))
    message, hint = f"a remark begins with # here, not with {sign_called(sign[0])}", f"write `# {shown(words, 60)}`"
    return Stray("E124", message, hint, start, end, tuple(edits) if certain else (), whole=True)


def _page(text: str, start: int, line: str, table: str) -> Stray | None:
    if not _TAG.match(line) or _lone_heading(text, start, line, table):
        return None
    end = while_belongs(text, start, lambda each: bool(_TAG.search(each)) or not NEXT.match(each))
    message = "this is a piece of a web page (HTML) or of XML, and no field"
    hint = "delete it, and write its words and addresses into fields such as title and url"
    return Stray("E127", message + and_lines(text, start, end), hint, start, end)


def _lone_heading(text: str, start: int, line: str, table: str) -> Stray | None:
    plain = line.strip().strip("[](){}<>【】［］（）:*#-=. ")
    if not plain or len(plain) > 30 or plain.casefold() in KNOWN - {"link"} or len(plain.split()) > 2:
        return None
    name = known_table(plain)
    if not name or not (plain.casefold().replace(" ", ".") in TABLES or set(line) & set("[]<>")):
        return None
    message = f"the square brackets of the heading {written(name)} are missing here: {shown(line, 40)}"
    if "[" in line or "]" in line:
        message = f"the square brackets of the heading {written(name)} are not whole here: {shown(line, 40)}"
    certain = plain == name
    edits = ((start, start + len(line), written(name)),) if certain else ()
    return Stray(
        "E114", message, f"write {written(name)}", start, start + len(line), edits, heading=written(name), whole=True
    )


def _lone_name(text: str, start: int, line: str, table: str) -> Stray | None:
    name = line.strip().rstrip("=:").strip().casefold()
    if name not in KNOWN:
        return None
    field = fields_of(TABLES[table]).get(name) if table in TABLES else None
    such = "true" if field and field.kind is Kind.FLAG else field.declared.example if field else '"…"'
    message = f"`{name}` stands here without an equals sign and a value"
    return Stray("E109", message, f"write `{name} = {such}`, or delete the line", start, start + len(line))


def _lone_value(text: str, start: int, line: str, table: str) -> Stray | None:
    bare = line.strip()
    if link := _LINK.fullmatch(bare):
        message, name, value = "a link stands here without the name of a field", "url", straight(link[1])
    elif address := ADDRESS.match(bare):
        message, name, value = "an address stands here without the name of a field", "url", straight(address[1])
    elif bare[0] in QUOTES and bare.rstrip(",;")[-1] in QUOTES and bare.strip(QUOTES + ",;"):
        message, name = "a text stands here without the name of a field", "title"
        value = straight(bare.rstrip(",;").strip(QUOTES))
    elif (day := read_date(bare)) and day.readings:
        message, name, value = "a date stands here without the name of a field", "date", day.readings[0]
    elif not bare.strip(QUOTES):
        message = f"the quotation marks {bare} stand alone: they close a text that nothing opens, or open one"
        return Stray("E105", message, 'a text over several lines begins with name = """', start, start + len(line))
    elif not bare.strip("[]{}(),; ") or parsed(f"v = {bare}"):
        message = f"{shown(bare, 40)} stands here alone and belongs to nothing"
        return Stray("E131", message, "delete it, or put a name and an equals sign before it", start, start + len(line))
    else:
        return None
    return Stray("E131", message, f"write `{name} = {shown(value)}`", start, start + len(line))


def _prose(text: str, start: int, end: int) -> Stray:
    end = while_belongs(text, start, lambda each: not NEXT.match(each) and not each.lstrip().startswith(("#", "[")))
    line = text[start : end_of_line(text, start)]
    message = f"“{shown(line, 50)}” is no field and no heading{and_lines(text, start, end)}"
    hint = "put # before it if it is a remark, or put it between quotation marks behind name ="
    return Stray("E131", message, hint, start, end)
