"""The error budget as points: acted on, asked back about, or turned away."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.dialogue import operating_points
from bot.dialogue.operating_points import OperatingPoints
from bot.dialogue.weighed import Sharing, sharing_readings
from bot.errors import ArtefactError
from bot.nlu.intents.budget import Budget
from bot.nlu.intents.classifier import Reading
from bot.nlu.scope.verdict import ScopeVerdict
from tests.unit.dialogue.test_thresholds import APART, examples

READINGS = tuple(Reading(name, share) for name, share in (("a", 0.6), ("b", 0.3), ("c", 0.08), ("d", 0.02)))
POINTS = OperatingPoints(answer=0.8, ask=0.3, own={"strict": 0.95})


def settled(sure: float, readings: tuple[Reading, ...] = READINGS) -> tuple[tuple[str, ...], bool]:
    """The readings that share the probability, and whether the message is in scope."""
    sharing, scope = POINTS.settle(readings, ScopeVerdict(True, 0.7, "read so", sure), Sharing(lead=0.1))
    return sharing_readings(readings, sharing), scope.in_scope


def test_what_is_sure_enough_is_acted_on() -> None:
    """However near the next reading is."""
    assert settled(0.8) == (("a",), True)


def test_between_the_points_the_likely_readings_are_offered() -> None:
    """Those that are no more than a guess are not, but a second choice always is."""
    assert settled(0.5) == (("a", "b", "c"), True)
    assert settled(0.5, (Reading("a", 0.98), Reading("b", 0.01), Reading("c", 0.01)))[0] == ("a", "b", "c")
    assert settled(0.5, (Reading("a", 0.98), Reading("b", 0.015), Reading("c", 0.005)))[0] == ("a", "b")


def test_below_the_asking_point_a_message_is_none_of_our_business() -> None:
    """Three buttons without the right one help nobody."""
    assert not settled(0.2)[1]


def test_an_intent_that_goes_wrong_more_often_must_be_surer() -> None:
    """Its own point counts."""
    strict = (Reading("strict", 0.9), Reading("b", 0.1))
    assert settled(0.9, strict)[0] == ("strict", "b")
    assert settled(0.96, strict)[0] == ("strict",)


def test_points_can_be_set_by_hand() -> None:
    """One or both."""
    assert POINTS.by_hand(None, None) == POINTS
    assert POINTS.by_hand(0.5, None) == OperatingPoints(0.5, 0.3, {})
    assert POINTS.by_hand(0.2, None) == OperatingPoints(0.2, 0.2, {})
    assert POINTS.by_hand(None, 0.1) == OperatingPoints(0.8, 0.1, {"strict": 0.95})


def test_training_says_what_a_budget_buys_and_when_it_cannot_be_promised() -> None:
    """A dozen sentences prove nothing."""
    budget = Budget(0.2, 0.1)
    found = operating_points.measure(examples(APART), 1, "out_of_scope", budget)
    said = "\n".join(found.lines(budget))
    assert 0.0 <= found.points.ask <= found.points.answer
    assert not found.chosen.proven
    assert "NOT promised" in said
    assert "whose intent was hidden stand in" in said
    assert operating_points.measure(examples(APART), 1, "out_of_scope", budget) == found


def test_training_says_what_a_point_set_by_hand_means() -> None:
    """And not what the budget would have bought without it."""
    budget = Budget(0.5, 0.1)
    found = operating_points.measure(examples(APART), 1, "out_of_scope", budget, by_hand=0.0)
    assert (found.points.answer, found.points.own) == (0.0, {})
    assert found.chosen.covered == 1.0
    strict = operating_points.measure(examples(APART), 1, "out_of_scope", Budget(0.0001, 0.1), by_hand=0.0)
    assert "set by hand" in "\n".join(strict.lines(Budget(0.0001, 0.1)))


def test_what_the_audit_is_told_is_what_training_printed() -> None:
    """The budget, and what held-out examples say about it."""
    budget = Budget(0.2, 0.1)
    found = operating_points.measure(examples(APART), 1, "out_of_scope", budget)
    told = found.promised(budget)
    assert (told.max_wrong, told.out_of_scope_share, told.confidence) == (0.2, 0.1, budget.confidence)
    assert (told.wrong, told.covered, told.proven) == (found.chosen.wrong, found.chosen.covered, False)
    assert not told.by_hand


def test_the_points_are_kept_with_the_model_and_a_damaged_one_is_refused(tmp_path: Path) -> None:
    """With the command that makes it again; without a budget there is none."""
    for written in (POINTS, None):
        operating_points.save(written, tmp_path)
        assert operating_points.load(tmp_path) == written
    (tmp_path / "operating_points.json").write_text("{}")
    with pytest.raises(ArtefactError, match="make train"):
        operating_points.load(tmp_path)
