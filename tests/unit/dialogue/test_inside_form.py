"""What a message does to an open form beside answering its question."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.form_input import Filling, Heard, OpenForm
from bot.dialogue.inside_form import (
    asks_again_for_moments,
    asks_before_agreeing,
    gives_another_answer,
    objects_to_summary,
)

EMAIL = OpenForm("book_form", "email", (Filling(entity="email"),), frozenset({"email", "product", "date", "postcode"}))
SUMMARY = OpenForm(
    "book_form", "confirm", (Filling(intents=frozenset({"affirm"})), Filling(entity="date")), EMAIL.entities
)


def heard(intent: str = "inform", **more: Any) -> Heard:
    """A message that holds nothing, but for what is given."""
    given = {
        "acts": True,
        "sure": False,
        "entities": frozenset(),
        "covered": 0.0,
        "asks": False,
        "strong_passage": False,
    }
    return Heard(**{"intent": intent, **given, **more})


def test_a_value_of_another_question_is_taken_where_it_is_most_of_the_message() -> None:
    """ "LS6 2AB" while the e-mail address is asked for."""
    assert gives_another_answer(EMAIL, "LS6 2AB", heard(entities={"postcode"}, covered=1.0))
    assert not gives_another_answer(EMAIL, "my aunt in LS6 2AB has one", heard(entities={"postcode"}, covered=0.3))


@pytest.mark.parametrize("text", ["sorry, I meant the hob", "can we make it Thursday instead?", "oh wait, the hob"])
def test_a_correction_is_taken_whatever_is_asked(text: str) -> None:
    """Also in the shape of a question, where words say that an answer was wrong."""
    assert gives_another_answer(EMAIL, text, heard(entities={"product"}, covered=0.1, asks=text.endswith("?")))


def test_a_question_with_a_value_is_a_question() -> None:
    """ "Sorry, are you open on Friday?" corrects nothing."""
    assert not gives_another_answer(EMAIL, "sorry, are you open on Friday?", heard(entities={"date"}, asks=True))


def test_another_wish_with_a_value_is_that_wish() -> None:
    """ "Hang on, first track my order to LS6 2AB"."""
    wish = heard("track_order", sure=True, entities={"postcode"}, covered=0.2)
    assert not gives_another_answer(EMAIL, "hang on, first track my order to LS6 2AB", wish)


def test_what_the_form_does_not_hold_is_none_of_its_business() -> None:
    """An order number in a booking."""
    assert not gives_another_answer(EMAIL, "sorry, I meant LF-1", heard(entities={"order_number"}, covered=0.9))


def test_an_answer_to_the_question_is_left_to_the_question() -> None:
    """It may be a question of its own."""
    assert not gives_another_answer(EMAIL, "ada@example.com", heard(entities={"email"}, covered=1.0))


def test_a_no_with_more_objects_to_a_summary() -> None:
    """ "No, both rings are dead" is no question that an article should answer."""
    assert objects_to_summary(SUMMARY, "no, both rings are dead", heard("hob_fault", strong_passage=True), True)
    assert not objects_to_summary(SUMMARY, "no, tell me about prices", heard("prices", strong_passage=True), False)
    assert not objects_to_summary(SUMMARY, "sorry, what does it cost?", heard(asks=True), True)
    assert not objects_to_summary(EMAIL, "no, both rings are dead", heard(), True)


def test_a_yes_with_a_question_is_answered_first() -> None:
    """Only where a yes would write something."""
    assert asks_before_agreeing(SUMMARY, "yes, but is it free?")
    assert not asks_before_agreeing(SUMMARY, "yes please")
    assert not asks_before_agreeing(EMAIL, "yes, but is it free?")


@pytest.mark.parametrize(
    "text", ["what days do you have?", "which slots are free", "what have you got?", "any other times?"]
)
def test_the_choices_can_be_asked_for_again(text: str) -> None:
    """At the question for a day; an article that answers comes first."""
    visit = OpenForm("book_form", "visit", (Filling(entity="date"), Filling(from_text=True)), EMAIL.entities)
    assert asks_again_for_moments(visit, text, heard(asks=True))
    assert not asks_again_for_moments(visit, text, heard(asks=True, strong_passage=True))
    assert not asks_again_for_moments(EMAIL, text, heard(asks=True))
    assert not asks_again_for_moments(visit, "what does a visit cost?", heard(asks=True))


def test_a_question_for_a_day_is_one_whatever_the_company_calls_it() -> None:
    """An entity's kind says it, where its name does not."""
    stay = OpenForm("stay_form", "arrival", (Filling(entity="arrival"),), kinds={"arrival": "date"})
    assert asks_again_for_moments(stay, "what days do you have?", heard(asks=True))
    assert not asks_again_for_moments(replace(stay, kinds={}), "what days do you have?", heard(asks=True))
