"""Names and values from the machinery reach an agent as words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.request import ActionTried, Slot
from bot.handoff.words import only_a_machine_says, title_of, value_of, worth_telling


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-12-01", "1 December 2026"),
        ("collection 2026-11-24", "collection 24 November 2026"),
        ("2026-03-29T08:30:00.000Z", "29 March 2026, 08:30 UTC"),
        ("2026-03-29T08:30+01:00", "29 March 2026, 08:30 UTC+01:00"),
        ("2026-03-29 08:30", "29 March 2026, 08:30"),
        (["2026-12-01", "2026-12-02"], "1 December 2026, 2 December 2026"),
        ({"from_day": "2026-12-01", "nights": 2}, "from day 1 December 2026, nights 2"),
        (True, "yes"),
        (None, ""),
        ("2026-13-45", "2026-13-45"),
        ("AB-2026-12-01-7", "AB-2026-12-01-7"),
        ("Tern 45", "Tern 45"),
    ],
)
def test_a_value_is_said_as_one_would_say_it(value: Any, words: str) -> None:
    """K7, kind 10: dates are dates, and nothing is cut out of something longer."""
    assert value_of(Slot(value)) == words


@pytest.mark.parametrize(
    ("text", "machine"),
    [
        ("LS-20261201-morning-1", True),
        ("slot_2026-12-01_a", True),
        ("01M8J2ERVS9QG2WGFQZ3TGDDBC", True),
        ("3f2b8c1e-7a64-4b0e-9d55-0c1f2e3a4b5c", True),
        ("LF-1234566", False),
        ("2026-12-01", False),
        ("20261201", False),
        ("LS6 2AB", False),
        ("ada.19991231@example.com", False),
        ("the one on 2026-12-01", False),
        ("dishwasher", False),
    ],
)
def test_an_id_of_a_system_is_known_from_what_people_say(text: str, machine: bool) -> None:
    """K7, kind 10: an order number is read out on the telephone, a slot's id is not."""
    assert only_a_machine_says(text) is machine


def test_names_lose_what_only_the_machinery_needs() -> None:
    """K7, kind 10: what the company calls it wins."""
    assert [title_of(name) for name in ("book_technician_form", "action_track_order", "store-hours", "_")] == [
        "Book technician", "Track order", "Store hours", "_",
    ]  # fmt: skip
    assert title_of("appointment", "Technician's visit") == "Technician's visit"


names = st.sampled_from(["action_track_order", "action_ask_a_form_day", "validate_a_form", "action_no_answer", "x"])


@given(st.lists(st.builds(ActionTried, names, st.booleans(), st.none() | st.sampled_from(["away", "late"]))))
def test_what_was_tried_is_told_once_and_no_failure_is_lost(tried: list[ActionTried]) -> None:
    """K7, kind 10: a question of the assistant is no attempt, but its failure is news."""
    told = worth_telling(tried)
    assert len(set(told)) == len(told)
    assert {one for one in tried if not one.ok} == {one for one in told if not one.ok}
    assert all(re.fullmatch("action_track_order|x", one.name) for one in told if one.ok)
    assert {one for one in tried if one.name == "x"} == {one for one in told if one.name == "x"}
