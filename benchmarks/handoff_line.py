"""The simulated line with the product's own forecast: how often P90 held, and how much better than a moving mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.handoff_simulation import EVALUATION_SEEDS, START, WARM_UP_DAYS, Company, Customer
from benchmarks.report import Check
from bot.gateway.tickets import hours
from bot.gateway.tickets.desk_settings import PRIORITIES, load_desk_settings
from bot.gateway.tickets.forecasting import Forecast, History, loss
from bot.gateway.tickets.waiting_time import MEAN_OF

SETTINGS = load_desk_settings(Path("desk.yml"))


class Observer:
    """Forecasts each wait as it begins and learns from it as it ends, beside two simple forecasts."""

    def __init__(self) -> None:
        self.history = History()
        self.ended: list[float] = []
        self.covered: list[bool] = []
        self.losses: dict[str, list[float]] = {"ours": [], "moving mean": [], "moving mean and P90": []}
        self.longest: dict[str, float] = dict.fromkeys(PRIORITIES, 0.0)

    def joined(self, customer: Customer) -> tuple[Forecast | None, float, float]:
        """What each would tell this customer."""
        recent = self.ended[-MEAN_OF:] or [0.0]
        p90 = float(np.quantile(recent, 0.9))
        return self.history.forecast(customer.load), sum(recent) / len(recent), p90

    def accepted(self, customer: Customer) -> None:
        """The wait is over."""
        told: tuple[Forecast | None, float, float] = customer.told
        ours, mean, p90 = told
        assert customer.accepted_at is not None
        waited = hours.open_between(SETTINGS, customer.waiting.queued_at, customer.accepted_at).total_seconds()
        self.history.learn(customer.load, waited, ours)
        self.ended.append(waited)
        if ours is None or (customer.waiting.queued_at - START).days < WARM_UP_DAYS:
            return
        self.covered.append(waited <= ours.p90)
        self.longest[customer.priority] = max(self.longest[customer.priority], waited)
        for name, low, high in (
            ("ours", ours.p50, ours.p90),
            ("moving mean", mean, mean),
            ("moving mean and P90", mean, p90),
        ):
            self.losses[name].append(loss(low, high, waited))


def measure() -> tuple[list[Check], dict[str, Any]]:
    """All evaluation seeds."""
    covered: list[bool] = []
    losses: dict[str, list[float]] = {}
    longest = dict.fromkeys(PRIORITIES, 0.0)
    each = {}
    unserved = 0
    for seed in EVALUATION_SEEDS:
        observer = Observer()
        customers = Company(seed, SETTINGS).run(observer.joined, observer.accepted)
        covered += observer.covered
        for name, values in observer.losses.items():
            losses.setdefault(name, []).extend(values)
        longest = {name: max(longest[name], observer.longest[name]) for name in PRIORITIES}
        each[seed] = {
            "customers": len(customers),
            "left": sum(one.left_at is not None for one in customers),
            "covered_by_p90": float(np.mean(observer.covered)),
            "pinball_seconds": {name: float(np.mean(values)) for name, values in observer.losses.items()},
        }
        # Who came in the last day may still wait when the curtain falls.
        unserved += sum(
            one.accepted_at is None
            and one.left_at is None
            and (customers[-1].waiting.queued_at - one.waiting.queued_at).days > 1
            for one in customers
        )
    share = float(np.mean(covered))
    ours, mean, both = (float(np.mean(losses[name])) for name in ("ours", "moving mean", "moving mean and P90"))
    checks = [
        Check("waits within their P90, at least", share, 0.85, "least"),
        Check("waits within their P90, at most", share, 0.95),
        Check("pinball loss beside a moving mean", ours / mean, 0.9),
        Check("pinball loss beside a moving mean with a moving P90", ours / both, 0.9),
        Check("customers who starved in the simulated line", unserved, 0),
    ]
    figures = {
        "waits": len(covered),
        "covered_by_p90": share,
        "pinball_seconds": {name: float(np.mean(values)) for name, values in losses.items()},
        "longest_wait_minutes_of_open_time": {name: round(value / 60, 1) for name, value in longest.items()},
        "seeds": each,
    }
    return checks, figures
