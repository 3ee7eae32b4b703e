"""The answer: a verbatim stretch of one passage, found by its vectors, with nothing generated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.knowledge.index import Hit, KnowledgeIndex
from bot.knowledge.passages import Passage
from bot.nlu.encoder import Vectors

# What a phone shows without scrolling. A list is longer where it must be: it is never cut.
_MOST_WORDS = 60
# A neighbouring sentence that fits nearly as well belongs to the answer: 0.8 of the best one's cosine.
_NEARLY = 0.8


@dataclass(frozen=True)
class Answer:
    """What is said: ``text`` is ``body[start:end]`` of the passage's article; ``score`` is the hit's."""

    passage: Passage
    score: float
    start: int
    end: int
    text: str


def answer_from(index: KnowledgeIndex, vector: Vectors, hits: Sequence[Hit]) -> Answer | None:
    """Return the best stretch of the best passage, ``None`` without hits; whether it is good enough says the caller.

    Where the question is the article's own (its title), the article's opening answers in place of the passage.
    """
    if not hits:
        return None
    hit = max(hits, key=lambda hit: hit.score)
    passage = index.opening_or(hit.passage, vector)
    start, end = _best(index, passage, vector)
    return Answer(passage, hit.score, start, end, index.text(passage.article, start, end))


def _best(index: KnowledgeIndex, passage: Passage, vector: Vectors) -> tuple[int, int]:
    if _words(passage.text) <= _MOST_WORDS:
        return passage.start, passage.end
    fits = index.stretches_by_fit(passage, vector)
    if not fits:
        return passage.start, passage.end
    best = max(range(len(fits)), key=lambda place: fits[place][1])
    first = last = best
    if fits[best][0].whole:
        return fits[best][0].start, fits[best][0].end
    while True:
        options = [place for place in (last + 1, first - 1) if 0 <= place < len(fits) and not fits[place][0].whole]
        options = [place for place in options if fits[place][1] >= _NEARLY * fits[best][1]]
        options = [
            place
            for place in options
            if _words(index.text(passage.article, fits[min(first, place)][0].start, fits[max(last, place)][0].end))
            <= _MOST_WORDS
        ]
        if not options:
            return fits[first][0].start, fits[last][0].end
        chosen = max(options, key=lambda place: fits[place][1])
        first, last = min(first, chosen), max(last, chosen)


def _words(text: str) -> int:
    return len(text.split())
