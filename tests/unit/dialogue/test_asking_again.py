"""How a form asks again."""

from __future__ import annotations

from dataclasses import replace

from bot.dialogue.asking_again import as_slot, missed_again


def test_a_complaint_is_known_when_it_would_be_made_again() -> None:
    """W7, kind 3: what was said is kept with the count, for the same question only."""
    first = replace(missed_again(None, "product"), said="utter_product_unknown")
    second = missed_again(as_slot(first), "product")
    assert (second.times, second.repeats("utter_product_unknown"), second.repeats("utter_other")) == (2, True, False)
    assert not missed_again(as_slot(first), "email").repeats("utter_product_unknown")


def test_two_ways_of_offering_a_way_on_take_turns() -> None:
    """W7, kind 3: however often a question is missed."""
    kept: object = None
    said = []
    for _ in range(6):
        missed = missed_again(kept, "product")
        kept = as_slot(missed)
        said.append(missed.way_on_in_other_words if missed.needs_way_on else None)
    assert said == [None, False, True, False, True, False]
