"""What is wrong, and who says so."""

from __future__ import annotations

import pytest

from bot.teaching.asked import AskedQuestion, read_lines
from bot.teaching.judging import Judgement, judge, turns


def asked(**more: str | None) -> AskedQuestion:
    """A question that was answered."""
    given = {"decision": "answer", "next": "went_on", "at": "2026-11-25T10:00:00+00:00", "intent": "store_hours"} | more
    return AskedQuestion(text="when?", ending="done", article=None, message_id="m1", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "held"),
    [
        (asked(), Judgement(False, "guess", "")),
        (asked(next="asked_again"), Judgement(True, "guess", "asked_again")),
        (asked(next="asked_again", rating="up"), Judgement(False, "thumb", "")),
        (asked(rating="down"), Judgement(True, "thumb", "thumb_down")),
        (asked(rating="down", mark="right"), Judgement(False, "mark", "")),
        (asked(rating="up", mark="wrong"), Judgement(True, "mark", "marked_wrong")),
        (asked(decision="unclear", mark="wrong", rating="down", next="asked_again"), None),
    ],
)
def test_a_mark_outranks_a_thumb_and_a_thumb_a_guess(question: AskedQuestion, held: Judgement | None) -> None:
    """What did not answer cannot be a wrong answer."""
    assert judge(question) == held


def test_turns_are_listed_with_their_ids_and_a_terminal_obeys_no_customer() -> None:
    """One line each, whatever was typed."""
    hostile = AskedQuestion("red \x1b[31m\nand\u202e more", "act", "done", None, message_id="m2", next="none_of_these")
    marked = asked(mark="wrong", meant="track_order")
    assert turns([asked(), marked, hostile, asked(decision="unclear")], wrong_only=True) == [
        "m1  2026-11-25T10:00  store_hours  wrong (marked), track_order was meant  when?",
        "m2    ?  wrong (guessed: none of these)  red \u241b[31m and\ufffd more",
    ]
    assert len(turns([asked(), marked, hostile, asked(rating="up")], wrong_only=False)) == 4


@pytest.mark.parametrize("mark", ["null", "7", "[]", '{"verdict": "perhaps"}', '{"meant": 7}'])
def test_a_mark_that_is_none_is_none(mark: str) -> None:
    """An export of another hand cannot make the audit believe anything."""
    (question,) = read_lines(f'{{"text": "x", "mark": {mark}, "rating": "sideways"}}')
    assert (question.mark, question.meant, question.rating) == (None, None, None)
