"""From a frozen issue to each recipient's letter: what was kept with it, and what is the recipient's own."""

import json
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handbill.deliver import journal
from handbill.deliver.errors import DeliveryError
from handbill.deliver.outcome import Compose, Letter
from handbill.deliver.state import note, take_note
from handbill.deliver.tokens import LONGEST_BOUNCES, Signer, leaving, load_key
from handbill.model import Digest
from handbill.render.headers import address_in, host_of
from handbill.render.message import Frozen, Recipient, fill


def config_folder(environment: Mapping[str, str]) -> Path:
    """Where the secret is kept: outside the state, so that it outlives that."""
    if given := environment.get("CONFIGURATION_DIRECTORY"):
        return Path(given.split(":")[0])  # systemd names several folders so
    return Path(environment.get("XDG_CONFIG_HOME") or "~/.config").expanduser() / "handbill"


def signer_of(connection: sqlite3.Connection, name: str) -> Signer:
    """The signer for the list *name*. Its secret is made once; raises DeliveryError when it is lost or another."""
    known = note(connection, "secret")
    signer = Signer(load_key(os.environ, config_folder(os.environ), make=known is None), name)
    if known is None:
        take_note(connection, "secret", signer.fingerprint)
    elif known != signer.fingerprint:
        raise DeliveryError(
            "the secret that signs links for leaving is not the one that this list was begun with, or the site's id is "
            "another: links already sent would stop working. Put the old one back (HANDBILL_KEY_FILE, or the file key "
            f"in {config_folder(os.environ)}; site id in entries.toml)",
            "settings",
        )
    return signer


def kept_for(digest: Digest, site_id: str, base: str, web: Mapping[str, str]) -> str:
    """What is kept with an issue, so that it can be sent and shown when the file has become another: *web* copies.

    Raises DeliveryError where no server would take the envelope sender.
    """
    assert digest.sender
    before = address_in(digest.bounces).rpartition("@")[0] if digest.bounces and not digest.to else ""
    if len(before.encode()) > LONGEST_BOUNCES:
        raise DeliveryError(
            "bounces is too long to be signed for each recipient (RFC 5321 allows 64 characters before the @): write "
            f"an address with at most {LONGEST_BOUNCES} before it, like bounces@…",
            "settings",
        )
    return json.dumps({
        "list": site_id,
        "host": host_of(base),
        "from": address_in(digest.sender),
        "bounces": digest.bounces and address_in(digest.bounces),
        "leave-url": digest.leave_url,
        "leave-mailto": digest.leave_mailto or address_in(digest.reply_to or digest.sender),
        "web": dict(web),
    })  # fmt: skip


def web_copies(connection: sqlite3.Connection) -> dict[str, bytes]:
    """The issues on the web as they were frozen, by their paths below feeds/; a correction replaces its issue."""
    found: dict[str, bytes] = {}
    for issue in journal.issues(connection):
        kept = json.loads(journal.kept(connection, issue) or "{}")
        found |= {path: text.encode() for path, text in kept.get("web", {}).items()}
    return found


def list_of(connection: sqlite3.Connection, issue: journal.Issue) -> str:
    """The name of the list that *issue* was frozen for."""
    return str(json.loads(journal.kept(connection, issue))["list"])


def composer(message: bytes, kept: str, issue: str, number: int, signer: Signer) -> Compose:
    """What makes the letter of one *issue* (its name) for each recipient."""
    frozen, own = Frozen(message), json.loads(kept)

    def compose(recipient: journal.Recipient) -> Letter:
        name = signer.message_id(issue, recipient.match or recipient.address)
        ways = _ways(own, signer, recipient)
        filled = fill(frozen, Recipient(recipient.address, f"{name}@{own['host']}", *ways))
        return Letter(_envelope_sender(own, signer, recipient, number), recipient.address, filled, name)

    return compose


def _ways(own: Mapping[str, Any], signer: Signer, recipient: journal.Recipient) -> tuple[str, str]:
    if recipient.match is None:
        return "", own["leave-mailto"]
    url, mailto = leaving(signer.leave_token(recipient.match), own["leave-url"], own["leave-mailto"])
    return url or "", mailto or ""


def _envelope_sender(own: Mapping[str, Any], signer: Signer, recipient: journal.Recipient, number: int) -> str:
    if own["bounces"] and recipient.match:
        return signer.envelope_sender(own["bounces"], recipient.match, number)
    return str(own["bounces"] or own["from"])
