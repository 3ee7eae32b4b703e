"""One transaction of the gateway's: a session of SQLAlchemy's, and what only lives until its commit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session


class Transaction(Session):
    """What every function that touches the database is handed (:meth:`bot.gateway.platform.database.Database.run`).

    Each try of a function has a transaction of its own, so nothing of one that failed is left in the next.
    """

    def __init__(self, bind: Engine | Connection, **options: Any) -> None:
        super().__init__(bind, **options)
        self.announced: set[str] = set()
        """The topics that the commit signals (:func:`bot.gateway.platform.signals.announce`)."""
        self.locked: set[str] = set()
        """The conversations that this transaction keeps others from changing."""
