"""What publishing would change: the same questions put to the index in service and to the articles as they are now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from bot.knowledge.answering.answers import Answer, answer_from, shown_text
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.encoder.protocol import Encoder

Change = Literal["lost", "other", "gained"]


@dataclass(frozen=True)
class Said:
    """An answer: the article and its words."""

    article: str
    text: str


@dataclass(frozen=True)
class Difference:
    """A question whose answer changes; ``right`` and ``wrong`` say whether it has the sentence that it should have."""

    question: str
    change: Change
    before: Said | None
    after: Said | None
    right_before: bool | None
    """None where nobody wrote down what is right."""
    right_after: bool | None


@dataclass(frozen=True)
class Asked:
    """A question, and what is known of its answer: the sentence, that there is none, or nothing at all."""

    text: str
    article: str | None = None
    sentence: str | None = None
    nothing: bool = False


_LEFT_OUT = 0.1
"""The share of golden questions that a comparison's threshold turns away; both sides are held to the same."""

Answering = Callable[[str], "Said | None"]


def differences(questions: Sequence[Asked], before: Answering, after: Answering) -> Iterator[Difference]:
    """Yield the questions whose answer is another one, is lost or is new, in their order.

    An answer is another one when its words are others; a title or an address that changed is no difference.
    """
    for question in questions:
        first, second = before(question.text), after(question.text)
        if first is None and second is None:
            continue
        if first is not None and second is not None and _words(first.text) == _words(second.text):
            continue
        change: Change = "lost" if second is None else "gained" if first is None else "other"
        yield Difference(question.text, change, first, second, _right(question, first), _right(question, second))


def _right(question: Asked, said: Said | None) -> bool | None:
    if question.nothing:
        return said is None
    if question.sentence is None:
        return None
    return said is not None and _words(question.sentence) in _words(said.text)


def _words(text: str) -> str:
    return " ".join(text.split())


def answering(
    index: KnowledgeIndex, encoder: Encoder, ranker: Ranker, threshold: float, readers: frozenset[str]
) -> Answering:
    """Return who answers from an index, for these audiences, where the odds that something answers are high enough."""
    allowed = index.filters.allowed(Filter(readers))

    def answer(question: str) -> Said | None:
        (vector,) = encoder.encode([question])
        ranked = ranker.rank(index, vector, question, allowed)
        found = answer_from(index, ranked, Asking(question)) if ranked.answerable >= threshold else None
        return Said(found.article, shown_text(index, found)) if isinstance(found, Answer) else None

    return answer


def threshold_of(
    index: KnowledgeIndex, golden: Sequence[Asked], encoder: Encoder, ranker: Ranker, readers: frozenset[str]
) -> float:
    """Return the threshold that nine of ten golden questions reach which an article answers."""
    known = [question.text for question in golden if question.article is not None]
    if not known:
        return float("inf")
    allowed = index.filters.allowed(Filter(readers))
    vectors = encoder.encode(known)
    reached = [
        ranker.rank(index, vector, text, allowed).answerable for text, vector in zip(known, vectors, strict=True)
    ]
    return float(np.quantile(reached, _LEFT_OUT))
