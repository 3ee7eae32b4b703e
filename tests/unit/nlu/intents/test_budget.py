"""What an error budget promises: it holds for messages that did not choose the point, and it says what it costs."""

from __future__ import annotations

from itertools import product
from math import comb, inf, nextafter

import numpy as np
import pytest
from scipy.stats import beta

from bot.nlu.intents.budget import (
    FEWEST,
    Budget,
    OperatingPoint,
    Tried,
    at_point,
    group_points,
    operating_point,
    price_list,
)

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


SURER = 0.999999
"""A confidence that a handful of messages never gives."""


def messages(right: int, wrong: int, let_through: int = 0, kept_out: int = 0) -> Tried:
    """Messages of ours that are answered at 0.5, right and wrong, and those out of scope that are answered or not."""
    ours, outside = right + wrong, let_through + kept_out
    return Tried.of(
        [0.9] * ours + [0.9] * let_through + [0.1] * kept_out,
        [True] * right + [False] * wrong + [False] * outside,
        [False] * ours + [True] * outside,
    )


def test_a_point_says_what_it_means_for_the_traffic_that_is_expected() -> None:
    """Those out of scope weigh as in traffic; without a share, as among the messages; with none, not at all."""
    tried = messages(right=6, wrong=2, let_through=1, kept_out=1)
    expected = at_point(tried, 0.5, Budget(0.03, 0.4))
    assert (expected.point, expected.max_wrong) == (0.5, 0.03)
    assert expected.wrong == pytest.approx(0.6 * 0.25 + 0.4 * 0.5)
    assert (expected.covered, expected.let_through) == (1.0, 0.5)
    assert at_point(tried, 0.5, Budget(0.03)).wrong == pytest.approx(0.8 * 0.25 + 0.2 * 0.5)
    assert at_point(messages(3, 1), 0.5, Budget(0.03, 0.4)).wrong == 0.25
    assert at_point(tried, 0.9, Budget(0.03)).covered == 1.0


@pytest.mark.parametrize("kind", ["ours", "out of scope"])
def test_nothing_is_made_up_about_messages_that_there_are_none_of(kind: str) -> None:
    """With ours alone nothing is let through; with none of ours nothing is covered, and every answer is wrong."""
    if kind == "ours":
        point = at_point(messages(4, 0), 0.5, Budget(0.03, 0.4))
        assert (point.wrong, point.covered, point.let_through) == (0.0, 1.0, 0.0)
    else:
        point = at_point(messages(0, 0, let_through=1, kept_out=3), 0.5, Budget(0.03, 0.4))
        assert (point.wrong, point.covered, point.let_through) == (0.25, 0.0, 0.25)
    assert not at_point(Tried.of([], []), 0.5, Budget(0.03)).proven


@pytest.mark.parametrize(("count", "proven"), [(98, False), (99, True)])
def test_a_budget_is_shown_to_hold_from_as_many_faultless_messages_as_chance_needs(count: int, proven: bool) -> None:
    """0.97 ** 98 is above one in twenty, 0.97 ** 99 below; of our messages as of those out of scope."""
    budget = Budget(0.03)
    assert at_point(messages(count, 0), 0.5, budget).proven is proven
    assert at_point(messages(0, 0, kept_out=count), 0.5, budget).proven is proven
    assert at_point(messages(count, 0, let_through=9), 0.5, Budget(0.03, 0.0)).proven is proven
    assert at_point(messages(9, 9, kept_out=count), 0.5, Budget(0.03, 1.0)).proven is proven


def test_what_is_as_sure_as_the_point_is_answered() -> None:
    """And is counted as wrong where it is."""
    assert not at_point(messages(94, 5), 0.9, Budget(0.03)).proven
    assert at_point(messages(94, 5), nextafter(0.9, 1), Budget(0.03)).proven


def test_one_wrong_answer_needs_more_messages() -> None:
    """157 of them: up to one wrong among them is less than one in twenty where 3 % are wrong; among 156 it is not."""
    for count, proven in ((156, False), (157, True)):
        assert at_point(messages(count - 1, 1), 0.5, Budget(0.03)).proven is proven
        assert at_point(messages(0, 0, let_through=1, kept_out=count - 1), 0.5, Budget(0.03)).proven is proven


def counted(of: int, rate: float) -> list[float]:
    """The probability of each count, by the textbook."""
    return [comb(of, count) * rate**count * (1 - rate) ** (of - count) for count in range(of + 1)]


def likeliest(tried: Tried, share: float, allowed: float) -> float:
    """How likely so few wrong answers are, counted pair by pair, for the mixture that makes them likeliest."""
    ours, outside = int((~tried.out_of_scope).sum()), int(tried.out_of_scope.sum())
    wrong = (tried.scores >= 0.5) & ~tried.right

    def share_of(inside: int, let_through: int) -> float:
        return (1 - share) * inside / ours + share * let_through / outside

    seen = share_of(int((wrong & ~tried.out_of_scope).sum()), int((wrong & tried.out_of_scope).sum()))
    chances = []
    for rate in np.linspace(0.0, 1.0, 401):
        own = (allowed - share * rate) / (1 - share)
        if not 0.0 <= own <= 1.0:
            continue
        pairs = product(enumerate(counted(ours, own)), enumerate(counted(outside, float(rate))))
        chances.append(sum(p * q for (i, p), (j, q) in pairs if share_of(i, j) <= seen + 1e-9))
    return max(chances)


@pytest.mark.parametrize(
    ("tried", "share", "allowed"),
    [
        (messages(28, 2, let_through=1, kept_out=9), 0.3, 0.25),
        (messages(20, 0, let_through=0, kept_out=6), 0.2, 0.2),
        (messages(11, 1, let_through=2, kept_out=18), 0.6, 0.4),
        (messages(8, 4, let_through=3, kept_out=5), 0.5, 0.7),
        (messages(15, 5, let_through=2, kept_out=2), 0.1, 0.5),
        (messages(0, 6, let_through=1, kept_out=9), 0.5, 0.8),
        (messages(9, 1, let_through=4, kept_out=0), 0.5, 0.6),
        (messages(1, 2, let_through=9, kept_out=1), 0.5, 0.9),
    ],
)
def test_a_budget_over_both_kinds_is_judged_by_the_mixture_that_makes_luck_likeliest(
    tried: Tried, share: float, allowed: float
) -> None:
    """Whether ours or those out of scope go wrong more often is not known."""
    luck = likeliest(tried, share, allowed)
    assert at_point(tried, 0.5, Budget(allowed, share, confidence=1 - luck * 1.02)).proven
    assert not at_point(tried, 0.5, Budget(allowed, share, confidence=1 - luck * 0.94)).proven


def test_a_promise_about_a_hundred_messages_leaves_half_of_the_doubt_to_their_chance() -> None:
    """Five of a hundred may be wrong: the long run must be so good that six seldom are, and that must be shown."""
    rate = beta.ppf(0.025, 6, 95)
    needed = int(np.ceil(np.log(0.025) / np.log(1 - rate)))
    for count, proven in ((needed - 1, False), (needed, True)):
        assert at_point(messages(count, 0), 0.5, Budget(0.05, messages=100)).proven is proven


def test_the_point_stands_halfway_between_the_first_wrong_answer_too_many_and_the_next_surer_one() -> None:
    """Neither stands on the edge."""
    scores = [0.9] * 60 + [0.8] * 40 + [0.7, 0.6]
    found = operating_point(Tried.of(scores, [True] * 100 + [False, True]), Budget(0.03))
    assert found.proven
    assert found.point == pytest.approx((0.8 + 0.7) / 2)


def test_as_many_wrong_answers_are_given_as_the_budget_is_shown_to_allow() -> None:
    """One is allowed from 157 messages on, the second is one too many."""
    scores = [0.9] * 100 + [0.8] + [0.7] * 60 + [0.6] + [0.5] * 10
    right = [True] * 100 + [False] + [True] * 60 + [False] + [True] * 10
    found = operating_point(Tried.of(scores, right), Budget(0.03))
    assert (found.proven, found.point) == (True, pytest.approx(0.65))
    assert found.wrong == pytest.approx(1 / 172)


@pytest.mark.parametrize("seed", range(10, 18))
def test_the_lowest_point_that_is_shown_to_keep_the_budget_is_taken(seed: int) -> None:
    """It is shown to keep it, and would not be with the next wrong answer; messages out of scope are such answers."""
    tried, budget = drawn(seed, 400 + 7 * seed, 60), Budget(0.08, 0.3)
    found = operating_point(tried, budget)
    assert found.proven
    assert at_point(tried, found.point, budget) == found
    wrong = tried.scores[~tried.right]
    assert not at_point(tried, float(wrong[wrong < found.point].max()), budget).proven


def test_with_too_few_messages_the_budget_is_kept_on_these() -> None:
    """Each wrong answer weighs as its kind does in traffic, and the last one that fits is still given."""
    scores = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4]
    right = [True, False, True, False, True, False]
    ours_alone = operating_point(Tried.of(scores, right), Budget(1 / 3, confidence=SURER))
    assert (ours_alone.proven, ours_alone.point) == (False, pytest.approx(0.45))
    # Of four messages of ours a wrong one weighs 0.2; of two out of scope each weighs 0.1.
    both = Tried.of(scores, right, [False, True, False, False, False, True])
    for allowed, point in ((0.09, 0.85), (0.15, 0.65), (0.35, 0.45), (0.45, 0.4)):
        assert operating_point(both, Budget(allowed, 0.2, SURER)).point == pytest.approx(point)
    alone = Tried.of([0.9, 0.8], [True, False], [False, True])
    assert operating_point(alone, Budget(0.45, 0.5, SURER)).point == pytest.approx(0.85)
    assert operating_point(alone, Budget(0.55, 0.5, SURER)).point == 0.8
    ours_first = Tried.of([0.9, 0.8], [False, False], [False, True])
    assert operating_point(ours_first, Budget(0.45, 0.5, SURER)).point == inf


def grouped(**groups: tuple[list[float], int]) -> Tried:
    """Groups of messages: the scores of those that are wrong, and how many there are; the others are surely right."""
    rows = [
        (score, right, name)
        for name, (wrong, count) in groups.items()
        for score, right in [*((score, False) for score in wrong), *([(0.99, True)] * (count - len(wrong)))]
    ]
    scores, right, names = zip(*rows, strict=True)
    return Tried.of(scores, right, groups=names)


def test_a_groups_point_leaves_out_as_many_wrong_answers_as_are_shown_to_be_too_many() -> None:
    """Of a hundred, ten wrong are less than one in twenty where 5 % are wrong, and nine are not."""
    twelve = [0.5 + 0.01 * place for place in range(12)]
    tried = grouped(
        a_small_one=([0.6] * 30, 99),
        bad=(twelve, 100),
        just_good_enough=(twelve[:9], 100),
        just_at_the_point=([0.5] * 10, 100),
        wrong_below_the_point=([0.49] * 30, 100),
    )
    budget = Budget(0.05)
    points = group_points(tried, budget, at_point(tried, 0.5, budget))
    assert points == {"bad": nextafter(twelve[2], inf), "just_at_the_point": nextafter(0.5, inf)}


def test_a_group_that_is_always_wrong_is_never_answered_where_it_was_seen() -> None:
    """Nothing is left out of which it cannot be shown."""
    tried = grouped(bad=([0.6] * 100, 100))
    points = group_points(tried, Budget(0.05), at_point(tried, 0.5, Budget(0.05)))
    assert points["bad"] > 0.6


def test_some_messages_keep_what_they_were_read_as() -> None:
    """A mask keeps rows of everything."""
    tried = Tried.of([0.1, 0.2, 0.3], [True, False, True], [False, True, False], ("a", "b", "c"))
    some = tried.only(np.asarray([True, False, True]))
    assert (some.scores.tolist(), some.right.tolist(), some.out_of_scope.tolist()) == (
        [0.1, 0.3],
        [True] * 2,
        [False] * 2,
    )
    assert some.groups == ("a", "c")
    assert Tried.of([0.1, 0.2], [True, True]).only(np.asarray([True, False])).groups == ()


def test_whatever_sequences_are_given_numbers_and_truths_are_kept() -> None:
    """Whole numbers are scores too, and no message out of scope is right."""
    tried = Tried.of([1, 0], [1, 1], [0, 1])  # type: ignore[list-item]
    assert (tried.scores.dtype, tried.right.dtype, tried.out_of_scope.dtype) == (np.float64, bool, bool)
    assert (tried.right.tolist(), tried.out_of_scope.tolist()) == ([True, False], [False, True])


def test_a_point_is_told_in_a_line_with_its_doubt() -> None:
    """As training prints it."""
    told = "70.0% of our messages answered at once, 2.0% of all messages wrongly"
    assert str(OperatingPoint(0.5, 0.03, 0.02, 0.7, 0.1, proven=True)) == told
    assert str(OperatingPoint(0.5, 0.03, 0.02, 0.7, 0.1, proven=False)) == f"{told} (too few examples to promise it)"


def test_the_price_list_has_a_point_for_each_budget_once() -> None:
    """Each is the one that this budget alone would give."""
    tried = messages(right=150, wrong=10)
    prices = price_list(tried, Budget(0.04, 0.2), (0.2, 0.04))
    assert prices == tuple(operating_point(tried, Budget(allowed, 0.2)) for allowed in (0.04, 0.2))
