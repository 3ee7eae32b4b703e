"""The answer: verbatim stretches of one article with their places, found by the ranker; nothing is generated."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from bot.knowledge.answering.disagreement import disagreeing
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.duplicates import repeats
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.passages import Passage, plain
from bot.nlu.encoder.protocol import Vectors

# The two stretches that fit best and the article's opening, its short answer: on the open half of our questions the
# right sentence is among them for 94 %, the best alone is right for 69 %; a third one adds nothing, and leaving the
# second out where the first seems sure costs a point (docs/decisions/0011-cited-answers.md).
_STRETCHES = 2
# Between quotes that do not follow one another in the article.
_GAP = "\n\n"


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


def answer_from(index: KnowledgeIndex, ranked: Ranked) -> Answer | Disagreement | None:
    """Return what would be shown, ``None`` where nothing was found; whether it is sure enough says the caller."""
    if not len(ranked.stretches):
        return None
    if (pair := disagreeing(index, ranked)) is not None:
        owner = index.searching.owner
        return Disagreement((int(owner[pair[0]]), int(owner[pair[1]])))
    shares = ranked.shares
    articles = [index.passages[passage].article for passage in index.searching.owner[ranked.stretches]]
    best = int(np.argmax(shares))
    own = np.asarray([article == articles[best] for article in articles], dtype=bool)
    passage = int(index.searching.owner[ranked.stretches[best]])
    return Answer(
        articles[best],
        index.version(articles[best]) or "",
        passage,
        float(shares[own].sum()),
        _quotes(index, articles[best], _shown(index, ranked.among(own))),
    )


def _shown(index: KnowledgeIndex, own: Ranked) -> list[int]:
    """Return the stretches of the best article that are shown, in the article's order: three at most, one list.

    None says again what one that fits better says already.
    """
    numbers = [int(number) for number in own.stretches[np.argsort(-own.scores, kind="stable")]]
    opening = index.opening(index.passages[index.searching.owner[numbers[0]]].article)
    chosen = numbers[:_STRETCHES]
    if opening is not None:
        chosen.append(int(index.searching.first[opening.id]))
    shown: dict[int, str] = {}
    for number in dict.fromkeys(chosen):
        second_list = index.stretches[number].whole and any(index.stretches[other].whole for other in shown)
        text = plain(_said(index, number))
        if not second_list and not any(repeats(text, other) for other in shown.values()):
            shown[number] = text
    return sorted(shown)


def _said(index: KnowledgeIndex, number: int) -> str:
    stretch = index.stretches[number]
    return index.text(index.passages[stretch.passage].article, stretch.start, stretch.end)


def _quotes(index: KnowledgeIndex, article: str, numbers: Sequence[int]) -> tuple[Quote, ...]:
    """Return places in the body; stretches of one paragraph that follow one another are one quote."""
    places: list[tuple[int, int]] = []
    for number in numbers:
        stretch = index.stretches[number]
        if places and not index.text(article, places[-1][1], stretch.start).strip(" "):
            places[-1] = (places[-1][0], stretch.end)
        else:
            places.append((stretch.start, stretch.end))
    return tuple(Quote(start, end, sha256_of(index.text(article, start, end))) for start, end in places)


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
    return _GAP.join(index.text(answer.article, quote.start, quote.end) for quote in answer.quotes)


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
    return _GAP.join(texts), cited
