"""Header fields: whatever text and addresses come in, one header comes out, and says the same when it is read."""

from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handbill.render.headers import addr_spec, address_in, mailbox, one_line, unstructured

TEXT = st.text(st.characters(codec="utf-8"), max_size=300)


def read(name: str, value: str) -> EmailMessage:
    """The message of one header, read by the standard library; fails if there is any other line in it."""
    data = f"{name}: {value}\r\n\r\n".encode()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.keys() == [name]
    assert not message.defects
    assert message.get_payload() == ""
    assert not message[name].defects
    return message


@given(TEXT)
@example("Harbour Notes: November 2026")
@example("x" * 200)
@example("x" * 61 + " y")
@example("two  spaces   and a trailing one ")
@example("Subject\n")
@example("one\r\nBcc: thief@example.org")
@example("=?utf-8?q?=0ABcc:_thief@example.org?=")
@example("=?utf-8?q?caf=C3=A9?= and =?x?=")
@example("word " * 40)
@example("نشرة الميناء الشهرية " * 10)
@example("港口消息" * 50)
@example("tab\there, nul\0there, \u2028 and \u0085")
@example("🚢" * 100)
def test_a_text_is_read_as_it_was_written(text: str) -> None:
    value = unstructured("Subject", text)
    assert value.isascii()
    assert str(read("Subject", value)["Subject"]) == one_line(text)


@given(TEXT)
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("news@example.org", "", "news@example.org"),
        ("<news@example.org>", "", "news@example.org"),
        ("Harbour <news@example.org>", "Harbour", "news@example.org"),
        ('"Harbour, Inc." <news@example.org>', "Harbour, Inc.", "news@example.org"),
        ("Harbour, Inc. <news@example.org>", "Harbour, Inc.", "news@example.org"),
        ('The "Quay" <news@example.org>', 'The "Quay"', "news@example.org"),
        (r'"a \"b\" \\ c" <news@example.org>', r'a "b" \ c', "news@example.org"),
        ("Señal Portuaria <news@example.org>", "Señal Portuaria", "news@example.org"),
        ("أخبار الميناء <news@example.org>", "أخبار الميناء", "news@example.org"),
        ("Harbour\nBcc: x <news@example.org>", "Harbour Bcc: x", "news@example.org"),
        ("=?utf-8?q?=0ABcc:x?= <news@example.org>", "=?utf-8?q?=0ABcc:x?=", "news@example.org"),
        ("X " * 60 + "X <news@example.org>", "X " * 60 + "X", "news@example.org"),
        ("Port <news@häfen.example>", "Port", "news@xn--hfen-loa.example"),
        ("news@港口.example", "", "news@xn--6orv52d.example"),
    ],
)
def test_mailboxes(text: str, name: str, address: str) -> None:
    header = read("From", mailbox("From", text))["From"]
    (found,) = header.addresses
    assert (found.display_name, found.addr_spec) == (name, address)


@given(st.text(st.characters(codec="utf-8", exclude_characters="<>"), max_size=200))
def test_any_name_before_an_address(name: str) -> None:
    """The standard library's reader puts a space between two encoded words of a name, so the name is read apart."""
    value = mailbox("Reply-To", f"{name} <news@example.org>")
    (found,) = read("Reply-To", value)["Reply-To"].addresses
    assert found.addr_spec == "news@example.org"
    if '"' not in name:
        name = " ".join(one_line(name).split())
        assert found.display_name.replace(" ", "") == name.replace(" ", "")
        phrase = value.removesuffix("<news@example.org>").strip()
        if phrase.startswith("=?"):
            assert str(make_header(decode_header(phrase))) == name
        else:
            assert found.display_name == name


def test_a_local_part_outside_ascii_stays_as_it_is() -> None:
    """Such a message needs SMTPUTF8; an encoded word in its place would be another address."""
    assert addr_spec("méduse@häfen.example") == "méduse@xn--hfen-loa.example"


@pytest.mark.parametrize(
    "text", ["a@example.org\nBcc: b@example.org", "a b@example.org", "a\0@example.org", "a\u2028@b.example"]
)
def test_what_would_end_a_header_is_no_address(text: str) -> None:
    with pytest.raises(ValueError, match="not a mail address"):
        addr_spec(text)


def test_the_address_in_a_mailbox() -> None:
    assert address_in("Harbour <news@example.org>") == "news@example.org"
    assert address_in(" news@example.org ") == "news@example.org"
