"""What was agreed is kept, the latest first, and a correction right after it is understood."""

from __future__ import annotations

from bot.dialogue.agreements import (
    CAN_BE_CORRECTED,
    MOST_KEPT,
    Agreement,
    Changes,
    corrects,
    last_done,
    read_agreements,
    with_agreement,
)

VISIT = Agreement("utter_booked", {"reference": "TV-1"}, Changes("utter_change_visit", ("date",)), 1000.0)
DONE = with_agreement(None, VISIT)


def told(number: int) -> Agreement:
    return Agreement("utter_told", {"number": str(number)})


def test_what_is_kept_is_read_as_it_was() -> None:
    """As plain values in between."""
    assert read_agreements(DONE) == (VISIT,)


def test_the_latest_come_first_and_only_some_are_kept() -> None:
    """What is told again stands once, and first."""
    kept: object = None
    for number in (1, 2, 3, 4, 2):
        kept = with_agreement(kept, told(number))
    assert read_agreements(kept) == (told(2), told(4), told(3))
    assert MOST_KEPT == 3


def test_what_is_none_of_ours_is_left_out() -> None:
    """A slot may hold anything."""
    assert read_agreements("yes") == read_agreements([1, {"response": "utter_booked"}, {"values": {}}]) == ()
    strange = {"response": "utter_booked", "values": {}, "changes": {"entities": ["date"]}, "at": "yesterday"}
    assert read_agreements([strange]) == (Agreement("utter_booked", {}),)


def test_words_of_a_correction_with_a_value_of_it_correct_it() -> None:
    """ "Actually, make it Tuesday"; also when an order was told of in between."""
    assert corrects(DONE, "actually make it Tuesday", {"date"}, 1010.0)
    assert corrects(with_agreement(DONE, told(1)), "actually make it Tuesday", {"date"}, 1010.0)
    assert last_done(with_agreement(DONE, told(1)), 1010.0) == VISIT


def test_neither_alone_corrects_it() -> None:
    """A day may be of anything, and "I meant" as well."""
    assert not corrects(DONE, "are you open on Tuesday", {"date"}, 1010.0)
    assert not corrects(DONE, "I meant the dryer", {"product"}, 1010.0)


def test_a_day_later_it_has_to_be_named() -> None:
    """Nobody remembers what "it" was."""
    assert not corrects(DONE, "actually make it Tuesday", {"date"}, 1001.0 + CAN_BE_CORRECTED)


def test_nothing_was_done() -> None:
    """Or it was only told."""
    assert not corrects(None, "make it Tuesday", {"date"}, 0.0)
    assert not corrects(with_agreement(None, told(1)), "make it Tuesday", {"date"}, 0.0)
