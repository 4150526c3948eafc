"""Mail that comes back: what is signed counts, once, and everything else is left for a person."""

import sqlite3
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists_of_subscribers import NOW, SIGNER, frozen, join

from handbill.deliver import subscribers
from handbill.deliver.errors import DeliveryError
from handbill.deliver.inbox import take_in, take_in_maildir
from handbill.deliver.reports import reports
from handbill.deliver.tokens import Signer

READER = "reader@example.org"
TOKEN = SIGNER.leave_token(READER)
VERP = SIGNER.envelope_sender("bounces@example.org", READER, 1)


def bounce(to: str = VERP, status: str = "5.1.1", action: str = "failed", words: str = "550 5.1.1 unknown") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example.org\r\nTo: {to}\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {READER}\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {words}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: leave {TOKEN}\r\nList-Unsubscribe: <https://e.org/{TOKEN}>"
        "\r\n\r\nHello\r\n--b--\r\n"
    ).encode()


def complaint(kind: str = "abuse", token: str = TOKEN, extra: str = "") -> bytes:
    return (
        "From: fbl@example.org\nTo: fbl@us.example.org\nMIME-Version: 1.0\nContent-Type: multipart/report; "
        'report-type=feedback-report; boundary="b"\n\n--b\nContent-Type: text/plain\n\nComplaint.\n'
        f"--b\nContent-Type: message/feedback-report\n\nFeedback-Type: {kind}\n"
        f"User-Agent: Loop/1.0\nVersion: 1\n{extra}\n"
        f"--b\nContent-Type: message/rfc822\n\nList-Unsubscribe: <https://e.org/leave/{token}>\n"
        "Subject: x\n\nHi\n--b--\n"
    ).encode()


def wish(subject: str, body: str = "") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "somebody@example.org", "leave@example.org", subject
    message.set_content(body)
    return bytes(message)


@pytest.fixture
def reader(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A list of two, to whom an issue went."""
    join(connection, READER, "other@example.org")
    frozen(connection)
    return connection


def state(connection: sqlite3.Connection) -> str:
    found = subscribers.find(connection, READER)
    assert found
    return found.state


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (wish(f"leave {TOKEN}"), "left"),
        (wish(f"Re: leave {TOKEN}"), "left"),
        (wish("leave"), "active"),
        (wish("leave", f"> https://example.org/leave/{TOKEN}"), "active"),
        (wish(f"leave {TOKEN[:-5]}AAAAA"), "active"),
        (wish(f"leave {Signer(b'x' * 32, 'other').leave_token(READER)}"), "active"),
        (bounce(), "bouncing"),
        (bounce(status="5.2.2"), "active"),
        (bounce(status="5.7.1"), "active"),
        (bounce(action="delayed", status="4.4.1"), "active"),
        (bounce(action="delivered", status="2.0.0"), "active"),
        (bounce(to="bounces@example.org"), "active"),
        (bounce(to=VERP.replace("-1-", "-2-")), "active"),
        (bounce(to=VERP.upper()), "bouncing"),
        (complaint(), "complained"),
        (complaint("not-spam"), "active"),
        (complaint(token=TOKEN[:-5] + "AAAAA"), "active"),
        (complaint(token="none", extra=f"Original-Mail-From: <{VERP}>\n"), "complained"),
        (b"", "active"),
        (b"\0\xff" * 50, "active"),
    ],
)
def test_what_counts(reader: sqlite3.Connection, raw: bytes, expected: str) -> None:
    take_in(reader, SIGNER, raw, NOW)
    assert state(reader) == expected
    assert subscribers.count(reader).get("active", 0) >= 1


def test_the_pipe_may_say_to_whom_it_was(reader: sqlite3.Connection) -> None:
    take_in(reader, SIGNER, bounce(to="undisclosed@example.org"), NOW, [VERP])
    assert state(reader) == "bouncing"
    found = subscribers.find(reader, READER)
    assert found
    event = subscribers.events(reader, found.id)[-1]
    assert (event.what, event.evidence, event.issue) == ("bounced", "550 5.1.1 unknown", "2026-04-01")


def test_soft_ones_count_once_an_issue(reader: sqlite3.Connection) -> None:
    for number in (1, 1, 2):
        raw = bounce(
            to=SIGNER.envelope_sender("bounces@example.org", READER, number), status="4.2.2", words=str(number)
        )
        take_in(reader, SIGNER, raw, NOW)
    assert state(reader) == "active"
    raw = bounce(to=SIGNER.envelope_sender("bounces@example.org", READER, 3), status="4.2.2")
    take_in(reader, SIGNER, raw, NOW)
    assert state(reader) == "bouncing"


def test_taken_in_once(reader: sqlite3.Connection) -> None:
    raw = wish(f"leave {TOKEN}")
    assert take_in(reader, SIGNER, raw, NOW) == Counter({"leave": 1})
    known = subscribers.find(reader, READER)
    assert known
    reader.execute("UPDATE subscriber SET state = 'active' WHERE id = ?", [known.id])
    assert take_in(reader, SIGNER, raw, NOW) == Counter({"already done": 1})
    assert state(reader) == "active"


def test_a_maildir(reader: sqlite3.Connection, tmp_path: Path) -> None:
    mails = tmp_path / "Maildir"
    with pytest.raises(DeliveryError, match="no Maildir"):
        take_in_maildir(reader, SIGNER, mails, NOW)
    for part in ("new", "cur", "tmp"):
        (mails / part).mkdir(parents=True)
    (mails / "new" / "1").write_bytes(bounce())
    (mails / "new" / "2").write_bytes(wish("I like it"))
    assert take_in_maildir(reader, SIGNER, mails, NOW) == Counter({"hard bounce": 1, "not understood": 1})
    assert [each.name for each in (mails / "new").iterdir()] == ["2"]
    assert [each.name for each in (mails / "cur").iterdir()] == ["1:2,S"]
    assert take_in_maildir(reader, SIGNER, mails, NOW) == Counter({"already done": 1, "not understood": 1})


@given(st.binary())
def test_any_bytes_are_read(raw: bytes) -> None:
    assert list(reports(raw, SIGNER)) == []
    assert list(reports(b"Content-Type: multipart/report; boundary=b\r\n\r\n--b\r\n" + raw, SIGNER, [VERP])) == []


@given(
    st.lists(st.sampled_from(bounce().splitlines(keepends=True) + complaint().splitlines(keepends=True)), max_size=30)
)
def test_any_lines_are_read(lines: list[bytes]) -> None:
    list(reports(b"".join(lines), SIGNER))
