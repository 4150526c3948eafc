"""One sending run of one issue, by whatever transport; and single messages that no journal remembers."""

import sqlite3
import tempfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from handbill.deliver.errors import DeliveryError
from handbill.deliver.journal import Issue, State, freeze, told
from handbill.deliver.local import to_folder, to_sendmail
from handbill.deliver.outcome import Compose, Outcome
from handbill.deliver.pace import Patience
from handbill.deliver.relay import Run
from handbill.deliver.settings import Sendmail, Smtp, Transport
from handbill.deliver.settling import clear_up
from handbill.deliver.state import opened

_FAILED: tuple[State, ...] = ("refused", "deferred", "in doubt")


def send_issue(
    connection: sqlite3.Connection,
    issue: Issue,
    transport: Transport,
    compose: Compose,
    *,
    now: Callable[[], datetime],
    clock: Callable[[], float],
    stop: Callable[[], bool] = lambda: False,
    report: Callable[[Outcome], None] = lambda outcome: None,
    patience: Patience | None = None,
) -> Outcome:
    """Send *issue* to all whose turn it is, under the sending lock. Raises DeliveryError."""
    clear_up(connection, issue, now())
    if issue.paused:
        return Outcome(paused=issue.paused)
    if isinstance(transport, Smtp):
        outcome = Run(connection, issue, transport, compose, now, clock, stop, report, patience or Patience()).send()
    elif isinstance(transport, Sendmail):
        outcome = to_sendmail(connection, issue, transport, compose, now, stop, report)
    else:
        outcome = to_folder(connection, issue, transport, compose, now, stop, report)
    clear_up(connection, issue, now())
    return outcome


def send_singly(
    addresses: Iterable[str],
    transport: Transport,
    compose: Compose,
    *,
    name: str,
    now: Callable[[], datetime],
    clock: Callable[[], float],
) -> None:
    """Send one message to each of *addresses* (a test, a proof): *name* is what it is a message of.

    Raises DeliveryError with the server's words when one is not accepted.
    """
    for address in addresses:
        with tempfile.TemporaryDirectory(prefix="handbill-") as folder, opened(Path(folder)) as connection:
            issue = freeze(connection, key=name, number=0, subject="", record="", message=b"", now=now(), to=address)
            outcome = send_issue(connection, issue, transport, compose, now=now, clock=clock, patience=Patience((1,)))
            if not outcome.accepted:
                words = [each.words for state in _FAILED for each in told(connection, issue, state)]
                why = next((text for text in [*words, outcome.paused, outcome.stopped] if text), "no answer")
                raise DeliveryError(f"the message was not accepted: {why}")
