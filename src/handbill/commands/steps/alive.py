"""A dead man's switch: an address that is asked after each good run, so that somebody notices when runs stop."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from handbill.commands.steps.memory import Memory

NAME = "HANDBILL_PING_URL"
"""The environment's name for the address."""

TIMEOUT = 30.0
"""Seconds that it may take to answer."""


def is_heard() -> bool:
    """Ask the address, where there is one, at the least cost; False where `tell_alive` has to ask again.

    What this cannot read (a redirect, a proxy that is to be used, a name that is not plain ASCII) is left to that.
    """
    address = os.environ.get(NAME, "")
    if not address:
        return True
    scheme, _, rest = address.partition("://")
    if scheme not in ("http", "https") or any(name.lower() == f"{scheme}_proxy" for name in os.environ):
        return False
    host, slash, path = rest.partition("#")[0].partition("/")
    if not slash or not rest.isascii() or "@" in host or "?" in host or not rest.isprintable() or " " in rest:
        return False
    name, port = _host_and_port(host, 80 if scheme == "http" else 443)
    # The module `socket` costs as much as a bare start of Python; what it is made of costs nothing.
    try:
        answer = _asked(scheme, name, port, f"GET /{path} HTTP/1.0\r\nHost: {host}\r\nUser-Agent: Handbill\r\n\r\n")
    except (ImportError, OSError, ValueError):
        return False
    return answer.startswith(b"HTTP/1.") and answer[8:10] == b" 2"


def _host_and_port(host: str, usual: int) -> tuple[str, int]:
    name, _, port = host.rpartition(":")
    if name and port.isdecimal():
        return name.strip("[]"), int(port)
    return host.strip("[]"), usual


def _asked(scheme: str, name: str, port: int, request: str) -> bytes:
    """The first bytes of the answer to *request*."""
    if scheme == "https":
        import socket
        import ssl

        with (
            socket.create_connection((name, port), TIMEOUT) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=name) as safe,
        ):
            safe.sendall(request.encode())
            return safe.recv(64)
    import _socket

    # As bytes: for text Python imports its IDNA codec, at a third of a bare start.
    for family, kind, protocol, _, place in _socket.getaddrinfo(name.encode(), port, 0, _socket.SOCK_STREAM):
        plain = _socket.socket(family, kind, protocol)
        try:
            plain.settimeout(TIMEOUT)
            plain.connect(place)
            plain.sendall(request.encode())
            return plain.recv(64)
        except OSError:
            continue
        finally:
            plain.close()
    return b""


def tell_alive(memory: Memory) -> int:
    """GET the address, where there is one; the exit status: 75 where it does not answer.

    What is told names the host alone: such addresses are secrets.
    """
    address = os.environ.get(NAME, "")
    if not address:
        return 0
    from http.client import HTTPException
    from urllib.error import URLError
    from urllib.request import Request, urlopen

    if not address.startswith(("http://", "https://")):
        memory.complain("ping", f"handbill run: {NAME}: not a web address; write it like https://example.org/ping/…")
        return 2
    try:
        with urlopen(Request(address, headers={"User-Agent": "Handbill"}), timeout=TIMEOUT):
            return 0
    except (URLError, OSError, ValueError, HTTPException) as error:
        reason = getattr(error, "reason", None) or type(error).__name__
        host = address.split("://")[1].split("/")[0].rpartition("@")[2]
        words = f"handbill run: all is done, but {NAME} ({host}) does not answer: {reason}"
        memory.complain("ping", words, passing=True)
        return 75
