"""The gateway's memory of past waits: from it a forecast is made (:mod:`bot.gateway.tickets.forecasting`)."""

from __future__ import annotations

from threading import Lock

from sqlalchemy import select

from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.forecasting import MOST, Forecast, History, Load
from bot.gateway.tickets.tables import Wait


class PastWaits:
    """Past waits, read once and then as they come; shared by a gateway's threads."""

    def __init__(self) -> None:
        self._history = History()
        self._last_id = 0
        self._lock = Lock()

    def history(self, session: Transaction) -> History:
        """What is known by now."""
        with self._lock:
            query = select(Wait).where(Wait.id > self._last_id).order_by(Wait.id.desc()).limit(MOST)
            for wait in reversed(session.scalars(query).all()):
                promised = None if wait.promised_p90 is None else Forecast(wait.promised_p50 or 0, wait.promised_p90)
                self._history.learn(Load(**wait.load), wait.waited, promised)
                self._last_id = wait.id
            return self._history
