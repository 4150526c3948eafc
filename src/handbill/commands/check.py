"""Tell what is wrong in the file, and what to write instead."""

import sys
from argparse import ArgumentParser, Namespace

from handbill.commands.publication import ledger_of, reading_of, remarks_of
from handbill.commands.settings import common_options, settings_from
from handbill.findings import Finding
from handbill.publish import publish
from handbill.show.people import for_people, summary


def options(parser: ArgumentParser) -> None:
    """Add the options of `check`."""
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Read, try what publishing would remark, print everything found."""
    settings = settings_from(arguments)
    reading = reading_of(settings)
    findings: tuple[Finding, ...] = reading.findings
    entries = 0
    if reading.publication:
        entries = len(reading.publication.entries)
        published = publish(
            reading.publication,
            ledger_of(settings.out),
            settings.now(reading.publication.zone),
            accept_removals=True,
        )
        findings += remarks_of(published, reading)
    path = str(settings.file)
    sys.stdout.write(for_people(path, reading.text, findings) + summary(path, findings, entries))
    return int(any(finding.is_error for finding in findings))
