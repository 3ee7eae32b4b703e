"""Questions drawn from articles: their rarest words, for their readers only, judged without their own article."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.knowledge.answering import drawn as drawing
from bot.knowledge.answering.drawn import Drawn, draw
from bot.knowledge.answering.ranking import Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import Article
from bot.nlu.encoder.protocol import Encoder, Vectors

PUBLIC = frozenset({"public"})


@pytest.fixture
def index(shelf: tuple[Article, ...], encoder: Encoder) -> KnowledgeIndex:
    """Two public articles and an internal one."""
    return KnowledgeIndex.build(shelf, encoder)


def drawn_from(index: KnowledgeIndex, encoder: Encoder) -> tuple[list[str], Drawn]:
    """What was asked, and how it was judged."""
    asked: list[str] = []

    def encode(texts: Sequence[str]) -> Vectors:
        asked.extend(texts)
        return encoder.encode(texts)

    return asked, draw(index, Ranker.untaught(encoder.dimensions), PUBLIC, encode, 1)


def test_a_question_is_judged_without_its_article_and_by_no_internal_one(
    index: KnowledgeIndex, encoder: Encoder
) -> None:
    """With two public articles, the other one alone is left to seem to answer."""
    asked, found = drawn_from(index, encoder)
    assert found.articles == 2
    assert len(found.answered) == len(found.unanswered) == len(asked) > 4
    for with_it, without in zip(found.answered, found.unanswered, strict=True):
        articles, others = (
            {index.passages[index.searching.owner[stretch]].article for stretch in one.stretches}
            for one in (with_it, without)
        )
        assert articles == {"store-hours", "not-draining"}
        assert len(others) == 1
    assert not any("approval" in text or "leader" in text for text in asked)


def test_the_rarest_words_of_a_sentence_ask_for_it(index: KnowledgeIndex, encoder: Encoder) -> None:
    """In their order, and in small letters."""
    asked, _ = drawn_from(index, encoder)
    assert "christmas" in " ".join(asked)
    assert all(1 < len(text.split()) <= 4 and text == text.lower() for text in asked)


def test_of_many_sentences_some_are_drawn_and_the_same_for_the_same_seed(
    index: KnowledgeIndex, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company with thousands of articles trains as fast."""
    monkeypatch.setattr(drawing, "MOST", 3)
    ranker = Ranker.untaught(encoder.dimensions)
    one, other = (draw(index, ranker, PUBLIC, encoder.encode, 5) for _ in range(2))
    assert len(one.answered) == 3
    assert [ranked.answerable for ranked in one.answered] == [ranked.answerable for ranked in other.answered]


def test_the_more_is_looked_at_the_more_speaks_for_nothing(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Of many stretches some come near to anything, so one threshold serves bases of any size."""
    ranker, text = Ranker.untaught(encoder.dimensions), "when do the stores close"
    allowed = index.filters.allowed(Filter(PUBLIC))
    ranked, uncounted = (
        one.rank(index, encoder.encode([text])[0], text, allowed) for one in (ranker, replace(ranker, crowd=0.0))
    )
    assert ranker.crowd > 1
    assert ranked.nothing - uncounted.nothing == pytest.approx(ranker.crowd * math.log(len(ranked.stretches)))
