"""Telling others of what was published: the operator's own command, then the hubs."""

import subprocess
import sys
from collections.abc import Iterator

from handbill.commands.settings import Settings
from handbill.deliver import hubs, state
from handbill.deliver.errors import DeliveryError
from handbill.model import Site
from handbill.render.address import address_of

_PENDING = "to publish"


def publish_if_due(settings: Settings, command: str | None, *, changed: bool) -> None:
    """Run the operator's *command* after a change, and again after it failed. Raises DeliveryError."""
    if command is None:
        return
    with state.opened(settings.state) as connection:
        if not changed and not state.note(connection, _PENDING):
            return
        state.take_note(connection, _PENDING, "yes")
        run_publish(command)
        state.take_note(connection, _PENDING, "")


def run_publish(command: str) -> None:
    """Run *command*, the operator's own words, in a shell. Raises DeliveryError when it fails."""
    ended = subprocess.run(command, shell=True, stdout=2, check=False)
    if ended.returncode:
        raise DeliveryError(
            f"the command of --publish ended with status {ended.returncode}; no hub was told and no mail was sent, "
            "the next run goes on"
        )


def tell_hubs(settings: Settings, site: Site) -> int:
    """Tell the hubs of *site* which feeds have changed since they were last told; gives the exit status."""
    told = hubs.load(settings.state)
    if not site.hubs and not told:
        return 0
    feeds = {address_of(path, site): hubs.mark_of((settings.out / path).read_bytes()) for path in _feeds(settings)}
    outcomes = list(hubs.tell(hubs.due(site.hubs, feeds, told)))
    hubs.keep(settings.state, told, outcomes, site.hubs)
    lost = {outcome.ping.hub: outcome.error for outcome in outcomes if outcome.error}
    for hub, error in lost.items():
        print(f"handbill: the hub {hub} was not told: {error}; the next run tries again", file=sys.stderr)
    return 75 if lost else 0


def _feeds(settings: Settings) -> Iterator[str]:
    """The paths of the feeds that can be subscribed to: all but archive documents."""
    for path in sorted([*settings.out.rglob("*.xml"), settings.out / "feed.json"]):
        name = path.relative_to(settings.out).as_posix()
        if not name.startswith("archive/"):
            yield name
