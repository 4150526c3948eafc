"""The list of a publication, open: for the commands that take in who comes and who goes."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

from handbill.commands.steps.issues import site_id_of
from handbill.commands.steps.letters import signer_of
from handbill.commands.steps.publication import ledger_of, reading_of
from handbill.commands.steps.settings import Settings
from handbill.deliver import state
from handbill.deliver.tokens import Signer
from handbill.failure import FailureError

_NOTE = "list"


class UnknownListError(FailureError):
    """The file has errors, and nobody knows what it said when it was right."""

    status = 1


class OpenList(NamedTuple):
    """A list: its private state, what signs for it, what it is called in which language, and the moment of this run."""

    connection: sqlite3.Connection
    signer: Signer
    title: str
    lang: str
    now: datetime


@contextmanager
def opened_list(settings: Settings) -> Iterator[OpenList]:
    """Open the list of the publication. Raises UnknownListError.

    Nobody's leaving waits until a mistake in the file is mended: what the file said of the list when it was last right
    is kept in the state.
    """
    publication = reading_of(settings).publication
    if publication is None and not (settings.state / state.FILE).exists():
        raise _unknown(settings)
    zone = publication.zone if publication else UTC
    with state.opened(settings.state) as connection:
        kept = state.note(connection, _NOTE)
        if publication:
            site = publication.site
            said = json.dumps([site_id_of(publication, ledger_of(settings.out)), site.title, site.lang])
            if said != kept:
                state.take_note(connection, _NOTE, said)
        elif kept:
            said = kept
        else:
            raise _unknown(settings)
        name, title, lang = json.loads(said)
        yield OpenList(connection, signer_of(connection, name), title, lang, settings.now(zone))


def _unknown(settings: Settings) -> UnknownListError:
    return UnknownListError(
        f"{settings.file} has errors, so nothing was done: handbill check tells them, and what to write instead"
    )
