"""What a customer tells as done or as not there is found among the sentences and items of the article."""

from __future__ import annotations

import pytest

from bot.knowledge.answering.advised import Advised
from bot.nlu.reading.done_already import Told, done_already

BODY = """A Lark that leaves linen damp usually has a full lint filter, a full tank or a grey fan.

## What to check

1. Pull the lint filter out, and take the lint off.
2. Empty the tank at the top.
3. Open the flap at the bottom and look whether the fan is grey with lint.
4. Fill up the salt, because the fan needs it.

Error code E7 means that the fan is jammed. The linen stays damp then.
"""


WHOLE = [(0, len(BODY))]


def told_of(text: str) -> list[str]:
    """The beginnings of the pieces that a message tells as done or as not so."""
    found = done_already(text)
    assert found is not None
    return [BODY[start : start + 8] for start, _ in Advised(BODY, "Why is my linen damp?").told(found.told)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("did the lint, did the tank", ["1. Pull t", "2. Empty"]),
        ("I've emptied it", ["2. Empty"]),
        ("the tank is full", []),
        ("the salt is full", ["4. Fill "]),
        ("no code on it", ["Error co"]),
        ("it's still damp, no damp linen", []),
        ("checked the thermostat", []),
        ("the linen is fine", []),
        ("I've already jammed it", []),
    ],
)
def test_an_order_is_told_by_what_it_names_first(text: str, pieces: list[str]) -> None:
    """ "Grey with lint" is a reason; a tank that is full is not emptied; the matter itself rules nothing out."""
    assert told_of(text) == [piece[:8] for piece in pieces]


def test_a_question_points_at_one_of_the_steps() -> None:
    """By its place, where that is all that it says."""
    advised = Advised(BODY, "damp")
    steps = advised.steps_left(advised.within(WHOLE), advised.told([Told("done", "the tank")]))
    assert advised.pointed_at("its the thing at the bottom you mean?", steps).startswith("3. Open the flap")
    assert advised.pointed_at("which thing", steps) == ""


def test_checks_are_left_one_by_one_and_steps_from_the_last_that_was_done() -> None:
    """A list under "What to check" has no order, though it is numbered; what is done in order was begun at its top."""
    in_order = BODY.replace("What to check", "Drying again")
    for body, left in [(BODY, ["1.", "3.", "4."]), (in_order, ["3.", "4."])]:
        advised = Advised(body, "damp")
        places = advised.steps_left(advised.within([(0, len(body))]), advised.told([Told("done", "the tank")]))
        assert [body[start : start + 2] for start, _ in places] == left


def test_a_list_that_was_not_shown_or_is_all_done_leaves_no_steps() -> None:
    """Nor one of which nothing was done."""
    advised = Advised(BODY, "damp")
    items = advised.within([(BODY.index("1. "), BODY.index("Error"))])
    assert len(items) == 4
    assert advised.steps_left(items, items) == ()
    assert advised.steps_left(items, ()) == ()
    assert advised.steps_left(items[:0], items[:1]) == ()


def test_who_did_what_a_heading_says_did_all_its_steps() -> None:
    """ "Cleaned the filter" under "Cleaning the filter", and the sentence that tells to do it."""
    body = (
        "Clean the filter once a week.\n\n## Cleaning the filter\n\n1. Pull the plug.\n2. Turn the filter round.\n"
        "\n## The door\n\n1. Open it.\n2. Close it.\n"
    )
    advised = Advised(body, "")
    told = advised.told([Told("done", "the filter", ("clean",))])
    assert [body[start : start + 7] for start, _ in told] == ["Clean t", "1. Pull", "2. Turn"]
