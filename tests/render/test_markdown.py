"""Markdown becomes HTML in which nothing can run and no address depends on where it is read."""

import time

import html5lib
import pytest
from feeds import texts
from hypothesis import example, given, settings

from handbill.render.markdown import to_html, to_plain

BASE = "https://example.org/list/"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("All **high** waters", "<p>All <strong>high</strong> waters</p>\n"),
        ("ICE’S — “x”  y", "<p>ICE’S — “x”  y</p>\n"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>\n"),
        ("| a |\n|---|", "<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n</table>\n"),
        ("[a](tides/2026.html)", '<p><a href="https://example.org/list/tides/2026.html">a</a></p>\n'),
        ("[a](/root)", '<p><a href="https://example.org/root">a</a></p>\n'),
        ("[a](//other.example/x)", '<p><a href="https://other.example/x">a</a></p>\n'),
        ("[a](#part)", '<p><a href="https://example.org/list/#part">a</a></p>\n'),
        ("[a](?page=2)", '<p><a href="https://example.org/list/?page=2">a</a></p>\n'),
        ("[a](https://example.com/A/../b?x=1&y=2)", '<p><a href="https://example.com/A/../b?x=1&amp;y=2">a</a></p>\n'),
        ("![a](tide.png)", '<p><img src="https://example.org/list/tide.png" alt="a"></p>\n'),
        ("<desk@example.org>", '<p><a href="mailto:desk@example.org">desk@example.org</a></p>\n'),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>\n"),
        ('<a href="javascript:alert(1)">a</a>', "<p><a>a</a></p>\n"),
        ("x<script>alert(1)</script>y", "<p>xy</p>\n"),
        ('<img src="x.png" onerror="alert(1)">', '<img src="https://example.org/list/x.png">'),
        ("<style>p{}</style>", ""),
        ("<!-- quiet -->", ""),
        ("</p></div>text", "<p></p>text"),
        ("", ""),
    ],
)  # fmt: skip
def test_as_expected(text: str, html: str) -> None:
    assert to_html(text, BASE) == html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (
            "The *notices* of a [harbour](x), `daily`:\n“all”.  Two spaces.",
            "The notices of a harbour, daily: “all”.  Two spaces.",
        ),
        ("# One\n\n- two\n- three\n\n    four\n\n> five", "One two three four five"),
        ("a <b>b</b> &amp; ![c](d)\\\ne", "a b & c e"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_as_plain_text(text: str, plain: str) -> None:
    assert to_plain(text) == plain


@settings(max_examples=100, deadline=None)
@given(texts)
@example("<svg><script>alert(1)</script></svg>")
@example('<math><mtext><table><mglyph><style><img src=x onerror="alert(1)">')
@example('[x](<data:text/html,a> "t") <iframe srcdoc="x"></iframe>')
def test_nothing_can_run(text: str) -> None:
    for element in html5lib.parseFragment(to_html(text, BASE), namespaceHTMLElements=False).iter():
        assert element.tag not in {
            "script",
            "style",
            "iframe",
            "object",
            "embed",
            "form",
            "svg",
            "math",
            "base",
            "meta",
        }
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert name not in {"href", "src", "cite"} or value.partition(":")[0] in {
                "http", "https", "mailto", "tel", "ftp", "ftps", "xmpp", "irc", "ircs", "news", "nntp", "sms", "url",
            }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "> " * 5_000 + "x", "*a _b " * 5_000, "`" * 20_000, "<" * 20_000, "![](" * 5_000, "- " * 5_000,
     "<b>" * 5_000, "a|" * 3_000 + "\n" + "-|" * 3_000, "[a][" * 5_000],
    ids=lambda text: repr(text[:6]),
)  # fmt: skip
def test_hostile_text_takes_no_long_time(text: str) -> None:
    start = time.process_time()
    to_html(text, BASE)
    assert time.process_time() - start < 2
