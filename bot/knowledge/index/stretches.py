"""Stretches: the smallest parts of a passage that can be quoted as an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.knowledge.index.passages import Block, Passage, blocks_of, sentences_of


@dataclass(frozen=True)
class Stretch:
    """A sentence, or a whole list, table, quotation or piece of code; places count in the article's body."""

    passage: int
    start: int
    end: int
    whole: bool
    """Whether it is a block that must be quoted as one: steps make no sense one by one."""


def stretches_of(passage: Passage, body: str, cut: Sequence[Block] | None = None) -> Iterator[Stretch]:
    """Yield a passage's stretches in order; a sentence that ends with a colon goes with the list it leads to.

    ``cut`` are the body's blocks, for who has them: an article's passages share them.
    """
    own = blocks_of(body) if cut is None else cut
    blocks = [block for block in own if block.start < passage.end and passage.start < block.end]
    lead: int | None = None
    for block, following in zip(blocks, [*blocks[1:], None], strict=True):
        start, end = max(block.start, passage.start), min(block.end, passage.end)
        if block.kind != "paragraph":
            yield Stretch(passage.id, start if lead is None else lead, end, whole=True)
            lead = None
            continue
        sentences = list(sentences_of(body, start, end))
        if _leads(body, end, following):
            lead = sentences.pop()[0]
        for first, last in sentences:
            yield Stretch(passage.id, first, last, whole=False)


def _leads(body: str, end: int, following: Block | None) -> bool:
    return following is not None and following.kind != "paragraph" and body[:end].rstrip().endswith(":")
