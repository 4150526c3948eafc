"""A state with subscribers, and an issue that is frozen for them."""

import sqlite3
from datetime import UTC, datetime

from handbill.deliver import addresses, journal, subscribers
from handbill.deliver.journal import Issue, Recipient
from handbill.deliver.outcome import Letter
from handbill.deliver.tokens import Signer

NOW = datetime(2026, 4, 1, 8, tzinfo=UTC)
SIGNER = Signer(b"a secret of thirty-two characters", "https://example.org/harbour/")
BODY = b"Subject: Harbour News\r\n\r\nDear readers,\r\n.hidden\r\n..\r\nGood bye.\r\n"


def join(connection: sqlite3.Connection, *texts: str) -> None:
    """Add these addresses as active subscribers."""
    for text in texts:
        address = addresses.parse(text)
        assert subscribers.add(connection, SIGNER, address, name="", consent="form, 2026-01-01", now=NOW)


def people(count: int) -> list[str]:
    """So many invented addresses."""
    return [f"reader{number}@example.org" for number in range(count)]


def join_many(connection: sqlite3.Connection, count: int) -> None:
    """Add *count* active subscribers at once."""
    connection.execute("BEGIN")
    connection.executemany(
        "INSERT INTO subscriber (address, match, state, since, consent) VALUES (?1, ?1, 'active', ?2, 'test')",
        [(each, "2026-01-01T00:00:00Z") for each in people(count)],
    )
    connection.execute("COMMIT")


def frozen(connection: sqlite3.Connection, key: str = "2026-04-01", body: bytes = BODY, to: str | None = None) -> Issue:
    """An issue, frozen for all who are active."""
    return journal.freeze(
        connection, key=key, number=1, subject="Harbour News", record="{}", message=body, now=NOW, to=to
    )


def letter(recipient: Recipient) -> Letter:
    """The message of `frozen` for *recipient*."""
    name = SIGNER.message_id("2026-04-01", recipient.match or "list")
    head = f"To: {recipient.address}\r\nMessage-ID: <{name}@example.org>\r\n".encode()
    sender = SIGNER.envelope_sender("bounces@example.org", recipient.match or "list", 1)
    return Letter(sender, recipient.address, head + BODY, name)
