"""What the articles say about a message: the passages that fit, and which of them may answer it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import numpy as np

from bot.contract.trace import ASK_VALUE
from bot.dialogue.agreement import agreeing
from bot.dialogue.answering import Answering
from bot.dialogue.asker import Asker
from bot.dialogue.candidates import SURE_OF_FAMILY, Depends, Read, answers_of, depends_on, rivals
from bot.dialogue.context import STANDS_ALONE, Completed, completed, is_short
from bot.dialogue.trying import goes_on
from bot.dialogue.witnesses import leads, with_reading
from bot.knowledge.answering.answers import Answer, Disagreement, answer_from
from bot.knowledge.answering.asking import Asking
from bot.knowledge.answering.follow_up import LastQuestion, rewritten
from bot.knowledge.answering.ranking import Ranked, passages_in
from bot.knowledge.answering.remaining import Remaining, remaining
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import Hit, KnowledgeIndex
from bot.nlu.encoder.protocol import Vectors


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
    depends: Depends | None = None
    """What each product would be answered, where the answer depends on it and nobody said it."""
    several: bool = False
    """Whether some article surely answers, and none is likelier than all others together."""
    took: str | None = None
    """The product that was taken from the conversation."""
    completed: Completed | None = None
    """How the message was completed; None where it stands alone."""
    remaining: Remaining | None = None
    """What is left of the article that answered last, for who has tried some of it; None where nobody has."""
    answer_of: Callable[[Sequence[str]], Mapping[str, Answer]] = field(
        default=lambda articles: {}, compare=False, repr=False
    )
    """What each of some articles says to the message."""

    def to_json(self) -> dict[str, Any]:
        """Return plain values, as they travel on the message: ids and plain floats."""
        return {
            "index": self.index,
            "asked": self.asked,
            **(self.completed.to_json() if self.completed is not None else {}),
            "passages": [_passage(hit) for hit in self.hits],
            "answer": self.best.to_json() if isinstance(self.best, Answer) else None,
            "disagree": list(self.best.passages) if isinstance(self.best, Disagreement) else [],
            **({"remaining": self.remaining.to_json()} if self.remaining is not None else {}),
        }

    @property
    def likely(self) -> float:
        """The probability of the article that fits best by the passages that are kept."""
        shares: dict[str, float] = {}
        for hit in self.hits:
            shares[hit.passage.article] = shares.get(hit.passage.article, 0.0) + hit.score
        return max(shares.values(), default=0.0)

    def for_choices(self, kind: str) -> dict[str, Any]:
        """Return what each choice would be told: by the product, or by the article for those that were found."""
        if kind == ASK_VALUE and self.depends is not None:
            return self.depends.to_json()
        articles = list(dict.fromkeys(hit.passage.article for hit in self.hits))
        return {article: answer.to_json() for article, answer in self.answer_of(articles).items()}


NO_CLAUSES: Mapping[str, Vectors] = MappingProxyType({})


def look_up(
    index: KnowledgeIndex,
    answering: Answering,
    text: str,
    vector: Vectors,
    intent: str | None,
    asker: Asker,
    most_passages: int,
    encode: Callable[[Sequence[str]], Vectors],
    confidence: float = 0.0,
    clauses: Mapping[str, Vectors] = NO_CLAUSES,
) -> Found:
    """Search the articles for a message, ``vector`` is its own; what says half is also searched with its other half.

    ``intent`` is the best reading with its ``confidence``, or None; ``clauses`` are stretches of the message with their
    vectors. Kept are ``most_passages`` passages, and those that answers come from.
    """
    searched = _searched(index, answering, text, vector, asker, encode)
    asked, ranked = searched.text, searched.ranked
    read_articles = answering.articles.get(intent, ()) if intent is not None else ()
    half = searched.whole is not None
    weighed = ranked if half else with_reading(index, ranked, read_articles, confidence)
    # An answer that nobody will see is not put together: most small talk comes near none.
    # Who asks with an article's own title means that article, whatever was asked of others before.
    titled = agreeing(index, ranked, index.titled(asked))
    named = len(titled.stretches) > 0
    # Who was asked for the product and names it speaks of the first question, and who asks something within a form
    # mostly of what it does: two witnesses.
    witnessed = searched.whole is not None and (searched.whole.must or searched.whole.inside)
    least = answering.agreed if witnessed else answering.alone
    sure = named or ranked.answerable >= least
    took, depends = None, None
    asking = Asking(asked, asker.days, asker.owned, searched.whole.new if searched.whole is not None else "")
    if sure and not named and not searched.families:
        read = Read(_family_of(index, read_articles), confidence)
        between = rivals(index, ranked, asked, read)
        took = next((name for name in _known_families(index, asker) if name in between), None)
        if took is not None:
            ranked, weighed = _about(index, ranked, took), _about(index, weighed, took)
        elif between and not _asks_of_no_product(index, read_articles, confidence):
            depends = depends_on(index, ranked, between, answering.alone, asking)
    leader = leads(index, weighed)
    several = sure and not named and depends is None and leader is None
    best = titled if named else weighed
    seen = _with_seen(index, best, asking, asker.context.last)
    found = answer_from(index, best, seen, searched.new) if sure else None
    if isinstance(found, Answer) and not named and depends is None and found.article != leader:
        # Many stretches of one article outweigh the best one of another.
        led = agreeing(index, weighed, (leader,) if leader is not None else ())
        found = answer_from(index, led, seen, searched.new)
    own = agreeing(index, weighed, read_articles if leader in read_articles else ())
    agreed = answer_from(index, own, asking) if own.answerable >= answering.agreed else None
    if found is None and agreed is None and not several:
        agreed = _told_in_a_clause(index, answering, clauses, read_articles, confidence, asker, searched.families)
    hits = _worth_showing(passages_in(index, ranked, len(ranked.stretches)), most_passages, found, agreed)
    conflict = isinstance(found, Disagreement)
    return Found(
        index=index.fingerprint,
        asked=asked if asked != text else None,
        hits=tuple(hits),
        best=found,
        agreed=agreed if isinstance(agreed, Answer) and not conflict else None,
        named=named and isinstance(found, Answer),
        depends=depends,
        several=several,
        took=took,
        completed=searched.whole,
        remaining=_remaining(index, answering, searched, text, asker, found, encode),
        answer_of=lambda articles: answers_of(index, ranked, articles, asking),
    )


def _told_in_a_clause(
    index: KnowledgeIndex,
    answering: Answering,
    clauses: Mapping[str, Vectors],
    articles: Sequence[str],
    confidence: float,
    asker: Asker,
    families: frozenset[str],
) -> Answer | Disagreement | None:
    """What the articles of the reading answer to one clause of a story, whose other clauses hide it from the search."""
    best: tuple[float, Answer | Disagreement | None] = (0.0, None)
    for text, vector in clauses.items() if articles else ():
        ranked = _ranked(index, answering, text, vector, asker, families)
        ranked = with_reading(index, ranked, articles, confidence)
        leader = leads(index, ranked)
        if leader is None or leader not in articles or ranked.answerable < answering.alone:
            continue
        own = agreeing(index, ranked, (leader,))
        if (share := float(own.shares.sum())) > best[0]:
            best = (share, answer_from(index, own, Asking(text, asker.days, asker.owned)))
    return best[1]


@dataclass(frozen=True)
class _Searched:
    """What was searched for, and how the articles fit it."""

    text: str
    ranked: Ranked
    families: frozenset[str]
    """The families of products that it names."""
    whole: Completed | None = None
    """How the message was completed; None where it stands alone."""
    new: Ranked | None = None
    """How they fit the message alone, where it was completed."""
    both: Ranked | None = None
    """How they fit the message with what was said before, where that was looked at, whether it counts or not."""


def _searched(
    index: KnowledgeIndex,
    answering: Answering,
    text: str,
    vector: Vectors,
    asker: Asker,
    encode: Callable[[Sequence[str]], Vectors],
) -> _Searched:
    """Search for a message alone, and for the completed one where that is better proven: one more encoding at most."""
    named = index.families.named_in(text, asker.named)
    whole = completed(text, asker.context, len(named))
    if asker.under_way is not None and (whole is None or not whole.must) and is_short(text):
        whole = Completed(rewritten(text, asker.under_way), asker.under_way.text, inside=True)
    alone = None
    if whole is None or not whole.must:
        ranked = _ranked(index, answering, text, vector, asker, named)
        alone = _Searched(text, ranked, named)
        needs_more = whole is not None and (whole.lone or whole.points or whole.refers)
        if whole is None or (not needs_more and _share_of_best(index, ranked) >= STANDS_ALONE):
            return alone
    (vector,) = encode([whole.text])
    # A product that the message names stands against the one that was spoken of: "and for the oven?".
    families = named or index.families.named_in(whole.text)
    ranked = _ranked(index, answering, whole.text, vector, asker, families)
    if alone is not None:
        ranked = ranked.beside(alone.ranked, WEIGHT_ALONE)
        if whole.concludes and asker.context.last is not None:
            ranked = _staying(index, ranked, asker.context.last.article)
        alone_counts = not (whole.lone or whole.value or whole.points)
        if alone_counts and _better_proven(index, alone.ranked, ranked, answering.alone):
            return replace(alone, both=ranked)
    return _Searched(whole.text, ranked, families, whole, alone.ranked if alone is not None else None, ranked)


def _remaining(
    index: KnowledgeIndex,
    answering: Answering,
    searched: _Searched,
    text: str,
    asker: Asker,
    found: Answer | Disagreement | None,
    encode: Callable[[Sequence[str]], Vectors],
) -> Remaining | None:
    """What is left of the article that answered last, where the message tells what was tried or is not so."""
    last = asker.context.last
    if asker.told is None or last is None or not last.shown:
        return None
    both, ranked = rewritten(text, last), searched.both
    if ranked is None:
        (vector,) = encode([both])
        ranked = _ranked(index, answering, both, vector, asker, index.families.named_in(both, asker.named))
    new = searched.new if searched.new is not None else searched.ranked
    left = remaining(index, ranked, new, Asking(both, asker.days, asker.owned, text), last, asker.told, asker.no_help)
    other = found.article if isinstance(found, Answer) and found.score >= ABOUT_ANOTHER else last.article
    return left if left is not None and goes_on(left, asker.told, other) else None


def _ranked(
    index: KnowledgeIndex, answering: Answering, text: str, vector: Vectors, asker: Asker, families: frozenset[str]
) -> Ranked:
    """How the stretches fit; where products are named, articles about others only are no candidates."""
    wanted = Filter(asker.readers, _language(index, asker.locale))
    ranked = answering.ranker.rank(index, vector, text, index.filters.allowed(wanted), asker.owned)
    if not families:
        return ranked
    about = [
        index.families.of_article(index.passages[owner].article) for owner in index.searching.owner[ranked.stretches]
    ]
    return ranked.among(np.asarray([one is None or one in families for one in about], dtype=bool))


CLEARLY_SURER = 1.5
"""How much more probable the answer to a message alone must be than the one to the completed question, where it looks
as if it needed the one before it."""
ABOUT_ANOTHER = 0.9
"""How probable the answer of another article must be for a message that tells what is not so to be about that one."""
WEIGHT_ALONE = 0.25
"""What the message alone adds to a stretch's score beside the completed one: it is what is new in the question. Of 68
follow-ups written for the reference assistant 60 get the right article by it, 57 by twice as much."""
STAYS = 4.0
"""What the article that answered last gains, in logarithms of odds, where a message only checks what was understood."""


def _staying(index: KnowledgeIndex, ranked: Ranked, article: str) -> Ranked:
    """The ranking in which the article that answered last counts for more."""
    owners = index.searching.owner[ranked.stretches]
    own = np.asarray([index.passages[owner].article == article for owner in owners], dtype=float)
    return ranked.rescored(ranked.scores + STAYS * own)


def _with_seen(index: KnowledgeIndex, ranked: Ranked, asking: Asking, last: LastQuestion | None) -> Asking:
    """The question with what was done and, for a follow-up, just seen, where the same article answers."""
    if last is None or not len(ranked.stretches):
        return asking
    article = index.passages[index.searching.owner[ranked.stretches[int(np.argmax(ranked.scores))]]].article
    same = (last.article, last.version) == (article, index.version(article))
    return replace(asking, seen=last.shown if asking.new else (), done=last.done) if same else asking


def _better_proven(index: KnowledgeIndex, one: Ranked, other: Ranked, least: float) -> bool:
    """Whether one ranking answers more surely than another; what answers nothing is not proven at all."""
    if one.answerable < least:
        return False
    return other.answerable < least or _share_of_best(index, one) > CLEARLY_SURER * _share_of_best(index, other)


def _about(index: KnowledgeIndex, ranked: Ranked, family: str) -> Ranked:
    about = [
        index.families.of_article(index.passages[owner].article) for owner in index.searching.owner[ranked.stretches]
    ]
    return ranked.among(np.asarray([one == family for one in about], dtype=bool))


def _known_families(index: KnowledgeIndex, asker: Asker) -> list[str]:
    """The families of what the customer spoke of or owns, and of the article that answered last."""
    known = [index.families.of_product(product) for product in asker.owned]
    if (last := asker.context.last) is not None:
        known.insert(0, index.families.of_article(last.article))
    return [family for family in known if family is not None]


def _family_of(index: KnowledgeIndex, articles: Sequence[str]) -> str | None:
    """The family that all of these articles are about."""
    families = {index.families.of_article(article) for article in articles}
    return next(iter(families)) if len(families) == 1 else None


def _asks_of_no_product(index: KnowledgeIndex, articles: Sequence[str], confidence: float) -> bool:
    """Whether it was surely read as a question whose articles are about no product: none is missing then."""
    about = {index.families.of_article(article) for article in articles}
    return about == {None} and confidence >= SURE_OF_FAMILY


def _share_of_best(index: KnowledgeIndex, ranked: Ranked) -> float:
    """The probability of the article that fits best."""
    if not len(ranked.stretches):
        return 0.0
    articles = [index.passages[owner].article for owner in index.searching.owner[ranked.stretches]]
    best = articles[int(np.argmax(ranked.scores))]
    return float(sum(share for share, article in zip(ranked.shares, articles, strict=True) if article == best))


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
