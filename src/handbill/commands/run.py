"""Cron's command: check, build, tell hubs, send what is due. Says nothing when nothing happened.

What is wrong is told once, and again when it changes or after a day; meanwhile what is published stays, and deliveries
that are under way go on. Another run at the same time leaves at once.
"""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from handbill.commands import build, send
from handbill.commands.steps.ahead import PROOF
from handbill.commands.steps.alive import tell_alive
from handbill.commands.steps.memory import FILE, Memory, recall
from handbill.commands.steps.publication import error_text
from handbill.commands.steps.settings import Settings, common_options, settings_from
from handbill.commands.steps.telling import publish_if_due, tell_hubs
from handbill.commands.steps.unchanged import states_of
from handbill.deliver import hubs, state, turns
from handbill.failure import FAULT, FailureError
from handbill.masking import masked
from handbill.model import Publication
from handbill.publish.life import AccidentError
from handbill.publish.schedule import next_due
from handbill.read import read
from handbill.read.file import FileError
from handbill.write import BusyError


def options(parser: ArgumentParser) -> None:
    """Add the options of `run`."""
    send.publishing_options(parser)
    common_options(parser)


def run(arguments: Namespace) -> int:
    """Build what can be built, then tell hubs and subscribers; tell what went wrong, unless that is known."""
    settings = settings_from(arguments)
    memory = recall(settings.state, settings.now(UTC))
    try:
        status = _run(settings, arguments, memory)
    except BusyError:
        return 0
    except FailureError as error:
        status = _failed(memory, error)
    except OSError as error:
        words = f"{error.filename or 'the system'}: {(error.strerror or str(error)).lower()}"
        memory.complain(
            "run", f"handbill run: {words}; what is published stayed whole, the next run goes on", passing=True
        )
        status = 75
    except Exception as error:
        # A fault of ours: `cli` tells it, as seldom as all else is told.
        news = memory.complain("fault", f"{type(error).__name__}: {error}", silent=True)
        memory.end(FAULT)
        if news:
            raise
        return FAULT
    return memory.end(status)


def _run(settings: Settings, arguments: Namespace, memory: Memory) -> int:
    """Do it; gives the exit status."""
    try:
        inputs = build.inputs_of(settings)
        reading = read(inputs.data)
        if reading.publication is None:
            memory.complain("file", error_text(settings, reading))
            _go_on(settings, arguments, memory)
            return 1
        publication = reading.publication
        memory.now = settings.now(publication.zone)
        made = build.make(settings, inputs, publication, patience=0)
    except (AccidentError, FileError) as error:
        status = _failed(memory, error)
        _go_on(settings, arguments, memory)
        return status
    memory.well("file")
    as_made = build.states(settings, publication) | states_of([str(settings.state / name) for name in _OF_STATE])
    if made.changed:
        memory.tell(build.what_changed(settings, made))
    publish_if_due(settings, arguments.publish)

    def complain(text: str) -> None:
        memory.complain("others", text, passing=True)

    status = tell_hubs(settings, publication.site, complain)
    if publication.digest and publication.digest.sender:
        status = send.send_due(settings, publication, arguments, complain, memory.tell) or status
    if status == 3:
        memory.wrong.append("a person must decide")  # which was told when it was news; `status` tells the rest
    if status == 0:
        dates, touched = _dates(settings, publication), str(settings.state / FILE)
        build.keep_in_mind(arguments.words, settings, inputs, made.published, as_made, dates, touched)
        status = tell_alive(memory)
    return status


_OF_STATE = (state.FILE, f"{state.FILE}-wal", hubs.FILE)
"""Whoever joins, leaves or decides changes one of these."""


def _failed(memory: Memory, error: FailureError) -> int:
    """Tell the *error* as `cli` would, unless it is known; gives its status."""
    memory.complain("run", f"handbill run: {masked(str(error))}", passing=error.status == 75)
    return error.status


def _go_on(settings: Settings, arguments: Namespace, memory: Memory) -> None:
    """Go on with mail that has begun to go out, although nothing can be built."""
    if (settings.state / state.FILE).exists():
        try:
            send.go_on(settings, arguments.publish, memory.tell)
        except FailureError as error:
            _failed(memory, error)


def _dates(settings: Settings, publication: Publication) -> list[datetime]:
    """When the clock alone makes an issue or its proof due, or a recipient who was put off."""
    now, digest = settings.now(publication.zone), publication.digest
    dates = []
    if digest:
        due = next_due(digest, publication.zone, now)
        dates = [due.moment, due.moment - PROOF]
    if (settings.state / state.FILE).exists():
        with state.opened(settings.state) as connection:
            dates += turns.next_turns(connection)
    return [each for each in dates if each > now]
