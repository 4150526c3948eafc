"""WebSub hubs (W3C Recommendation, 2018) are told which feeds have changed, after the change is on disk.

What each hub was last told of each feed is kept in the private folder, as a hash of the feed's bytes: a hub that could
not be reached is told by the next run, and one that knows is left in peace.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2s
from pathlib import Path
from typing import NamedTuple

from handbill.deliver.errors import DeliveryError

FILE = "hubs.json"
TIMEOUT = 20.0
"""Seconds that a hub may take to answer."""

Told = Mapping[str, Mapping[str, str]]
"""By hub and by the feed's address: the hash of what the hub knows."""


class Ping(NamedTuple):
    """That the feed at *topic* has changed, for *hub*; *mark* is the hash of its bytes."""

    hub: str
    topic: str
    mark: str


class Outcome(NamedTuple):
    """What came of a *ping*: *error* is empty when the hub has taken it."""

    ping: Ping
    error: str


def mark_of(data: bytes) -> str:
    """The hash by which a feed's bytes are remembered."""
    return blake2s(data, digest_size=12).hexdigest()


def due(hubs: Sequence[str], feeds: Mapping[str, str], told: Told) -> tuple[Ping, ...]:
    """The pings that are due: of *feeds* (address and mark), those of which a hub knows another mark or none."""
    return tuple(
        Ping(hub, topic, mark) for hub in hubs for topic, mark in feeds.items() if told.get(hub, {}).get(topic) != mark
    )


def tell(pings: Sequence[Ping]) -> Iterator[Outcome]:
    """Tell each hub. One that cannot be reached is not tried for its other feeds in the same round."""
    lost: dict[str, str] = {}
    for ping in pings:
        error = lost.get(ping.hub)
        if error is None:
            error, unreachable = _post(ping)
            if unreachable:
                lost[ping.hub] = error
        yield Outcome(ping, error)


def _post(ping: Ping) -> tuple[str, bool]:
    """The error and whether the hub was out of reach. Any 2xx is success (WebSub, section 7)."""
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.parse import urlencode
    from urllib.request import Request, build_opener

    data = urlencode({"hub.mode": "publish", "hub.url": ping.topic, "hub.topic": ping.topic}).encode()
    request = Request(ping.hub, data, {"User-Agent": "Handbill"})
    try:
        with build_opener().open(request, timeout=TIMEOUT) as answer:
            answer.read(1024)
        return "", False
    except HTTPError as error:
        return f"it answered {error.code} {error.reason}", error.code >= 500
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        words = getattr(reason, "strerror", "") or str(reason) or type(reason).__name__
        return f"it cannot be reached ({words.lower()})", True


def load(state: Path) -> Told:
    """What hubs were told, as *state* has it; nothing when it is missing or unreadable: then all are told again."""
    try:
        found = json.loads((state / FILE).read_text(encoding="utf-8"))
        return {str(hub): {str(topic): str(mark) for topic, mark in of.items()} for hub, of in found.items()}
    except (OSError, ValueError, AttributeError):
        return {}


def keep(state: Path, told: Told, outcomes: Sequence[Outcome], hubs: Sequence[str]) -> None:
    """Remember in *state* what *outcomes* add to *told*; hubs not among *hubs* are forgotten.

    Raises DeliveryError.
    """
    now: dict[str, dict[str, str]] = {hub: dict(told.get(hub, {})) for hub in hubs}
    for ping, error in outcomes:
        if not error:
            now[ping.hub][ping.topic] = ping.mark
    beside = state / f"{FILE}~"
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.write_text(json.dumps(now, indent=1, sort_keys=True), encoding="utf-8")
        beside.replace(state / FILE)
    except OSError as error:
        words = (error.strerror or str(error)).lower()
        raise DeliveryError(f"{state / FILE}: {words}; the next run tells the hubs again") from error
