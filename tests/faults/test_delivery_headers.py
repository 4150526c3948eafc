"""Letters to odd subscribers from odd lists, read back: no header is injected, no link is encoded, no line too long."""

import re
from dataclasses import replace
from email.parser import BytesParser
from email.policy import default
from urllib.parse import unquote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lists_of_subscribers import NOW, SIGNER

from handbill.commands.steps.letters import composer, kept_for
from handbill.deliver.addresses import envelope, parse
from handbill.deliver.errors import DeliveryError
from handbill.deliver.journal import Recipient
from handbill.deliver.tokens import LEAVE_TOKEN
from handbill.model import Digest, Site
from handbill.render.composed import LEAVE, Composed
from handbill.render.message import freeze

LOCAL = st.one_of(
    st.text(st.sampled_from("abcXYZ019.!#$%&'*+-/=?^_`{|}~"), min_size=1, max_size=30),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    st.sampled_from(
        ["=?utf-8?q?=0ABcc:x?=", "a\r\nBcc: x", '"a b"', "a>", "<a", "ärger", "用户", "u" * 64, "a,b", "-f", "-"]
    ),
)
LABEL = st.one_of(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True),
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=12),
    st.sampled_from(["xn--bcher-kva", "bücher", "straße", "ex\u00adample", "例え", "l" * 63]),
)
DOMAIN = st.lists(LABEL, min_size=1, max_size=5).map(lambda labels: ".".join([*labels, "org"]))
ADDRESSES = st.builds("{}@{}".format, LOCAL, DOMAIN)
TEXT = st.text(st.characters(codec="utf-8"), max_size=300)
WAYS: tuple[dict[str, str], ...] = (
    {"leave_url": "https://example.org/leave/"},
    {"leave_url": "https://häfen.example.org/?list=ñ&t="},
    {"leave_url": "https://example.org/" + "x" * 300},
    {"leave_mailto": "leave@bücher.example.org"},
    {},
)


@settings(max_examples=400)
@given(ADDRESSES, TEXT, TEXT, st.sampled_from(WAYS))
@example("ärger@bücher.example.org", "=?utf-8?q?=0ABcc:_victim@example.org?=", "Hafen\r\nBcc: x", WAYS[0])
@example("reader@example.org", "T" * 200, "N" * 200, WAYS[0])
@example("o'brien+tag@example.org", "Title\n", "Name\x00\x07", WAYS[1])
def test_any_subscriber(text: str, subject: str, name: str, ways: dict[str, str]) -> None:
    try:
        address = parse(text)
    except ValueError:
        return
    site = Site(title="Harbour News", url="https://example.org/harbour/")
    digest = Digest(sender=f"{name} <news@example.org>", bounces="bounces@example.org", address="1 Quay Street", **ways)  # type: ignore[arg-type]
    composed = Composed(subject, f"<p>{LEAVE}</p>", f"Leave: {LEAVE}\n")
    frozen = freeze(composed, site, digest, sender=digest.sender or "", date=NOW)
    compose = composer(frozen.data, kept_for(digest, "id", site.base, {}), "2026-04-01", 1, SIGNER)
    letter = compose(Recipient(1, address.shown, address.match, name, 0))

    assert len(letter.sender.rpartition("@")[0]) <= 64
    for each in (letter.sender, envelope(letter.to)):
        assert not re.search(r"[\s<>\x00-\x1f]", each), each
        assert each.rpartition("@")[2].isascii()
    assert max(map(len, letter.message.split(b"\r\n"))) <= 998
    assert b"\n" not in letter.message.replace(b"\r\n", b"")
    assert b"\r" not in letter.message.replace(b"\r\n", b"")
    head = letter.message.partition(b"\r\n\r\n")[0].decode()
    names = [line.partition(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]
    one_click = ["List-Unsubscribe-Post"] if "leave_url" in ways else []
    assert names == ["Date", "From", "To", "Subject", "Message-ID", "List-Id", "List-Unsubscribe", *one_click,
                     "Auto-Submitted", "Precedence", "MIME-Version", "Content-Type"]  # fmt: skip
    unfolded = re.sub(r"\r\n[ \t]", " ", head)
    (unsubscribe,) = re.findall(r"(?m)^List-Unsubscribe: (.*?)\r?$", unfolded)
    assert "=?" not in unsubscribe.replace("/?list=", "")
    links = re.fullmatch(r"<[!-;=?-~]+>(, <[!-;=?-~]+>)*", unsubscribe)
    assert links, unsubscribe
    tokens = {SIGNER.who_leaves(each) for each in LEAVE_TOKEN.findall(unquote(unsubscribe))}
    assert tokens == {SIGNER.handle(address.match)}
    message = BytesParser(policy=default).parsebytes(letter.message)
    assert {"Bcc", "Cc"}.isdisjoint(message.keys())
    assert len(message["To"].addresses) == 1


def test_an_address_for_bounces_that_no_server_would_take_is_told() -> None:
    digest = Digest(sender="news@example.org", bounces="bounces.of.the.harbour.news@example.org")
    with pytest.raises(DeliveryError, match="at most 25 before it"):
        kept_for(digest, "id", "https://example.org/", {})
    kept_for(replace(digest, bounces="b" * 25 + "@example.org"), "id", "https://example.org/", {})
    assert len(SIGNER.envelope_sender("b" * 25 + "@example.org", "reader@example.org", 9999).rpartition("@")[0]) == 64
