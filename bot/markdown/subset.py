"""Markdown in the small subset that browsers' pages read (``docs/reference/web-api.md``, "format").

Authors write any CommonMark; what travels has one way to say each thing, so that a small reader draws it rightly.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.markdown.reading import (
    Block,
    Code,
    Heading,
    Inline,
    Link,
    List,
    Marked,
    Paragraph,
    Quotation,
    Table,
    Text,
    blocks_in,
)
from bot.untrusted.addresses import may_lead

_SIGNS = re.compile(r"[\\`*_\[\]<]")
# What would begin a heading, a quotation, a table or an item at a line's start.
_LEADING = re.compile(r"^(?=[#>+|-])|^(\d{1,9})(?=[.)])", re.MULTILINE)
_LINE_WITH_WORDS = re.compile(r"\n(?!\n)")
_MARKS = {"strong": "**", "em": "*"}

Resolve = Callable[[str], str]
"""Turns an address that an author wrote into one that can be opened, or into an empty text."""


def _as_written(address: str) -> str:
    return address


def in_subset(markdown: str, resolve: Resolve = _as_written) -> str:
    """Write a text anew: the same words, in the subset's signs only.

    A link to what nobody may be led to becomes its words.
    """
    return _blocks(blocks_in(markdown), resolve)


def as_markdown(plain: str) -> str:
    """Write plain words so that they read the same as Markdown; a line stays a line."""
    return _with_breaks(_escaped(plain))


def _blocks(blocks: Iterable[Block], resolve: Resolve) -> str:
    return "\n\n".join(text for block in blocks if (text := _block(block, resolve)))


def _block(block: Block, resolve: Resolve) -> str:
    match block:
        case Paragraph(words):
            return _with_breaks(_inlines(words, resolve).strip())
        case Heading(level, words):
            return f"{'#' * level} {_inlines(words, resolve).strip()}"
        case Code(text):
            return _with_breaks(_escaped(text))
        case Quotation(blocks):
            return "\n".join(f"> {line}".rstrip() for line in _blocks(blocks, resolve).split("\n"))
        case List(start, items):
            marks = ["-" if start is None else f"{start + place}." for place in range(len(items))]
            return "\n".join(_item(mark, _blocks(item, resolve)) for mark, item in zip(marks, items, strict=True))
        case Table(head, rows):
            lines = [_row(head, resolve), "|" + " --- |" * len(head), *(_row(row, resolve) for row in rows)]
            return "\n".join(lines)


def _item(mark: str, text: str) -> str:
    return f"{mark} " + _LINE_WITH_WORDS.sub("\n" + " " * (len(mark) + 1), text)


def _with_breaks(text: str) -> str:
    """Keep the line breaks of a paragraph: two spaces before each say that it is meant."""
    lines = _LEADING.sub(_escaped_start, text).split("\n")
    return "  \n".join(line.strip() for line in lines if line.strip())


def _row(cells: Iterable[tuple[Inline, ...]], resolve: Resolve) -> str:
    said = (_inlines(cell, resolve).replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(said)} |"


def _inlines(words: Iterable[Inline], resolve: Resolve) -> str:
    return "".join(_inline(word, resolve) for word in words)


def _inline(word: Inline, resolve: Resolve) -> str:
    match word:
        case Text(text):
            return _escaped(text)
        case Marked(kind, inside):
            return f"{_MARKS[kind]}{_inlines(inside, resolve)}{_MARKS[kind]}"
        case Link(address, inside):
            said, leads = _inlines(inside, resolve), resolve(address)
            if not said or not may_lead(leads):
                return said
            return f"[{said}]({leads.replace('(', '%28').replace(')', '%29')})"


def _escaped(text: str) -> str:
    return _SIGNS.sub(r"\\\g<0>", text)


def _escaped_start(found: re.Match[str]) -> str:
    return f"{found.group(1)}\\" if found.group(1) else "\\"
