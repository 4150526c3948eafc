"""From an address to a connection that may be used: greeting, TLS and login, by the standard library's client."""

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from handbill.deliver.answers import Reply, Stage
from handbill.deliver.errors import DeliveryError
from handbill.deliver.settings import Smtp


class UnreachableError(Exception):
    """The server was not there, or the line broke: another try may do."""


class UnwillingError(Exception):
    """The server answered, and not as it should: *reply*."""

    def __init__(self, reply: Reply) -> None:
        """Carry *reply*."""
        super().__init__(reply.words)
        self.reply = reply


@dataclass(frozen=True, slots=True)
class Session:
    """An open connection: *client* owns *sock*, which no longer blocks; *features* are in lower case."""

    client: smtplib.SMTP
    sock: socket.socket
    features: frozenset[str]

    def close(self) -> None:
        """End the connection at once."""
        self.client.close()


def open_session(smtp: Smtp) -> Session:
    """Connect to *smtp*, secure the line and log in.

    Raises UnreachableError, UnwillingError, or DeliveryError for what no other try will mend (a wrong certificate,
    no STARTTLS).
    """
    where = f"{smtp.host}:{smtp.port}"
    client: smtplib.SMTP | None = None
    stage = Stage.CONNECT
    try:
        client = _connect(smtp)
        client.ehlo_or_helo_if_needed()
        stage = Stage.LOGIN
        if smtp.user:
            client.login(smtp.user, smtp.password)
    except ssl.SSLCertVerificationError as error:
        raise DeliveryError(
            f"nothing was sent: the certificate of {where} is not right ({error.verify_message}). Is "
            "HANDBILL_SMTP_HOST the name that the relay's operator gave you? A certificate of your own goes into "
            "HANDBILL_SMTP_CA_FILE"
        ) from error
    except smtplib.SMTPNotSupportedError as error:
        raise DeliveryError(f"nothing was sent: {where}: {_not_offered(stage)}") from error
    except smtplib.SMTPResponseException as error:
        _close(client)
        text = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error.smtp_error
        if error.smtp_code // 100 not in (4, 5):
            raise UnreachableError(f"{where}: the server does not speak SMTP") from error
        raise UnwillingError(Reply(stage, error.smtp_code, " ".join(text.split()))) from error
    except (OSError, smtplib.SMTPException, ValueError) as error:
        _close(client)
        raise UnreachableError(f"{where}: {_plain(error)}") from error
    assert client.sock is not None
    client.sock.settimeout(0)
    client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return Session(client, client.sock, frozenset(client.esmtp_features))


class Opener:
    """Opens sessions beside a loop that must not wait; `wake` becomes readable when one is there to be taken.

    A thread that still connects when the program ends does not hold it up.
    """

    def __init__(self, smtp: Smtp) -> None:
        """Open sessions with *smtp*."""
        self._smtp = smtp
        self._results: SimpleQueue[Session | Exception] = SimpleQueue()
        self._closed = threading.Event()
        self.wake, self._waker = socket.socketpair()
        self.wake.setblocking(False)
        self.under_way = 0

    def begin(self) -> None:
        """Open one more."""
        self.under_way += 1
        threading.Thread(target=self._open, daemon=True).start()

    def _open(self) -> None:
        try:
            result: Session | Exception = open_session(self._smtp)
        except Exception as error:  # noqa: BLE001  # raised again where it is taken
            result = error
        if self._closed.is_set() and isinstance(result, Session):
            result.close()
        self._results.put(result)
        with contextlib.suppress(OSError):
            self._waker.send(b".")

    def taken(self) -> Iterator[Session | Exception]:
        """What has come of those begun."""
        with contextlib.suppress(BlockingIOError):
            self.wake.recv(4096)
        with contextlib.suppress(Empty):
            while True:
                result = self._results.get_nowait()
                self.under_way -= 1
                yield result

    def close(self) -> None:
        """Take no more."""
        self._closed.set()
        for result in self.taken():
            if isinstance(result, Session):
                result.close()
        self.wake.close()
        self._waker.close()


def _connect(smtp: Smtp) -> smtplib.SMTP:
    helo = smtp.helo or None
    if smtp.tls == "implicit":
        return smtplib.SMTP_SSL(smtp.host, smtp.port, helo, timeout=smtp.connect_timeout, context=_context(smtp))
    client = smtplib.SMTP(smtp.host, smtp.port, helo, timeout=smtp.connect_timeout)
    if smtp.tls == "starttls":
        try:
            client.starttls(context=_context(smtp))
        except BaseException:
            client.close()
            raise
    return client


def _context(smtp: Smtp) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=smtp.ca_file or None)
    except (OSError, ssl.SSLError) as error:
        raise DeliveryError(f"HANDBILL_SMTP_CA_FILE: {smtp.ca_file} holds no certificate", "settings") from error


def _close(client: smtplib.SMTP | None) -> None:
    if client is not None:
        client.close()


def _not_offered(stage: Stage) -> str:
    if stage is Stage.LOGIN:
        return "the server takes no login here; is HANDBILL_SMTP_PORT right (587 or 465), or is no login needed?"
    return "the server offers no STARTTLS, and mail must not travel in the clear; is HANDBILL_SMTP_PORT right?"


def _plain(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
