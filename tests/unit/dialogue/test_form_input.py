"""What counts as an answer to a form's question."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogue.form_input import Filling, Heard, OpenForm, is_form_input
from bot.dialogue.statements import has_shape_of_question

PROBLEM = OpenForm("book_technician_form", "problem", (Filling(from_text=True, intents=frozenset({"inform"})),))
DAY = OpenForm("book_technician_form", "appointment", (Filling(entity="date"), Filling(entity="time")))
YES_OR_NO = OpenForm("book_technician_form", "confirm", (Filling(intents=frozenset({"affirm", "deny"})),))


def heard(intent: str = "thanks", **more: Any) -> Heard:
    """A message that is nothing in particular, but for what is given."""
    return Heard(
        **{
            "intent": intent,
            "acts": True,
            "sure": False,
            "entities": frozenset(),
            "covered": 0.0,
            "asks": False,
            "strong_passage": False,
            **more,
        }
    )


def test_free_text_takes_what_looks_like_nothing() -> None:
    """ "it just hums" is an answer to "what is wrong?"."""
    assert is_form_input(PROBLEM, heard())


def test_free_text_takes_a_fault_that_an_article_speaks_of() -> None:
    """A statement is not a question, however well an article fits."""
    assert is_form_input(PROBLEM, heard("dishwasher_fault", acts=False, sure=True, strong_passage=True))


def test_free_text_leaves_a_question_that_an_article_answers() -> None:
    """The question is answered, then the form asks again."""
    question = heard("technician_visit", acts=False, sure=True, asks=True, strong_passage=True)
    assert not is_form_input(PROBLEM, question)


@pytest.mark.parametrize("intent", ["stop", "ask_for_person", "track_order"])
def test_another_wish_that_was_read_surely_is_no_answer(intent: str) -> None:
    """Nobody is held in a form."""
    assert not is_form_input(PROBLEM, heard(intent, sure=True))


@pytest.mark.parametrize("intent", ["inform", "affirm", "deny"])
def test_what_can_only_be_an_answer_is_one(intent: str) -> None:
    """Even where the slot wants something else: the form says what."""
    assert is_form_input(DAY, heard(intent, sure=True))
    assert is_form_input(YES_OR_NO, heard(intent, sure=True))


def test_the_intent_that_opened_the_form_is_no_other_wish() -> None:
    """ "a technician for Tuesday, please" while a day is wanted."""
    opener = heard("book_technician", sure=True, entities={"date"}, covered=0.2)
    assert is_form_input(DAY, opener)


def test_thanks_around_an_answer_do_not_hide_it() -> None:
    """ "Tuesday morning, thanks" gives a day."""
    assert is_form_input(DAY, heard("thanks", sure=True, entities={"date"}, covered=0.7))
    assert not is_form_input(DAY, heard("thanks", sure=True))


def test_a_day_in_the_form_of_a_question_fills_the_slot() -> None:
    """ "can I do Tuesday?" answers; "are you open on Tuesday?" asks."""
    tuesday = heard("inform", entities={"date"}, asks=True, strong_passage=True)
    open_on_tuesday = heard("store_hours", acts=False, sure=True, entities={"date"}, asks=True, strong_passage=True)
    assert is_form_input(DAY, tuesday)
    assert not is_form_input(DAY, open_on_tuesday)


def test_nonsense_is_no_answer_where_a_day_is_wanted() -> None:
    """Then the customer is told that it was not understood."""
    assert not is_form_input(DAY, heard())


def test_a_mapping_limited_to_other_intents_does_not_count() -> None:
    """The domain may say that an entity fills a slot only with certain intents."""
    limited = OpenForm("f", "s", (Filling(entity="date", not_intents=frozenset({"cancel"})),))
    assert not is_form_input(limited, heard("cancel", acts=False, entities={"date"}))


@pytest.mark.parametrize("text", ["What does it cost?", "how much is it", "you open on Sunday?", "Can I pay by card"])
def test_questions_have_the_shape_of_one(text: str) -> None:
    """A question mark, or a word that opens one."""
    assert has_shape_of_question(text)


@pytest.mark.parametrize("text", ["does not drain", "is not heating up", "it leaks", "Tuesday morning", ""])
def test_statements_do_not(text: str) -> None:
    """A negation after the opening word makes it a complaint."""
    assert not has_shape_of_question(text)
