"""Pieces: the sentences, items and rows of an article, of which an answer is put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.knowledge.index.passages import Block, blocks_of, is_item, sentences_of

Kind = Literal["sentence", "item", "row", "head", "block"]
# A table begins with its titles and the line that parts them from the rows.
_LINES_OF_HEAD = 2


@dataclass(frozen=True)
class Piece:
    """``body[start:end]``; of a table the titles and the line below them are one piece, a ``head``."""

    start: int
    end: int
    kind: Kind
    block: int
    """Where the list, table or paragraph begins that it is a part of."""


def pieces_of(body: str, blocks: Sequence[Block] | None = None) -> Iterator[Piece]:
    """Yield all pieces of an article's body in order; headings are none.

    ``blocks`` are the body's blocks, or some of them, for who has them.
    """
    for block in blocks_of(body) if blocks is None else blocks:
        if block.kind == "paragraph":
            for start, end in sentences_of(body, block.start, block.end):
                yield Piece(start, end, "sentence", block.start)
        elif block.kind == "list":
            yield from _items(body, block)
        elif block.kind == "table":
            yield from _rows(body, block)
        else:
            yield Piece(block.start, block.end, "block", block.start)


def _items(body: str, block: Block) -> Iterator[Piece]:
    """Yield the outermost items of a list, each with what is indented under it."""
    starts = [start for start, end in _lines(body, block) if is_item(body[start:end])]
    for start, following in zip(starts, [*starts[1:], block.end], strict=True):
        text = body[start:following]
        yield Piece(start + len(text) - len(text.lstrip(" \t")), start + len(text.rstrip()), "item", block.start)


def _rows(body: str, block: Block) -> Iterator[Piece]:
    lines = list(_lines(body, block))
    head, rows = lines[:_LINES_OF_HEAD], lines[_LINES_OF_HEAD:]
    if head:
        yield Piece(head[0][0], head[-1][1], "head", block.start)
    for start, end in rows:
        yield Piece(start, end, "row", block.start)


def _lines(body: str, block: Block) -> Iterator[tuple[int, int]]:
    start = block.start
    for line in body[block.start : block.end].split("\n"):
        yield start, start + len(line)
        start += len(line) + 1
