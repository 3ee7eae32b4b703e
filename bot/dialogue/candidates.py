"""What a message may mean where that is open: the value on which its answer depends, and the choices to ask about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.contract import names
from bot.knowledge.answering.answers import Answer, answer_from
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.index import KnowledgeIndex

NEVER_OFFERED = frozenset(
    {
        *(names.AFFIRM, names.DENY, names.INFORM, names.STOP, names.OUT_OF_SCOPE, names.RESUME_FORM),
        *(names.GREET, names.THANKS, names.GOODBYE, names.BOT_CHALLENGE),
    }
)
"""Readings that make no sense as a button: nobody wants to be asked whether they meant "Yes"."""

AS_WELL = 4.0
"""How far another family's best stretch may be behind the best of all, in logarithms of odds, for the answer to depend
on the product. Of the 22 open messages of `benchmarks/asking_back.yml` that lack a product it finds 20, and of 11 whose
words tell the product it asks in 2."""
SURE_OF_FAMILY = 0.75
"""How probable a reading about the product of the best stretch must be: two witnesses, and nobody is asked."""
WORTH_A_BUTTON = 8.0
"""How far behind a family's best stretch may be for the product to be among the buttons."""
MOST_VALUES = 6
LEAST_CHOICE = 0.04
"""The least probability of a choice."""
MOST_CHOICES = 3
"""More than three buttons are a menu to study."""


@dataclass(frozen=True)
class Depends:
    """The answer depends on the product: what each would be told, the likeliest product first."""

    answers: Mapping[str, Answer]

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as they travel on the message."""
        return {name: answer.to_json() for name, answer in self.answers.items()}


@dataclass(frozen=True)
class Read:
    """The best reading that is about one family of products, and how probable it is."""

    family: str | None = None
    confidence: float = 0.0


def rivals(index: KnowledgeIndex, ranked: Ranked, text: str, read: Read) -> dict[str, float]:
    """The families between which the answer depends, the likeliest first, and how far behind each is; none or several.

    A code that a display shows speaks for the families whose articles know it, and for no other.
    """
    behind, best = _behind(index, ranked)
    coded = index.families.with_code(text)
    if coded is not None:
        return _sorted({name: behind.get(name, WORTH_A_BUTTON) for name in coded}) if len(coded) > 1 else {}
    if best is None or (read.family == best and read.confidence >= SURE_OF_FAMILY):
        return {}
    near = {name: gap for name, gap in behind.items() if gap <= AS_WELL}
    return _sorted(near) if len(near) > 1 else {}


def depends_on(
    index: KnowledgeIndex, ranked: Ranked, between: Mapping[str, float], alone: float, asking: Asking
) -> Depends | None:
    """What each family's articles would answer; None where fewer than two of them answer."""
    behind, _ = _behind(index, ranked)
    worth = {name: gap for name, gap in behind.items() if name in between or gap <= WORTH_A_BUTTON}
    found: dict[str, Answer] = {}
    for name in _sorted({**worth, **between}):
        own = ranked.among(_of_family(index, ranked, name))
        answer = answer_from(index, own, asking) if len(own.stretches) else None
        if isinstance(answer, Answer) and (name in between or own.answerable >= alone):
            found[name] = answer
    found = dict(list(found.items())[:MOST_VALUES])
    return Depends(found) if len(found) > 1 else None


@dataclass(frozen=True)
class Likely:
    """One choice: something to do, or an article, and the reading by which it was found."""

    intent: str = ""
    """What is read; for an article the fact that it stands for, where one was read."""
    article: str = ""
    """Empty for something to do."""


def choices_among(
    acts: Mapping[str, float],
    facts: Mapping[str, float],
    articles: Mapping[str, Sequence[str]],
    found: Mapping[str, float],
) -> list[Likely]:
    """The likeliest choices, best first.

    ``acts`` and ``facts`` are readings with their probabilities, ``articles`` those of each fact, ``found`` the
    articles that were found, with the probability of each. A fact is asked about by its article that was found first.
    """
    weights: dict[Likely, float] = {Likely(intent=name): share for name, share in acts.items()}
    stands_for: dict[str, str] = {}
    of_article = dict(found)
    for name, share in sorted(facts.items(), key=lambda one: -one[1]):
        own = [article for article in found if article in articles.get(name, ())] or list(articles.get(name, ()))
        if own:
            stands_for.setdefault(own[0], name)
            of_article[own[0]] = of_article.get(own[0], 0.0) + share
    for article, share in of_article.items():
        weights[Likely(stands_for.get(article, ""), article)] = share
    likely = sorted(weights, key=lambda one: -weights[one])
    return [one for one in likely if weights[one] >= LEAST_CHOICE][:MOST_CHOICES]


def answers_of(index: KnowledgeIndex, ranked: Ranked, articles: Collection[str], asking: Asking) -> dict[str, Answer]:
    """What each of these articles says to the message that was ranked."""
    found = {}
    owners = index.searching.owner[ranked.stretches]
    for article in articles:
        own = ranked.among(np.asarray([index.passages[owner].article == article for owner in owners], dtype=bool))
        answer = answer_from(index, own, asking)
        if isinstance(answer, Answer):
            found[article] = answer
    return found


def _behind(index: KnowledgeIndex, ranked: Ranked) -> tuple[dict[str, float], str | None]:
    """How far each family's best stretch is behind the best of all, and the family of that one."""
    best: dict[str | None, float] = {}
    for owner, score in zip(index.searching.owner[ranked.stretches], ranked.scores, strict=True):
        family = index.families.of_article(index.passages[owner].article)
        best[family] = max(best.get(family, -np.inf), float(score))
    if not best:
        return {}, None
    most = max(best.values())
    first = next(family for family, score in best.items() if score == most)
    return {family: most - score for family, score in best.items() if family is not None}, first


def _of_family(index: KnowledgeIndex, ranked: Ranked, name: str) -> Any:
    owners = index.searching.owner[ranked.stretches]
    return np.asarray(
        [index.families.of_article(index.passages[owner].article) == name for owner in owners], dtype=bool
    )


def _sorted(gaps: Mapping[str, float]) -> dict[str, float]:
    return dict(sorted(gaps.items(), key=lambda one: (one[1], one[0])))
