"""Cron's command: check, build, tell hubs, send what is due. Says nothing when nothing happened.

Errors in the file are told once, and again when they change or after a day; meanwhile what is published stays, and
deliveries that are under way go on. Another run at the same time leaves at once.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta

from handbill.commands import build, send
from handbill.commands.publication import error_text
from handbill.commands.settings import Settings, common_options, settings_from
from handbill.deliver import hubs, journal, state
from handbill.deliver.settings import transport
from handbill.model import Publication
from handbill.publish.schedule import next_due
from handbill.read import Reading, read
from handbill.render.address import address_of
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
    if made.changed:
        print(build.what_changed(settings, made))
    hubs_status = _tell_hubs(settings, made)
    sent_status = send.send_due(settings, publication, arguments) if _sends(publication) else 0
    if not hubs_status and not sent_status and not _under_way(settings):
        build.keep_in_mind(arguments.words, settings, inputs, made.published, _dates(publication))
    return sent_status or hubs_status


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
    if not (settings.state / state.FILE).exists():
        return False
    with state.opened(settings.state) as connection:
        return any(not issue.finished for issue in journal.issues(connection))


def _tell_hubs(settings: Settings, made: build.Made) -> int:
    """Tell the hubs of the site which feeds have changed since they were last told."""
    documents = made.published.documents
    site = documents.live.site
    told = hubs.load(settings.state)
    if not site.hubs and not told:
        return 0
    paths = ["atom.xml", "rss.xml", "feed.json", *(feed.path for feed in documents.facets)]
    paths += [documents.issues.path] if documents.issues else []
    feeds = {address_of(path, site): hubs.mark_of((settings.out / path).read_bytes()) for path in paths}
    outcomes = list(hubs.tell(hubs.due(site.hubs, feeds, told)))
    hubs.keep(settings.state, told, outcomes, site.hubs)
    lost = {outcome.ping.hub: outcome.error for outcome in outcomes if outcome.error}
    for hub, error in lost.items():
        print(f"handbill run: the hub {hub} was not told: {error}; the next run tries again", file=sys.stderr)
    return 75 if lost else 0


def _dates(publication: Publication) -> list[datetime]:
    """When the clock alone makes an issue, or its proof, due."""
    due = publication.digest and next_due(publication.digest, publication.zone, datetime.now(UTC))
    return [due.moment, due.moment - PROOF] if due else []
