"""Markdown in the digest: HTML that loads nothing, and plain text written for itself.

In both a heading is a strong line, since the digest has its own order of headings, and a picture is its words.
"""

from functools import cache
from html import unescape
from textwrap import indent
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from handbill.render.wrapping import WIDTH, wrap

_NOT_IN_MAIL = {"img", "map", "area", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup"}


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True})


def to_mail_html(text: str, base: str) -> str:
    """The sanitised HTML of Markdown *text* for a mail; addresses are resolved against *base*."""
    parser = _parser()
    return nh3.clean(
        parser.renderer.render(_for_mail(parser.parse(text)), parser.options, {}),
        tags=nh3.ALLOWED_TAGS - _NOT_IN_MAIL,
        attribute_filter=lambda _tag, name, value: urljoin(base, value) if name in ("href", "cite") else value,
        link_rel=None,
    ).strip()


def to_text(text: str, base: str, width: int = WIDTH) -> str:
    """Markdown *text* as a person would type it: wrapped at *width* columns, an address after the words of its link."""
    return _blocks(SyntaxTreeNode(_for_mail(_parser().parse(text))), base, width)


def _for_mail(tokens: list[Token]) -> list[Token]:
    heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            heading = token.nesting == 1
            token.type, token.tag = token.type.replace("heading", "paragraph"), "p"
        elif token.type == "inline":
            children = [_in_words(child) for child in token.children or ()]
            strong = [Token("strong_open", "strong", 1), *children, Token("strong_close", "strong", -1)]
            token.children = strong if heading else children
    return tokens


def _in_words(token: Token) -> Token:
    return Token("text", "", 0, content=token.content) if token.type == "image" else token


def _blocks(node: SyntaxTreeNode, base: str, width: int) -> str:
    blocks = [block for child in node.children if (block := _block(child, base, width))]
    tight = any(child.hidden for child in node.children)  # a paragraph of a list without empty lines
    return ("\n" if tight else "\n\n").join(blocks)


def _block(node: SyntaxTreeNode, base: str, width: int) -> str:
    if node.type == "paragraph":
        return "\n".join(wrap(line, width) for line in _inline(node, base).split("\n"))
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node, base, width)
    if node.type == "blockquote":
        return indent(_blocks(node, base, width - 2), "> ", lambda _line: True)
    if node.type in ("fence", "code_block"):
        return indent(node.content.rstrip("\n"), "    ")
    if node.type == "hr":
        return "* * *"
    return wrap(_without_tags(node.content), width)


def _list(node: SyntaxTreeNode, base: str, width: int) -> str:
    items, first = [], int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        mark = "- " if node.type == "bullet_list" else f"{number}. "
        body = indent(_blocks(item, base, width - len(mark)), " " * len(mark))
        items.append(mark + body[len(mark) :])
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    return ("\n" if tight else "\n\n").join(items)


def _inline(node: SyntaxTreeNode, base: str) -> str:
    """The text of all that stands in *node*, with the marks that people type."""
    if node.type in ("text", "code_inline"):
        return node.content
    if node.type in ("softbreak", "hardbreak"):
        return " " if node.type == "softbreak" else "\n"
    if node.type == "html_inline":
        return _without_tags(node.content)
    inner = "".join(_inline(child, base) for child in node.children)
    if node.type == "link":
        address = urljoin(base, str(node.attrs["href"])).removeprefix("mailto:")
        return address if inner == address else f"{inner} <{address}>"
    mark = {"em": "_", "strong": "*"}.get(node.type, "")
    return f"{mark}{inner}{mark}"


def _without_tags(html: str) -> str:
    return unescape(nh3.clean(html, tags=set()))
