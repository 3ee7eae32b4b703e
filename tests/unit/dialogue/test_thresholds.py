"""What is measured on examples that a model has not seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue import agreement, sharing
from bot.dialogue.weighed import Sharing, sharing_readings
from bot.errors import ArtefactError
from bot.knowledge.answering.ranking import Ranked, Ranker
from bot.knowledge.index.filters import Filter
from bot.knowledge.index.index import KnowledgeIndex
from bot.knowledge.sources.articles import load_articles
from bot.nlu.intents.classifier import Reading
from bot.nlu.intents.held_out import Examples, held_out_readings, intents_among
from tests.brain.small_project import WordEncoder, write_project

APART = {
    "hours": ["when open on sunday", "opening hours on sunday", "open on sunday when", "sunday opening hours please"],
    "cost": ["delivery cost to my door", "what does delivery cost", "cost of delivery please", "delivery to door cost"],
    "out_of_scope": ["sing a song", "sing me one song", "a song to sing please", "sing that song"],
}


def examples(by_label: dict[str, list[str]]) -> Examples:
    """Training sentences with their vectors."""
    texts = tuple(text for sentences in by_label.values() for text in sentences)
    labels = tuple(label for label, sentences in by_label.items() for _ in sentences)
    return Examples(texts, WordEncoder().encode(texts), labels)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeIndex:
    """The small project's articles."""
    root = tmp_path_factory.mktemp("articles")
    write_project(root)
    return KnowledgeIndex.build(load_articles(root / "knowledge_index" / "articles"), WordEncoder())


def test_examples_are_read_by_a_model_that_has_not_seen_them() -> None:
    """Each place once, and out of scope is no intent among others."""
    tried = list(held_out_readings(examples(APART), 1, "out_of_scope"))
    assert len({held.place for held in tried}) == len(tried) > 0
    assert all(reading.name != "out_of_scope" for held in tried for reading in held.readings)


def test_intents_that_are_easy_to_tell_apart_need_little_lead_and_confusable_ones_more() -> None:
    """The lead is measured, not chosen."""
    confused = {
        "one": ["red green", "green blue", "blue red", "red"],
        "two": ["green red", "blue green", "red blue", "blue"],
    }
    assert (
        sharing.measure(examples(APART), 1, "out_of_scope").lead
        < sharing.measure(examples(confused), 1, "out_of_scope").lead
    )


def test_readings_share_the_probability_by_their_distance_to_the_first() -> None:
    """At most three, so that the buttons are no menu."""
    readings = [Reading(name, share) for name, share in (("a", 0.3), ("b", 0.25), ("c", 0.24), ("d", 0.21))]
    assert sharing_readings(readings, Sharing(lead=0.2)) == ("a", "b", "c")
    assert sharing_readings(readings, Sharing(lead=0.0)) == ("a",)
    assert sharing_readings([], Sharing(lead=0.5)) == ()
    assert intents_among(readings, "a") == tuple(readings[1:])


def ranked_at(index: KnowledgeIndex) -> Callable[[int], Ranked]:
    """How a ranker that has learned nothing judges the examples."""
    given, allowed = examples(APART), index.filters.allowed(Filter(frozenset({"public"})))
    ranker = Ranker.untaught(WordEncoder.dimensions)
    return lambda place: ranker.rank(index, given.vectors[place], given.texts[place], allowed)


def test_agreeing_answers_need_less_than_those_that_stand_alone(index: KnowledgeIndex) -> None:
    """Intent and article are two witnesses."""
    articles = {"hours": ["opening-hours"], "cost": ["delivery"]}
    found = agreement.measure(index, examples(APART), ranked_at(index), articles, Sharing(lead=0.0), 1, "out_of_scope")
    assert found < agreement.NEVER


def test_without_articles_nothing_agrees(index: KnowledgeIndex) -> None:
    """Then a passage must stand alone."""
    found = agreement.measure(index, examples(APART), ranked_at(index), {}, Sharing(lead=0.0), 1, "out_of_scope")
    assert found == agreement.NEVER


def test_measures_are_kept_with_the_model_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    """With the command that makes them again."""
    sharing.save(Sharing(lead=0.25), tmp_path)
    agreement.save(0.4, tmp_path)
    assert (sharing.load(tmp_path).lead, agreement.load(tmp_path)) == (0.25, 0.4)
    for path in tmp_path.iterdir():
        path.write_text("{}")
    with pytest.raises(ArtefactError, match="make train"):
        sharing.load(tmp_path)
    with pytest.raises(ArtefactError, match="make train"):
        agreement.load(tmp_path)


def test_the_stand_in_encoder_returns_rows_of_length_one() -> None:
    """As every encoder must."""
    assert np.allclose(np.linalg.norm(WordEncoder().encode(["one", "two words", ""]), axis=1), 1.0)
