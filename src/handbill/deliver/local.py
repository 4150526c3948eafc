"""Transports on this machine: a folder of ``.eml`` files, and a `sendmail` program."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from handbill.deliver.addresses import envelope
from handbill.deliver.answers import Meaning
from handbill.deliver.errors import DeliveryError
from handbill.deliver.journal import Issue, due
from handbill.deliver.outcome import Compose, Letter, Outcome
from handbill.deliver.pace import Patience
from handbill.deliver.settings import Folder, Sendmail
from handbill.deliver.settling import Answer, Settled, settle

_BATCH = 50
_PROGRAM_TIMEOUT = 600

_EXITS = {0: Meaning.ACCEPTED, 67: Meaning.REFUSED, 68: Meaning.REFUSED, 71: Meaning.LATER, 74: Meaning.LATER,
          75: Meaning.LATER}  # fmt: skip
"""Of sysexits.h: no such user, no such host, system, input/output, temporary. Any other pauses the issue."""


def to_folder(
    connection: sqlite3.Connection,
    issue: Issue,
    folder: Folder,
    compose: Compose,
    now: Callable[[], datetime],
    stop: Callable[[], bool],
    report: Callable[[Outcome], None],
) -> Outcome:
    """Write each recipient's message as a file of its own.

    A file that is written again is the same file: nobody needs to be marked, and nobody is ever in doubt.
    """
    outcome, last = Outcome(), 0
    try:
        folder.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        while page := due(connection, issue, now(), last, _BATCH):
            if stop():
                outcome.stopped = "it was told to stop"
                break
            for recipient in page:
                letter = compose(recipient)
                _write(folder.path / f"{issue.name.replace(', ', '-').replace(' ', '-')}-{letter.name}.eml", letter)
            _note(outcome, settle(connection, issue, [Answer(each.id, Meaning.ACCEPTED) for each in page], (), now()))
            outcome.accepted += len(page)
            report(outcome)
            if outcome.paused:
                break
            last = page[-1].id
    except OSError as error:
        raise DeliveryError(f"{folder.path} cannot be written to ({error.strerror}); the rest is left") from error
    return outcome


def _write(file: Path, letter: Letter) -> None:
    part = file.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as out:
        out.write(letter.message)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def to_sendmail(
    connection: sqlite3.Connection,
    issue: Issue,
    sendmail: Sendmail,
    compose: Compose,
    now: Callable[[], datetime],
    stop: Callable[[], bool],
    report: Callable[[Outcome], None],
) -> Outcome:
    """Hand each recipient's message to the program; its exit status is the answer.

    The mark is on disk before the program is started: a program whose standard input breaks off takes that for the end.
    """
    outcome, last = Outcome(), 0
    patience = Patience()
    answers: list[Answer] = []
    while page := due(connection, issue, now(), last, _BATCH):
        last = page[-1].id
        for recipient in page:
            if stop():
                outcome.stopped = "it was told to stop"
            if patience.failures:
                outcome.stopped = answers[-1].words if answers else "the program takes no mail now"
            marks = [] if outcome.stopped else [recipient.id]
            settled = settle(connection, issue, answers, marks, now())
            answers.clear()
            _note(outcome, settled)
            report(outcome)
            if outcome.stopped or outcome.paused:
                return outcome
            if settled.granted:
                answer = _run(sendmail, compose(recipient), recipient.id)
                outcome.count(answer.meaning)
                answers.append(answer)
                if answer.meaning is Meaning.LATER:
                    patience.deferred(0)
                else:
                    patience.succeeded()
    _note(outcome, settle(connection, issue, answers, (), now()))
    report(outcome)
    return outcome


def _note(outcome: Outcome, settled: Settled) -> None:
    outcome.skipped += settled.skipped
    outcome.paused = outcome.paused or settled.paused


def _run(sendmail: Sendmail, letter: Letter, identifier: int) -> Answer:
    command = [sendmail.program, "-i", "-f", envelope(letter.sender), "--", envelope(letter.to)]
    text = letter.message.replace(b"\r\n", b"\n")
    try:
        ended = subprocess.run(command, input=text, capture_output=True, timeout=_PROGRAM_TIMEOUT, check=False)
    except subprocess.TimeoutExpired:
        return Answer(identifier, Meaning.DOUBT, f"{sendmail.program} did not end in time")
    except OSError as error:
        return Answer(identifier, Meaning.PAUSE, f"{sendmail.program} cannot be started: {error.strerror}")
    if ended.returncode < 0:
        return Answer(identifier, Meaning.DOUBT, f"{sendmail.program} was ended by signal {-ended.returncode}")
    said = " ".join((ended.stderr or ended.stdout).decode("utf-8", "replace").split())[:400]
    words = f"{sendmail.program}: exit status {ended.returncode}" + (f": {said}" if said else "")
    return Answer(identifier, _EXITS.get(ended.returncode, Meaning.PAUSE), words)
