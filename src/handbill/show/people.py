"""Findings as an editor reads them on the terminal: the line itself, the place marked, what is wrong, what to write."""

from collections.abc import Sequence

from handbill.findings import SEVERITIES, Finding, Place
from handbill.show.cells import COLUMNS, visible, wrapped
from handbill.show.excerpt import excerpt

_STYLES = {"error": "1;31", "warning": "1;33", "note": "1;36", "where": "1", "frame": "2"}


def for_people(
    path: str, text: str, findings: Sequence[Finding], *, colour: bool = False, encoding: str = "utf-8"
) -> str:
    """What was found in the file at *path* with this *text*, each finding with its line, in 80 columns.

    *colour* adds the terminal's colours; *encoding* is the terminal's: what it lacks is shown by its number.
    """
    lines = text.split("\n")
    return "".join(_block(path, lines, finding, colour, encoding) for finding in findings)


def summary(path: str, findings: Sequence[Finding], entries: int) -> str:
    """The closing words about the file at *path*, which has that many *entries*."""
    if not findings:
        return f"{visible(path)}: {_count(entries, 'entry', 'entries')}, nothing to mend\n"
    counts = {what: sum(finding.severity == what for finding in findings) for what in SEVERITIES.values()}
    said = [_count(count, what, f"{what}s") for what, count in counts.items() if count]
    lines = [f"{', '.join(said)} in {visible(path)}"]
    if counts["error"]:
        lines.append("Nothing new is published until the errors are mended.")
    if fixable := sum(bool(finding.fix) for finding in findings):
        which = "this" if len(findings) == 1 else "all of these" if fixable == len(findings) else f"{fixable} of these"
        lines.append(f"handbill check --fix repairs {which}; --diff shows first what it would do.")
    lines.append(f"More about a code: handbill check --explain {findings[0].code}")
    return "".join(line + "\n" for line in lines)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _block(path: str, lines: Sequence[str], finding: Finding, colour: bool, encoding: str) -> str:
    place, severity = finding.place, finding.severity
    where = f"{visible(path)}:{place.line}:{place.column}" if place else visible(path)
    block = [f"{_styled(f'{severity} {finding.code}', severity, colour)} {_styled(where, 'where', colour)}"]
    block += _paragraphs(finding.message)
    if place and lines != [""]:
        block += ["", *_excerpts(lines, place, finding.also, (severity, colour, encoding))]
    if finding.hint:
        block += ["", *_paragraphs(finding.hint)]
    return "".join(line + "\n" for line in [*block, ""])


def _excerpts(lines: Sequence[str], place: Place, also: Place | None, style: tuple[str, bool, str]) -> list[str]:
    """The line of *place*, and that of the second place, in the order of the file, each with its marks below."""
    severity, colour, encoding = style
    numbers = sorted({place.line, (also or place).line})
    gutter = len(str(numbers[-1]))
    rows: list[str] = []
    for number in numbers:
        marked = [(at, mark) for at, mark in ((place, "^"), (also, "-")) if at and at.line == number]
        line = lines[number - 1].removesuffix("\r") if number <= len(lines) else ""
        shown, marks = excerpt(line, marked, COLUMNS - gutter - 5, encoding)
        if rows and numbers[0] + 1 < number:
            rows.append(_styled("  ...", "frame", colour))
        rows.append(f"{_styled(f'  {number:{gutter}} |', 'frame', colour)} {shown}".rstrip())
        rows.append(f"{_styled(' ' * (gutter + 3) + '|', 'frame', colour)} {_styled(marks, severity, colour)}")
    return rows


def _paragraphs(text: str) -> list[str]:
    """Each line of *text*, which begins a sentence, wrapped below where it begins."""
    found = []
    for paragraph in (text[:1].upper() + text[1:]).split("\n"):
        words = paragraph.lstrip(" ")
        found += wrapped(words, COLUMNS, "  " + " " * min(len(paragraph) - len(words), 8)) or [""]
    return found


def _styled(text: str, style: str, colour: bool) -> str:
    return f"\x1b[{_STYLES[style]}m{text}\x1b[0m" if colour else text
