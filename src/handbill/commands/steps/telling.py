"""Telling others of what was published: the operator's own command, then the hubs."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import blake2b

from handbill import write
from handbill.commands.steps.settings import Settings
from handbill.deliver import hubs, state
from handbill.deliver.errors import DeliveryError
from handbill.model import Site
from handbill.render.address import address_of

_UPLOADED = "uploaded"
"""The note of what the operator's command was last run for."""

_SECRETS = ("HANDBILL_KEY", "HANDBILL_SMTP_PASSWORD", "HANDBILL_PING_URL")

TIMEOUT = 3600.0
"""Seconds that the operator's command may take."""


def say(text: str) -> None:
    """Tell a failure to whoever runs the command."""
    print(text, file=sys.stderr)


def publish_if_due(settings: Settings, command: str | None) -> None:
    """Run the operator's *command* until it has succeeded for what is in the served folder now, and not again.

    That is decided by the bytes: killed at any moment, or after a build by hand, the next run makes up for it. Waits
    while another run is at it. Raises DeliveryError.
    """
    if command is None:
        return
    with state.opened(settings.state) as connection, _alone(settings):
        served = _served(settings)
        if state.note(connection, _UPLOADED) == served:
            return
        _run(command)
        state.take_note(connection, _UPLOADED, served)


def _served(settings: Settings) -> str:
    """A hash of all that is served."""
    found = blake2b(digest_size=16)
    try:
        for path in sorted(write.standing(settings.out)):
            data = (settings.out / path).read_bytes()
            found.update(f"{path}\0{len(data)}\0".encode(errors="surrogateescape") + data)
    except OSError as error:
        raise _unreadable(error) from error
    return found.hexdigest()


def _unreadable(error: OSError, place: str = "") -> DeliveryError:
    words = (error.strerror or str(error)).lower()
    return DeliveryError(
        f"{error.filename or place}: {words}; nobody was told of what was published, the next run goes on"
    )


def _run(command: str) -> None:
    """Run *command*, the operator's own words, in a shell that gets no secret. Raises DeliveryError when it fails."""
    given = {name: value for name, value in os.environ.items() if name not in _SECRETS}
    try:
        status = subprocess.run(command, shell=True, stdout=2, check=False, timeout=TIMEOUT, env=given).returncode
        ended = f"ended with status {status}"
    except subprocess.TimeoutExpired:
        status, ended = 1, f"had not ended after {TIMEOUT / 60:.0f} minutes and was stopped"
    except OSError as error:
        status, ended = 1, f"cannot be started ({error.strerror})"
    if status:
        raise DeliveryError(
            f"the command of --publish {ended}; no hub was told and no mail was sent, the next run goes on"
        )


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Wait for another run that is publishing; the lock of a dead one is gone with it."""
    try:
        descriptor = os.open(settings.state / "publish.lock", os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise _unreadable(error) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise _unreadable(error, "publish.lock") from error
        yield
    finally:
        os.close(descriptor)


def tell_hubs(settings: Settings, site: Site, complain: Callable[[str], None] = say) -> int:
    """Tell the hubs of *site* which feeds have changed since they were last told; gives the exit status.

    *complain* gets a line for each that was not reached. Raises DeliveryError.
    """
    told = hubs.load(settings.state)
    if not site.hubs and not told:
        return 0
    try:
        feeds = {address_of(path, site): hubs.mark_of((settings.out / path).read_bytes()) for path in _feeds(settings)}
    except OSError as error:
        raise _unreadable(error) from error
    outcomes = list(hubs.tell(hubs.due(site.hubs, feeds, told)))
    hubs.keep(settings.state, told, outcomes, site.hubs)
    lost = {outcome.ping.hub: outcome.error for outcome in outcomes if outcome.error}
    for hub, why in lost.items():
        complain(f"handbill: the hub {hub} was not told: {why}; the next run tries again")
    return 75 if lost else 0


def _feeds(settings: Settings) -> Iterator[str]:
    """The paths of the feeds that can be subscribed to: all but archive documents."""
    for path in sorted([*settings.out.rglob("*.xml"), settings.out / "feed.json"]):
        name = path.relative_to(settings.out).as_posix()
        if not name.startswith("archive/"):
            yield name
