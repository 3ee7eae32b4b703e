"""Passages: an article cut along its headings into stretches that can stand alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.knowledge.sources.articles import Article

# Two or three short paragraphs. What the encoder reads at once is 256 word pieces, about 180 words, heading included.
_MOST_WORDS = 120

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)")
_TABLE = re.compile(r"[ ]{0,3}\|")
_QUOTE = re.compile(r"[ ]{0,3}>")
# A full stop inside "6.30pm" or "example.com" ends nothing; an opening quote or bracket may start a sentence.
_SENTENCE_END = re.compile("(?<=[.!?\u2026])[\"'\u201d\u2019)\\]*_]*\\s+(?=[\"'\u201c\u2018(\\[*_]*[A-Z0-9\u00a3])")
_ABBREVIATION = re.compile(r"(?:\b(?:e\.g|i\.e|etc|approx|incl|no|nos|Mr|Mrs|Ms|Dr|St|vs|min|max)\.)$", re.IGNORECASE)
_MARKUP = re.compile(r"\[([^\]]*)\]\([^)]*\)|[*_`]+|^[ \t]*(?:[-*+]|>|#{1,6}|\|)[ \t]*|[ \t]*\|[ \t]*", re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """A stretch of an article: ``body[start:end]`` is ``text``."""

    id: int
    """Its place among the passages that were cut together."""
    article: str
    title: str
    heading: str
    """The headings above it, such as ``Returning a large appliance > Costs``; empty before the first."""
    url: str
    audience: tuple[str, ...]
    text: str
    start: int
    end: int
    language: str = ""
    products: tuple[str, ...] = ()

    @property
    def context(self) -> str:
        """What the encoder reads in front of the text: what the passage is about."""
        return f"{self.title} > {self.heading}" if self.heading else self.title


@dataclass(frozen=True)
class Block:
    """A paragraph, a list, a table, a quotation or a piece of code: what is never cut, except long paragraphs."""

    start: int
    end: int
    heading: str
    section: int
    """Counts the headings before it: two sections may have one heading."""
    kind: str


def passages_of(article: Article, first_id: int = 0) -> tuple[Passage, ...]:
    """Cut an article; every word of its body that is no heading stands in exactly one passage, in order."""
    found: list[Passage] = []
    for start, end, heading in _stretches(article.body):
        found.append(
            Passage(
                id=first_id + len(found),
                article=article.id,
                title=article.title,
                heading=heading,
                url=article.url,
                audience=article.audience,
                text=article.body[start:end],
                start=start,
                end=end,
                language=article.language,
                products=article.products,
            )
        )
    return tuple(found)


def _stretches(body: str) -> Iterator[tuple[int, int, str]]:
    """Yield passages as (start, end, heading): neighbours under one heading, as many as a passage holds."""
    open_: list[Block] = []
    for block in _pieces(body):
        if open_ and not _joins(body, open_, block):
            yield open_[0].start, open_[-1].end, open_[0].heading
            open_ = []
        open_.append(block)
    if open_:
        yield open_[0].start, open_[-1].end, open_[0].heading


def _joins(body: str, open_: list[Block], block: Block) -> bool:
    last = open_[-1]
    if last.section != block.section:
        return False
    if block.kind in ("list", "table") and body[last.start : last.end].rstrip().endswith(":"):
        return True  # a list belongs to the sentence that leads to it, whatever the length
    return _words(body[open_[0].start : block.end]) <= _MOST_WORDS


def _pieces(body: str) -> Iterator[Block]:
    """Yield the blocks, long paragraphs cut between sentences."""
    for block in blocks_of(body):
        if block.kind != "paragraph" or _words(body[block.start : block.end]) <= _MOST_WORDS:
            yield block
            continue
        start, last = block.start, block.start
        for _, end in sentences_of(body, block.start, block.end):
            if last > start and _words(body[start:end]) > _MOST_WORDS:
                yield replace(block, start=start, end=last)
                start = last + len(body[last:end]) - len(body[last:end].lstrip())
            last = end
        yield replace(block, start=start)


def _words(text: str) -> int:
    return len(text.split())


def blocks_of(body: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown text in order, with the headings above each."""
    headings: list[tuple[int, str]] = []
    section = 0
    lines = list(_lines(body))
    place = 0
    while place < len(lines):
        start, end = lines[place]
        line = body[start:end]
        heading = _HEADING.match(line)
        if not line.strip():
            place += 1
        elif heading:
            section += 1
            depth = len(heading.group(1))
            headings = [(level, text) for level, text in headings if level < depth]
            if heading.group(2):
                headings.append((depth, heading.group(2)))
            place += 1
        else:
            kind, following = _extent(body, lines, place)
            last = lines[following - 1][1]
            text = body[start:last]
            lead = len(text) - len(text.lstrip())
            path = " > ".join(text for _, text in headings)
            yield Block(start + lead, start + len(text.rstrip()), path, section, kind)
            place = following


def _lines(body: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in body.split("\n"):
        yield start, start + len(line)
        start += len(line) + 1


def _extent(body: str, lines: list[tuple[int, int]], place: int) -> tuple[str, int]:
    """Return what kind of block starts on a line, and the line after it."""
    first = body[slice(*lines[place])]
    fence = _FENCE.match(first)
    if fence:
        following = place + 1
        while following < len(lines) and not body[slice(*lines[following])].strip().startswith(fence.group(1)):
            following += 1
        return "code", min(following + 1, len(lines))
    if _ITEM.match(first):
        return "list", _list_end(body, lines, place)
    kind = "table" if _TABLE.match(first) else "quote" if _QUOTE.match(first) else "paragraph"
    following = place + 1
    while following < len(lines):
        line = body[slice(*lines[following])]
        if not line.strip() or _HEADING.match(line) or _FENCE.match(line):
            break
        if kind == "paragraph" and (_ITEM.match(line) or _TABLE.match(line)):
            break
        following += 1
    return kind, following


def _list_end(body: str, lines: list[tuple[int, int]], place: int) -> int:
    """Return the line after a list: items, what is indented under them, and blank lines between them."""
    following, end = place + 1, place + 1
    while following < len(lines):
        line = body[slice(*lines[following])]
        blank_before = following > end
        if not line.strip():
            following += 1
            continue
        if _HEADING.match(line):
            break
        if not (_ITEM.match(line) or line[0] in " \t" or not blank_before):
            break
        following += 1
        end = following
    return end


def is_item(line: str) -> bool:
    """Tell whether a line begins an item of an outermost list: a dash or a number, indented by three blanks at most."""
    return _ITEM.match(line) is not None


def sentences_of(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of ``body[start:end]`` as places in ``body``, without the space around them."""
    text = body[start:end]
    first = 0
    for gap in _SENTENCE_END.finditer(text):
        if _ABBREVIATION.search(text[: gap.start()]):
            continue
        yield start + first, start + len(text[: gap.end()].rstrip())
        first = gap.end()
    if text[first:].strip():
        yield start + first, start + len(text.rstrip())


def plain(text: str) -> str:
    """Return Markdown without its signs, as the encoder reads it."""
    return " ".join(_MARKUP.sub(lambda match: match.group(1) or " ", text).split())
