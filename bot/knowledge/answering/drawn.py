"""Questions drawn from the articles themselves, for a knowledge base whose editors have not written down any.

Each sentence gives one: its rarest words, as somebody types who wants it. With its article taken away it stands for
what customers ask and no article answers, near the company's trade and in its words; how well the other articles still
seem to fit says from when on an answer can be trusted here. A company that has articles has this, in any language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.answering.ranking import Ranked, Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.index.passages import plain
from bot.knowledge.index.vectors import Allowed
from bot.knowledge.index.words import split_words, stems_of
from bot.nlu.encoder.protocol import Vectors

MOST = 400
"""Questions that are drawn: from more, the 95th of 100 moves by less than a tenth."""
_RAREST = 4
"""Words of a question: customers' own have as many that are not small words."""
_FEWEST_WORDS = 2
"""A sentence of one word asks nothing."""

Encode = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Drawn:
    """Questions that were drawn from articles, as the ranker judged them with their article and without it."""

    answered: tuple[Ranked, ...]
    """With the article: something answers each."""
    unanswered: tuple[Ranked, ...]
    """Without it, in the same order: nothing should answer. Only those that have another article to be judged by."""
    articles: int
    """How many articles they were drawn from."""


def draw(index: KnowledgeIndex, ranker: Ranker, audiences: frozenset[str], encode: Encode, seed: int) -> Drawn:
    """Draw questions from the articles that these audiences may read, and judge them; the same for the same seed."""
    allowed = index.filters.allowed(Filter(audiences))
    questions = _questions(index, allowed)
    if len(questions) > MOST:
        chosen = np.sort(np.random.RandomState(seed).permutation(len(questions))[:MOST])
        questions = [questions[number] for number in chosen]
    others = _without_each(index, allowed, {article for _, article in questions})
    answered, unanswered = [], []
    vectors = encode([text for text, _ in questions]) if questions else ()
    for (text, article), vector in zip(questions, vectors, strict=True):
        answered.append(ranker.rank(index, vector, text, allowed))
        if len(others[article].rows):
            unanswered.append(ranker.rank(index, vector, text, others[article]))
    return Drawn(tuple(answered), tuple(unanswered), len(others))


def _questions(index: KnowledgeIndex, allowed: Allowed) -> list[tuple[str, str]]:
    """Each sentence's rarest words in their order, with its article; none twice."""
    found: dict[str, str] = {}
    for stretch in index.stretches:
        article = index.passages[stretch.passage].article
        if allowed.mask[stretch.passage]:
            words = list(dict.fromkeys(split_words(plain(index.text(article, stretch.start, stretch.end)).lower())))
            text = " ".join(_rarest(words, index))
            if len(text.split()) >= _FEWEST_WORDS:
                found.setdefault(text, article)
    return list(found.items())


def _rarest(words: Sequence[str], index: KnowledgeIndex) -> list[str]:
    often = [max((index.parts.stretch_words.count(stem) for stem in stems_of(word)), default=0) for word in words]
    kept = set(np.argsort(np.asarray(often), kind="stable")[:_RAREST].tolist())
    return [word for place, word in enumerate(words) if place in kept]


def _without_each(index: KnowledgeIndex, allowed: Allowed, articles: set[str]) -> Mapping[str, Allowed]:
    owners = np.asarray([passage.article for passage in index.passages], dtype=str)
    return {article: Allowed.of(allowed.mask & (owners != article)) for article in sorted(articles)}
