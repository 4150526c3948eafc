"""Cron's command: check, build, tell hubs, send what is due. Says nothing when nothing happened.

Errors in the file are told once, and again when they change or after a day; meanwhile what is published stays, and
deliveries that are under way go on. Another run at the same time leaves at once.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from handbill.commands import build, send
from handbill.commands.ahead import masked
from handbill.commands.alive import tell_alive
from handbill.commands.publication import error_text
from handbill.commands.settings import Settings, common_options, settings_from
from handbill.commands.status import note_run
from handbill.commands.telling import publish_if_due, tell_hubs
from handbill.deliver import journal, state
from handbill.deliver.errors import DeliveryError
from handbill.deliver.settings import transport
from handbill.failure import FailureError
from handbill.model import Publication
from handbill.publish.schedule import next_due
from handbill.read import Reading, read
from handbill.write import BusyError

AGAIN = timedelta(days=1)
"""After so long, what is still wrong is told again."""

PROOF = timedelta(days=1)
"""So long before an issue is due its proof goes out."""


def options(parser: ArgumentParser) -> None:
    """Add the options of `run`."""
    send.publishing_options(parser)
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Build what can be built, then tell hubs and subscribers."""
    settings = settings_from(arguments)
    inputs = build.inputs_of(settings)
    reading = read(inputs.data)
    if reading.publication is None:
        _complain(settings, reading)
        return max(1, _go_on(settings))
    publication = reading.publication
    try:
        made = build.make(settings, inputs, publication, patience=0)
    except BusyError:
        return 0
    _forgive(settings)
    words = build.what_changed(settings, made) if made.changed else ""
    if words:
        print(words)
    before = _journal(settings)
    try:
        status = _tell_others(settings, publication, arguments, changed=bool(made.changed))
    except FailureError as error:
        _note(settings, publication, error.status, masked(str(error)))
        raise
    if words or status or _journal(settings) != before:
        _note(settings, publication, status, words)
    if status == 0 and not _under_way(settings):
        build.keep_in_mind(arguments.words, settings, inputs, made.published, _dates(publication))
    return status or tell_alive()


def _tell_others(settings: Settings, publication: Publication, arguments: Namespace, *, changed: bool) -> int:
    """Upload what was published, tell the hubs, send what is due; gives the exit status."""
    publish_if_due(settings, arguments.publish, changed=changed)
    status = tell_hubs(settings, publication.site)
    if _sends(publication):
        status = send.send_due(settings, publication, arguments) or status
    return status


def _note(settings: Settings, publication: Publication, status: int, words: str) -> None:
    """Note for `status` what this run did. Not more than a convenience: no run fails for it."""
    with suppress(DeliveryError), state.opened(settings.state) as connection:
        note_run(connection, settings.now(publication.zone), status, words)


def _sends(publication: Publication) -> bool:
    return publication.digest is not None and publication.digest.sender is not None


def _complain(settings: Settings, reading: Reading) -> None:
    """Tell the errors of the file, unless just these were told less than a day ago."""
    text = error_text(settings, reading)
    now = settings.now(UTC)
    with state.opened(settings.state) as connection:
        told, _, when = (state.note(connection, "errors") or "").rpartition("\n")
        if when and told == text and now < datetime.fromisoformat(when) + AGAIN:
            return
        state.take_note(connection, "errors", f"{text}\n{now.isoformat()}")
    sys.stderr.write(text)


def _forgive(settings: Settings) -> None:
    """Errors that come back after the file was right are told again."""
    if (settings.state / state.FILE).exists():
        with state.opened(settings.state) as connection:
            if state.note(connection, "errors"):
                state.take_note(connection, "errors", "")


def _go_on(settings: Settings) -> int:
    """Go on with mail that has begun to go out: what it says was settled when the file was right."""
    if not _under_way(settings):
        return 0
    way = transport(os.environ, send.OUTBOX)
    with state.opened(settings.state) as connection, state.sending_lock(settings.state) as alone:
        for issue in journal.issues(connection) if alone else ():
            begun = journal.counts(connection, issue).keys() - {"waiting"}
            if begun and issue.known and not issue.finished and not issue.paused:
                send.send_one(connection, issue, way, lambda: datetime.now(UTC).replace(microsecond=0))
    return 0


def _under_way(settings: Settings) -> bool:
    """Whether some issue is not finished."""
    return any(not issue.finished for issue in _journal(settings))


def _journal(settings: Settings) -> list[journal.Issue]:
    """The issues in the journal, where there is one."""
    if not (settings.state / state.FILE).exists():
        return []
    with state.opened(settings.state) as connection:
        return journal.issues(connection)


def _dates(publication: Publication) -> list[datetime]:
    """When the clock alone makes an issue, or its proof, due."""
    due = publication.digest and next_due(publication.digest, publication.zone, datetime.now(UTC))
    return [due.moment, due.moment - PROOF] if due else []
