"""Markdown becomes HTML that is safe to publish: sanitised, every address absolute."""

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a list without any Markdown, which is no rarity, does without the parser
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from nh3 import Cleaner


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": True}).enable("table")


@cache
def _cleaner(base: str) -> "Cleaner":
    """Addresses are resolved against *base*: several readers ignore ``xml:base``, so feeds must not lean on it."""
    from nh3 import Cleaner

    return Cleaner(link_rel=None, url_relative=("rewrite_with_base", base))


@lru_cache(maxsize=1 << 15)  # the same text goes into several documents
def to_html(text: str, base: str) -> str:
    """The sanitised HTML of Markdown *text*; addresses are resolved against the address *base*."""
    return _cleaner(base).clean(_parser().render(text))


def to_plain(text: str) -> str:
    """The words of Markdown *text* on one line, without HTML."""
    blocks = [
        "".join(map(_words, token.children)) if token.children else token.content
        for token in _parser().parse(text)
        if token.type in ("inline", "code_block", "fence")
    ]
    return " ".join(filter(None, (block.strip() for block in blocks)))


def _words(token: "Token") -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return "" if token.type == "html_inline" else token.content
