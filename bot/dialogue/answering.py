"""What training learns about answering: how to rank passages, and the lowest scores at which an answer can be trusted.

It belongs to the language, not to the index: an index that is taken in later is ranked and judged by the same numbers,
until the next training.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.dialogue import agreement, sharing
from bot.dialogue.witnesses import leads
from bot.errors import ArtefactError
from bot.knowledge.answering.calibration import Calibration, calibrate, tried
from bot.knowledge.answering.drawn import Drawn, Encode, draw
from bot.knowledge.answering.learning import Example, learn
from bot.knowledge.answering.ranking import Ranked, Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.budget import Budget, price_list
from bot.nlu.intents.held_out import Examples

_ARTICLES = "articles.json"
POORLY_READ = 0.5
"""Of questions in an article's own words, fewer get an answer where the encoder does not read the language."""
# What a budget would buy is told also where none was asked for.
_TOLD = Budget(0.08, 0.1)


@dataclass(frozen=True)
class Answering:
    """A ranker, its two thresholds, and which articles an intent asks for."""

    ranker: Ranker
    calibration: Calibration
    """From which score on the best passage of all answers."""
    agreed: float
    """The same among the articles of the intent that was read."""
    articles: Mapping[str, Sequence[str]]
    """The articles of each intent that asks for a fact."""

    @property
    def alone(self) -> float:
        """The lowest log odds that something answers, for a passage that stands alone."""
        return self.calibration.threshold

    def by_hand(self, alone: float | None, agreed: float | None) -> Answering:
        """Return it with the thresholds that a trainer set; when intent and article agree, never more is needed."""
        calibration = self.calibration if alone is None else replace(self.calibration, threshold=float(alone))
        least = self.agreed if agreed is None else float(agreed)
        return replace(self, calibration=calibration, agreed=min(least, calibration.threshold))

    def save(self, folder: Path) -> None:
        """Write it into a folder."""
        self.ranker.save(folder)
        self.calibration.save(folder)
        agreement.save(self.agreed, folder)
        articles = {name: list(ids) for name, ids in self.articles.items()}
        (folder / _ARTICLES).write_text(json.dumps(articles, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Answering:
        """Read what :meth:`save` wrote; :class:`ArtefactError` when it is damaged."""
        try:
            articles = json.loads((folder / _ARTICLES).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ArtefactError(folder / _ARTICLES, "it is damaged.", "make train") from error
        return cls(Ranker.load(folder), Calibration.load(folder), agreement.load(folder), articles)


@dataclass(frozen=True)
class Nothing:
    """Questions that no article answers, as editors wrote them down, and their vectors (questions, dimensions)."""

    texts: Sequence[str]
    vectors: Vectors


def learn_answering(
    index: KnowledgeIndex,
    nothing: Nothing,
    examples: Examples,
    articles: Mapping[str, Sequence[str]],
    audiences: frozenset[str],
    budget: Budget | None,
    seed: int,
    out_of_scope: str,
    say: Callable[[str], None],
    encode: Encode,
    base: Ranker | None = None,
) -> Answering:
    """Learn to rank, and measure the thresholds on questions as a ranker judges them that has not seen them.

    Without asked questions they are drawn from the articles, ``encode`` gives their vectors, and ``base`` ranks.
    ``articles`` gives each intent's; ``say`` gets lines for the training's log. The same for the same seed.
    """
    # Examples of what acts are left out: an article may answer them as well, or may not.
    known = [place for place, label in enumerate(examples.labels) if articles.get(label) or label == out_of_scope]
    questions = [
        Example(examples.texts[place], examples.vectors[place], frozenset(articles.get(examples.labels[place], ())))
        for place in known
    ]
    learned = learn(index, nothing.texts, nothing.vectors, questions, audiences, seed, say=say, base=base)
    drawn = None if learned.taught else draw(index, learned.ranker, audiences, encode, seed)
    alone = calibrate(index, learned.judged, budget, None if drawn is None else how_surely(index, drawn.unanswered))
    lead = sharing.measure(examples, seed, out_of_scope)
    unseen = {place: one.ranked for place, one in zip(known, learned.judged[-len(known) or None :], strict=False)}
    everybodys = index.filters.allowed(Filter(audiences))

    def ranked_at(place: int) -> Ranked:
        if place in unseen:
            return unseen[place]
        return learned.ranker.rank(index, examples.vectors[place], examples.texts[place], everybodys)

    measured = agreement.measure(index, examples, ranked_at, articles, lead, seed, out_of_scope)
    # Two witnesses never ask for more than one.
    agreed = min(measured, alone.threshold)
    if drawn is not None:
        say(f"Knowledge: {told_of(index, drawn, alone.threshold)}")
    say(f"Knowledge: {alone}; where the intent agrees, {agreed:.2f} is enough")
    for point in price_list(tried(index, learned.judged), budget or _TOLD):
        say(f"Knowledge: max_wrong_answers {point.max_wrong:.2f} would mean {point}")
    return Answering(learned.ranker, alone, agreed, articles)


UNANSWERED = -50.0
"""The score of a question that gets no answer whatever the threshold is."""


def how_surely(index: KnowledgeIndex, drawn: Sequence[Ranked]) -> list[float]:
    """How surely each drawn question would be answered: where no article leads, none answers."""
    return [one.answerable if leads(index, one) is not None else UNANSWERED for one in drawn]


def told_of(index: KnowledgeIndex, drawn: Drawn, threshold: float) -> str:
    """Return the training's sentence about a base without asked questions: what it goes by, and what that means."""
    missing = "knowledge_index/questions has hardly any questions of customers"
    teach = "What customers really ask, written down there, teaches more (docs/articles.md)."
    if not drawn.unanswered:
        return (
            f"{missing}, and there are no two articles to draw some from: it answers only what it would be sure of "
            f"anywhere. {teach}"
        )
    kept, wrong = (
        sum(score >= threshold for score in how_surely(index, one)) / len(one)
        for one in (drawn.answered, drawn.unanswered)
    )
    so = (
        "So few is a sign that the encoder does not read the articles' language: most questions will get no answer."
        if kept < POORLY_READ
        else "Customers ask in other words, so expect fewer of theirs."
    )
    return (
        f"{missing}, so {len(drawn.unanswered)} were drawn from the words of {drawn.articles} articles. {kept:.0%} of "
        f"them get an answer, and {wrong:.0%} without their article. {so} {teach}"
    )
