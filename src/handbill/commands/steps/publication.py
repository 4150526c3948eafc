"""From the settings to what is published: the steps that several commands take alike."""

import sys
from pathlib import Path

from handbill.commands.steps.settings import LEDGER, Settings
from handbill.failure import FailureError
from handbill.findings import Finding
from handbill.publish import Published
from handbill.publish.ledger import Ledger, LedgerError, load
from handbill.read import Reading, read
from handbill.read.file import contents
from handbill.write import text_of


class LedgerUnreadableError(FailureError):
    """The ledger is there and cannot be read; the message says what to do."""

    status = 1


def reading_of(settings: Settings) -> Reading:
    """Read the editor's file. Raises read.file.FileError."""
    return read(contents(settings.file))


def ledger_of(out: Path) -> Ledger | None:
    """The ledger in *out*, None before the first build. Raises LedgerUnreadableError."""
    text = text_of(out, LEDGER)
    if text is None:
        return None
    try:
        return load(text)
    except LedgerError as error:
        raise LedgerUnreadableError(
            f"{out / LEDGER}:{error.line}: {error}; nothing was changed. Bring back a copy that is whole, such as "
            f"git checkout -- {out / LEDGER}"
        ) from error


def remarks_of(published: Published, reading: Reading) -> tuple[Finding, ...]:
    """What publishing has to remark, at its places in the file."""
    return tuple(
        Finding(
            code=remark.code,
            message=remark.message,
            hint=remark.hint,
            place=None if remark.entry is None else reading.place(remark.entry, remark.field),
            also=None if remark.also is None else reading.place(remark.also),
        )
        for remark in published.remarks
    )


def error_text(settings: Settings, reading: Reading) -> str:
    """The errors of a file from which nothing can be made, for people."""
    from handbill.show.people import for_people, summary

    errors = [finding for finding in reading.findings if finding.is_error]
    encoding = sys.stderr.encoding or "utf-8"
    return for_people(str(settings.file), reading.text, errors, encoding=encoding) + summary(
        str(settings.file), errors, 0
    )


def tell_errors(settings: Settings, reading: Reading) -> int:
    """Print the errors of a file from which nothing can be made, and give the exit status."""
    sys.stderr.write(error_text(settings, reading))
    return 1
