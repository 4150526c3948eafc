"""Make all that a build would, and drafts and entries of the future as well, to be looked at. Nothing is published."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from handbill.commands.build import entries_in
from handbill.commands.steps.browser import looking_options, show
from handbill.commands.steps.publication import ledger_of, reading_of, tell_errors
from handbill.commands.steps.settings import common_options, settings_from
from handbill.publish import publish
from handbill.read.file import templates
from handbill.write import put_files


def options(parser: ArgumentParser) -> None:
    """Add the options of `preview`."""
    looking_options(parser, "build/preview", "the page")
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Read, publish as if all were public, render, put the files where they can be looked at."""
    settings = settings_from(arguments)
    reading = reading_of(settings)
    if reading.publication is None:
        return tell_errors(settings, reading)
    now = settings.now(reading.publication.zone)
    ledger = ledger_of(settings.out)
    published = publish(reading.publication, ledger, now, accept_removals=True, preview=True)

    from handbill.render.everything import everything
    from handbill.render.templating import environment

    output = Path(arguments.output)
    outputs = everything(published.documents, environment(templates(settings.templates)), standing=())
    put_files(output, ((each.path, each.make()) for each in outputs))
    held = sum(item.held for item in published.documents.page.items)
    words = f"{entries_in(published)}{f', {held} of them not public yet' if held else ''}"
    print(f"{words}, made to look at: {output / 'index.html'}")
    if arguments.open:
        show(output / "index.html")
    return 0
