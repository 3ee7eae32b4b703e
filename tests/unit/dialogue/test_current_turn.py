"""The turn of the running task: what it begins with, and what of the dialogue can be asked for."""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

from bot.dialogue import current_turn
from bot.dialogue.current_turn import CurrentTurn, Mood
from bot.dialogue.form_input import OpenForm
from bot.nlu.tone.trend import Earlier
from tests.unit.dialogue.test_trace import SmallDialogue, Value


def slots(**values: Any) -> SmallDialogue:
    """A dialogue that knows these."""
    return SmallDialogue(slots={name: Value(value) for name, value in values.items()})


def test_a_turn_begins_with_nothing_left_of_the_one_before() -> None:
    """No form, no offer and no mood of another conversation; and what one task does, others never see."""

    def in_a_task() -> None:
        current_turn.set_open_form(OpenForm("rent_form", "size"))
        current_turn.set_offered("rent")
        current_turn.set_mood(Mood((Earlier("oh no", 0.9),), handed_over=True))
        assert current_turn.open_form() == OpenForm("rent_form", "size")
        assert current_turn.offered() == "rent"
        assert current_turn.mood().handed_over
        turn = CurrentTurn(looks_for_wishes=True)
        current_turn.begin(turn)
        assert current_turn.current() is turn
        assert current_turn.open_form() is None
        assert current_turn.offered() is None
        assert current_turn.mood() == Mood()
        assert current_turn.looks_for_wishes()

    before = current_turn.current(), current_turn.open_form(), current_turn.offered()
    copy_context().run(in_a_task)
    assert (current_turn.current(), current_turn.open_form(), current_turn.offered()) == before


def test_a_slot_is_read_from_the_dialogue_as_it_was_before_the_turn() -> None:
    """What nobody has filled is None, and so is everything in the first turn."""

    def in_a_task(turn: CurrentTurn) -> tuple[list[Any], bool]:
        current_turn.begin(turn)
        return [current_turn.slot(name) for name in ("size", "empty", "unheard_of")], current_turn.looks_for_wishes()

    later = CurrentTurn(lent=slots(size="L", empty=None), tracker=slots(size="M"))
    assert copy_context().run(in_a_task, later) == (["L", None, None], False)
    assert copy_context().run(in_a_task, CurrentTurn()) == ([None, None, None], False)


def test_when_the_pipeline_had_finished_is_on_the_turns_own_clock() -> None:
    """It is noted once it has."""
    turn = CurrentTurn()
    assert turn.understood is None
    turn.note_understood()
    assert turn.understood is not None
    assert turn.understood >= turn.started
