"""Before a broken text is read on: control characters, line ends and merge conflicts, each told once.

What is found is overwritten with blanks, so that every place in the text stays where it is.
"""

import re
from bisect import bisect_right

from handbill.findings import Edit, Finding
from handbill.read.lines import Lines
from handbill.read.scan import BARE, value_at
from handbill.read.slips.marks import CONTROL, called

_CONFLICT = re.compile(
    r"^<{7}(?:[ \t][^\n]*)?\n(?P<ours>(?:(?![<>=|]{7}(?:\s|$))[^\n]*\n)*+)"
    r"(?P<theirs>(?:\|{7}(?:[ \t][^\n]*)?\n(?:(?![<>=|]{7}(?:\s|$))[^\n]*\n)*+)?"
    r"(?P<middle>={7}[ \t]*\r?\n)(?:(?![<>=|]{7}(?:\s|$))[^\n]*\n)*+(?P<end>>{7}[^\n]*))",
    re.MULTILINE,
)
_LONG_TEXT = re.compile(rf"""^[ \t]*{BARE}[ \t]*=[ \t]*(\"\"\"|''')""", re.MULTILINE)
_NOT_LF = re.compile(r"[^\n]")


def cleaned(text: str, lines: Lines) -> tuple[str, list[Finding]]:
    """*text* without what no TOML may hold, of the same length, and what there was to say of it."""
    findings: list[Finding] = []
    text = _line_ends(text, lines, findings)
    text = _controls(text, lines, findings)
    return _conflicts(text, lines, findings), findings


def _line_ends(text: str, lines: Lines, findings: list[Finding]) -> str:
    if "\r" not in text:
        return text
    alone = [match.start() for match in re.finditer(r"\r(?!\n)", text)]
    doubled = text.count("\r\r\n")
    if doubled and doubled * 2 >= text.count("\n"):
        fix = tuple(
            Edit(match.start(), match.end() - 2, "") for match in re.finditer(r"\r++\n", text) if len(match[0]) > 2
        )
        message = "the lines end with a carriage return too many: a program has changed the line ends twice"
    elif "\n" not in text and alone:
        fix = tuple(Edit(at, at + 1, "\n") for at in alone)
        message = "the lines end with a carriage return alone, as programs of old Macintosh computers wrote them"
    else:
        return text
    at = alone[0]
    hint = "save the file with the line ends of Unix (LF) or Windows (CRLF)"
    findings.append(Finding("E133", message, hint, lines.place(at, at + 1), fix=fix))
    return re.sub(r"\r(?!\n)", " " if doubled else "\n", text)


def _controls(text: str, lines: Lines, findings: list[Finding]) -> str:
    runs = list(re.finditer(f"(?:(?!\r\n){CONTROL.pattern})+", text))
    said: set[int] = set()
    for run in runs:
        line = lines.number(run.start())
        if line in said:
            continue
        said.add(line)
        here = [each for each in runs if lines.number(each.start()) == line] if len(runs) < 200 else [run]
        fix = tuple(Edit(each.start(), each.end(), _instead(text, each)) for each in here)
        message = f"{called(run[0][0])} stands in this line; it cannot be seen"
        hint = "delete it, and write the words around it anew if they are not whole"
        findings.append(Finding("E126", message, hint, lines.place(run.start(), run.end()), fix=fix))
    return re.sub(f"(?!\r\n){CONTROL.pattern}", " ", text) if runs else text


def _instead(text: str, run: re.Match[str]) -> str:
    """A blank where a vertical tab and the like divides words, else nothing."""
    divides = any(each in "\v\f\x1c\x1d\x1e\x85\r" for each in run[0])
    around = text[max(run.start() - 1, 0) : run.start()] + text[run.end() : run.end() + 1]
    return " " if divides and len(around) == 2 and not any(each.isspace() for each in around) else ""


def _conflicts(text: str, lines: Lines, findings: list[Finding]) -> str:
    if "<<<<<<<" not in text:
        return text
    starts, ends = _long_texts(text)

    def blanked(match: re.Match[str]) -> str:
        within = bisect_right(starts, match.start()) - 1
        if within >= 0 and match.end() < ends[within]:
            return match[0]  # a text over several lines may well show such marks
        last = match.start("end")
        middle = lines.number(match.start("middle"))
        message = (
            f"two versions of the file were put together and nobody chose between them: "
            f"this line, line {middle} and line {lines.number(last)} are marks of a merge conflict"
        )
        hint = f"keep the lines above or those below line {middle}, and delete the three marks"
        first = text.find("\n", match.start())
        findings.append(
            Finding("E125", message, hint, lines.place(match.start(), first), lines.place(last, match.end()))
        )
        ours = match["ours"]
        return _NOT_LF.sub(" ", text[match.start() : match.start("ours")]) + ours + _NOT_LF.sub(" ", match["theirs"])

    return _CONFLICT.sub(blanked, text)


def _long_texts(text: str) -> tuple[list[int], list[int]]:
    """Where the texts over several lines begin that are closed, and where they end."""
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while found := _LONG_TEXT.search(text, position):
        value = value_at(text, found.start(1))
        position = value.end if value.closed else found.end()
        if value.closed:
            starts.append(found.start())
            ends.append(value.end)
    return starts, ends
