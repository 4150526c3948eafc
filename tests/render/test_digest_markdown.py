"""Markdown in a mail: it loads nothing, disturbs no order of headings, and reads well as plain text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbill.render.digest_markdown import to_mail_html, to_text

BASE = "https://example.org/harbour/"

TEXT = """\
# Dear *readers*

What moves in [port](tides.html), once
a month. **Write** to <desk@example.org> or <https://example.org/>!\\
[Tell us](mailto:desk@example.org?subject=port) more.

![The harbour](https://example.org/harbour.jpg) at low tide

1. one
2. two, which is so long that it has to go on in another line, under its own beginning, as it would when typed

- a

- b
  > quoted

      code <here>

---

<div onclick="x()">raw &amp; <b>bold</b></div>
"""


def test_plain_text() -> None:
    assert to_text(TEXT, BASE) == (
        "*Dear _readers_*\n"
        "\n"
        "What moves in port <https://example.org/harbour/tides.html>, once a\n"
        "month. *Write* to desk@example.org or https://example.org/!\n"
        "Tell us <desk@example.org?subject=port> more.\n"
        "\n"
        "The harbour at low tide\n"
        "\n"
        "1. one\n"
        "2. two, which is so long that it has to go on in another line, under its\n"
        "   own beginning, as it would when typed\n"
        "\n"
        "- a\n"
        "\n"
        "- b\n"
        "\n"
        "  > quoted\n"
        "\n"
        "      code <here>\n"
        "\n"
        "* * *\n"
        "\n"
        "raw & bold"
    )


def test_html() -> None:
    html = to_mail_html(TEXT, BASE)
    assert "<p><strong>Dear <em>readers</em></strong></p>" in html
    assert 'href="https://example.org/harbour/tides.html"' in html
    assert "The harbour at low tide" in html
    assert "onclick" not in html


@pytest.mark.parametrize(
    "text",
    [
        "![x](https://example.org/x.png)",
        '<img src="https://example.org/y.png">x',
        "<h1>x</h1>",
        "x\n===",
        "### x",
        '<video src="https://example.org/x.mp4">x</video>',
        '<p style="background:url(https://example.org/x.png)">x</p>',
        '<link rel="stylesheet" href="https://example.org/x.css">x',
        '<table background="https://example.org/x.png"><tr><td>x</td></tr></table>',
    ],
)
def test_nothing_is_loaded_and_no_heading_comes_between(text: str) -> None:
    html = to_mail_html(text, BASE)
    assert "x" in re.sub("<[^>]*>", "", html)
    assert not re.search("<(img|h[1-6]|video|link|style)|background|style=|src=", html)


@given(st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_text_is_some_text(text: str) -> None:
    assert "<script" not in to_mail_html(text, BASE)
    assert isinstance(to_text(text, BASE), str)


def test_a_table_stands_in_columns() -> None:
    """Where they fit; in a mail to look at it is a table."""
    table = "| Year | What | 水 |\n|---|:-:|--:|\n| 2010 | a *thing* | 水水 |\n| 11 | [link](a) | |\n"
    assert to_text(table, BASE) == (
        "Year  What                                  水\n"
        "----  ------------------------------------  ----\n"
        "2010  a _thing_                             水水\n"
        "11    link <https://example.org/harbour/a>"
    )
    assert "<td>a <em>thing</em></td>" in to_mail_html(table, BASE)


def test_a_table_too_wide_for_its_columns_is_a_list_of_rows() -> None:
    table = f"| A | | C |\n|-|-|-|\n| {'long ' * 16} | two | 3 |\n| | b | |\n| | | |\n"
    lines = ["- A: " + "long " * 12 + "long", "  long long long", "  two", "  C: 3", "", "- b"]
    assert to_text(table, BASE) == "\n".join(lines)


def test_what_is_for_no_eye_is_in_neither() -> None:
    text = "Seen <script>alert(1)</script>and <STYLE>p { color: red }</style>read."
    assert (to_text(text, BASE), to_mail_html(text, BASE)) == ("Seen and read.", "<p>Seen and read.</p>")
