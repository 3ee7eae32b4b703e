"""Reads Markdown (CommonMark and GitHub's tables, no HTML) into blocks, which is all that the writers beside it know.

The library markdown-it-py does the reading (https://spec.commonmark.org, https://github.github.com/gfm/#tables-extension-).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

# Marks that lost their other half, as in a quotation that begins inside something bold.
_STRAY = re.compile(r"(?<![\w*])\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?![\w*])")

_DEEPEST = 4


@dataclass(frozen=True)
class Text:
    """Words as they are read."""

    text: str


@dataclass(frozen=True)
class Marked:
    """Words that stand out: ``strong`` or ``em``."""

    kind: str
    inside: tuple[Inline, ...]


@dataclass(frozen=True)
class Link:
    """Words that lead to an address; it may be any that an author wrote."""

    address: str
    inside: tuple[Inline, ...]


Inline = Text | Marked | Link


@dataclass(frozen=True)
class Paragraph:
    """A run of words."""

    words: tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """A heading; its level is 1 to 6."""

    level: int
    words: tuple[Inline, ...]


@dataclass(frozen=True)
class Code:
    """Lines that keep their breaks."""

    text: str


@dataclass(frozen=True)
class Quotation:
    """What stands after ``>``."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class List:
    """Items; ``start`` is the number of the first, ``None`` for dots."""

    start: int | None
    items: tuple[tuple[Block, ...], ...]


@dataclass(frozen=True)
class Table:
    """A head and rows, each with as many cells."""

    head: tuple[tuple[Inline, ...], ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Paragraph | Heading | Code | Quotation | List | Table


class _Reader(MarkdownIt):
    """Takes every link for one: where it must not lead, its writers leave its words and not its signs."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        return True


@cache
def parser() -> MarkdownIt:
    """Return the one parser; what looks like HTML is text. Whoever writes asks ``may_lead`` of each address."""
    return _Reader("commonmark", {"html": False}).enable("table")


def blocks_in(markdown: str) -> tuple[Block, ...]:
    """Read a text; it never fails, for every text is Markdown."""
    return _blocks(SyntaxTreeNode(tokens_of(markdown)).children)


def tokens_of(markdown: str) -> list[Token]:
    """Read a text into the library's tokens; bold in emphasis in bold is marked so deep and no deeper.

    The library bounds how deep blocks nest, not how deep marks do, and a tree of thousands is no writer's.
    """
    tokens = parser().parse(markdown)
    for token in tokens:
        if token.children:
            token.children = _shallow(token.children)
    return tokens


def _shallow(children: Sequence[Token]) -> list[Token]:
    kept: list[Token] = []
    depth = 0
    for token in children:
        depth += token.nesting
        # A closing token stands one level above what it closes.
        if depth + (token.nesting == -1) <= _DEEPEST or token.nesting == 0:
            kept.append(token)
    return kept


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
    return tuple(block for node in nodes if (block := _block(node)) is not None)


def _block(node: SyntaxTreeNode) -> Block | None:
    match node.type:
        case "paragraph":
            return Paragraph(_words(node))
        case "heading":
            return Heading(int(node.tag[1:]), _words(node))
        case "fence" | "code_block":
            return Code(node.content.rstrip("\n"))
        case "blockquote":
            return Quotation(_blocks(node.children))
        case "bullet_list":
            return List(None, tuple(_blocks(item.children) for item in node.children))
        case "ordered_list":
            return List(int(node.attrs.get("start", 1)), tuple(_blocks(item.children) for item in node.children))
        case "table":
            rows = [row for part in node.children for row in part.children]
            head, *body = [tuple(_words(cell) for cell in row.children) for row in rows]
            return Table(head, tuple(body))
        case _:
            return None  # a line across the page says nothing


def _words(node: SyntaxTreeNode) -> tuple[Inline, ...]:
    return tuple(word for inline in node.children for word in _inlines(inline.children))


def _inlines(nodes: Sequence[SyntaxTreeNode]) -> tuple[Inline, ...]:
    found: list[Inline] = []
    for node in nodes:
        inline = _inline(node)
        if isinstance(inline, Text) and found and isinstance(found[-1], Text):
            found[-1] = Text(found[-1].text + inline.text)
        elif inline != Text(""):
            found.append(inline)
    return tuple(found)


def _inline(node: SyntaxTreeNode) -> Inline:
    match node.type:
        case "strong" | "em":
            return Marked(node.type, _inlines(node.children))
        case "link":
            return Link(str(node.attrs.get("href", "")), _inlines(node.children))
        case "softbreak":
            return Text(" ")
        case "hardbreak":
            return Text("\n")
        case "text":
            return Text(_STRAY.sub("", node.content))
        case _:
            return Text(node.content)  # code, and what stands for a picture
