"""What is counted over a set: a failed check counts against any verdict, and what is not judged is missing."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.conversation_figures import goal_reached, measure, turns_of, turns_to_goal, worst
from benchmarks.conversation_judgements import Judgement, Judgements, said_hash, whole_hash
from benchmarks.conversation_play import Play, Step
from tests.unit.benchmarks.conversation_making import heard, played, step

VISIT = {"product": "oven", "date": "2026-12-03", "time": "morning", "postcode": "LS6 2AB"}
WROTE = {"booked": [VISIT], "returned": []}


def _judge(*verdicts: tuple[Play, Step, str], goals: dict[str, tuple[Play, str]] | None = None) -> Judgements:
    found = Judgements()
    for play, of, verdict in verdicts:
        found.turns[play.id, said_hash(of)] = Judgement(verdict, "as read")
    for play, verdict in (goals or {}).values():
        found.goals[play.id, whole_hash(play)] = Judgement(verdict)
    return found


def _values(plays: list[Play], judgements: Judgements) -> dict[str, float | None]:
    checks, _figures = measure(plays, judgements)
    return {check.name.split(",")[0]: check.value for check in checks}


OPEN = step("when are you open?", heard("From 9."), numbers=(1,))
AND_SUNDAY = step("and sundays", heard("From 9."), numbers=(2,))


def test_a_failed_check_makes_a_turn_bad_whatever_the_reader_says() -> None:
    """Where the two differ, the check counts."""
    play = played(OPEN, checks={1: {"says": "10"}})
    [turn] = turns_of(play, _judge((play, OPEN, "right")))
    assert turn.verdict == "unhelpful"
    assert "wanted 10" in turn.why
    forbidden = played(OPEN, checks={1: {"says_not": "9"}})
    [turn] = turns_of(forbidden, Judgements())
    assert turn.verdict == "wrong"


def test_a_check_that_holds_does_not_lift_a_bad_verdict() -> None:
    """It looks at one thing; the reader saw all."""
    play = played(OPEN, checks={1: {"says": "9"}})
    [turn] = turns_of(play, _judge((play, OPEN, "bad manners")))
    assert turn.verdict == "bad manners"


def test_bad_and_wrong_turns_are_shares_of_all_turns_and_missing_until_all_are_judged() -> None:
    """An unjudged turn is no good one."""
    play = played(OPEN, AND_SUNDAY)
    values = _values([play], _judge((play, OPEN, "right")))
    assert values["bad turns"] is None
    assert values["wrong turns"] is None
    values = _values([play], _judge((play, OPEN, "right"), (play, AND_SUNDAY, "wrong")))
    assert values["bad turns"] == 50
    assert values["wrong turns"] == 50


def test_silence_is_counted_unless_a_person_has_the_conversation() -> None:
    """And it is bad without being read."""
    silent = step("hello?", numbers=(1,), owner="queue", owner_before="queue")
    with_human = step("thanks", numbers=(2,), owner="human", owner_before="human")
    play = played(silent, with_human)
    checks, figures = measure([play], _judge((play, with_human, "right")))
    assert figures["silent_turns"] == ["X001/1"]
    assert {check.name: check.value for check in checks}["silent turns"] == 1
    assert turns_of(play, Judgements())[0].verdict == "unhelpful"


def test_follow_ups_and_repair_are_the_later_turns_of_their_patterns_that_say_more_than_a_value() -> None:
    """A postcode that was asked for is no follow-up."""
    value = step("LS6 2AB", heard("Thanks."), numbers=(3,), answers=True)
    play = played(OPEN, AND_SUNDAY, value, pattern="P4")
    assert [turn.index for turn in turns_of(play, Judgements()) if turn.is_repair] == [2]
    other = played(OPEN, AND_SUNDAY, pattern="P8")
    assert not any(turn.is_repair for turn in turns_of(other, Judgements()))
    named = played(OPEN, AND_SUNDAY, kind="talk repair")
    assert [turn.index for turn in turns_of(named, Judgements()) if turn.is_repair] == [2]
    judged = _judge((play, OPEN, "wrong"), (play, AND_SUNDAY, "right"), (play, value, "wrong"))
    assert _values([play], judged)["follow-ups and repair right"] == 100


def test_a_danger_that_its_check_or_the_reader_calls_missed_is_a_safety_failure() -> None:
    """Without a check the first turn of a conversation about safety is meant."""
    checked = played(OPEN, AND_SUNDAY, pattern="P1", checks={2: {"reason": "danger"}})
    assert _values([checked], Judgements())["safety failures"] == 1
    unchecked = played(OPEN, AND_SUNDAY, kind="safety")
    assert _values([unchecked], Judgements())["safety failures"] is None
    assert _values([unchecked], _judge((unchecked, OPEN, "right")))["safety failures"] == 0
    assert _values([unchecked], _judge((unchecked, OPEN, "unhelpful")))["safety failures"] == 1


def test_a_goal_is_what_the_shop_says_and_else_what_the_reader_says() -> None:
    """A booking is the goal; that nothing was written is only a condition of it."""
    booked = step("yes", heard("Booked."), numbers=(1,), written=WROTE)
    wanted = {"end": {"booked": {"time": "morning"}}}
    assert goal_reached(played(booked, checks=wanted), Judgements()) is True
    missed = {"end": {"booked": {"time": "afternoon"}}}
    assert goal_reached(played(booked, checks=missed), Judgements()) is False
    conditional = played(OPEN, checks={"end": {"nothing_written": True}})
    assert goal_reached(conditional, Judgements()) is None
    assert goal_reached(conditional, _judge(goals={"": (conditional, "yes")})) is True


def test_the_share_of_goals_is_missing_until_every_dialogue_is_judged() -> None:
    """A single question has none."""
    single, dialogue = played(OPEN), played(OPEN, AND_SUNDAY, id="X002", min=1)
    judgements = _judge((single, OPEN, "right"), (dialogue, OPEN, "right"), (dialogue, AND_SUNDAY, "right"))
    assert _values([single, dialogue], judgements)["dialogues that reach their goal"] is None
    judgements.goals[dialogue.id, whole_hash(dialogue)] = Judgement("yes")
    assert _values([single, dialogue], judgements)["dialogues that reach their goal"] == 100


@pytest.mark.parametrize(
    ("conversation", "last", "used"),
    [
        ({"kind": "technician"}, {"written": WROTE}, 2),
        ({"kind": "technician"}, {}, None),
        ({"kind": "waiting", "checks": {"end": {"booked": {}}}}, {"written": WROTE}, 2),
        ({"kind": "tracking"}, {"actions": ["action_track_order"]}, 2),
        ({"kind": "typo", "facts": {"order": "LF-1"}}, {"actions": ["action_track_order"]}, 2),
        ({"kind": "return to bot"}, {"written": WROTE}, 2),
        ({"kind": "handoff"}, {"owner": "queue"}, 2),
        ({"kind": "handoff"}, {}, None),
    ],
)
def test_turns_are_counted_up_to_the_goal(conversation: dict[str, Any], last: dict[str, Any], used: int | None) -> None:
    """What is chatted afterwards was not needed."""
    play = played(OPEN, step("yes", heard("Done."), numbers=(2,), **last), OPEN, min=1, **conversation)
    assert turns_to_goal(play) == used


def test_a_turn_that_is_only_a_choice_is_told_from_one_that_answers() -> None:
    """With an article beside it the customer got something."""
    choice = step("it is broken", heard("Which of these?", "A", "B"), numbers=(1,), decision="ask_back")
    answer = step("it is cold", heard("Like this.", "A", article="a"), numbers=(2,), decision="ask_back")
    _checks, figures = measure([played(choice, answer)], Judgements())
    assert figures["only_a_choice"] == ["X001/1"]
    assert figures["with_buttons_percent"] == 100
    assert figures["in_several_messages_percent"] == 0


def test_the_worst_turns_come_first_a_missed_danger_before_all() -> None:
    """Then silence, bad manners, what is wrong, what does not help."""
    rude = step("I am sad", heard("Great!"), numbers=(1,))
    quiet = step("hello", numbers=(2,))
    off = step("how much", heard("Nine."), numbers=(3,))
    lame = step("why", heard("Hm."), numbers=(4,))
    play = played(lame, off, quiet, rude)
    smoke = step("smoke!", heard("A dryer hums."), numbers=(1,))
    danger = played(smoke, id="X002", pattern="P1", checks={1: {"reason": "danger"}})
    judgements = _judge((play, lame, "unhelpful"), (play, off, "wrong"), (play, rude, "bad manners"))
    assert [turn.step for turn in worst([play, danger], judgements)] == [smoke, quiet, rude, off, lame]
    assert len(worst([play, danger], judgements, most=2)) == 2
