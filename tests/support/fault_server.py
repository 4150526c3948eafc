"""An SMTP server on loopback that does what real ones do on bad days, as a script tells it, and keeps what it took."""

import random
import re
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Script:
    """What the server does.

    *act* is asked at each point (``connect``, ``ehlo``, ``starttls``, ``auth``, ``mail``, ``rcpt``, ``data``, ``body``,
    ``dot``) with the recipient's address where there is one, and says: "" (go on), a reply (``450 4.2.0 later``),
    ``drop`` (disconnect), ``hang`` (say nothing more), ``keep-drop`` (at ``dot``: keep the message, then disconnect).
    *closes_after* messages a connection gets 421.
    """

    act: Callable[[str, str], str] = lambda point, recipient: ""
    features: tuple[str, ...] = ("PIPELINING", "8BITMIME", "SIZE 10240000", "ENHANCEDSTATUSCODES")
    closes_after: int = 0
    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False


@dataclass
class FaultServer:
    """The server: *script* may be exchanged at any time; *kept* counts the messages taken, by recipient."""

    script: Script = field(default_factory=Script)
    kept: Counter[str] = field(default_factory=Counter)
    messages: list[bytes] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0
    log: Path | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _open: set[socket.socket] = field(default_factory=set)
    _listener: socket.socket | None = None

    def start(self) -> None:
        """Listen (again) on the port."""
        listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._listen, args=(listener,), daemon=True).start()

    def stop(self) -> None:
        """Be dead: refuse connections and break those that are open."""
        if self._listener:
            # A thread in accept keeps the socket alive: this wakes it.
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        with self._lock:
            for each in self._open:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def _listen(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self.connections += 1
                self._open.add(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        dialogue = _Dialogue(self, connection)
        try:
            with suppress(OSError, _DroppedError):
                dialogue.run()
        finally:
            with self._lock:
                self._open.discard(dialogue.connection)
            dialogue.connection.close()

    def keep(self, recipient: str, sender: str, message: bytes) -> None:
        """Take a message for good."""
        with self._lock:
            self.kept[recipient] += 1
            self.messages.append(message)
            self.senders.append(sender)
            if self.log:
                with self.log.open("a", encoding="utf-8") as out:
                    out.write(recipient + "\n")


class _DroppedError(Exception):
    pass


class _Dialogue:
    def __init__(self, server: FaultServer, connection: socket.socket) -> None:
        self.server, self.script, self.connection = server, server.script, connection
        self.buffer = b""
        self.done = 0

    def run(self) -> None:
        if self.script.implicit_tls:
            self._secure()
        if self._refuses("connect", ""):
            return
        self._say("220 faults.example.org ESMTP")
        sender = recipient = ""
        while (line := self._line()) is not None:
            verb = line[:4].upper()
            if verb == b"QUIT":
                self._say("221 bye")
                return
            if verb in (b"EHLO", b"HELO"):
                if not self._refuses("ehlo", ""):
                    offers = ["faults.example.org", *self.script.features]
                    if self.script.tls and not isinstance(self.connection, ssl.SSLSocket):
                        offers.append("STARTTLS")
                    for offer in offers[:-1]:
                        self._say(f"250-{offer}")
                    self._say(f"250 {offers[-1]}")
            elif verb == b"STAR":
                if not self._refuses("starttls", ""):
                    self._say("220 go on")
                    self._secure()
            elif verb == b"AUTH":
                if not self._refuses("auth", ""):
                    self._say("235 2.7.0 ok")
            elif verb == b"RSET":
                sender = recipient = ""
                self._say("250 ok")
            elif verb == b"MAIL":
                if self.script.closes_after and self.done >= self.script.closes_after:
                    self._say("421 4.7.0 enough for one connection")
                    return
                if sender:
                    self._say("503 5.5.1 nested MAIL")
                elif not self._refuses("mail", ""):
                    sender = _address(line)
                    self._say("250 2.1.0 ok")
            elif verb == b"RCPT":
                address = _address(line)
                if not sender:
                    self._say("503 5.5.1 no MAIL")
                elif not self._refuses("rcpt", address):
                    recipient = address
                    self._say("250 2.1.5 ok")
            elif verb == b"DATA":
                if not recipient:
                    self._say("554 5.5.1 no valid recipients")
                elif not self._refuses("data", recipient):
                    self._say("354 go on")
                    self._message(sender, recipient)
                    sender = recipient = ""
            else:
                self._say("500 5.5.2 what?")

    def _message(self, sender: str, recipient: str) -> None:
        body = self.script.act("body", recipient)
        if body == "drop":
            raise _DroppedError
        if body == "hang":
            threading.Event().wait(3600)
        while b"\r\n.\r\n" not in self.buffer:
            self._read()
        message, self.buffer = self.buffer.split(b"\r\n.\r\n", 1)
        action = self.script.act("dot", recipient)
        if action == "drop":
            raise _DroppedError
        if action == "hang":
            threading.Event().wait(3600)
        if action[:1] in ("4", "5"):
            self._say(action)
            return
        self.server.keep(recipient, sender, message + b"\r\n")
        if action == "keep-drop":
            raise _DroppedError
        self.done += 1
        self._say(action if action[:1] == "2" else "250 2.0.0 kept")

    def _refuses(self, point: str, recipient: str) -> bool:
        action = self.script.act(point, recipient)
        if action == "drop":
            raise _DroppedError
        if action == "hang":
            threading.Event().wait(3600)
        if action:
            self._say(action)
            if action.startswith("421") or point == "connect":
                raise _DroppedError
        return bool(action)

    def _secure(self) -> None:
        assert self.script.tls
        with self.server._lock:
            self.server._open.discard(self.connection)
        self.connection = self.script.tls.wrap_socket(self.connection, server_side=True)
        with self.server._lock:
            self.server._open.add(self.connection)

    def _say(self, text: str) -> None:
        self.connection.sendall(text.encode() + b"\r\n")

    def _line(self) -> bytes | None:
        while b"\r\n" not in self.buffer:
            try:
                self._read()
            except _DroppedError:
                return None
        line, self.buffer = self.buffer.split(b"\r\n", 1)
        return line

    def _read(self) -> None:
        data = self.connection.recv(65536)
        if not data:
            raise _DroppedError
        self.buffer += data


def _address(line: bytes) -> str:
    found = re.search(rb"<([^>]*)>", line)
    return found[1].decode() if found else ""


@contextmanager
def fault_server(script: Script | None = None, log: Path | None = None) -> Iterator[FaultServer]:
    """A server that listens until this ends."""
    server = FaultServer(script or Script(), log=log)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def by_chance(seed: int, odds: dict[str, dict[str, float]]) -> Callable[[str, str], str]:
    """For each point, actions with their odds; the rest goes well. Of one *seed* the same in the same order."""
    dice, lock = random.Random(seed), threading.Lock()

    def act(point: str, recipient: str) -> str:
        with lock:
            roll = dice.random()
        for action, share in odds.get(point, {}).items():
            roll -= share
            if roll < 0:
                return action
        return ""

    return act
