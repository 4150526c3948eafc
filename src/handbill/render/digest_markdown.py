"""Markdown in the digest: HTML that loads nothing, and plain text written for itself.

In both a heading is a strong line, since the digest has its own order of headings, and a picture is its words.
"""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from textwrap import indent
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from handbill.render.wrapping import WIDTH, columns, wrap

_NOT_IN_MAIL = {"img", "map", "area", "h1", "h2", "h3", "h4", "h5", "h6", "hgroup"}
_ATTRIBUTES = {**nh3.ALLOWED_ATTRIBUTES, "table": {"cellpadding"}}  # the one padding that every mail program knows
_UNSEEN = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable("table")


def to_mail_html(text: str, base: str) -> str:
    """The sanitised HTML of Markdown *text* for a mail; addresses are resolved against *base*."""
    parser = _parser()
    return nh3.clean(
        parser.renderer.render(_for_mail(parser.parse(text)), parser.options, {}),
        tags=nh3.ALLOWED_TAGS - _NOT_IN_MAIL,
        attributes=_ATTRIBUTES,
        attribute_filter=lambda _tag, name, value: urljoin(base, value) if name in ("href", "cite") else value,
        link_rel=None,
    ).strip()


def to_text(text: str, base: str, width: int = WIDTH) -> str:
    """Markdown *text* as a person would type it: wrapped at *width* columns, an address after the words of its link."""
    return _blocks(SyntaxTreeNode(_for_mail(_parser().parse(text))), base, width)


def _for_mail(tokens: list[Token]) -> list[Token]:
    heading = False
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("cellpadding", "6")
        if token.type in ("heading_open", "heading_close"):
            heading = token.nesting == 1
            token.type, token.tag = token.type.replace("heading", "paragraph"), "p"
        elif token.type == "inline":
            children = [_in_words(child) for child in _seen(token.children or [])]
            strong = [Token("strong_open", "strong", 1), *children, Token("strong_close", "strong", -1)]
            token.children = strong if heading else children
    return tokens


def _seen(tokens: list[Token]) -> Iterator[Token]:
    """Those of *tokens* that are for the eye: not what stands in a script or a style sheet."""
    seen = True
    for token in tokens:
        found = _UNSEEN.match(token.content) if token.type == "html_inline" else None
        if found:
            seen = bool(found[1])
        elif seen:
            yield token


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
    if node.type == "table":
        return _table(
            [[_inline(cell, base) for cell in row.children] for part in node.children for row in part.children], width
        )
    return wrap(_without_tags(node.content), width)


def _list(node: SyntaxTreeNode, base: str, width: int) -> str:
    items, first = [], int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, first):
        mark = "- " if node.type == "bullet_list" else f"{number}. "
        body = indent(_blocks(item, base, width - len(mark)), " " * len(mark))
        items.append(mark + body[len(mark) :])
    tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    return ("\n" if tight else "\n\n").join(items)


def _table(rows: list[list[str]], width: int) -> str:
    """A table, its headings in the first of *rows*, in columns; where those are too wide, each row as a list."""
    heads, *rest = rows
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + 2 * len(widths) - 2 <= width:
        lines = [heads, ["-" * wide for wide in widths], *rest]
        return "\n".join("  ".join(map(_padded, line, widths)).rstrip() for line in lines)
    return "\n\n".join(_listed(heads, row, width) for row in rest if any(row))


def _listed(heads: list[str], row: list[str], width: int) -> str:
    """A *row* of a table, a line for each cell that says something."""
    lines = [f"{head}: {cell}" if head else cell for head, cell in zip(heads, row, strict=True) if cell]
    return "\n".join(wrap(line, width, "  ", "  " if number else "- ") for number, line in enumerate(lines))


def _padded(cell: str, wide: int) -> str:
    return cell + " " * (wide - columns(cell))


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
