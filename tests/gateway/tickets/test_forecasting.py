"""The forecast: it asks the moments most like this one, the latest first, and learns from what it promised."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.gateway.tickets import forecasting
from bot.gateway.tickets.forecasting import (
    FEWEST,
    HIGHEST,
    LOWEST,
    MOST,
    NEIGHBOURS,
    PACE,
    SLOW,
    Forecast,
    History,
    Load,
)

LOAD = Load(ahead=3, online=2, able=1, free=0, in_hand=6, oldest=240.0)
SPREAD = [float(wait) for wait in range(10, 10 * NEIGHBOURS + 1, 10)]


def filled(waits: list[float], load: Load = LOAD) -> History:
    """A history of these waits, all from the same moment."""
    history = History()
    for wait in waits:
        history.learn(load, wait, None)
    return history


def p90_of(history: History, load: Load = LOAD) -> float:
    """The slow end that a customer would be told."""
    found = history.forecast(load)
    assert found is not None
    return found.p90


def test_a_handful_of_waits_says_nothing() -> None:
    """A promise from fewer would be a guess."""
    history = filled([60.0] * (FEWEST - 1))
    assert history.forecast(LOAD) is None
    history.learn(LOAD, 60.0, None)
    assert history.forecast(LOAD) == Forecast(60.0, 60.0)


def test_half_wait_less_than_one_and_nine_of_ten_less_than_the_other() -> None:
    """The quantiles of what happened."""
    found = filled(SPREAD).forecast(LOAD)
    assert found == Forecast(float(np.quantile(SPREAD, 0.5)), float(np.quantile(SPREAD, 0.9)))


@pytest.mark.parametrize(
    "other",
    [
        replace(LOAD, ahead=12),
        replace(LOAD, online=6),
        replace(LOAD, online=0),
        replace(LOAD, able=0),
        replace(LOAD, free=4),
        replace(LOAD, in_hand=20),
        replace(LOAD, oldest=3600.0),
    ],
    ids=lambda load: str(load),
)
def test_each_thing_that_makes_moments_differ_tells_them_apart(other: Load) -> None:
    """The same line at another desk is another moment: its waits do not mix with ours."""
    history = History()
    for _ in range(NEIGHBOURS):
        history.learn(LOAD, 60.0, None)
        history.learn(other, 900.0, None)
    assert history.forecast(LOAD) == Forecast(60.0, 60.0)
    assert history.forecast(other) == Forecast(900.0, 900.0)


def test_a_moment_between_two_is_told_by_the_nearer() -> None:
    """Eleven before me is more like twelve than like three."""
    history = History()
    for _ in range(NEIGHBOURS):
        history.learn(LOAD, 60.0, None)
        history.learn(replace(LOAD, ahead=12), 900.0, None)
    assert p90_of(history, replace(LOAD, ahead=11)) == 900.0
    assert p90_of(history, replace(LOAD, ahead=4)) == 60.0


def test_of_equal_moments_the_latest_count() -> None:
    """Today's desk is not last month's."""
    assert p90_of(filled([60.0] * NEIGHBOURS + [900.0] * NEIGHBOURS)) == 900.0
    assert p90_of(filled([900.0] * NEIGHBOURS + [60.0] * NEIGHBOURS)) == 60.0
    found = filled([900.0] * 200 + [60.0] * (NEIGHBOURS // 2 + 1)).forecast(LOAD)
    assert found == Forecast(60.0, 900.0), "neither more nor fewer than the nearest are asked"
    assert filled([900.0] * 200 + [60.0] * (NEIGHBOURS // 2 - 1)).forecast(LOAD) == Forecast(900.0, 900.0)


def test_what_lies_too_far_back_is_forgotten_also_when_the_memory_has_been_round() -> None:
    """The memory holds a fixed number of waits, whatever was before."""
    other = replace(LOAD, ahead=40, oldest=7200.0)
    history = filled([1.0] * NEIGHBOURS)
    for learned in range(1, 3 * MOST + 1):
        history.learn(other, 900.0, None)
        if learned == MOST - NEIGHBOURS:
            assert p90_of(history) == 1.0, "as many as it holds"
        if learned in (MOST, 2 * MOST - NEIGHBOURS, 2 * MOST - NEIGHBOURS + 1, 3 * MOST):
            assert p90_of(history) == 900.0
    history.learn(other, 30.0, None)
    for _ in range(NEIGHBOURS):
        history.learn(LOAD, 5.0, None)
    assert history.forecast(LOAD) == Forecast(5.0, 5.0)
    assert history.forecast(other) == Forecast(900.0, 900.0)


def test_a_promise_that_was_too_short_makes_the_next_one_longer() -> None:
    """And one that held makes it a little shorter: nine that held weigh as much as one that did not."""
    before = p90_of(filled(SPREAD))
    missed, kept = filled(SPREAD[:-1]), filled(SPREAD[:-1])
    missed.learn(LOAD, SPREAD[-1], Forecast(1.0, SPREAD[-1] - 1))
    kept.learn(LOAD, SPREAD[-1], Forecast(1.0, SPREAD[-1]))
    assert p90_of(missed) == pytest.approx(np.quantile(SPREAD, SLOW + PACE * 0.9))
    assert p90_of(kept) == pytest.approx(np.quantile(SPREAD, SLOW - PACE * 0.1))
    assert p90_of(kept) < before < p90_of(missed)


def test_a_wait_without_a_promise_shifts_nothing() -> None:
    """Nobody was told anything."""
    history = filled(SPREAD)
    history.learn(LOAD, 1e6, None)
    assert p90_of(history) == pytest.approx(np.quantile([*SPREAD[1:], 1e6], SLOW))


def test_the_shift_stays_within_its_bounds() -> None:
    """A bad week must not make every promise endless, nor a good one make them all wrong."""
    high, low = History(), History()
    for _ in range(30):
        for wait in SPREAD:
            high.learn(LOAD, wait, Forecast(0.0, 0.0))
            low.learn(LOAD, wait, Forecast(0.0, 1e9))
    assert p90_of(high) == pytest.approx(np.quantile(SPREAD, HIGHEST))
    assert p90_of(low) == pytest.approx(np.quantile(SPREAD, LOWEST))


def test_a_moment_is_described_by_the_line_the_desk_and_the_room_there_is() -> None:
    """Logarithms: from one to two before you is more than from ten to eleven."""
    one = forecasting._place(Load(ahead=5, online=3, able=0, free=2, in_hand=7, oldest=600.0))
    assert one == pytest.approx(np.log1p([5, 4, 10, 3, np.expm1(0), np.expm1(1), 40 / 9, 7]))
    empty = forecasting._place(Load(ahead=0, online=0, able=1, free=3, in_hand=0, oldest=0.0))
    assert empty == pytest.approx([0, 0, 0, 0, 2, 0, 0, 0])
    nobody = forecasting._place(Load(ahead=1, online=0, able=0, free=0, in_hand=0, oldest=0.0))
    assert nobody == pytest.approx([np.log1p(1), np.log1p(2), 0, 0, 2, 1, np.log1p(20), 0])


def test_the_loss_of_a_forecast_grows_on_both_sides_and_more_where_it_was_too_short() -> None:
    """Koenker and Bassett: at nine of ten, a minute too short costs nine times as much as one too long."""
    assert forecasting.pinball(0.9, 100, 100) == 0
    assert forecasting.pinball(0.9, 100, 110) == pytest.approx(9)
    assert forecasting.pinball(0.9, 100, 90) == pytest.approx(1)
    assert forecasting.loss(50, 100, 110) == pytest.approx((0.5 * 60 + 0.9 * 10) / 2)
    assert forecasting.loss(50, 100, 40) == pytest.approx((0.5 * 10 + 0.1 * 60) / 2)


def test_a_promise_that_was_met_to_the_second_was_kept() -> None:
    """And of none there is no share."""
    assert forecasting.coverage([(60, 60), (60, 61), (60, 59), (60, 1)]) == 0.75
    assert forecasting.coverage([]) is None
