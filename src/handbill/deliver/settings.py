"""How mail goes out, from the environment; no password ever stands in the file or in a message."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from handbill.deliver.errors import DeliveryError

Tls = Literal["implicit", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class Smtp:
    """A relay: where it is, how to be safe on the way and how to log in, and how much of it to use.

    *connections* at a time, *messages* on each before a new one is made, *rate* messages a minute at most (0: no
    limit). *answer_timeout* is how long the answer to a message may take, in seconds (RFC 5321 section 4.5.3.2.6),
    *timeout* any other, *connect_timeout* each step until a connection can be used.
    """

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    helo: str = ""
    connections: int = 2
    messages: int = 100
    rate: float = 0
    connect_timeout: float = 60
    timeout: float = 300
    answer_timeout: float = 600


@dataclass(frozen=True, slots=True)
class Sendmail:
    """A local program that takes a message on standard input, as Sendmail, Postfix, Exim and msmtp have it."""

    program: str


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder in which each message becomes an ``.eml`` file."""

    path: Path


Transport = Smtp | Sendmail | Folder


def transport(environment: Mapping[str, str], folder: Path) -> Transport:
    """What ``HANDBILL_TRANSPORT`` (smtp, sendmail, folder) and its companions say; by itself the *folder*.

    ``HANDBILL_SMTP_HOST`` alone means smtp. Raises DeliveryError.
    """
    kind = environment.get("HANDBILL_TRANSPORT", "") or ("smtp" if environment.get("HANDBILL_SMTP_HOST") else "folder")
    if kind == "smtp":
        return _smtp(environment)
    if kind == "sendmail":
        return Sendmail(environment.get("HANDBILL_SENDMAIL", "") or "/usr/sbin/sendmail")
    if kind == "folder":
        return Folder(Path(environment.get("HANDBILL_FOLDER", "") or folder))
    raise _wrong("HANDBILL_TRANSPORT", kind, "smtp, sendmail or folder")


def _smtp(environment: Mapping[str, str]) -> Smtp:
    host = environment.get("HANDBILL_SMTP_HOST", "").strip().strip("[]")
    if not host:
        raise DeliveryError("HANDBILL_SMTP_HOST is not set: write the name of your mail relay there", "settings")
    loopback = is_loopback(host)
    port = int(_number(environment, "HANDBILL_SMTP_PORT", 25 if loopback else 587, 1, 65535))
    usual = "implicit" if port == 465 else "none" if loopback else "starttls"
    wanted = environment.get("HANDBILL_SMTP_TLS", "") or usual
    tls = next((each for each in get_args(Tls) if each == wanted), None)
    if tls is None:
        raise _wrong("HANDBILL_SMTP_TLS", wanted, "implicit, starttls or none")
    if tls == "none" and not loopback:
        raise DeliveryError(
            f"HANDBILL_SMTP_TLS=none is for this machine alone, and {host} is another: write starttls or implicit",
            "settings",
        )
    user, password = secret(environment, "HANDBILL_SMTP_USER"), secret(environment, "HANDBILL_SMTP_PASSWORD")
    if bool(user) != bool(password):
        missing = "HANDBILL_SMTP_PASSWORD" if user else "HANDBILL_SMTP_USER"
        raise DeliveryError(f"{missing} is not set (nor {missing}_FILE): a login needs both", "settings")
    if not (user + password).isascii():
        raise DeliveryError("the login of the mail relay must be plain ASCII: choose another password", "settings")
    return Smtp(
        host,
        port,
        tls,
        user,
        password,
        ca_file=environment.get("HANDBILL_SMTP_CA_FILE", ""),
        helo=environment.get("HANDBILL_SMTP_HELO", ""),
        connections=int(_number(environment, "HANDBILL_SMTP_CONNECTIONS", 2, 1, 100)),
        messages=int(_number(environment, "HANDBILL_SMTP_MESSAGES", 100, 1, 1_000_000)),
        rate=_number(environment, "HANDBILL_SMTP_RATE", 0, 0, 1_000_000),
    )


def secret(environment: Mapping[str, str], name: str) -> str:
    """The secret *name*, or what the file holds that *name*\\ ``_FILE`` names. Raises DeliveryError."""
    if value := environment.get(name, ""):
        return value
    file = environment.get(f"{name}_FILE", "")
    if not file:
        return ""
    try:
        return Path(file).read_text("utf-8-sig").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DeliveryError(f"{name}_FILE: {file} cannot be read", "settings") from error


def _number(environment: Mapping[str, str], name: str, default: float, least: float, most: float) -> float:
    text = environment.get(name, "")
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not least <= value <= most:
        raise _wrong(name, text, f"a number from {least:g} to {most:g}")
    return value


def _wrong(name: str, value: str, instead: str) -> DeliveryError:
    return DeliveryError(f"{name} is {value!r}: write {instead}", "settings")


def is_loopback(host: str) -> bool:
    """Whether *host* is this machine, by a name that cannot mean another."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
