"""How mail goes out is said in the environment, and a mistake there says what to write."""

from pathlib import Path

import pytest

from handbill.deliver.errors import DeliveryError
from handbill.deliver.settings import Folder, Sendmail, Smtp, transport

OUTBOX = Path("outbox")
HOST = {"HANDBILL_SMTP_HOST": "relay.example.org"}


def smtp(**given: str) -> Smtp:
    way = transport(HOST | given, OUTBOX)
    assert isinstance(way, Smtp)
    return way


def test_a_folder_by_itself() -> None:
    assert transport({}, OUTBOX) == Folder(OUTBOX)
    assert transport({"HANDBILL_TRANSPORT": "folder", "HANDBILL_FOLDER": "x", **HOST}, OUTBOX) == Folder(Path("x"))
    assert transport({"HANDBILL_TRANSPORT": "sendmail"}, OUTBOX) == Sendmail("/usr/sbin/sendmail")


def test_secure_unless_it_is_this_machine() -> None:
    assert (smtp().port, smtp().tls) == (587, "starttls")
    assert smtp(HANDBILL_SMTP_PORT="465").tls == "implicit"
    assert smtp(HANDBILL_SMTP_HOST="[::1]").host == "::1"
    for host in ("127.0.0.1", "::1", "[::1]", "localhost", "127.1.2.3"):
        assert (smtp(HANDBILL_SMTP_HOST=host).port, smtp(HANDBILL_SMTP_HOST=host).tls) == (25, "none")


def test_the_password_from_a_file_is_never_shown(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_bytes(b"\xef\xbb\xbfsesame open\r\n")  # as an editing program may leave it
    way = smtp(HANDBILL_SMTP_USER="user", HANDBILL_SMTP_PASSWORD_FILE=str(file))
    assert way.password == "sesame open"
    assert "sesame" not in repr(way)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"HANDBILL_TRANSPORT": "pigeon"}, "write smtp, sendmail or folder"),
        ({"HANDBILL_TRANSPORT": "smtp", "HANDBILL_SMTP_HOST": ""}, "HANDBILL_SMTP_HOST is not set"),
        ({"HANDBILL_SMTP_PORT": "x"}, "write a number from 1 to 65535"),
        ({"HANDBILL_SMTP_CONNECTIONS": "0"}, "write a number from 1 to 100"),
        ({"HANDBILL_SMTP_RATE": "nan"}, "write a number from 0"),
        ({"HANDBILL_SMTP_TLS": "ssl"}, "write implicit, starttls or none"),
        ({"HANDBILL_SMTP_TLS": "none"}, "is for this machine alone"),
        ({"HANDBILL_SMTP_USER": "user"}, "HANDBILL_SMTP_PASSWORD is not set"),
        ({"HANDBILL_SMTP_PASSWORD_FILE": "/nowhere/at/all"}, "cannot be read"),
        ({"HANDBILL_SMTP_USER": "user", "HANDBILL_SMTP_PASSWORD": "pässword"}, "plain ASCII"),
    ],
)
def test_mistakes(given: dict[str, str], message: str) -> None:
    with pytest.raises(DeliveryError, match=message) as caught:
        transport(HOST | given, OUTBOX)
    assert caught.value.status == 2
