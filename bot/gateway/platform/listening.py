"""Hears the signals of the other gateways, over PostgreSQL's LISTEN."""

from __future__ import annotations

import asyncio
import logging
import time

import psycopg
from sqlalchemy.engine import URL

from bot.gateway.platform.database import NOTIFY_CHANNEL
from bot.gateway.platform.signals import DEAF_PATIENCE, HEARING_PATIENCE, Signals

log = logging.getLogger(__name__)

# A connection that the network dropped silently is noticed after so many seconds without a word.
_CHECK_EVERY = 10.0
# How long a stopping gateway may wait for this, in seconds.
_LOOK_UP_EVERY = 0.5


class Listener:
    """Holds one connection that listens; while it has none, waiters poll more often."""

    def __init__(self, url: URL, signals: Signals) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._signals = signals

    async def run(self) -> None:
        """Listen until the process stops, and connect again whenever the connection is lost."""
        while not self._signals.closed:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("signals of other gateways are not heard: %s", type(error).__name__)
            self._signals.patience = DEAF_PATIENCE
            if not self._signals.closed:
                await asyncio.sleep(DEAF_PATIENCE)

    async def _listen(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self._conninfo, autocommit=True, connect_timeout=3
        ) as connection:
            await connection.execute(f"LISTEN {NOTIFY_CHANNEL}")
            self._signals.patience = HEARING_PATIENCE
            # Whatever was signalled before this moment was not heard.
            self._signals.wake_all()
            checked_at = time.monotonic()
            while not self._signals.closed:
                async for notice in connection.notifies(timeout=_LOOK_UP_EVERY):
                    self._hear(notice.payload)
                if time.monotonic() - checked_at >= _CHECK_EVERY:
                    checked_at = time.monotonic()
                    await connection.execute("SELECT 1")

    def _hear(self, payload: str) -> None:
        """Wake for another gateway's signal; this one's own waiters were woken when it committed."""
        origin, _, topic = payload.rpartition(" ")
        if origin != self._signals.origin:
            self._signals.wake(topic)
