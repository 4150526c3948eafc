"""Addresses are compared as people mean them, and shown as they were given."""

import pytest

from handbill.deliver.addresses import envelope, parse


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Reader@Example.ORG", "reader@example.org"),
        ("reader@bücher.example.org", "reader@xn--bcher-kva.example.org"),
        ("reader@BÜCHER.example.org", "reader@bücher.example.org"),
        ("Ärger@example.org", "a\u0308rger@example.org"),
        (" reader@example.org\t", "reader@example.org"),
    ],
)
def test_alike(one: str, two: str) -> None:
    assert parse(one).match == parse(two).match


@pytest.mark.parametrize("other", ["reader+news@example.org", "rea.der@example.org", "reader@example.com"])
def test_different(other: str) -> None:
    assert parse("reader@example.org").match != parse(other).match


def test_shown_as_given() -> None:
    assert parse("Reader.Name@Example.ORG").shown == "Reader.Name@Example.ORG"


@pytest.mark.parametrize(
    "text",
    ["", "reader", "reader@", "@example.org", "a b@example.org", "reader@example", "reader@@example.org",
     "reader@example.org\r\nBcc: other@example.org", "Reader <reader@example.org>", "r@example.org, s@example.org",
     "reader@exa mple.org", "reader@[127.0.0.1]", "x" * 65 + "@example.org", "reader@\udcff.example.org"],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse(text)
    assert len(text) < 10 or text not in str(caught.value)


def test_envelope() -> None:
    assert envelope("reader@bücher.example.org") == "reader@xn--bcher-kva.example.org"
    assert envelope("ärger@example.org") == "ärger@example.org"
