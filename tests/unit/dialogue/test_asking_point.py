"""Where asking back stops: what held-out messages say about the lowest point, and what training prints about it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from bot.dialogue import operating_points
from bot.dialogue.operating_points import Measured, OperatingPoints, measured_on, tried_messages
from bot.dialogue.weighed import Sharing
from bot.errors import SettingError
from bot.nlu.intents.budget import Budget, OperatingPoint
from bot.nlu.intents.classifier import Reading
from bot.nlu.scope.evidence import FEWEST_OUT_OF_SCOPE, Weights
from bot.nlu.scope.verdict import HeldScores, ScopeVerdict

ANSWER = 0.8
"""The answering point in these tests, set by hand."""


def held(
    ours: list[tuple[float, bool]], outside: list[float], unknown: float = 0.1, untried: int = 0, group: str = "a"
) -> HeldScores:
    """Scores of two surely read messages of ours, those of ``ours`` (score, right choice or not), and others.

    The two surely read ones are right and wrong; those of ``ours`` are read wrongly.
    """
    sure = [0.9, 0.85, *(score for score, _ in ours)]
    among = [True, True, *(offered for _, offered in ours)]
    rows = len(sure) + len(outside) + untried
    rest = len(outside) + untried
    return HeldScores(
        scores=np.zeros(rows),
        sure=np.asarray([*sure, *outside, *([0.99] * untried)]),
        sure_unknown=np.full(rows, unknown),
        right=np.asarray([True, *([False] * (rows - 1))]),
        tried=np.arange(rows) < rows - untried,
        out_of_scope=np.asarray([*([False] * len(sure)), *([True] * rest)]),
        among=np.asarray([*among, *([False] * rest)]),
        best=(group,) * rows,
        of_scope=Weights((), 0.0),
        of_sureness=Weights((), 0.0),
    )


def measured(scores: HeldScores, share: float | None = 0.1) -> Measured:
    """Measure at the point set by hand."""
    return measured_on(scores, Budget(0.03, share), by_hand=ANSWER)


def test_messages_are_asked_back_about_as_long_as_the_right_choice_is_there() -> None:
    """The lowest point is the last one at which the right choices outweigh what has none."""
    ours = [(0.7, True), (0.6, True), (0.5, False), (0.4, True), (0.3, True), (0.2, False), (0.1, False)]
    found = measured(held(ours, [0.05] * FEWEST_OUT_OF_SCOPE))
    assert found.points == OperatingPoints(ANSWER, 0.3, {})
    assert found.asked == pytest.approx(5 / 9)
    assert found.asked_well == pytest.approx(4 / 5)


def test_choices_that_are_never_right_are_not_offered() -> None:
    """Then whatever is not acted on is out of scope; so it is where nothing waits at all."""
    for ours in ([(0.7, False), (0.6, True)], [(0.7, False)], []):
        found = measured(held(ours, [0.05] * FEWEST_OUT_OF_SCOPE))
        assert found.points.ask == ANSWER
        assert (found.asked, found.asked_well) == (0.0, 0.0)
    found = measured(held([], [0.95] * FEWEST_OUT_OF_SCOPE))
    assert found.points.ask == ANSWER


def test_many_messages_out_of_scope_in_traffic_end_asking_back_earlier() -> None:
    """They weigh as in traffic, however many of them there are among the examples."""
    ours = [(0.7, True), (0.6, True), (0.3, True), (0.2, True)]
    for copies in (1, 4):
        scores = held(ours, [0.5, 0.05, 0.5, 0.05] * (FEWEST_OUT_OF_SCOPE // 4 * copies))
        assert measured(scores, share=0.1).points.ask == pytest.approx(0.2)
        assert measured(scores, share=0.9).points.ask == pytest.approx(0.6)
        assert measured(scores, share=None).points.ask == pytest.approx(0.2)


def test_a_message_at_the_point_is_acted_on_and_none_of_the_others_counts_as_ours() -> None:
    """Of our own messages only those between the points are asked back about."""
    found = measured(held([(ANSWER, True), (0.7, True)], [0.7] * FEWEST_OUT_OF_SCOPE))
    assert found.asked == pytest.approx(1 / 4)
    assert found.asked_well == 1.0
    assert found.by_hand
    # What is acted on says nothing about asking back.
    assert measured(held([(ANSWER, False), (0.7, True)], [0.05] * FEWEST_OUT_OF_SCOPE)).points.ask == 0.7


def test_sentences_with_their_intent_hidden_stand_in_until_there_are_enough_out_of_scope() -> None:
    """And never where there are enough."""
    few, enough = (
        tried_messages(held([(0.7, True)], [0.3] * count, untried=5))
        for count in (FEWEST_OUT_OF_SCOPE - 1, FEWEST_OUT_OF_SCOPE)
    )
    for (tried, among, imagined), outside, made_up in (
        (few, [0.1] * 3, True),
        (enough, [0.3] * FEWEST_OUT_OF_SCOPE, False),
    ):
        assert imagined is made_up
        assert tried.scores.tolist() == [0.9, 0.85, 0.7, *outside]
        assert tried.right.tolist() == [True] + [False] * (2 + len(outside))
        assert tried.out_of_scope.tolist() == [False] * 3 + [True] * len(outside)
        assert tried.groups == ("a",) * 3 + ("",) * len(outside)
        assert among.tolist() == [True] * 3 + [False] * len(outside)
        assert among.dtype == bool


def test_an_intent_with_a_stricter_point_is_asked_back_about_below_it() -> None:
    """Its own point, not everybody's, says what waits; training names the intent."""
    ours = [(0.9, True)] * 60 + [(0.95, True)] * 60
    scores = held(ours, [0.05] * FEWEST_OUT_OF_SCOPE, group="bad")
    scores = dataclasses.replace(
        scores,
        right=np.asarray([True, True, *([False] * 60), *([True] * 60), *([False] * FEWEST_OUT_OF_SCOPE)]),
    )
    sound = 3000
    rows = len(scores.sure)
    joined = dataclasses.replace(
        scores,
        scores=np.zeros(rows + sound),
        sure=np.concatenate([scores.sure, np.full(sound, 0.9)]),
        sure_unknown=np.zeros(rows + sound),
        right=np.concatenate([scores.right, np.ones(sound, bool)]),
        tried=np.ones(rows + sound, bool),
        out_of_scope=np.concatenate([scores.out_of_scope, np.zeros(sound, bool)]),
        among=np.concatenate([scores.among, np.ones(sound, bool)]),
        best=(*scores.best, *(["sound"] * sound)),
    )
    budget = Budget(0.1, 0.1)
    found = measured_on(joined, budget)
    assert list(found.points.own) == ["bad"]
    assert 0.9 < found.points.own["bad"] < 0.95
    assert found.asked > 0.0
    assert found.lines(budget)[-1] == "  stricter than the rest, since they go wrong more often: bad"


def priced(max_wrong: float, covered: float, proven: bool) -> OperatingPoint:
    """A line of the price list."""
    return OperatingPoint(0.5, max_wrong, 0.02, covered, 0.25, proven)


def test_training_prints_what_was_measured_and_what_is_promised() -> None:
    """Word for word, as trainers read it; without stand-ins and stricter intents neither is spoken of."""
    points = OperatingPoints(0.5, 0.2, {"pay": 0.9, "leave": 0.8})
    prices = (priced(0.01, 0.4, False), priced(0.05, 0.8, True))
    found = Measured(points, priced(0.03, 0.7, True), prices, 0.15, 0.9, imagined=False)
    assert found.lines(Budget(0.03, 0.1)) == [
        f"Error budget 3.0% with 10% of messages out of scope: {priced(0.03, 0.7, True)}",
        "  15.0% are asked back about, the right choice among the buttons in 90%; "
        "of the messages out of scope 25.0% are acted on",
        "  the promise holds for messages like the examples in 95% of trainings",
        "  other budgets would answer at once: 1% → 40% (not promised), 5% → 80%",
        "  stricter than the rest, since they go wrong more often: pay, leave",
    ]
    doubtful = dataclasses.replace(found, chosen=priced(0.03, 0.7, False), imagined=True)
    first, _, third, *_ = doubtful.lines(Budget(0.03))
    assert first.startswith("Error budget 3.0% with 0% of messages out of scope (sentences whose intent was hidden")
    assert third == "  NOT promised: with so few examples a budget of 3.0% cannot be shown to hold"
    by_hand = dataclasses.replace(doubtful, by_hand=True)
    assert by_hand.lines(Budget(0.03))[2] == (
        "  NOT promised: the point 0.50 was set by hand, and does not keep the budget"
    )
    assert (by_hand.promised(Budget(0.03)).by_hand, found.promised(Budget(0.03)).by_hand) == (True, False)
    assert found.promised(Budget(0.03)).out_of_scope_share == 0.0


@pytest.mark.parametrize("wrong", ["much", True, 1.0, -0.1, None])
@pytest.mark.parametrize("name", ["max_wrong_answers", "out_of_scope_share"])
def test_a_budget_that_is_no_share_is_refused_with_its_name(name: str, wrong: object) -> None:
    """In a sentence that says what to write; no budget at all is none."""
    config = {"max_wrong_answers": 0.03, "out_of_scope_share": 0.1, name: wrong}
    if (name, wrong) == ("max_wrong_answers", None):
        assert operating_points.budget_in(config, "Arbiter") is None
        return
    with pytest.raises(SettingError) as refused:
        operating_points.budget_in(config, "Arbiter")
    assert str(refused.value) == f"config.yml: {name} of Arbiter is {wrong!r}; write a share, such as 0.03."


def test_a_budget_is_read_as_shares() -> None:
    """None of either is a share too."""
    config = {"max_wrong_answers": 0, "out_of_scope_share": 0.25}
    assert operating_points.budget_in(config, "Arbiter") == Budget(0.0, 0.25)
    assert operating_points.budget_in({**config, "max_wrong_answers": 0.03}, "Arbiter") == Budget(0.03, 0.25)


def test_what_is_settled_overrules_what_scope_and_lead_said() -> None:
    """Sure enough is in scope though scope said no; not sure enough is out though scope said yes."""
    points, sharing = OperatingPoints(0.8, 0.3, {}), Sharing(lead=0.1)
    readings = (Reading("a", 0.7), Reading("b", 0.2))

    def settled(sure: float, in_scope: bool, known: tuple[Reading, ...] = readings) -> tuple[float, bool]:
        lead, scope = points.settle(known, ScopeVerdict(in_scope, 0.5, "read so", sure), sharing)
        return lead.lead, scope.in_scope

    assert settled(0.8, in_scope=False) == (0.0, True)
    assert settled(0.2, in_scope=True) == (0.1, False)
    assert settled(0.3, in_scope=False) == (pytest.approx(0.65), True)
    assert settled(0.5, in_scope=True, known=readings[:1]) == (0.1, False)
    assert settled(0.5, in_scope=True, known=()) == (0.1, False)
    assert settled(0.9, in_scope=False, known=()) == (0.0, True)


def test_both_points_can_be_set_by_hand_at_once() -> None:
    """The asking point stays what was said, also where it is above the measured one."""
    assert OperatingPoints(0.8, 0.3, {"a": 0.9}).by_hand(0.6, 0.5) == OperatingPoints(0.6, 0.5, {})
