"""Judgements by reading: they stand as long as the same was said, and wait to be made where it was not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.conversation_judgements import load, said_hash, to_judge, whole_hash, write
from tests.unit.benchmarks.conversation_making import heard, played, step

OPENING = step("when are you open?", heard("From 9 to 6.", "A person"), numbers=(1,))
THANKS = step("thanks", heard("You're welcome."), numbers=(2,))
PLAY = played(OPENING, THANKS)


def _judged(path: Path) -> None:
    file = to_judge([PLAY], load(path))
    file["X001"]["turns"][0] |= {"verdict": "right", "why": "The hours."}
    file["X001"] |= {"goal": True, "why": "Knows the hours."}
    write(path, file)


def test_a_file_to_judge_has_every_turn_with_what_was_said_and_no_verdict(tmp_path: Path) -> None:
    """A reader needs nothing beside it."""
    path = tmp_path / "set.yml"
    write(path, to_judge([PLAY], load(path)))
    text = path.read_text()
    assert "when are you open?" in text
    assert "From 9 to 6. [A person]" in text
    known = load(path)
    assert known.of(PLAY, OPENING) is None
    assert known.goal(PLAY) is None


def test_a_judgement_is_used_again_while_the_same_is_said(tmp_path: Path) -> None:
    """What nobody has judged goes on waiting."""
    path = tmp_path / "set.yml"
    _judged(path)
    known = load(path)
    found = known.of(PLAY, OPENING)
    assert found is not None
    assert (found.verdict, found.why) == ("right", "The hours.")
    assert known.of(PLAY, THANKS) is None
    goal = known.goal(PLAY)
    assert goal is not None
    assert goal.verdict == "yes"
    # Written anew, it is kept.
    assert to_judge([PLAY], known)["X001"]["turns"][0]["verdict"] == "right"


def test_other_words_other_buttons_and_another_conversation_wait_to_be_judged_again(tmp_path: Path) -> None:
    """And the goal with them."""
    path = tmp_path / "set.yml"
    _judged(path)
    known = load(path)
    for other in (
        replace(OPENING, heard=(heard("From 9 to 5.", "A person"),)),
        replace(OPENING, heard=(heard("From 9 to 6."),)),
        replace(OPENING, heard=()),
    ):
        assert known.of(PLAY, other) is None
        assert known.goal(played(other, THANKS)) is None
    assert known.of(played(OPENING, id="X002"), OPENING) is None


def test_what_differs_from_run_to_run_changes_no_judgement() -> None:
    """Ports and tokens of links, ids and references."""
    first = step("go on", heard("Continue here: http://127.0.0.1:8123/a?t=3f2a. Your reference is TV-20001."))
    second = step("go on", heard("Continue here: http://127.0.0.1:9001/a?t=77bc. Your reference is TV-20007."))
    third = step("go on", heard("Continue here: http://127.0.0.1:9001/a?t=77bc. Your order is LF-1000017."))
    assert said_hash(first) == said_hash(second) != said_hash(third)
    assert whole_hash(played(first)) == whole_hash(played(second))


def test_a_verdict_that_does_not_exist_is_named_with_its_conversation(tmp_path: Path) -> None:
    """A slip of the pen must not count as a right turn."""
    path = tmp_path / "set.yml"
    file = to_judge([PLAY], load(path))
    file["X001"]["turns"][0]["verdict"] = "rihgt"
    write(path, file)
    with pytest.raises(ValueError, match=r"X001: 'rihgt' is none of right, acceptable"):
        load(path)
