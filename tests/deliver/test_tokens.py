"""Links for leaving and envelope senders: short, ours alone, and the same when all else is lost."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lists_of_subscribers import SIGNER

from handbill.deliver.errors import DeliveryError
from handbill.deliver.tokens import Bounced, Signer, leaving, load_key

OTHER_KEY = Signer(b"another secret of 32 characters ..", "https://example.org/harbour/")
OTHER_LIST = Signer(b"a secret of thirty-two characters", "https://example.org/lighthouse/")


def test_a_link_for_leaving_names_its_owner_to_us_alone() -> None:
    token = SIGNER.leave_token("reader@example.org")
    assert SIGNER.who_leaves(token) == SIGNER.handle("reader@example.org")
    assert SIGNER.leave_token("reader@example.org") == token
    assert SIGNER.leave_token("other@example.org") != token
    assert OTHER_KEY.who_leaves(token) is None
    assert OTHER_LIST.who_leaves(token) is None


def test_it_is_short_and_plain() -> None:
    url, mailto = leaving(
        SIGNER.leave_token("reader@example.org"), "https://example.org/leave/", "leave@bücher.example.org"
    )
    assert url
    assert mailto
    assert len(url) < 78
    assert mailto.isascii()
    assert mailto.startswith("mailto:leave@xn--bcher-kva.example.org?subject=leave%20")


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [("https://example.org/l", "https://example.org/l/T"), ("https://example.org/l/", "https://example.org/l/T"),
     ("https://example.org/l?t=", "https://example.org/l?t=T")],
)  # fmt: skip
def test_where_the_token_goes(given_url: str, expected: str) -> None:
    assert leaving("T", given_url, None).url == expected


@given(st.text())
def test_no_other_text_is_a_token(text: str) -> None:
    assert SIGNER.who_leaves(text) is None
    assert SIGNER.who_bounced(text) is None


@given(st.data())
def test_no_character_of_a_token_can_be_changed(data: st.DataObject) -> None:
    token = SIGNER.leave_token("reader@example.org")
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.sampled_from("abcdefgh234567ABCXYZ-_."))
    changed = token[:place] + other + token[place + 1 :]
    # The last character of base64 carries bits that mean nothing: such a token is the same signature.
    if changed != token and place < len(token) - 1:
        assert SIGNER.who_leaves(changed) is None


def test_an_envelope_sender_knows_who_bounced() -> None:
    sender = SIGNER.envelope_sender("bounces@example.org", "reader@example.org", 12)
    expected = Bounced(SIGNER.handle("reader@example.org"), 12)
    assert SIGNER.who_bounced(sender) == SIGNER.who_bounced(f"<{sender.upper()}>") == expected
    assert OTHER_LIST.who_bounced(sender) is None
    assert SIGNER.who_bounced(sender.replace("-12-", "-13-")) is None
    assert len(sender.partition("@")[0]) <= 64


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    with pytest.raises(DeliveryError, match="is missing"):
        load_key({}, tmp_path / "config", make=False)
    key = load_key({}, tmp_path / "config", make=True)
    assert load_key({}, tmp_path / "config", make=False) == key
    assert stat.S_IMODE((tmp_path / "config" / "key").stat().st_mode) == 0o600


def test_the_secret_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x" * 40 + "\n")
    assert load_key({"HANDBILL_KEY": "y" * 40}, tmp_path, make=False) == b"y" * 40
    assert load_key({"HANDBILL_KEY_FILE": str(tmp_path / "secret")}, tmp_path, make=False) == b"x" * 40
    with pytest.raises(DeliveryError, match="too short") as caught:
        load_key({"HANDBILL_KEY": "sesame"}, tmp_path, make=False)
    assert "sesame" not in str(caught.value)
    with pytest.raises(DeliveryError, match="is missing"):
        load_key({"HANDBILL_KEY_FILE": str(tmp_path / "nothing")}, tmp_path, make=True)
