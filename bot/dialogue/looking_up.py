"""What the articles say about a message: the passages that fit, and which of them may answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.dialogue.agreement import agreeing
from bot.dialogue.answering import Answering
from bot.dialogue.form_input import OpenForm
from bot.dialogue.statements import has_shape_of_question
from bot.knowledge.answering.answers import Answer, Disagreement, answer_from
from bot.knowledge.answering.follow_up import LastQuestion, is_follow_up, rewritten
from bot.knowledge.answering.ranking import passages_in
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import Hit, KnowledgeIndex
from bot.nlu.encoder.protocol import Vectors


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as it matters to what is found."""

    readers: frozenset[str]
    """The audiences that they belong to."""
    locale: str = ""
    owned: tuple[str, ...] = ()
    """What they own or speak of, as articles name products."""
    last: LastQuestion | None = None
    """What they were answered last."""


@dataclass(frozen=True)
class Found:
    """What was found, and which answer counts when."""

    index: str
    """The fingerprint of the index that was searched."""
    asked: str | None
    """What was searched for, where it is not the message itself."""
    hits: tuple[Hit, ...]
    best: Answer | Disagreement | None
    """The answer of the best passage of all, where it is sure enough to stand alone."""
    agreed: Answer | None
    """The answer among the articles of the intent that was read."""
    named: bool
    """Whether the message is the title of the article of ``best``, word for word."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as they travel on the message: ids and plain floats."""
        return {
            "index": self.index,
            "asked": self.asked,
            "passages": [_passage(hit) for hit in self.hits],
            "answer": self.best.to_json() if isinstance(self.best, Answer) else None,
            "disagree": list(self.best.passages) if isinstance(self.best, Disagreement) else [],
        }


def look_up(
    index: KnowledgeIndex,
    answering: Answering,
    text: str,
    vector: Vectors,
    intent: str | None,
    asker: Asker,
    most_passages: int,
    encode: Callable[[Sequence[str]], Vectors],
) -> Found:
    """Search the articles for a message, ``vector`` is its own; a follow-up is searched for with what it follows.

    ``intent`` is the best reading, or None. Kept are ``most_passages`` passages, and those that answers come from.
    """
    asked = text
    if asker.last is not None and is_follow_up(text):
        asked = rewritten(text, asker.last)
        (vector,) = encode([asked])
    allowed = index.filters.allowed(Filter(asker.readers, _language(index, asker.locale)))
    ranked = answering.ranker.rank(index, vector, asked, allowed, asker.owned)
    own = agreeing(index, ranked, answering.articles.get(intent, ()) if intent is not None else ())
    # An answer that nobody will see is not put together: most small talk comes near none.
    # Who asks with an article's own title means that article, whatever was asked of others before.
    titled = agreeing(index, ranked, index.titled(asked))
    named = len(titled.stretches) > 0
    best = titled if named else ranked
    found = answer_from(index, best) if named or ranked.answerable >= answering.alone else None
    agreed = answer_from(index, own) if own.answerable >= answering.agreed else None
    hits = _worth_showing(passages_in(index, ranked, len(ranked.stretches)), most_passages, found, agreed)
    conflict = isinstance(found, Disagreement)
    return Found(
        index=index.fingerprint,
        asked=asked if asked != text else None,
        hits=tuple(hits),
        best=found,
        agreed=agreed if isinstance(agreed, Answer) and not conflict else None,
        named=named and isinstance(found, Answer),
    )


def under_way(form: OpenForm | None, text: str) -> LastQuestion | None:
    """Return what "is it free?" is about within a form: what the form does, by the name of the intent that opens it."""
    if form is None or not has_shape_of_question(text):
        return None
    return LastQuestion(form.opener.replace("_", " "), "")


def owned_by(customer: Mapping[str, Any] | None, spoken_of: object) -> tuple[str, ...]:
    """Return what a customer owns, by their attributes, or speaks of, as articles name products."""
    attributes = (customer or {}).get("attributes") or {}
    owned = attributes.get("products") or ()
    named = [spoken_of, *(owned if isinstance(owned, list) else [owned])]
    return tuple(name.lower().replace(" ", "-") for name in named if isinstance(name, str))


def _language(index: KnowledgeIndex, locale: str) -> str | None:
    """The customer's language where there are articles in it; else every article may answer."""
    return locale if locale.partition("-")[0].lower() in index.languages else None


def _worth_showing(hits: Sequence[Hit], most: int, *answers: Answer | Disagreement | None) -> Sequence[Hit]:
    """The best passages, and those that answers come from: people want to see them most of all."""
    named: set[int] = set()
    for answer in answers:
        if answer is not None:
            named.update(answer.passages if isinstance(answer, Disagreement) else (answer.id,))
    return [hit for place, hit in enumerate(hits) if place < most or hit.passage.id in named]


def _passage(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.passage.id,
        "article": hit.passage.article,
        "heading": hit.passage.heading,
        "score": round(float(hit.score), 4),
    }
