"""Markdown as plain words, for messengers, transcripts and other desks: the article's words without its signs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.markdown.reading import Block, Code, Heading, Inline, Link, List, Paragraph, Quotation, Table, Text, blocks_in
from bot.untrusted.addresses import is_own_path, may_lead


def plain_words(markdown: str) -> str:
    """Write a text for a reader who sees characters only.

    A table's row reads ``Call-out: £79``, a link is its words and its address, items keep their dash or number.
    """
    return _joined(blocks_in(markdown)) or markdown.strip()


def _joined(blocks: Iterable[Block], gap: str = "\n\n") -> str:
    return gap.join(text for block in blocks if (text := _block(block)))


def _block(block: Block) -> str:
    match block:
        case Paragraph(words) | Heading(_, words):
            return inline_words(words).strip()
        case Code(text):
            return text
        case Quotation(blocks):
            return _joined(blocks)
        case List(start, items):
            marks = ["-" if start is None else f"{start + place}." for place in range(len(items))]
            return "\n".join(_item(mark, _joined(item, "\n")) for mark, item in zip(marks, items, strict=True))
        case Table(head, rows):
            titles = [inline_words(cell) for cell in head]
            return "\n".join(line for row in rows if (line := _row(titles, [inline_words(cell) for cell in row])))


def _item(mark: str, text: str) -> str:
    return f"{mark} " + text.replace("\n", "\n" + " " * (len(mark) + 1))


def _row(titles: Sequence[str], cells: Sequence[str]) -> str:
    """``Call-out: £79``; with more columns than two, each cell after the first says which column it is."""
    name, *others = cells
    if len(cells) > 2:
        others = [f"{title} {cell}" if title and cell else cell for title, cell in zip(titles[1:], others, strict=True)]
    said = ", ".join(cell for cell in others if cell)
    return f"{name}: {said}" if name and said else name or said


def inline_words(words: Iterable[Inline]) -> str:
    """Write a run of words; an address is said where it can be opened and is not what the words say already."""
    return "".join(_inline(word) for word in words)


def _inline(word: Inline) -> str:
    match word:
        case Text(text):
            return text
        case Link(address, inside):
            said = inline_words(inside)
            shown = address.removeprefix("mailto:").removeprefix("tel:")
            if is_own_path(address) or not may_lead(address) or shown in said:
                return said
            return f"{said} ({shown})" if said else shown
        case _:
            return inline_words(word.inside)
