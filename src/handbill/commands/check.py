"""Tell what is wrong in the file, and what to write instead.

All findings are told at once. Errors (E...) must be mended before anything is built; warnings (W...) and notes (N...)
are for you to judge.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from datetime import UTC
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple, TextIO

from handbill.commands.steps.settings import LEDGER, Settings, SettingsError, common_options, on_terminal, settings_from
from handbill.findings import Finding, in_order
from handbill.read import Reading, read
from handbill.read.file import contents

FORMATS = ("default", "concise", "json", "github")


class Checked(NamedTuple):
    """A file as it was found; *next_issue* tells of the digest's next issue where a person is watching."""

    path: str
    reading: Reading
    findings: Sequence[Finding]
    next_issue: str = ""


def options(parser: ArgumentParser) -> None:
    """Add the options of `check`."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="the files, where there are several (see --file)")
    parser.add_argument(
        "--format", choices=FORMATS, default="default", help="default: for people; concise: a line each; json; github"
    )
    parser.add_argument("--explain", metavar="CODE", help="tell what a code such as E302 means, with examples")
    repairs = parser.add_mutually_exclusive_group()
    repairs.add_argument("--fix", action="store_true", help="repair in the file what has just one certain repair")
    repairs.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Read, repair if asked to, try what publishing would remark, print everything found."""
    if arguments.explain:
        return _explain(arguments.explain)
    checked = [_check(arguments, file) for file in arguments.files or [arguments.file]]
    if not arguments.diff:
        _print(arguments.format, checked)
        for each in checked:
            _try_templates(settings_from(Namespace(**{**vars(arguments), "file": each.path})), each.reading)
    return int(any(finding.is_error for each in checked for finding in each.findings))


def _check(arguments: Namespace, file: str) -> Checked:
    settings = settings_from(Namespace(**{**vars(arguments), "file": file}))
    # A repair reads again what was read before it, so what is read last is kept.
    reader = lru_cache(maxsize=2)(partial(read, today=settings.now(UTC).date()))
    data = contents(settings.file)
    if arguments.diff:
        _show_repairs(file, data, reader)
    if arguments.fix:
        data = _repair(settings.file, data, reader, sys.stdout if arguments.format == "default" else sys.stderr)
    reading = reader(data)
    findings = in_order([*reading.findings, *_remarks(settings, reading)])
    return Checked(file, reading, findings, _next_issue(settings, reading) if on_terminal() else "")


def _explain(code: str) -> int:
    from difflib import get_close_matches

    from handbill.codes import all_codes, explained
    from handbill.show.page import page

    known = code.strip("[]").upper()
    if known not in all_codes():
        near = get_close_matches(known, all_codes(), 1)
        hint = f"did you mean {near[0]}?" if near else "codes look like E302 and stand in what `handbill check` prints"
        raise SettingsError(f"--explain {code}: there is no such code; {hint}")
    sys.stdout.write(page(explained(known)))
    return 0


def _show_repairs(path: str, data: bytes, reader: Callable[[bytes], Reading]) -> None:
    from handbill.fixing import repaired
    from handbill.show.difference import difference, readable

    after = repaired(data, reader)
    told = difference(path, reader(data).text, after.pieces)
    sys.stdout.write(readable(told, colour=_colour(sys.stdout)) if sys.stdout.isatty() else told)
    _list("would repair", path, after.findings, sys.stderr)


def _repair(file: Path, data: bytes, reader: Callable[[bytes], Reading], stream: TextIO) -> bytes:
    from handbill.fixing import repaired
    from handbill.write.editors_file import replace_editors_file

    after = repaired(data, reader)
    if after.data != data:
        replace_editors_file(file, data, after.data)
    _list("repaired", str(file), after.findings, stream)
    return after.data


def _list(verb: str, path: str, findings: Sequence[Finding], stream: TextIO) -> None:
    from handbill.show.machines import concise

    for line in concise((path, finding) for finding in findings).splitlines():
        print(f"{verb} {line}", file=stream)


def _remarks(settings: Settings, reading: Reading) -> tuple[Finding, ...]:
    """What publishing would have to remark. Before anything is published there is nothing to remark."""
    if reading.publication is None or not (settings.out / LEDGER).exists():
        return ()
    from handbill.commands.steps.publication import ledger_of, remarks_of
    from handbill.publish import publish

    now = settings.now(reading.publication.zone)
    published = publish(reading.publication, ledger_of(settings.out), now, accept_removals=True)
    return remarks_of(published, reading)


def _try_templates(settings: Settings, reading: Reading) -> None:
    """See that the user's own templates, where there are some, make what they should. Raises FailureError."""
    if reading.publication is not None and settings.templates.is_dir():
        from handbill.commands.steps.looks import try_templates

        try_templates(settings, reading.publication)


def _next_issue(settings: Settings, reading: Reading) -> str:
    """When the digest's next issue is due, and what its subject would be today."""
    if reading.publication is None or reading.publication.digest is None:
        return ""
    from handbill.commands.steps.coming import coming_issue, in_words
    from handbill.commands.steps.publication import ledger_of
    from handbill.publish import publish

    publication, now = reading.publication, settings.now(reading.publication.zone)
    published = publish(publication, ledger_of(settings.out), now, accept_removals=True)
    coming = coming_issue(publication, published, now)
    return in_words(coming, publication, now) if coming else ""


def _print(form: str, checked: Sequence[Checked]) -> None:
    if form == "default":
        for each in checked:
            _print_for_people(each)
        return
    from handbill.show import machines

    forms = {"concise": machines.concise, "json": machines.as_json, "github": machines.github}
    sys.stdout.write(forms[form]((each.path, finding) for each in checked for finding in each.findings))


def _print_for_people(checked: Checked) -> None:
    from handbill.show.people import for_people, summary

    path, reading, findings = checked.path, checked.reading, checked.findings
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(for_people(path, reading.text, findings, colour=_colour(sys.stdout), encoding=encoding))
    if findings or sys.stdout.isatty():
        entries = len(reading.publication.entries) if reading.publication else 0
        sys.stdout.write(summary(path, findings, entries))
    if checked.next_issue:
        print(f"next issue {checked.next_issue}")


def _colour(stream: TextIO) -> bool:
    """Whether colours are wanted there: on a terminal that has them, unless NO_COLOR says no (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
