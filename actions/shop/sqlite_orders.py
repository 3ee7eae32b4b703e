"""Orders in the shop's database, for those who can prove that they are theirs, and the wrong proofs counted."""

from __future__ import annotations

import sqlite3
from datetime import date

from actions.shop import tallies
from actions.shop.limits import pause_after
from actions.shop.model import (
    Guessed,
    LookAgainLater,
    NoMatch,
    Order,
    OrderState,
    PersonNeeded,
    Product,
    Visitor,
)
from actions.shop.sqlite_connection import ShopDatabase, connected, one_transaction
from actions.shop.tallies import Tally

WRONG_PAIR = "wrong pair"
PROOF = "proof"
"""A conversation gave the right pair for an order; the order's number is the key."""


class SqliteOrders(ShopDatabase):
    """The part of a :class:`~actions.shop.model.Shop` that shows orders."""

    def find_order(
        self, number: str, postcode: str, visitor: Visitor, key: str
    ) -> Order | NoMatch | LookAgainLater | PersonNeeded:
        """The order, if number and postcode belong together; counting and looking are one transaction."""
        now = self.now()
        with connected(self._path) as connection, one_transaction(connection):
            wrong, proofs = self._tally(connection, WRONG_PAIR, now), self._tally(connection, PROOF, now)
            wrong.forget_what_is_over()
            proofs.forget_what_is_over()
            # A number that no order has takes the same way as a wrong postcode, and the same rows are written for it.
            order = _order(connection, number, postcode)
            if order is not None and proofs.has(tallies.conversation(visitor), number):
                return order
            for_order, for_visitor = f"order {number}", tallies.origin(visitor)
            if wrong.has(for_order, key):
                return NoMatch()  # the same turn again
            refused = self._refused(wrong, for_order, for_visitor, now)
            if refused is not None:
                return refused
            if order is None:
                wrong.add((for_order,), key, now)
                wrong.add((for_visitor,), f"{key} {number}", now)
                return NoMatch()
            proofs.add((tallies.conversation(visitor),), number, now)
            return order

    def proved_order(self, number: str, postcode: str, visitor: Visitor) -> Order | None:
        """The order, if this conversation has given the right pair before."""
        with connected(self._path) as connection:
            proofs = self._tally(connection, PROOF, self.now())
            known = proofs.has(tallies.conversation(visitor), number)
            return _order(connection, number, postcode) if known else None

    def _refused(
        self, wrong: Tally, for_order: str, for_visitor: str, now: int
    ) -> PersonNeeded | LookAgainLater | None:
        """Why nothing is shown, whatever the postcode: what was right may not look different from what was wrong."""
        limits = self._limits.guesses
        wait = 0
        for counted_for, limit, guessed in (
            (for_order, limits.for_one_order, Guessed.ORDER),
            (for_visitor, limits.by_one_visitor, Guessed.VISITOR),
        ):
            count = wrong.count(counted_for)
            if count >= limit:
                return PersonNeeded(guessed, count)
            pause = pause_after(count, limit)
            # A clock that was set back makes nobody wait longer than the pause.
            wait = max(wait, min(pause, pause - (now - wrong.last(counted_for))))
        return LookAgainLater(wait) if wait > 0 else None

    def _tally(self, connection: sqlite3.Connection, what: str, now: int) -> Tally:
        return Tally(connection, what, now - int(self._limits.guesses.window.total_seconds()))


def _order(connection: sqlite3.Connection, number: str, postcode: str) -> Order | None:
    row = connection.execute(
        "SELECT * FROM orders JOIN products USING (model) WHERE number = ? AND postcode = ?", (number, postcode)
    ).fetchone()
    if row is None:
        return None
    return Order(
        number=row["number"],
        postcode=row["postcode"],
        product=Product(row["model"], row["kind"], row["price_pence"]),
        state=OrderState(row["state"]),
        placed_on=date.fromisoformat(row["placed_on"]),
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        store=row["store"],
    )
