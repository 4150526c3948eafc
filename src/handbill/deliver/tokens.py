"""The secret of a list, and what is signed with it: links for leaving, and envelope senders that know who bounced.

All of it is made from the address as it is compared and from the secret, which is kept outside the state: with the
state lost and the subscribers imported again, every link that was ever sent works as before.
"""

import base64
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import itsdangerous

from handbill.deliver.addresses import envelope
from handbill.deliver.errors import DeliveryError

LEAVE_TOKEN = re.compile(r"[a-z2-7]{16}\.[A-Za-z0-9_-]{22}")
_VERP = re.compile(r"(.+)\+([a-z2-7]{16})-([0-9]+)-([a-z2-7]{16})@(.+)")

LONGEST_BOUNCES = 64 - len(f"+{16 * 'h'}-0000-{16 * 's'}")
"""How many bytes may stand before the @ of the address for bounces."""


class Bounced(NamedTuple):
    """What an envelope sender says: the subscriber's handle, and the number of the issue."""

    handle: str
    number: int


def load_key(environment: Mapping[str, str], config: Path, *, make: bool) -> bytes:
    """The secret: ``HANDBILL_KEY``, or what is in ``HANDBILL_KEY_FILE``, or in the file ``key`` of *config*.

    With *make*, that last file is made (0600) when there is none. Raises DeliveryError.
    """
    if text := environment.get("HANDBILL_KEY", ""):
        return _long_enough(text.strip().encode(), "HANDBILL_KEY")
    named = environment.get("HANDBILL_KEY_FILE", "")
    file = Path(named) if named else config / "key"
    try:
        return _long_enough(file.read_bytes().strip(), str(file))
    except FileNotFoundError as error:
        if named or not make:
            raise DeliveryError(
                f"the secret that signs links for leaving is missing: {file}. Put it back from your backup "
                "(links already sent work with no other), or name it in HANDBILL_KEY_FILE",
                "settings",
            ) from error
    except OSError as error:
        raise DeliveryError(f"the secret cannot be read: {file} ({error.strerror})", "settings") from error
    return _make_key(file)


def _long_enough(key: bytes, where: str) -> bytes:
    if len(key) < 32:
        raise DeliveryError(f"{where} is too short for a secret: 32 characters at least, at random", "settings")
    return key


def _make_key(file: Path) -> bytes:
    key = secrets.token_urlsafe(32).encode()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as out:
            out.write(key + b"\n")
            out.flush()
            os.fsync(out.fileno())
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except FileExistsError:  # another process was quicker
        return _long_enough(file.read_bytes().strip(), str(file))
    except OSError as error:
        raise DeliveryError(f"the secret cannot be made: {file} ({error.strerror})", "settings") from error
    return key


class Signer:
    """Signs for one list with one secret.

    *name* is the list's name for ever (the site's `id`): the same secret for another list signs other things.
    """

    def __init__(self, key: bytes, name: str) -> None:
        """Sign with *key* for the list *name*."""
        self._key = hashlib.sha256(key + b"\0" + name.encode()).digest()
        digest = partial(hashlib.blake2s, digest_size=16)
        self._leave = itsdangerous.Signer(self._key, salt="leave", digest_method=digest)
        self._bounce = itsdangerous.Signer(
            self._key, salt="bounce", digest_method=partial(hashlib.blake2s, digest_size=10)
        )

    @property
    def fingerprint(self) -> str:
        """By which the state knows its secret again."""
        return self._hash("fingerprint", "")

    def handle(self, match: str) -> str:
        """A keyed hash of an address as it is compared: 16 characters that say nothing without the secret."""
        return self._hash("handle", match)

    def message_id(self, issue: str, match: str) -> str:
        """The left side of the Message-ID of one issue to one recipient, always the same."""
        return self._hash("message", f"{issue}\0{match}")

    def _hash(self, purpose: str, text: str) -> str:
        return _base32(hmac.digest(self._key, f"{purpose}\0{text}".encode(), "sha256")[:10])

    def leave_token(self, match: str) -> str:
        """What a link for leaving carries: 39 characters of letters, digits, ``.``, ``-`` and ``_``."""
        return self._leave.sign(self.handle(match)).decode("ascii")

    def who_leaves(self, token: str) -> str | None:
        """The handle in *token* if we signed it."""
        if not LEAVE_TOKEN.fullmatch(token):
            return None
        try:
            return self._leave.unsign(token).decode("ascii")
        except itsdangerous.BadSignature:
            return None

    def envelope_sender(self, bounces: str, match: str, number: int) -> str:
        """The envelope sender of issue *number* to one recipient (VERP); lower case, as some servers make it."""
        local, _, domain = bounces.rpartition("@")
        named = f"{self.handle(match)}-{number}"
        return f"{local}+{named}-{self._sign_bounce(named)}@{domain}"

    def who_bounced(self, recipient: str) -> Bounced | None:
        """Of whom a report to the address *recipient* speaks, if it is an envelope sender of ours."""
        found = _VERP.fullmatch(recipient.strip().strip("<>").lower())
        if not found:
            return None
        _, handle, number, signature, _ = found.groups()
        if not hmac.compare_digest(signature, self._sign_bounce(f"{handle}-{number}")):
            return None
        return Bounced(handle, int(number))

    def _sign_bounce(self, named: str) -> str:
        return _base32(itsdangerous.base64_decode(self._bounce.get_signature(named)))


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode("ascii").rstrip("=").lower()


class Leaving(NamedTuple):
    """Where one subscriber leaves: *url* takes a POST (RFC 8058) and shows people a button, *mailto* takes a mail."""

    url: str | None
    mailto: str | None


def leaving(token: str, leave_url: str | None, leave_mailto: str | None) -> Leaving:
    """The addresses for leaving that carry *token*, under what the file says in `leave-url` and `leave-mailto`.

    A `leave-url` with a question mark gets the token at its end.
    """
    url = mailto = None
    if leave_url:
        url = leave_url + ("" if leave_url.endswith("/") or "?" in leave_url else "/") + token
    if leave_mailto:
        address = envelope(leave_mailto.removeprefix("mailto:").partition("?")[0])
        mailto = f"mailto:{quote(address, safe='@+')}?subject={quote(f'leave {token}')}"
    return Leaving(url, mailto)
