"""Which question is open, as anyone may read it from a dialogue state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from bot.contract.question import OpenForm, Question, open_form_in, question_in
from bot.contract.reading import as_json, checked
from tests.unit.contract import strategies


def test_a_form_that_asks_for_a_slot_asks_a_question() -> None:
    """It is named by the form, the slot, and the message that opened the form where that was noted."""
    form = {"name": "book_form", "requested_slot": "postcode"}
    assert question_in({"open_form": form}) == Question("book_form", "postcode")
    opened = question_in({"open_form": {**form, "opened_by": "m1"}})
    assert opened == Question("book_form", "postcode", "m1")
    assert opened is not None
    assert as_json(opened) == {"form": "book_form", "slot": "postcode", "opened_by": "m1"}


def test_a_question_is_kept_without_what_is_not_known() -> None:
    """Conversations from before openings were noted keep the shape in which they stand in the database."""
    kept = as_json(Question("book_form", "postcode"))
    assert kept == {"form": "book_form", "slot": "postcode"}
    assert checked(kept, Question) == Question("book_form", "postcode")


@pytest.mark.parametrize(
    "state",
    [
        None,
        {},
        {"open_form": None},
        {"open_form": "book_form"},
        {"open_form": {"name": ""}},
        {"open_form": {"name": "book_form", "requested_slot": None}},
        {"open_form": {"name": "book_form", "requested_slot": ""}},
        {"open_form": {"name": 5, "requested_slot": "x"}},
    ],
    ids=str,
)
def test_without_a_form_that_asks_there_is_no_question(state: dict[str, Any] | None) -> None:
    """A state belongs to the brain, and may say what it likes."""
    assert question_in(state) is None


def test_a_form_between_two_questions_is_open_all_the_same() -> None:
    """It asks for nothing at the moment."""
    assert open_form_in({"open_form": {"name": "book_form"}}) == OpenForm("book_form")


@given(strategies.OBJECTS, strategies.JSON)
def test_no_state_breaks_who_looks_for_its_question(state: dict[str, Any], form: Any) -> None:
    """Whatever a brain has answered."""
    question_in({**state, "open_form": form})
