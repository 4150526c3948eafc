"""Make the feeds and the page from the file. Says nothing, when nobody watches and nothing changed."""

import sys
from argparse import ArgumentParser, Namespace

from handbill import write
from handbill.commands.publication import ledger_of, remarks_of, tell_errors
from handbill.commands.settings import LEDGER, Settings, common_options, on_terminal, settings_from
from handbill.commands.unchanged import files_below, remember
from handbill.publish import Published, publish
from handbill.publish.ledger import dump
from handbill.read import Reading, read
from handbill.read.file import contents, templates

PATIENCE = 60.0
"""Seconds to wait for another run."""


def options(parser: ArgumentParser) -> None:
    """Add the options of `build`."""
    parser.add_argument(
        "--accept-removals", action="store_true", help="more than half of the entries are meant to be gone"
    )
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Read, publish, render, write; tell what was made."""
    settings = settings_from(arguments)
    inputs = _inputs(settings)
    reading = read(inputs[0])
    if reading.publication is None:
        return tell_errors(settings, reading)
    with write.locked(settings.out, PATIENCE) as folder:
        ledger, now = ledger_of(settings.out), settings.now(reading.publication.zone)
        published = publish(reading.publication, ledger, now, accept_removals=arguments.accept_removals)
        changed = folder.replace(_files(settings, published, inputs[1]))
        _remember(arguments.words, settings, published, inputs)
    _tell(settings, reading, published, changed)
    return 0


def _inputs(settings: Settings) -> tuple[bytes, dict[str, str]]:
    return contents(settings.file), templates(settings.templates)


def _files(settings: Settings, published: Published, own: dict[str, str]) -> list[tuple[str, bytes]]:
    """Everything that is served, the ledger last: until it is there, the next run does all of it again."""
    from handbill.render.everything import everything
    from handbill.render.templating import environment

    def is_missing(path: str) -> bool:
        return bool(write.missing(settings.out, [path]))

    files = everything(published.documents, environment(own), is_missing)
    return [*files, (LEDGER, dump(published.ledger).encode())]


def _remember(words: list[str], settings: Settings, published: Published, inputs: tuple[bytes, dict[str, str]]) -> None:
    """Let the next run be over at once if nothing changes until then."""
    paths = [str(settings.file), *files_below(str(settings.templates)), *files_below(str(settings.out))]
    until = int(published.turns[0].timestamp()) if published.turns else None
    said = f"{settings.out}: nothing changed, {_entries(published)} public"
    remember(words, paths, until, said, lambda: _inputs(settings) == inputs)


def _tell(settings: Settings, reading: Reading, published: Published, changed: list[str]) -> None:
    """A line or two for a person; for cron only that something changed."""
    doubtful = [finding for finding in (*reading.findings, *remarks_of(published, reading)) if finding.code[0] == "W"]
    if on_terminal() and doubtful:
        warnings = f"{len(doubtful)} warning{'s' if len(doubtful) > 1 else ''}"
        print(f"{warnings}: `handbill check` shows what is probably not meant", file=sys.stderr)
    if changed:
        files = f"{len(changed)} file{'s' if len(changed) > 1 else ''}"
        print(f"{settings.out}: {files} written, {_entries(published)} public")
    elif on_terminal():
        print(f"{settings.out}: nothing changed, {_entries(published)} public")


def _entries(published: Published) -> str:
    count = len(published.documents.page.items)
    return f"{count} {'entry' if count == 1 else 'entries'}"
