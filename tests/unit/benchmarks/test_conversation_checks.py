"""Exact checks of a conversation: each holds for what it asks for, and for nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benchmarks.conversation_checks import is_kept, kind_of, outcomes
from tests.unit.benchmarks.conversation_making import heard, played, step

VISIT = {"product": "tern 60", "date": "2026-12-03", "time": "morning", "postcode": "LS6 2AB"}


def _holds(check: dict[str, Any], *steps: Any, turn: int | str = 1, **more: Any) -> bool:
    [outcome] = outcomes(played(*steps, checks={turn: check}, **more))
    return outcome.holds


ANSWER = step(
    "what does it cost?",
    heard("It costs £79.", article="technician-visit"),
    heard("Shall I book it?", "Book a visit"),
    numbers=(1,),
    asks=["product"],
)
IN_LINE = step("a person", heard("You are next."), numbers=(1,), owner="queue", reason="customer_request")
SILENCE = step("hello", numbers=(1,))


@pytest.mark.parametrize(
    ("check", "of", "holds"),
    [
        ({"article": ["technician-visit", "other"]}, ANSWER, True),
        ({"article": ["other"]}, ANSWER, False),
        ({"owner": "bot"}, ANSWER, True),
        ({"owner": "bot"}, IN_LINE, False),
        ({"reason": "customer_request"}, IN_LINE, True),
        ({"reason": "danger"}, IN_LINE, False),
        ({"says": "£79"}, ANSWER, True),
        ({"says": "(?i)book A visit"}, ANSWER, True),
        ({"says": "£80"}, ANSWER, False),
        ({"says_not": "£80"}, ANSWER, True),
        ({"says_not": "£79"}, ANSWER, False),
        ({"asks": "product"}, ANSWER, True),
        ({"asks": "order"}, ANSWER, False),
        ({"silent": False}, ANSWER, True),
        ({"silent": False}, SILENCE, False),
        ({"silent": True}, SILENCE, True),
    ],
)
def test_a_check_of_a_turn_looks_at_what_was_heard_after_it(check: dict[str, Any], of: Any, holds: bool) -> None:
    """Buttons count as what was said."""
    assert _holds(check, of) is holds


def test_a_check_of_a_line_that_was_left_out_is_made_on_what_the_customer_had_before_them() -> None:
    """Who did without the answer must have got there."""
    told = step("where is it? LF-1000017 LS6 2AB", heard("It comes on Monday."), numbers=(1,))
    after = step("thanks", heard("You're welcome."), numbers=(3,))
    assert _holds({"says": "Monday"}, told, after, turn=2, left_out={2: 1})
    assert not _holds({"says": "welcome"}, told, after, turn=2, left_out={2: 1})
    assert outcomes(played(told, after, checks={2: {"silent": False}}, left_out={2: 1})) == []


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({"product": "dishwasher", "date": date(2026, 12, 3), "time": "morning", "postcode": "LS6 2AB"}, True),
        ({"date": date(2026, 12, 3)}, True),
        ({"date": date(2026, 12, 4)}, False),
        ({"product": "oven"}, False),
        ({"time": "afternoon"}, False),
        ({"postcode": "LS8 1NT"}, False),
    ],
)
def test_a_booking_is_read_from_the_shop(wanted: dict[str, Any], holds: bool) -> None:
    """A model is of its kind."""
    booked = step("yes", heard("Booked."), numbers=(1,), written={"booked": [VISIT], "returned": []})
    assert _holds({"booked": wanted}, booked, turn="end") is holds


def test_two_bookings_are_not_the_one_that_was_wanted() -> None:
    """Nor is none."""
    for booked in ([], [VISIT, VISIT]):
        end = step("yes", numbers=(1,), written={"booked": booked, "returned": []})
        assert not _holds({"booked": {"time": "morning"}}, end, turn="end")


def test_a_return_and_that_nothing_was_written_are_read_from_the_shop() -> None:
    """Each from the same rows."""
    sent_back = {"order": "LF-1", "reason": "faulty", "date": None}
    end = step("yes", numbers=(1,), written={"booked": [], "returned": [sent_back]})
    nothing = step("no", numbers=(1,))
    assert _holds({"returned": {"order": "LF-1"}}, end, turn="end")
    assert not _holds({"returned": {"order": "LF-2"}}, end, turn="end")
    assert not _holds({"nothing_written": True}, end, turn="end")
    assert _holds({"nothing_written": True}, nothing, turn="end")


def test_a_number_is_masked_where_nothing_holds_its_digits() -> None:
    """However they are spaced."""
    assert is_kept("4111 1111 1111 1111", "card 4111-1111-1111-1111.")
    assert is_kept("4111 1111 1111 1111", "('4111111111111111',)")
    assert not is_kept("4111 1111 1111 1111", "card •••• 1111")
    end = step("4111 1111 1111 1111", numbers=(1,))
    assert not _holds({"masked": "4111 1111 1111 1111"}, end, turn="end", stored="4111 1111 1111 1111")


@pytest.mark.parametrize(
    ("booked", "kind"),
    [("tern 60", "dishwasher"), ("Heron", "washing machine"), ("oven", "oven"), ("kettle", "kettle")],
)
def test_an_appliance_is_known_by_its_kind_its_model_or_its_family(booked: str, kind: str) -> None:
    """As customers name it."""
    assert kind_of(booked) == kind
