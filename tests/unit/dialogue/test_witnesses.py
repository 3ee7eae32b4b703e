"""Which article answers, by how it fits and by what was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.dialogue.asker import Asker
from bot.dialogue.looking_up import look_up
from bot.dialogue.witnesses import leads, with_reading
from bot.knowledge.answering.ranking import Ranked
from bot.knowledge.index.index import KnowledgeIndex
from bot.nlu.encoder.protocol import Encoder, Vectors
from tests.unit.dialogue.test_looking_up import ALWAYS, NEVER, PUBLIC, answering, found, shelf_of

TWO = (
    ("rooms", "Rooms", "public", "en", "A room has a bed."),
    ("meals", "Meals", "public", "en", "A meal has a soup."),
    ("baths", "Baths", "public", "en", "A bath has a towel."),
)


@pytest.fixture
def index(tmp_path: Path, encoder: Encoder) -> KnowledgeIndex:
    """A hotel's three articles, of one stretch each."""
    return shelf_of(tmp_path, encoder, TWO)


def ranked(index: KnowledgeIndex, **odds: float) -> Ranked:
    """A ranking by the odds of each article against nothing."""
    numbers = np.arange(len(index.searching.owner))
    articles = [index.passages[owner].article for owner in index.searching.owner]
    return Ranked(numbers, np.log([odds.get(article, 1e-6) for article in articles]), 0.0)


def test_what_was_read_breaks_a_near_tie_and_no_clear_lead(index: KnowledgeIndex) -> None:
    """Two witnesses weigh together; the odds that anything answers stay what they were."""
    near, clear = ranked(index, rooms=5.0, meals=4.0), ranked(index, rooms=50.0, meals=4.0)
    assert leads(index, with_reading(index, near, ("meals",), 0.9)) == "meals"
    assert leads(index, with_reading(index, near, ("meals",), 0.05)) == "rooms"
    assert leads(index, with_reading(index, clear, ("meals",), 0.9)) == "rooms"
    assert with_reading(index, near, ("meals",), 0.9).answerable == pytest.approx(near.answerable)
    assert with_reading(index, near, (), 0.9) is near


def test_an_article_leads_that_is_as_likely_as_all_others(index: KnowledgeIndex) -> None:
    """Else nobody can say which one answers."""
    assert leads(index, ranked(index, rooms=4.0, meals=3.0)) == "rooms"
    assert leads(index, ranked(index, rooms=4.0, meals=3.0, baths=3.0)) is None
    assert leads(index, Ranked(np.zeros(0, np.int64), np.zeros(0), 0.0)) is None


def test_where_no_article_leads_none_answers(tmp_path: Path, encoder: Encoder) -> None:
    """Although some article surely does."""
    alike = [(f"desk-{place}", f"Desk {place}", "public", "en", f"The desk keeps keys {place}.") for place in "abc"]
    shelf = shelf_of(tmp_path, encoder, alike)
    asked = found(shelf, encoder, "does the desk keep keys", answering(encoder, alone=ALWAYS, agreed=NEVER))
    assert asked.several
    assert asked.best is None


def test_what_one_clause_of_a_story_asks_is_answered_by_the_articles_of_the_reading(
    index: KnowledgeIndex, encoder: Encoder
) -> None:
    """The other clauses hide it from the search; without a reading nothing bears it out."""
    clause, story = "a meal has a soup", "we came by train on a friday and a meal has a soup and my aunt sings"
    learned = replace(answering(encoder, alone=7.0, agreed=NEVER), articles={"eating": ("meals",)})
    (vector,) = encoder.encode([story])
    clauses = {clause: encoder.encode([clause])[0]}

    def agreed(intent: str | None, told: Mapping[str, Vectors]) -> str | None:
        asked = look_up(index, learned, story, vector, intent, Asker(PUBLIC), 5, encoder.encode, 0.9, told)
        assert asked.best is None
        return asked.agreed.article if asked.agreed is not None else None

    assert agreed("eating", clauses) == "meals"
    assert agreed("eating", {}) is None
    assert agreed(None, clauses) is None
