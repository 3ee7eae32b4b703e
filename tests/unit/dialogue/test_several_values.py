"""Several values where one was asked for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.several_values import days_meant, each_once, in_pairs, in_turns, spoken_list


def test_the_same_value_twice_is_one() -> None:
    """D10, kind 2: and what could not be read is none."""
    assert each_once(["b", None, "a", "b"]) == ("b", "a")


@given(st.lists(st.one_of(st.none(), st.text(max_size=2))))
def test_nothing_is_dropped_and_nothing_comes_twice(values: list[str | None]) -> None:
    """D10, kind 2: whatever is said, in whatever order."""
    kept = each_once(values)
    assert set(kept) == {value for value in values if value is not None}
    assert len(kept) == len(set(kept))


@pytest.mark.parametrize(
    ("ones", "others", "pairs"),
    [
        (["a", "b"], ["1", "2"], (("a", "1"), ("b", "2"))),
        (["a", "b"], ["1"], ()),
        (["a"], ["1"], ()),
        ([], [], ()),
        (["a", "b"], ["1", "2", "3"], ()),
    ],
)
def test_as_many_of_both_belong_together(
    ones: list[str], others: list[str], pairs: tuple[tuple[str, str], ...]
) -> None:
    """D10, kind 2: two orders and two postcodes; one of each needs no pairing."""
    assert in_pairs(ones, others) == pairs


def test_a_list_reads_as_people_say_it() -> None:
    """With the last word before the last value."""
    assert [spoken_list(["a"]), spoken_list(["a", "b"]), spoken_list(["a", "b", "c"], "or")] == [
        "a",
        "a and b",
        "a, b or c",
    ]


MONDAY, WEDNESDAY = date(2026, 11, 30), date(2026, 12, 2)


@pytest.mark.parametrize(
    ("text", "days", "meant"),
    [
        ("monday or the week after", [MONDAY], (MONDAY, date(2026, 12, 7))),
        ("monday or the day after", [MONDAY], (MONDAY, date(2026, 12, 1))),
        ("monday or next week", [MONDAY], (MONDAY, date(2026, 12, 7))),
        ("monday or in the following week", [MONDAY], (MONDAY, date(2026, 12, 7))),
        ("monday or wednesday", [MONDAY, WEDNESDAY], (MONDAY, WEDNESDAY)),
        ("monday", [MONDAY], (MONDAY,)),
        ("any weekday or so", [], ()),
    ],
)
def test_a_day_that_is_named_by_another_is_meant_too(text: str, days: list[date], meant: tuple[date, ...]) -> None:
    """D10, kind 2: "or the week after" names a second day."""
    assert days_meant(text, days) == meant


@given(st.lists(st.lists(st.integers(), max_size=4), max_size=5), st.integers(0, 8))
def test_each_group_has_its_turn(groups: list[list[int]], most: int) -> None:
    """D10, kind 2: no more than there is room for, and no group without one while there is room for each."""
    taken = in_turns(groups, most)
    filled = [group for group in groups if group]
    assert len(taken) == min(most, sum(map(len, groups)))
    if len(filled) <= most:
        assert {group[0] for group in filled} <= set(taken)
