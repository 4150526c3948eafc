"""Markdown becomes HTML that is safe to publish: sanitised, every address absolute."""

from functools import cache, lru_cache

from markdown_it import MarkdownIt
from nh3 import Cleaner


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


@cache
def _cleaner(base: str) -> Cleaner:
    """Addresses are resolved against *base*: several readers ignore ``xml:base``, so feeds must not lean on it."""
    return Cleaner(link_rel=None, url_relative=("rewrite_with_base", base))


@lru_cache(maxsize=1 << 15)  # the same text goes into several documents
def to_html(text: str, base: str) -> str:
    """The sanitised HTML of Markdown *text*; addresses are resolved against the address *base*."""
    return _cleaner(base).clean(_parser().render(text))
