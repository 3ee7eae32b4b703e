"""What an answer promises: verbatim, from the best passage, steps never cut."""

from __future__ import annotations

import pytest

from bot.knowledge.answers import answer_from
from bot.knowledge.articles import load_articles
from bot.knowledge.index import KnowledgeIndex

LONG = """Our crews deliver every day but Sunday. The crew rings half an hour before it arrives. Delivery to the islands
takes longer. An adult must be at home for the delivery. The crew carries the appliance to the room of your choice.
Narrow stairs must be measured before. The crew takes the packaging away. The old appliance is taken away for a fee of
twenty pounds. Fees are paid in advance. Parking must be possible in front of the house."""


def asked(index, encoder, text):
    vector = encoder.encode([text])[0]
    return answer_from(index, vector, index.search(vector, text, ("public",)))


@pytest.fixture
def index(shelf, encoder):
    return KnowledgeIndex.build(shelf, encoder)


@pytest.mark.parametrize("text", ["stores on christmas day", "how do i clean the filter", "when are the stores open"])
def test_an_answer_is_verbatim_from_the_best_article(index, encoder, text):
    answer = asked(index, encoder, text)
    best = index.search(encoder.encode([text])[0], text, ("public",))[0]
    assert answer.passage.article == best.passage.article
    assert answer.score == best.score
    assert answer.passage.start <= answer.start < answer.end <= answer.passage.end
    assert answer.text == index.text(answer.passage.article, answer.start, answer.end)


def test_of_a_long_passage_the_fitting_sentence_is_quoted(write, encoder):
    index = KnowledgeIndex.build(load_articles(write(body=LONG).parent), encoder)
    answer = asked(index, encoder, "must an adult be at home for the delivery")
    assert "An adult must be at home for the delivery." in answer.text
    assert len(answer.text.split()) <= 60
    assert answer.text in LONG


def test_steps_are_quoted_whole_with_the_sentence_that_leads_to_them(write, encoder):
    steps = "\n".join(
        f"{number}. Turn screw {number} to the left until the small red mark is up." for number in range(9)
    )
    body = f"Some words to begin with. They say little.\n\nTo open the pump cover:\n\n{steps}\n\nThen close it."
    index = KnowledgeIndex.build(load_articles(write(body=body).parent), encoder)
    assert asked(index, encoder, "how to turn the screw to the left").text == f"To open the pump cover:\n\n{steps}"


def test_without_hits_there_is_no_answer(index, encoder):
    assert answer_from(index, encoder.encode(["x"])[0], ()) is None


def test_the_question_of_the_title_is_answered_by_the_opening(index, encoder):
    assert asked(index, encoder, "my dishwasher does not drain").passage.heading == ""


def test_a_question_about_a_detail_is_answered_by_the_passage_that_has_it(index, encoder):
    assert asked(index, encoder, "stores closed on christmas day").text == "Stores are closed on Christmas Day."
