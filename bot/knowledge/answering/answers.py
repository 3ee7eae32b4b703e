"""The answer: verbatim stretches of one article with their places, found by the ranker; nothing is generated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.choosing import Shown
from bot.knowledge.answering.disagreement import disagreeing
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.passages import Passage, sentences_of
from bot.nlu.encoder.protocol import Vectors

# Between quotes that do not follow one another in the article, and between lines of one table or list.
_GAP, _LINE = "\n\n", "\n"
OF_NEW = 1.0
"""What the new words of a follow-up add to a stretch's score among those of the article that answers."""


@dataclass(frozen=True)
class Quote:
    """``body[start:end]`` of an article, and the SHA-256 of what stands there."""

    start: int
    end: int
    sha256: str


@dataclass(frozen=True)
class Answer:
    """What is shown: quotes of one article in the article's order; all of it is checked again when it is sent."""

    article: str
    version: str
    """Names the article's body as it was searched (``KnowledgeIndex.version``)."""
    id: int
    """The passage of the stretch that fits best; its heading is cited."""
    score: float
    """The probability that the article answers, 0 to 1."""
    quotes: tuple[Quote, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as they travel on the message (docs/reference/turn.md)."""
        return {**asdict(self), "score": round(self.score, 4), "quotes": [asdict(quote) for quote in self.quotes]}


@dataclass(frozen=True)
class Disagreement:
    """Two passages of different articles that answer differently: a human must see both, a customer neither."""

    passages: tuple[int, int]


def answer_from(
    index: KnowledgeIndex, ranked: Ranked, asking: Asking, new: Ranked | None = None
) -> Answer | Disagreement | None:
    """Return what would be shown, ``None`` where nothing was found; whether it is sure enough says the caller.

    ``new`` is how the stretches fit what a follow-up adds: of the article that answers, it chooses the words.
    """
    if not len(ranked.stretches):
        return None
    if (pair := disagreeing(index, ranked)) is not None:
        owner = index.searching.owner
        return Disagreement((int(owner[pair[0]]), int(owner[pair[1]])))
    shares = ranked.shares
    articles = [index.passages[passage].article for passage in index.searching.owner[ranked.stretches]]
    best = int(np.argmax(shares))
    own = np.asarray([article == articles[best] for article in articles], dtype=bool)
    told = ranked.among(own)
    told = told if new is None else told.beside(new, OF_NEW)
    passage = int(index.searching.owner[told.stretches[int(np.argmax(told.scores))]])
    return Answer(
        articles[best],
        index.version(articles[best]) or "",
        passage,
        float(shares[own].sum()),
        quotes_of(index, articles[best], Shown(index, told, asking).places()),
    )


def quotes_of(index: KnowledgeIndex, article: str, shown: Sequence[tuple[int, int]]) -> tuple[Quote, ...]:
    """Return quotes of these places; those of one paragraph, table or list that follow one another are one quote."""
    places: list[tuple[int, int]] = []
    for start, end in shown:
        gap = index.text(article, places[-1][1], start) if places else ""
        if places and (not gap.strip(" ") or gap == _LINE):
            places[-1] = (places[-1][0], end)
        else:
            places.append((start, end))
    return tuple(Quote(start, end, sha256_of(index.text(article, start, end))) for start, end in places)


def _joined(index: KnowledgeIndex, article: str, places: Sequence[tuple[int, int]]) -> str:
    """Return the words at these places, as one text; rows of one table stay one table, items of one list one list."""
    text = ""
    last = 0
    for start, end in places:
        if text:
            text += _LINE if _of_one_block(index.text(article, last, start)) else _GAP
        text += index.text(article, start, end)
        last = end
    return text


def _of_one_block(between: str) -> bool:
    """Tell whether what was left out between two quotes is whole lines without an empty one."""
    return (
        between.startswith("\n")
        and between.endswith("\n")
        and not any(not line.strip() for line in between[1:-1].split("\n"))
    )


def opening_of(index: KnowledgeIndex, article: str, asking: Asking, longest: int) -> str | None:
    """Return what an article says to who has chosen it by its title; None for one that has no words.

    Its opening, the rows of the days that are asked about instead, and the steps where the title asks what to do. An
    opening alone is its first sentence and as many more as fit into ``longest`` characters.
    """
    opening, shown = index.opening(article), Shown.of_article(index, article, asking)
    if opening is None or shown is None:
        return None
    places = shown.places()
    first = index.stretches[int(index.searching.first[opening.id])]
    if places == [(first.start, first.end)] and not first.whole:
        ends = [end for _, end in sentences_of(index.parts.bodies[article], opening.start, opening.end)]
        places = [(first.start, max((end for end in ends if end - first.start <= longest), default=first.end))]
    return _joined(index, article, places)


def best_in(index: KnowledgeIndex, vector: Vectors, passage: Passage) -> str:
    """Return the stretch of one passage that is nearest to a question: for people who search, and judge themselves."""
    numbers = index.searching.stretches_of(np.asarray([passage.id], dtype=np.int64))
    if not len(numbers):
        return passage.text
    near = index.parts.sentences[numbers] @ np.asarray(vector, dtype=np.float32).reshape(-1)
    stretch = index.stretches[int(numbers[np.argmax(near)])]
    return index.text(passage.article, stretch.start, stretch.end)


def sha256_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def shown_text(index: KnowledgeIndex, answer: Answer) -> str:
    """Return the quotes as a customer reads them."""
    return _joined(index, answer.article, [(quote.start, quote.end) for quote in answer.quotes])


def verified(index: KnowledgeIndex, found: Mapping[str, Any]) -> tuple[str, Passage] | None:
    """Return the text of an answer that came on a message, and its passage; ``None`` where it is not so any more.

    The article must still have the version that was searched, and what stands at each place must have its hash.
    """
    try:
        article, version, quotes = str(found["article"]), str(found["version"]), list(found["quotes"])
        places = [(int(quote["start"]), int(quote["end"]), str(quote["sha256"])) for quote in quotes]
        heading = int(found["id"])
    except (KeyError, TypeError, ValueError):
        return None
    if index.version(article) != version or not places:
        return None
    texts = [index.text(article, start, end) for start, end, _ in places]
    if any(sha256_of(text) != sha256 for text, (_, _, sha256) in zip(texts, places, strict=True)):
        return None
    near = [passage for passage in index.passages if passage.article == article]
    cited = next((passage for passage in near if passage.id == heading), near[0])
    return _joined(index, article, [(start, end) for start, end, _ in places]), cited
