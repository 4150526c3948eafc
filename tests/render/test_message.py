"""The message: read back by the standard library it has no defect and says what it was told, whatever that was."""

import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from issues import issue

from handbill.model import Digest
from handbill.render.composed import LEAVE, Composed
from handbill.render.headers import one_line
from handbill.render.message import Frozen, Recipient, fill, freeze, list_id, preview

NOW = datetime(2026, 12, 1, 13, tzinfo=UTC)
ISSUE = issue(1)
SENDER = "Harbour Notes <news@example.org>"
COMPOSED = Composed("Harbour Notes: November 2026", f'<p><a href="{LEAVE}">Leave</a> – é</p>\n', f"Leave:\n{LEAVE}\n")
RECIPIENT = Recipient(
    to="reader@example.org",
    message_id="2026-12-01.abcdefghijklmnop@example.org",
    leave_url="https://example.org/leave/abcdefghijklmnop.0123456789abcdefghijkl",
    leave_mailto="mailto:leave@example.org?subject=leave%20abcdefghijklmnop.0123456789abcdefghijkl",
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=400)


def frozen(composed: Composed = COMPOSED, digest: Digest = ISSUE.digest, **more: Any) -> Frozen:
    return freeze(composed, ISSUE.site, digest, **{"sender": SENDER, "date": NOW, **more})


def read(data: bytes) -> EmailMessage:
    """The message in *data*, read by the standard library; fails for any defect in it, or line that is too long."""
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for part in message.walk():
        assert part.defects == []
        assert [header.defects for header in part.values() if header.defects] == []
    return message


def bodies(message: EmailMessage) -> tuple[str, str]:
    """The plain text and the HTML of *message*, in this order."""
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def test_all_headers_of_a_subscribers_copy() -> None:
    message = read(fill(frozen(), RECIPIENT))
    assert {name: str(value) for name, value in message.items() if name != "Content-Type"} == {
        "Date": "Tue, 01 Dec 2026 13:00:00 +0000",
        "From": SENDER,
        "To": RECIPIENT.to,
        "Subject": COMPOSED.subject,
        "Message-ID": f"<{RECIPIENT.message_id}>",
        "List-Id": "<harbour.example.org>",
        "List-Unsubscribe": f"<{RECIPIENT.leave_url}>, <{RECIPIENT.leave_mailto}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
        "Precedence": "bulk",
        "MIME-Version": "1.0",
    }
    assert message.get_content_type() == "multipart/alternative"


def test_the_way_to_leave_is_never_encoded() -> None:
    """As an encoded word, one click would be gone; and a mail program looks for it on these very lines."""
    data = fill(frozen(), RECIPIENT)
    found = re.search(rb"^List-Unsubscribe: (.*?)\r\n(?! )", data, re.MULTILINE | re.DOTALL)
    assert found
    assert found[1] == f"<{RECIPIENT.leave_url}>,\r\n <{RECIPIENT.leave_mailto}>".encode()


def test_both_bodies_show_where_to_leave() -> None:
    hard = replace(RECIPIENT, leave_url="https://example.org/leave/?who=a&token=" + "0=" * 60)
    text, html = bodies(read(fill(frozen(), hard)))
    assert text == f"Leave:\n{hard.leave_url}\n"
    assert html == f'<p><a href="{hard.leave_url.replace("&", "&amp;")}">Leave</a> – é</p>\n'


def test_without_a_place_on_the_web_leaving_goes_by_mail() -> None:
    digest = replace(ISSUE.digest, leave_url=None)
    message = read(fill(frozen(digest=digest), replace(RECIPIENT, leave_url="")))
    assert message["List-Unsubscribe"] == f"<{RECIPIENT.leave_mailto}>"
    assert message["List-Unsubscribe-Post"] is None
    assert RECIPIENT.leave_mailto in bodies(message)[0]


def test_a_mail_address_is_enough_to_leave_by() -> None:
    message = read(fill(frozen(), replace(RECIPIENT, leave_url="", leave_mailto="leave@example.org")))
    assert message["List-Unsubscribe"] == "<mailto:leave@example.org>"
    assert bodies(message)[0] == "Leave:\nmailto:leave@example.org\n"


def test_one_click_is_claimed_for_https_alone() -> None:
    digest = replace(ISSUE.digest, leave_url="http://example.org/leave/")
    assert read(fill(frozen(digest=digest), RECIPIENT))["List-Unsubscribe-Post"] is None


def test_who_cannot_leave_gets_nothing() -> None:
    with pytest.raises(ValueError, match="nowhere for this recipient"):
        fill(frozen(), replace(RECIPIENT, leave_url="", leave_mailto=""))


def test_a_message_to_a_list_leaves_the_list_headers_to_the_list() -> None:
    digest = replace(ISSUE.digest, to="harbour@lists.example.org")
    composed = replace(COMPOSED, html="<p>x</p>", text="x\n")
    message = read(
        fill(frozen(composed, digest), Recipient(to="harbour@lists.example.org", message_id="x@example.org"))
    )
    assert [name for name in message if name.startswith("List-") or name in ("Precedence", "Auto-Submitted")] == []
    assert message["To"] == "harbour@lists.example.org"


def test_answers_go_where_the_file_says() -> None:
    digest = replace(ISSUE.digest, reply_to="Desk <desk@example.org>")
    assert read(fill(frozen(digest=digest), RECIPIENT))["Reply-To"] == "Desk <desk@example.org>"


@pytest.mark.parametrize(
    ("to", "header"),
    [
        ("reader@bücher.example", b"To: reader@xn--bcher-kva.example\r\n"),
        ("o'reader+x@example.org", b"To: o'reader+x@example.org\r\n"),
    ],
)
def test_recipients_in_other_scripts(to: str, header: bytes) -> None:
    data = fill(frozen(), replace(RECIPIENT, to=to))
    assert header in data
    assert read(data)["To"].addresses[0].addr_spec == header[4:-2].decode()


def test_a_recipient_who_needs_smtputf8() -> None:
    """RFC 6532: the address stands in the header as it is, in UTF-8; that is how delivery knows such a message."""
    data = fill(frozen(), replace(RECIPIENT, to="lecteur-méduse@example.org"))
    assert "To: lecteur-méduse@example.org\r\n".encode() in data
    assert not data.isascii()


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "reader@example.org\r\nBcc: thief@example.org"},
        {"message_id": "x@example.org>\r\nBcc: <thief@example.org"},
        {"message_id": "x y@example.org"},
    ],
)
def test_a_recipient_ends_no_header(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not a"):
        fill(frozen(), replace(RECIPIENT, **wrong))


def test_an_address_for_leaving_ends_no_header() -> None:
    evil = replace(RECIPIENT, leave_url="https://example.org/>\r\nBcc: thief@example.org", leave_mailto="")
    assert read(fill(frozen(), evil))["Bcc"] is None


@settings(deadline=None)
@given(TEXT, TEXT, TEXT)
@example("=?utf-8?q?=0ABcc:_thief@example.org?=", "From me\n.\n..\n", "trailing \n\t\n")
@example("x" * 200, "x" * 1000, "é" * 1000)
@example("\n", "", "\n\n")
def test_whatever_was_composed_arrives(subject: str, text: str, html: str) -> None:
    composed = Composed(subject, f"{html}{LEAVE}{html}", f"{text}{LEAVE}\n{text}")
    data = fill(frozen(composed), RECIPIENT)
    assert data.isascii()
    message = read(data)
    assert str(message["Subject"]) == one_line(subject)
    assert set(message.keys()) == set(read(fill(frozen(), RECIPIENT)).keys())
    way = RECIPIENT.leave_url
    assert bodies(message) == (f"{text}{way}\n{text}", f"{html}{way}{html}")
    assert all(len(line) <= 76 for line in data.partition(b"\r\n\r\n")[2].split(b"\r\n"))


def test_a_frozen_message_is_its_bytes() -> None:
    once = frozen()
    assert fill(Frozen(once.data), RECIPIENT) == fill(once, RECIPIENT)
    assert frozen() == once


def test_only_what_is_a_recipients_own_differs() -> None:
    other = Recipient("other@example.org", "y@example.org", "https://example.org/leave/y", "mailto:l@example.org")
    one, two = (fill(frozen(), each) for each in (RECIPIENT, other))
    for own in (RECIPIENT.to, RECIPIENT.message_id, RECIPIENT.leave_url):
        assert own.encode() not in two
    assert len(one.split(b"\r\n")) == len(two.split(b"\r\n"))


def test_a_recipient_costs_microseconds() -> None:
    """Composing and encoding are done once: a hundred thousand recipients cost seconds."""
    large = frozen(replace(COMPOSED, html=COMPOSED.html + "<p>0123456789</p>\n" * 5000))
    assert len(large.data) > 90_000

    def cost(number: int = 200) -> float:
        begin = time.perf_counter()
        for _ in range(number):
            fill(large, RECIPIENT)
        return (time.perf_counter() - begin) / number

    assert min(cost() for _ in range(5)) < 100e-6


def test_a_preview_is_the_message_as_it_would_be_sent() -> None:
    message = read(preview(COMPOSED, ISSUE, date=NOW))
    assert message["From"] == ISSUE.digest.sender
    assert message["To"] == "news@example.org"
    assert message["List-Unsubscribe"] == "<https://example.org/leave/>, <mailto:leave@example.org>"
    assert parsedate_to_datetime(message["Date"]) == NOW


def test_a_preview_without_a_sender_can_be_sent_to_nobody() -> None:
    message = read(preview(COMPOSED, replace(ISSUE, digest=Digest()), date=NOW))
    (address,) = message["From"].addresses
    assert (address.display_name, address.domain) == ("Harbour Watch", "handbill.invalid")
    assert message["List-Unsubscribe"] == "<mailto:unsent@handbill.invalid>"


@pytest.mark.parametrize(
    ("url", "declared", "expected"),
    [
        ("https://example.org/", None, "digest.example.org"),
        ("https://example.org/harbour", None, "harbour.example.org"),
        ("https://example.org/~me/Harbour_Notes/", None, "notes.harbour.me.example.org"),
        ("https://häfen.example/", None, "digest.xn--hfen-loa.example"),
        ("https://example.org/", " <harbour.lists.example.org> ", "harbour.lists.example.org"),
    ],
)
def test_the_name_of_the_list(url: str, declared: str | None, expected: str) -> None:
    assert list_id(replace(ISSUE.site, url=url), Digest(list_id=declared)) == expected
