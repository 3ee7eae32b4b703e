"""Customers first: a shadow turn waits while a customer's turn is being taken, whatever gateway sent it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

# A suggestion that would come later than this helps nobody; the gateway gives up a second later by itself.
PATIENCE = 2.0


class GivingWay:
    """Counts the customers' turns of one brain; used from its event loop only."""

    def __init__(self) -> None:
        self._customers = 0
        self._nobody = asyncio.Event()
        self._nobody.set()

    @contextmanager
    def customer(self) -> Iterator[None]:
        """A customer's turn, from its beginning to its end."""
        self._customers += 1
        self._nobody.clear()
        try:
            yield
        finally:
            self._customers -= 1
            if self._customers == 0:
                self._nobody.set()

    async def give_way(self, patience: float = PATIENCE) -> bool:
        """Wait until no customer has a turn, at most ``patience`` seconds; tells whether that is so."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._nobody.wait(), patience)
        return self._customers == 0
