"""What training learns about answering, from a shelf of five articles and the sentences of four intents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bot.dialogue import agreement
from bot.dialogue.answering import Answering, Nothing, learn_answering
from bot.dialogue.asker import Asker
from bot.dialogue.looking_up import Found, look_up
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.encoder.protocol import Encoder
from bot.nlu.intents.budget import Budget
from bot.nlu.intents.held_out import Examples
from tests.unit.dialogue.test_looking_up import ARTICLES, shelf_of

OF_INTENTS: Mapping[str, Sequence[str]] = {"hours": ("store-hours",), "guarantees": ("guarantee",)}
SENTENCES = {
    "hours": ("when are the stores open", "do the stores open on Sunday", "the stores open when", "stores open at 9am"),
    "guarantees": ("is the oven guaranteed", "the oven is guaranteed", "oven door guaranteed", "guaranteed for years"),
    "book_visit": ("send me a visit", "a visit please", "book me a visit", "visit me please", "a visit today"),
    "out_of_scope": ("sing me a song", "a song to sing", "sing that song", "one song please"),
}
NOTHING = ("who is the king", "what is the weather", "tell me a poem", "what is chess")
PUBLIC = frozenset({"public"})


@pytest.fixture
def index(tmp_path: Path, encoder: Encoder) -> KnowledgeIndex:
    """Public articles and an internal one."""
    return shelf_of(tmp_path, encoder, ARTICLES)


def learned(
    index: KnowledgeIndex,
    encoder: Encoder,
    said: list[str],
    budget: Budget | None = None,
    articles: Mapping[str, Sequence[str]] = OF_INTENTS,
    sentences: Mapping[str, Sequence[str]] = SENTENCES,
    seed: int = 1,
) -> Answering:
    """Learn on the sentences above."""
    texts = tuple(text for several in sentences.values() for text in several)
    labels = tuple(label for label, several in sentences.items() for _ in several)
    examples = Examples(texts, encoder.encode(texts), labels)
    nothing = Nothing(NOTHING, encoder.encode(NOTHING))
    given = (index, nothing, examples, articles, PUBLIC, budget, seed, "out_of_scope", said.append, encoder.encode)
    return learn_answering(*given)


def look(answering: Answering, index: KnowledgeIndex, encoder: Encoder) -> Found:
    """What it finds for a question."""
    text = "is the oven guaranteed"
    (vector,) = encoder.encode([text])
    return look_up(index, answering, text, vector, "guarantees", Asker(PUBLIC), 5, encoder.encode)


def test_both_points_are_measured_and_told_in_the_trainings_log(index: KnowledgeIndex, encoder: Encoder) -> None:
    """The same for the same seed; what a budget would buy is told also where none was asked for."""
    said: list[str] = []
    found = learned(index, encoder, said)
    assert found.articles == OF_INTENTS
    assert found.agreed < agreement.NEVER
    assert found.alone == found.calibration.threshold
    measured = f"Knowledge: {found.calibration}; where the intent agrees, {found.agreed:.2f} is enough"
    assert said.count(measured) == 1
    prices = said[said.index(measured) + 1 :]
    assert prices[0].startswith("Knowledge: max_wrong_answers 0.01 would mean ")
    assert any(line.startswith("Knowledge: max_wrong_answers 0.08 would mean ") for line in prices)
    again: list[str] = []
    assert learned(index, encoder, again).agreed == found.agreed
    assert again == said


def test_a_budget_that_was_asked_for_is_among_the_prices(index: KnowledgeIndex, encoder: Encoder) -> None:
    """Beside the usual ones."""
    said: list[str] = []
    learned(index, encoder, said, Budget(0.07, 0.1))
    assert sum(line.startswith("Knowledge: max_wrong_answers 0.07 would mean ") for line in said) == 1


def test_questions_are_those_that_articles_answer_and_those_that_are_out_of_scope(
    index: KnowledgeIndex, encoder: Encoder
) -> None:
    """What acts is left out, since an article may answer it as well; so are intents without an article."""
    counted = learned(index, encoder, []).calibration
    assert counted.answerable == len(SENTENCES["hours"]) + len(SENTENCES["guarantees"])
    assert counted.unanswerable == len(NOTHING) + len(SENTENCES["out_of_scope"])
    fewer = learned(index, encoder, [], articles={**OF_INTENTS, "guarantees": ()}).calibration
    assert fewer.answerable == len(SENTENCES["hours"])


def test_two_witnesses_never_ask_for_more_than_one(index: KnowledgeIndex, encoder: Encoder) -> None:
    """However high an intent's examples would set it: what may stand alone is enough where the intent agrees, too."""
    said: list[str] = []
    found = learned(index, encoder, said)
    assert found.agreed <= found.alone
    assert any(f"where the intent agrees, {found.agreed:.2f} is enough" in line for line in said)


def test_without_articles_or_out_of_scope_examples_nothing_agrees(index: KnowledgeIndex, encoder: Encoder) -> None:
    """And training goes on: whatever was read, a passage must be as sure as one that stands alone."""
    acts = {name: SENTENCES[name] for name in ("book_visit",)}
    found = learned(index, encoder, [], articles={}, sentences={**acts, "greet": ("hello", "hi there", "hello you")})
    assert found.agreed == found.alone
    assert found.calibration.answerable == 0


def test_what_was_learned_ranks_as_before_once_it_is_read_again(
    index: KnowledgeIndex, encoder: Encoder, tmp_path: Path
) -> None:
    """All of it is kept in one folder, with words in any script."""
    articles = {**OF_INTENTS, "gefällt": ("garantie",)}
    found = learned(index, encoder, [], articles=articles)
    folder = tmp_path / "kept"
    folder.mkdir()
    found.save(folder)
    read = Answering.load(folder)
    assert (read.calibration, read.agreed) == (found.calibration, found.agreed)
    assert {name: tuple(ids) for name, ids in read.articles.items()} == articles
    assert look(read, index, encoder) == look(found, index, encoder)
