"""What finding gaps promises: questions that mean the same come together, and the costly ones come first."""

from __future__ import annotations

import pytest

from bot.knowledge.review import gaps as gaps_module
from bot.knowledge.review.gaps import Unanswered, gaps

GIFT = ["Do you wrap presents?", "can you gift wrap it", "is there gift wrapping for a present", "gift wrapping please"]
DRONE = ["do you deliver by drone", "can a drone bring my parcel"]


def test_rephrasings_come_together_with_how_they_ended(built_encoder):
    questions = [
        *(Unanswered(text, "rephrased") for text in GIFT),
        Unanswered("Can you GIFT wrap it", "gave_up"),
        *(Unanswered(text, "handed_off") for text in DRONE),
        Unanswered("what is the meaning of life", "chose"),
    ]
    found = gaps(questions, built_encoder)
    assert [gap.asked for gap in found] == [5, 2, 1]
    assert found[0].text in GIFT
    assert dict(found[0].endings) == {"rephrased": 4, "gave_up": 1}
    assert set(found[0].examples) <= set(GIFT)
    assert dict(found[1].endings) == {"handed_off": 2}
    assert gaps(questions, built_encoder) == found


def test_a_question_that_costs_more_comes_before_one_that_was_asked_as_often(built_encoder):
    found = gaps([Unanswered(GIFT[0], "chose"), Unanswered(DRONE[0], "handed_off")], built_encoder)
    assert [gap.text for gap in found] == [DRONE[0], GIFT[0]]


@pytest.mark.parametrize("count", [0, 1])
def test_few_questions_are_no_special_case(encoder, count):
    assert len(gaps([Unanswered("x", "open")] * count, encoder)) == count


def test_of_too_many_questions_the_latest_are_looked_at(encoder, monkeypatch):
    monkeypatch.setattr(gaps_module, "MOST_QUESTIONS", 2)
    found = gaps([Unanswered(text, "open") for text in ("old", "new", "newer")], encoder)
    assert sorted(gap.text for gap in found) == ["new", "newer"]
