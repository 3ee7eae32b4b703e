"""Forms that wait while another wish is seen to."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.parking import MOST_PARKED, Parked, as_slot, park, read_parked, without

FORMS = st.sampled_from(["a_form", "b_form", "c_form", "d_form", "e_form"])


@given(st.lists(st.tuples(FORMS, FORMS).filter(lambda pair: pair[0] != pair[1]), min_size=1))
def test_a_form_waits_once_and_never_while_it_is_open(moves: list[tuple[str, str]]) -> None:
    """Whatever is left for whatever else; the one that was left last is on top, and few wait."""
    waiting: tuple[Parked, ...] = ()
    for left, opened in moves:
        waiting = park(waiting, Parked(left, {"x": 1}), opened)
        names = [one.form for one in waiting]
        assert names[0] == left
        assert opened not in names
        assert len(names) == len(set(names)) <= MOST_PARKED
        assert left not in [one.form for one in without(waiting, left)]


@given(st.lists(st.builds(Parked, FORMS, st.dictionaries(st.text(), st.text())), max_size=3))
def test_what_is_kept_is_read_again(waiting: list[Parked]) -> None:
    """Also after a journey as JSON."""
    assert read_parked(json.loads(json.dumps(as_slot(waiting)))) == tuple(waiting)


@given(st.none() | st.integers() | st.text() | st.lists(st.integers() | st.dictionaries(st.text(), st.none())))
def test_anything_else_is_none(kept: object) -> None:
    """A state of another version does not stop a conversation."""
    assert read_parked(kept) == ()
