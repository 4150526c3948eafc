"""Addresses become URIs; those that are some already stay as they are."""

import re

import pytest
from feeds import addresses
from hypothesis import given, settings

from handbill.model import Site
from handbill.render.address import address_of, uri


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "https://example.org/%C3%A9?q=a%20b&c=d;e#f",
        "https://EXAMPLE.org/A/../B//c",
        "https://user:pass@example.org:8080/~x/(y)/!$'*+,;=:@",
        "http://[2001:db8::1]:8080/a",
        "https://xn--mller-kva.example/",
        "mailto:desk@example.org",
    ],
)
def test_a_uri_stays_as_it_is(address: str) -> None:
    assert uri(address) == address


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://müller.example/", "https://xn--mller-kva.example/"),
        ("https://MÜLLER.example:8080/", "https://xn--mller-kva.example:8080/"),
        ("https://straße.example/", "https://xn--strae-oqa.example/"),
        ("https://例え.テスト/引き割り", "https://xn--r8jz45g.xn--zckzah/%E5%BC%95%E3%81%8D%E5%89%B2%E3%82%8A"),
        ("https://ü@müller.example/", "https://%C3%BC@xn--mller-kva.example/"),
        ("https://müller.example/müller.example", "https://xn--mller-kva.example/m%C3%BCller.example"),
        ("https://example.org/é?q=é#é", "https://example.org/%C3%A9?q=%C3%A9#%C3%A9"),
        ("https://example.org/e\u0301", "https://example.org/e%CC%81"),
        ("https://example.org/a b", "https://example.org/a%20b"),
        ("https://example.org/100%", "https://example.org/100%25"),
        ("https://example.org/%C3%A9/é", "https://example.org/%C3%A9/%C3%A9"),
        ('https://example.org/<x>"{y}|\\^`', "https://example.org/%3Cx%3E%22%7By%7D%7C%5C%5E%60"),
        ("https://a_ü.example/", "https://a_%C3%BC.example/"),
        ("https://müller.example@müller.example/", "https://m%C3%BCller.example@xn--mller-kva.example/"),
        ("https://example.org/a[1]?b[]=2", "https://example.org/a%5B1%5D?b%5B%5D=2"),
        ("http://[2001:db8::1]:8080/é[1]", "http://[2001:db8::1]:8080/%C3%A9%5B1%5D"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"),
        ("https://[ü/", "https://%5B%C3%BC/"),
        ("//häfen.example/", "//xn--hfen-loa.example/"),
        ("mailto:ü@example.org", "mailto:%C3%BC@example.org"),
    ],
)
def test_what_is_no_uri_becomes_one(address: str, expected: str) -> None:
    assert uri(address) == expected


@settings(max_examples=200, deadline=None)
@given(addresses)
def test_any_address_becomes_a_uri_once(address: str) -> None:
    made = uri(address)
    char = r"(?:[a-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9a-f]{2})"  # RFC 3986 section 2
    assert re.fullmatch(rf"https://(?:\[2001:db8::1\])?{char}*(?:#{char}*)?", made, re.IGNORECASE)
    assert uri(made) == made


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("atom.xml", "https://xn--hfen-loa.example/liste/atom.xml"),
        ("category/中 文.xml", "https://xn--hfen-loa.example/liste/category/%E4%B8%AD%20%E6%96%87.xml"),
        ("category/50%25?#.xml", "https://xn--hfen-loa.example/liste/category/50%2525%3F%23.xml"),
        ("kind/", "https://xn--hfen-loa.example/liste/kind/"),
    ],
)
def test_where_a_file_is_served(path: str, expected: str) -> None:
    assert address_of(path, Site(title="T", url="https://häfen.example/liste")) == expected
