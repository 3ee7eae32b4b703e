"""Pages of printed lines to Markdown: what is repeated on every page goes, lines become paragraphs again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.knowledge.sources.readers.characters import SOFT_HYPHEN
from bot.knowledge.sources.readers.document import Document, Mark

# A heading's letters are larger than the text's by this much or more, and it is no longer than this.
_LARGER = 1.15
_LONGEST_HEADING = 16
# The next line is farther away than usual by this much or more: a new paragraph.
_GAP = 1.35
# On how many pages a first or last line must stand to be a running head.
_FEWEST_REPEATS = 3

_BULLET = re.compile(r"[\u2022\u2023\u25aa\u25cf\u25e6\u2043\u2219\u00b7\uf0b7*\u2013-][ \t]+(?=\S)")
_NUMBERED = re.compile(r"\d{1,3}[.)][ \t]+\S")
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: ?(?:/|of) ?\d{1,4})?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN_WORD = re.compile(r"([^\W\d_]+)-$")


@dataclass(frozen=True)
class Line:
    """A printed line: its words, the size of its largest letters and its height on the page, in points."""

    text: str
    size: float
    height: float


@dataclass
class _Block:
    """A heading, an item of a list or a paragraph; ``pages`` says where in ``text`` which page starts."""

    kind: str
    text: str
    pages: list[tuple[int, int]]
    size: float = 0.0


def document_of(pages: Sequence[Sequence[Line]], title: str) -> Document:
    """Put pages together; where there is no title the first heading is taken, and not repeated in the body."""
    kept = _without_running_heads(pages)
    usual = _usual_size(kept)
    blocks = list(_blocks(kept, usual))
    first = blocks[0] if blocks and blocks[0].kind == "heading" else None
    if first and (not title or _same(title, first.text)):
        title, blocks = first.text, blocks[1:]
    levels = sorted({block.size for block in blocks if block.kind == "heading"}, reverse=True)
    body, marks, last = "", [], 0
    for place, block in enumerate(blocks):
        together = place and block.kind == "item" == blocks[place - 1].kind
        body += "" if not place else "\n" if together else "\n\n"
        lead = "#" * min(6, 2 + levels.index(block.size)) + " " if block.kind == "heading" else ""
        text = block.text.removesuffix(SOFT_HYPHEN)
        for offset, page in block.pages:
            if page != last:
                marks.append(Mark(len(body) + (len(lead) + offset if offset else 0), f"page {page}"))
                last = page
        body += lead + text
    return Document(title, body + "\n", tuple(marks))


def _without_running_heads(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Leave out page numbers, and first and last lines that stand on half of the pages."""

    def ends(page: Sequence[Line]) -> set[str]:
        return {_DIGITS.sub("0", line.text) for line in (*page[:2], *page[-2:])}

    seen = Counter(text for page in pages for text in ends(page))
    repeated = {text for text, times in seen.items() if times >= max(_FEWEST_REPEATS, len(pages) / 2)}
    kept = []
    for page in pages:
        edges = {id(line) for line in (*page[:2], *page[-2:])}
        kept.append(
            [
                line
                for line in page
                if id(line) not in edges
                or not (_DIGITS.sub("0", line.text) in repeated or _PAGE_NUMBER.fullmatch(line.text))
            ]
        )
    return kept


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    letters: Counter[float] = Counter()
    for page in pages:
        for line in page:
            letters[line.size] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 0.0


def _blocks(pages: Sequence[Sequence[Line]], usual: float) -> Iterator[_Block]:
    known = Counter(word.casefold() for page in pages for line in page for word in _WORD.findall(line.text))
    open_: _Block | None = None
    for number, page in enumerate(pages, start=1):
        usual_gap = _usual_gap(page)
        above: Line | None = None
        for line in page:
            kind = _kind(line, usual)
            text = _BULLET.sub("- ", line.text, count=1) if kind == "item" else line.text
            if open_ and kind == "text" and open_.kind != "heading" and _goes_on(open_, above, line, usual_gap):
                before = open_.text
                open_.text = _joined(before, text, known)
                open_.pages.append((len(before) + (open_.text[len(before) : len(before) + 1] == " "), number))
            elif open_ and kind == open_.kind == "heading" and above and _near(above, line, usual_gap):
                open_.text += " " + text
            else:
                if open_:
                    yield open_
                open_ = _Block("paragraph" if kind == "text" else kind, text, [(0, number)], line.size)
            above = line
    if open_:
        yield open_


def _usual_gap(page: Sequence[Line]) -> float:
    """The lower quarter of the distances between lines: headings and paragraphs stand farther apart than lines do."""
    down = sorted(above.height - line.height for above, line in pairwise(page) if above.height > line.height)
    return down[len(down) // 4] if down else 0.0


def _kind(line: Line, usual: float) -> str:
    if usual and line.size >= _LARGER * usual and len(line.text.split()) <= _LONGEST_HEADING:
        return "heading"
    return "item" if _BULLET.match(line.text) or _NUMBERED.match(line.text) else "text"


def _goes_on(block: _Block, above: Line | None, line: Line, usual_gap: float) -> bool:
    if above is None:  # a new page: a sentence that has not ended goes on there
        return block.text[-1] not in ".!?:" and not line.text[0].isupper()
    return _near(above, line, usual_gap)


def _near(above: Line, line: Line, usual_gap: float) -> bool:
    return abs(above.height - line.height) <= max(_GAP * usual_gap, _GAP * line.size)


def _joined(before: str, text: str, known: Counter[str]) -> str:
    """Join a line to the one before; of a word broken at the line's end the hyphen goes unless the word has one."""
    if before.endswith(SOFT_HYPHEN):
        return before.removesuffix(SOFT_HYPHEN) + text
    broken, rest = _BROKEN_WORD.search(before), _WORD.match(text)
    if broken is None or rest is None or not text[0].islower():
        return f"{before} {text}"
    start, end = broken.group(1).casefold(), rest.group().casefold()
    return before + text if known[f"{start}-{end}"] else before[:-1] + text


def _same(one: str, other: str) -> bool:
    return "".join(one.casefold().split()) == "".join(other.casefold().split())
