"""Cutting: articles to passages and stretches, and the texts that the encoder and the word index read of them.

An article that stands in an earlier build as it stands now is not cut again: its parts are taken over with new numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.index.passages import Passage, blocks_of, passages_of, plain
from bot.knowledge.index.stretches import Stretch, stretches_of
from bot.knowledge.sources.articles import Article
from bot.knowledge.sources.asked import Asked, AskedQuestion


@dataclass(frozen=True)
class Texts:
    """What is read of passages and stretches, in their order."""

    passages: tuple[str, ...]
    """A passage with the headings above it."""
    sentences: tuple[str, ...]
    """A stretch as it stands, without Markdown's signs."""
    contexts: tuple[str, ...]
    """A stretch with the headings above it."""


@dataclass(frozen=True)
class Cut:
    """Articles in parts."""

    passages: tuple[Passage, ...]
    stretches: tuple[Stretch, ...]
    passages_from: NDArray[np.int64]
    """(passages,) the number that a passage has in the earlier build; -1 for one that was cut anew."""
    stretches_from: NDArray[np.int64]
    """(stretches,) the same."""
    texts: Texts
    """What is read of the passages and stretches that were cut anew."""
    asked: tuple[tuple[str, int], ...]
    """Each asked question that has its sentence, and the number of the stretch."""
    unplaced: tuple[AskedQuestion, ...]
    """Asked questions whose sentence stands in no article any more."""


class Earlier:
    """What an earlier build cut, article by article."""

    def __init__(self, passages: Sequence[Passage], stretches: Sequence[Stretch], bodies: Mapping[str, str]) -> None:
        self._passages, self._stretches, self._bodies = passages, stretches, bodies
        owners = [stretch.passage for stretch in stretches]
        firsts: dict[str, int] = {}
        for number, passage in enumerate(passages):
            firsts.setdefault(passage.article, number)
        ends = [*firsts.values(), len(passages)]
        bounds = np.searchsorted(owners, ends)
        # A build cuts one article after the other, so what is an article's stands together.
        self._places = {
            article: ((ends[at], ends[at + 1]), (int(bounds[at]), int(bounds[at + 1])))
            for at, article in enumerate(firsts)
        }

    def of(self, article: Article) -> tuple[tuple[int, int], tuple[int, int]] | None:
        """Return the first and last numbers of an article's passages and stretches, ``None`` if it was another one."""
        found = self._places.get(article.id)
        if found is None or self._bodies[article.id] != article.body:
            return None
        like = self._passages[found[0][0]]
        said = (like.title, like.url, like.audience, like.language, like.products)
        same = said == (article.title, article.url, article.audience, article.language, article.products)
        return found if same else None

    def passages(self, first: int, last: int, moved: int) -> Sequence[Passage]:
        """Return passages, their numbers moved."""
        own = self._passages[first:last]
        return [replace(passage, id=passage.id + moved) for passage in own] if moved else own

    def stretches(self, first: int, last: int, moved: int) -> Sequence[Stretch]:
        """Return stretches, the numbers of their passages moved."""
        own = self._stretches[first:last]
        return [replace(stretch, passage=stretch.passage + moved) for stretch in own] if moved else own


def cut(articles: Sequence[Article], asked: Asked, earlier: Earlier | None = None) -> Cut:
    """Cut articles in the order in which they are given, and lay each asked question beside its sentence."""
    passages: list[Passage] = []
    stretches: list[Stretch] = []
    passages_from: list[NDArray[np.int64]] = []
    stretches_from: list[NDArray[np.int64]] = []
    bodies = {article.id: article.body for article in articles}
    anew: tuple[list[Passage], list[Stretch]] = ([], [])
    for article in articles:
        found = earlier.of(article) if earlier is not None else None
        if earlier is not None and found is not None:
            own, parts = found
            moved = len(passages) - own[0]
            passages += earlier.passages(*own, moved)
            stretches += earlier.stretches(*parts, moved)
            passages_from.append(np.arange(*own))
            stretches_from.append(np.arange(*parts))
            continue
        blocks = tuple(blocks_of(article.body))
        fresh = passages_of(article, first_id=len(passages))
        said = [stretch for passage in fresh for stretch in stretches_of(passage, article.body, blocks)]
        passages += fresh
        stretches += said
        anew[0].extend(fresh)
        anew[1].extend(said)
        passages_from.append(np.full(len(fresh), -1))
        stretches_from.append(np.full(len(said), -1))
    placed, unplaced = _placed(asked.questions, passages, stretches, bodies)
    none = np.zeros(0, dtype=np.int64)
    return Cut(
        tuple(passages),
        tuple(stretches),
        np.concatenate([none, *passages_from]),
        np.concatenate([none, *stretches_from]),
        texts_of(anew[0], [(passages[stretch.passage], stretch) for stretch in anew[1]], bodies),
        placed,
        unplaced,
    )


def texts_of(
    passages: Sequence[Passage], stretches: Sequence[tuple[Passage, Stretch]], bodies: Mapping[str, str]
) -> Texts:
    """Return what is read of passages, and of stretches with the passages that hold them."""
    sentences = tuple(plain(bodies[passage.article][part.start : part.end]) for passage, part in stretches)
    return Texts(
        tuple(f"{passage.context}\n{plain(passage.text)}" for passage in passages),
        sentences,
        tuple(f"{passage.context}. {text}" for (passage, _), text in zip(stretches, sentences, strict=True)),
    )


def _placed(
    questions: Sequence[AskedQuestion],
    passages: Sequence[Passage],
    stretches: Sequence[Stretch],
    bodies: Mapping[str, str],
) -> tuple[tuple[tuple[str, int], ...], tuple[AskedQuestion, ...]]:
    wanted = {question.article for question in questions}
    said: dict[str, list[tuple[str, int]]] = {article: [] for article in wanted}
    for number, stretch in enumerate(stretches if wanted else ()):
        article = passages[stretch.passage].article
        if article in wanted:
            said[article].append((_plain_space(bodies[article][stretch.start : stretch.end]), number))
    placed: list[tuple[str, int]] = []
    unplaced: list[AskedQuestion] = []
    for question in questions:
        sentence = _plain_space(question.sentence)
        numbers = [number for text, number in said[question.article] if text.startswith(sentence)]
        numbers = numbers or [number for text, number in said[question.article] if sentence in text]
        if numbers:
            placed.append((question.text, numbers[0]))
        else:
            unplaced.append(question)
    return tuple(placed), tuple(unplaced)


def _plain_space(text: str) -> str:
    return " ".join(text.split())
