"""Markdown becomes HTML that is safe to publish: sanitised, every address absolute."""

from functools import cache
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def to_html(text: str, base: str) -> str:
    """The sanitised HTML of Markdown *text*; addresses are resolved against *base* (several readers ignore
    ``xml:base``, so feeds must not lean on it)."""
    html = _parser().render(text)
    return nh3.clean(html, attribute_filter=lambda _tag, name, value: _absolute(name, value, base), link_rel=None)


def _absolute(name: str, value: str, base: str) -> str:
    return urljoin(base, value) if name in ("href", "src", "cite") else value
