"""What an error budget promises: it holds for messages that did not choose the point, and it says what it costs."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.intents.budget import FEWEST, Budget, Tried, at_point, group_points, operating_point, price_list

BUDGET = Budget(0.05)


def drawn(seed: int, ours: int, outside: int = 0) -> Tried:
    """Messages whose score is right about its doubt, and those out of scope that often look sure."""
    random = np.random.RandomState(seed)
    own, out_of_scope = random.beta(8, 1, ours), random.beta(2, 2, outside)
    right = random.random_sample(ours) < own**0.6
    return Tried.of(
        np.concatenate([own, out_of_scope]),
        np.concatenate([right, np.zeros(outside, bool)]),
        np.arange(ours + outside) >= ours,
    )


def wrong_share(tried: Tried, point: float, share: float) -> float:
    """Wrong answers among all messages, counted without the module under test."""
    wrong = (tried.scores >= point) & ~tried.right
    out_of_scope = wrong[tried.out_of_scope].mean() if share else 0.0
    return float((1 - share) * wrong[~tried.out_of_scope].mean() + share * out_of_scope)


@pytest.mark.parametrize(("ours", "outside", "share"), [(1500, 100, 0.18), (400, 0, None), (600, 300, 0.5)])
def test_the_promise_holds_for_messages_that_did_not_choose_the_point(
    ours: int, outside: int, share: float | None
) -> None:
    """In 95 of 100 trials: two standard deviations of so many trials are allowed for, no more."""
    budget = Budget(0.05, share)
    everybody = drawn(0, 50_000, 20_000 if outside else 0)
    trials = 100
    points = [operating_point(drawn(seed, ours, outside), budget).point for seed in range(1, trials + 1)]
    broken = sum(wrong_share(everybody, point, share or 0.0) > budget.max_wrong for point in points)
    assert broken <= trials * 0.05 + 2 * np.sqrt(trials * 0.05 * 0.95)


def test_a_promise_about_a_number_of_messages_allows_for_their_chance_too() -> None:
    """A week of 500 messages may be worse than the long run."""
    tried, out_of_scope = drawn(1, 3000), drawn(2, 100_000)
    long_run, week = operating_point(tried, BUDGET), operating_point(tried, Budget(0.05, messages=500))
    assert week.point > long_run.point
    weeks = [out_of_scope.only(np.arange(100_000) // 500 == number) for number in range(200)]
    assert sum(wrong_share(some, week.point, 0.0) > 0.05 for some in weeks) <= 10


def test_a_looser_budget_never_answers_less() -> None:
    """The price list is in order, and holds the budget that was asked for."""
    prices = price_list(drawn(3, 2000, 200), Budget(0.04, 0.2))
    assert [price.max_wrong for price in prices] == sorted(price.max_wrong for price in prices)
    assert 0.04 in [price.max_wrong for price in prices]
    assert [price.covered for price in prices] == sorted(price.covered for price in prices)
    assert all(price.wrong <= price.max_wrong for price in prices)


def test_more_messages_out_of_scope_in_traffic_make_the_point_stricter() -> None:
    """Each of them that is answered is answered wrongly."""
    tried = drawn(4, 2000, 300)
    assert operating_point(tried, Budget(0.05, 0.5)).point > operating_point(tried, Budget(0.05, 0.05)).point


def test_what_never_goes_wrong_is_always_answered() -> None:
    """From a hundred messages on the promise is proven; with twenty nothing can be."""
    for count, proven in ((FEWEST, True), (20, False)):
        point = operating_point(Tried.of(np.linspace(0.1, 1, count), np.ones(count, bool)), Budget(0.03))
        assert (point.covered, point.wrong, point.proven) == (1.0, 0.0, proven)


def test_where_everything_is_wrong_nothing_is_answered() -> None:
    """The point is out of reach."""
    point = operating_point(Tried.of(np.linspace(0, 1, 300), np.zeros(300, bool)), Budget(0.0))
    assert point.covered == point.wrong == 0.0
    assert point.point == float("inf")


def test_without_messages_nothing_is_answered_and_nothing_promised() -> None:
    """There is nothing to choose by."""
    point = operating_point(Tried.of([], []), BUDGET)
    assert not point.proven
    assert point.point == float("inf")


def test_messages_with_the_same_score_stand_on_the_same_side() -> None:
    """A right and a wrong answer that are equally sure cannot be told apart."""
    tried = Tried.of([0.9] * 200 + [0.5] * 100, [True] * 200 + [True] * 50 + [False] * 50)
    assert operating_point(tried, BUDGET).covered == pytest.approx(2 / 3)


def test_a_point_set_by_hand_is_measured_too() -> None:
    """It may keep the budget or break it."""
    tried = drawn(5, 2000)
    chosen = operating_point(tried, BUDGET)
    assert at_point(tried, chosen.point, BUDGET) == chosen
    assert not at_point(tried, 0.0, BUDGET).proven


def test_a_group_that_breaks_the_budget_takes_a_stricter_point_and_a_small_one_cannot() -> None:
    """The overall promise is not touched by a stricter point."""
    sound = drawn(6, 3000)
    scores = np.concatenate([sound.scores, np.full(FEWEST, 0.999), np.full(FEWEST - 1, 0.999)])
    right = np.concatenate([sound.right, np.arange(FEWEST) % 5 > 0, np.arange(FEWEST - 1) % 5 > 0])
    groups = ["sound"] * 3000 + ["bad"] * FEWEST + ["bad but small"] * (FEWEST - 1)
    tried = Tried.of(scores, right, groups=groups)
    overall = operating_point(tried, Budget(0.1))
    points = group_points(tried, Budget(0.1), overall)
    assert set(points) == {"bad"}
    assert points["bad"] > overall.point


def test_what_does_not_belong_together_is_refused() -> None:
    """One row too few somewhere is a mistake of the caller."""
    with pytest.raises(ValueError, match="same messages"):
        Tried.of([0.5], [True, False])
