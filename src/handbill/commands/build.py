"""Make the feeds and the page from the file. Says nothing, when nobody watches and nothing changed."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from handbill import write
from handbill.commands.steps.kept import Kept, zone_files
from handbill.commands.steps.publication import ledger_of, remarks_of, tell_errors
from handbill.commands.steps.settings import LEDGER, Settings, common_options, on_terminal, settings_from
from handbill.commands.steps.unchanged import files_below, remember, states_of
from handbill.model import Publication
from handbill.publish import Published, publish
from handbill.publish.ledger import dump
from handbill.read import Reading, read
from handbill.read.file import contents, templates

PATIENCE = 60.0
"""Seconds to wait for another run."""


class Inputs(NamedTuple):
    """What a build is made from: the bytes of the file, and the user's own templates."""

    data: bytes
    own: dict[str, str]


class Made(NamedTuple):
    """What a build made: what is *published*, and the paths of the files that *changed*."""

    published: Published
    changed: list[str]


def options(parser: ArgumentParser) -> None:
    """Add the options of `build`."""
    parser.add_argument(
        "--accept-removals", action="store_true", help="more than half of the entries are meant to be gone"
    )
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Read, publish, render, write; tell what was made."""
    settings = settings_from(arguments)
    inputs = inputs_of(settings)
    reading = read(inputs.data)
    if reading.publication is None:
        return tell_errors(settings, reading)
    made = make(settings, inputs, reading.publication, PATIENCE, accept_removals=arguments.accept_removals)
    as_made = states(settings, reading.publication)
    keep_in_mind(arguments.words, settings, inputs, made.published, as_made)
    _tell(settings, reading, made)
    return 0


def inputs_of(settings: Settings) -> Inputs:
    """Read what a build is made from. Raises read.file.FileError."""
    return Inputs(contents(settings.file), templates(settings.templates))


def make(
    settings: Settings, inputs: Inputs, publication: Publication, patience: float, *, accept_removals: bool = False
) -> Made:
    """Publish, render and write. Raises write.BusyError when another run writes for longer than *patience* seconds."""
    with write.locked(settings.out, patience) as folder:
        ledger, now = ledger_of(settings.out), settings.now(publication.zone)
        published = publish(publication, ledger, now, accept_removals=accept_removals)
        kept = Kept(settings.state, settings.out, inputs.own, publication.site.timezone)
        files = _files(settings, published, inputs.own, kept)
        changed = folder.replace(files)
        kept.keep(files)
        return Made(published, changed)


def _files(settings: Settings, published: Published, own: dict[str, str], kept: Kept) -> list[tuple[str, bytes]]:
    """Everything that may have changed, the ledger last: until it is there, the next run does all of it again."""
    from handbill.render.everything import everything
    from handbill.render.templating import environment

    outputs = everything(published.documents, environment(own), write.whole(settings.out))
    files = [(output.path, output.make()) for output in outputs if not kept.is_current(output)]
    return [*files, (LEDGER, dump(published.ledger).encode())]


def states(settings: Settings, publication: Publication) -> dict[str, str]:
    """The state of all that a build has read and written."""
    folders = [*files_below(str(settings.templates)), *files_below(str(settings.out))]
    return states_of([str(settings.file), *folders, *zone_files(publication.site.timezone)])


def keep_in_mind(
    words: list[str],
    settings: Settings,
    inputs: Inputs,
    published: Published,
    states: dict[str, str],
    dates: Sequence[datetime] = (),
    touched: str = "",
) -> None:
    """Let the next run of these *words* be over at once if nothing changes until then, or until one of *dates*.

    *states* are those of the files just after they were made: what has been touched since is looked at.
    """
    turns = [*published.turns[:1], *dates]
    since, until = int(settings.now(UTC).timestamp()), int(min(turns).timestamp()) if turns else None
    said = f"{settings.out}: nothing changed, {entries_in(published)} public"
    remember(words, states, since, until, said, lambda: inputs_of(settings) == inputs, touched)


def _tell(settings: Settings, reading: Reading, made: Made) -> None:
    """A line or two for a person; for cron only that something changed."""
    remarks = remarks_of(made.published, reading)
    doubtful = [finding for finding in (*reading.findings, *remarks) if finding.code[0] == "W"]
    if on_terminal() and doubtful:
        warnings = f"{len(doubtful)} warning{'s' if len(doubtful) > 1 else ''}"
        print(f"{warnings}: `handbill check` shows what is probably not meant", file=sys.stderr)
    if made.changed:
        print(what_changed(settings, made))
    elif on_terminal():
        print(f"{settings.out}: nothing changed, {entries_in(made.published)} public")


def what_changed(settings: Settings, made: Made) -> str:
    """A line about the files that were written."""
    files = f"{len(made.changed)} file{'s' if len(made.changed) > 1 else ''}"
    return f"{settings.out}: {files} written, {entries_in(made.published)} public"


def entries_in(published: Published) -> str:
    """How many entries are public, in words."""
    count = len(published.documents.page.items)
    return f"{count} {'entry' if count == 1 else 'entries'}"
