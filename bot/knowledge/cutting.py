"""Cutting: articles to passages and stretches, and the texts that the encoder and the word index read of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.articles import Article
from bot.knowledge.asked import Asked, AskedQuestion
from bot.knowledge.duplicates import folded
from bot.knowledge.passages import Passage, passages_of, plain
from bot.knowledge.stretches import Stretch, stretches_of


@dataclass(frozen=True)
class Texts:
    """What is read of passages and stretches, in their order."""

    passage_texts: tuple[str, ...]
    """A passage with the headings above it."""
    sentence_texts: tuple[str, ...]
    """A stretch as it stands, without Markdown's signs."""
    context_texts: tuple[str, ...]
    """A stretch with the headings above it."""


@dataclass(frozen=True)
class Cut(Texts):
    """Articles in parts."""

    passages: tuple[Passage, ...]
    stretches: tuple[Stretch, ...]
    owners: NDArray[np.int64]
    asked: tuple[tuple[str, int], ...]
    """Each asked question that has its sentence, and the number of the stretch."""
    unplaced: tuple[AskedQuestion, ...]
    """Asked questions whose sentence stands in no article any more."""

    @property
    def texts(self) -> tuple[str, ...]:
        """All that is encoded, in the order of :attr:`counts`."""
        return (*self.passage_texts, *self.sentence_texts, *self.context_texts, *(text for text, _ in self.asked))

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """How many texts there are of passages, stretches, stretches in context and asked questions."""
        return len(self.passages), len(self.stretches), len(self.stretches), len(self.asked)

    @staticmethod
    def texts_of(passages: Sequence[Passage], stretches: Sequence[Stretch], bodies: Mapping[str, str]) -> Texts:
        """Return what is read of parts that were cut before."""
        owners = [passages[stretch.passage] for stretch in stretches]
        sentences = tuple(
            plain(bodies[passage.article][stretch.start : stretch.end])
            for passage, stretch in zip(owners, stretches, strict=True)
        )
        return Texts(
            tuple(f"{passage.context}\n{plain(passage.text)}" for passage in passages),
            sentences,
            tuple(f"{passage.context}. {text}" for passage, text in zip(owners, sentences, strict=True)),
        )


def cut(articles: Sequence[Article], asked: Asked) -> Cut:
    """Cut articles in the order in which they are given, and lay each asked question beside its sentence."""
    passages: list[Passage] = []
    stretches: list[Stretch] = []
    bodies = {article.id: article.body for article in articles}
    for article in articles:
        for passage in passages_of(article, first_id=len(passages)):
            passages.append(passage)
            stretches += stretches_of(passage, article.body)
    placed, unplaced = _placed(asked.questions, passages, stretches, bodies)
    texts = Cut.texts_of(passages, stretches, bodies)
    return Cut(
        texts.passage_texts,
        texts.sentence_texts,
        texts.context_texts,
        tuple(passages),
        tuple(stretches),
        folded([plain(passage.text) for passage in passages]),
        placed,
        unplaced,
    )


def _placed(
    questions: Sequence[AskedQuestion],
    passages: Sequence[Passage],
    stretches: Sequence[Stretch],
    bodies: Mapping[str, str],
) -> tuple[tuple[tuple[str, int], ...], tuple[AskedQuestion, ...]]:
    wanted = {question.article for question in questions}
    said: dict[str, list[tuple[str, int]]] = {article: [] for article in wanted}
    for number, stretch in enumerate(stretches):
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
