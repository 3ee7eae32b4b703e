"""The arithmetic of a waiting time: of the past moments most like this one, how long did people wait?

No formula of queueing theory fits a desk whose staff comes and goes; similar moments do. What makes moments similar is
how many are before one, how long the first of them has waited (the best single predictor of a delay that is known:
Ibrahim and Whitt, "Real-time delay estimation based on delay history", 2009), and who is there. The quantiles of the
nearest moments are then shifted until the slow end held in nine of ten recent cases (adaptive conformal inference:
Gibbs and Candès, 2021). All waits are open time: a night does not count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# Fewer timed waits than this say nothing that could be told to a customer.
FEWEST = 30
# Staff and customers change with the seasons: what lies further back is forgotten.
MOST = 3000
# Moments that are asked; P90 of fewer would be a guess about a handful.
NEIGHBOURS = 40
SLOW = 0.9
# How fast the shift follows: 200 cases move it by about one whole share of misses.
PACE = 0.02
LOWEST, HIGHEST = 0.70, 0.985
# What counts how much; found, as the number above, by coordinate search on three of the simulator's development seeds.
WEIGHTS = np.array([2.5, 2.5, 0.4, 1.25, 1.0, 2.5, 0.6, 0.3])


@dataclass(frozen=True)
class Load:
    """The line and the desk at the moment when somebody joins."""

    ahead: int
    """Tickets before this one."""
    online: int
    """Agents at work."""
    able: int
    """Agents at work who may take this ticket at once."""
    free: int
    """Free places of the agents at work."""
    in_hand: int
    """Conversations that agents have."""
    oldest: float
    """Seconds of open time that the first one in the queue has waited; 0 when nobody waits."""


@dataclass(frozen=True)
class Forecast:
    """Two quantiles of a waiting time, in seconds of open time."""

    p50: float
    p90: float


class History:
    """Waits that were timed, and the forecast from them; kept in the order in which they ended."""

    def __init__(self) -> None:
        self._places = np.empty((MOST * 2, len(WEIGHTS)))
        self._waits = np.empty(MOST * 2)
        self._count = 0
        self._level = SLOW

    def learn(self, load: Load, waited: float, promised: Forecast | None) -> None:
        """Take in a wait (seconds of open time) that has ended, and how good its promise was."""
        if self._count == len(self._waits):
            self._places[:MOST], self._waits[:MOST] = self._places[MOST:], self._waits[MOST:]
            self._count = MOST
        self._places[self._count], self._waits[self._count] = _place(load), waited
        self._count += 1
        if promised is not None:
            missed = waited > promised.p90
            self._level = min(HIGHEST, max(LOWEST, self._level + PACE * (missed - (1 - SLOW))))

    def forecast(self, load: Load) -> Forecast | None:
        """What to expect at such a moment; none while too few waits were timed."""
        if self._count < FEWEST:
            return None
        first = max(0, self._count - MOST)
        places, waits = self._places[first : self._count], self._waits[first : self._count]
        distances = ((places - _place(load)) ** 2 @ WEIGHTS).round(9)
        # Of equally near moments the latest: the day of today counts.
        order = np.lexsort((-np.arange(len(distances)), distances))[:NEIGHBOURS]
        p50, p90 = np.quantile(waits[order], (0.5, self._level))
        return Forecast(float(p50), float(max(p50, p90)))


def pinball(quantile: float, forecast: float, waited: float) -> float:
    """The loss of a quantile's forecast (Koenker and Bassett, 1978): 0 when it is exact, in the unit of the wait."""
    return max(quantile * (waited - forecast), (quantile - 1) * (waited - forecast))


def loss(p50: float, p90: float, waited: float) -> float:
    """The mean pinball loss of the two quantiles that a forecast names."""
    return (pinball(0.5, p50, waited) + pinball(SLOW, p90, waited)) / 2


def coverage(cases: Iterable[tuple[float, float]]) -> float | None:
    """The share of waits that were no longer than forecast; cases are (forecast, waited), none without any."""
    held = [waited <= forecast for forecast, waited in cases]
    return sum(held) / len(held) if held else None


def _place(load: Load) -> NDArray[np.float64]:
    queue = max(0, load.ahead + 1 - load.free)
    places = max(1, load.free + load.in_hand)
    return np.array(
        [
            np.log1p(load.ahead),
            np.log1p(queue),
            np.log1p(load.oldest / 60),
            np.log1p(load.online),
            2.0 * (load.online == 0),
            1.0 * (load.able == 0),
            np.log1p(10 * queue / places),
            np.log1p(load.in_hand),
        ]
    )
