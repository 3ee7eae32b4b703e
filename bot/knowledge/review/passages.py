"""Two articles that say the same, or the opposite: found among near-equal passages and sentences."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bot.knowledge.index.passages import Passage, passages_of, plain
from bot.knowledge.index.stretches import stretches_of
from bot.knowledge.index.words import stems_of
from bot.knowledge.review.checks import Finding
from bot.knowledge.review.claims import Claims, claims_of, contradictions
from bot.knowledge.sources.articles import Article
from bot.nlu.encoder.protocol import Encoder, Vectors

# Passages that share half of their runs of four words are one text, edited: a changed word takes four runs with it.
_RUN = 4
_SAME_RUNS = 0.5
_FEWEST_WORDS = 12
# A run that stands in more passages than this is a phrase of the house, and says nothing about two of them.
_MOST_HOLDERS = 50
# Sentences about one thing. Looked at on our own articles, which hold no contradiction: what differs in a value
# comes to .43 of common words, what differs in a negation to .63 ("part of an order", "the whole order").
_NEAR = 0.65
_COMMON_WORDS = 0.5
_COMMON_WORDS_OF_DENIALS = 0.7
# Rows of the matrix of similarities that are looked at together: 40 MB for ten thousand sentences.
_ROWS = 1000

_POINTS_BACK = re.compile(r"(?:it|its|this|that|these|those|they|their|both|each|he|she|there|then)\b", re.IGNORECASE)
_NAME = re.compile(r"(?<=\s)[A-Z][a-z]{2,}")


@dataclass(frozen=True)
class _Sentence:
    article: Article
    passage: Passage
    start: int
    text: str
    claims: Claims


def check_duplicates(articles: Sequence[Article]) -> Iterator[Finding]:
    """Yield pairs of passages of two articles that say the same in nearly the same words, and titles used twice."""
    by_title: dict[str, Article] = {}
    for article in articles:
        title = " ".join(article.title.casefold().split())
        twin = by_title.setdefault(title, article)
        if twin is not article:
            what = f"{twin.id} has the same title, “{article.title}”."
            yield Finding("duplicate", (twin.id, article.id), article.place(0), what)
    kept = [
        (article, passage, _runs(passage.text))
        for article in articles
        for passage in passages_of(article)
        if len(passage.text.split()) >= _FEWEST_WORDS
    ]
    for one, other in _sharing([runs for _, _, runs in kept]):
        (article, passage, _), (twin, copy, _) = kept[one], kept[other]
        if article.id != twin.id and _may_meet(article, twin):
            what = f"{article.place(passage.start)} says nearly the same: “{_short(passage.text)}”"
            yield Finding("duplicate", (article.id, twin.id), twin.place(copy.start), what)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = stems_of(text)
    return frozenset(tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))


def _sharing(runs: Sequence[frozenset[tuple[str, ...]]]) -> Iterator[tuple[int, int]]:
    """Yield the pairs that share enough of their runs; only those that share one are compared."""
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, own in enumerate(runs):
        for run in own:
            holders[run].append(place)
    shared: Counter[tuple[int, int]] = Counter()
    for places in holders.values():
        if 1 < len(places) <= _MOST_HOLDERS:
            shared.update(combinations(places, 2))
    for (one, other), count in sorted(shared.items()):
        if count >= _SAME_RUNS * len(runs[one] | runs[other]):
            yield one, other


def check_contradictions(articles: Sequence[Article], encoder: Encoder) -> Iterator[Finding]:
    """Yield pairs of sentences about one thing that state another amount, period, time or date, or the opposite."""
    sentences = [sentence for article in articles for sentence in _sentences(article)]
    vectors = encoder.encode([plain(sentence.text) for sentence in sentences])
    for one, other in _pairs(vectors, _NEAR):
        first, second = sentences[one], sentences[other]
        differing = [kind for kind in contradictions(first.claims, second.claims) if _same_thing(first, second, kind)]
        if differing and _comparable(first, second):
            where = first.article.place(first.start)
            what = f"“{_short(second.text)}” against “{_short(first.text)}” in {where} ({', '.join(differing)})."
            ids = tuple(dict.fromkeys((first.article.id, second.article.id)))
            yield Finding("contradiction", ids, second.article.place(second.start), what)


def _sentences(article: Article) -> Iterator[_Sentence]:
    """Yield the sentences that state something by themselves: not those that point back to the one before."""
    for passage in passages_of(article):
        for stretch in stretches_of(passage, article.body):
            text = article.body[stretch.start : stretch.end]
            if stretch.whole or _POINTS_BACK.match(text):
                continue
            claims = claims_of(text)
            if claims.about:
                yield _Sentence(article, passage, stretch.start, text, claims)


def _same_thing(one: _Sentence, other: _Sentence, kind: str) -> bool:
    """Whether the words around the claims are those of one statement: the shorter one's stand in the longer one."""
    first, second = one.claims.about, other.claims.about
    least = _COMMON_WORDS_OF_DENIALS if kind == "negation" else _COMMON_WORDS
    return (first <= second or second <= first) and _share(first, second) >= least


def _comparable(one: _Sentence, other: _Sentence) -> bool:
    """Whether nothing around the sentences says that they are about two things."""
    if one.article.id == other.article.id:
        return one.passage.heading == other.passage.heading
    names = [set(_NAME.findall(f" {sentence.passage.context}")[1:]) for sentence in (one, other)]
    return _may_meet(one.article, other.article) and (not all(names) or bool(names[0] & names[1]))


def _may_meet(one: Article, other: Article) -> bool:
    """Whether two articles are in one language, and about no two products."""
    products = set(one.products) & set(other.products) or not (one.products and other.products)
    return one.language.split("-")[0] == other.language.split("-")[0] and bool(products)


def _pairs(vectors: Vectors, least: float) -> Iterator[tuple[int, int]]:
    """Yield the pairs of rows whose inner product is ``least`` or more, the smaller row first."""
    for start in range(0, len(vectors), _ROWS):
        similarities = vectors[start : start + _ROWS] @ vectors[start:].T
        for row, column in np.argwhere(similarities >= least):
            if row < column:
                yield start + int(row), start + int(column)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))


_LONGEST = 160


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"
