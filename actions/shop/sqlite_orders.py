"""Orders in the shop's database, for those who can prove that they are theirs, and the wrong proofs counted."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
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

BESIDE = "beside a right pair"
"""A number that stood beside one that matched, and did not match the same postcode."""


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

    def find_orders(
        self, numbers: Sequence[str], postcode: str, visitor: Visitor, key: str
    ) -> tuple[Order, ...] | NoMatch | LookAgainLater | PersonNeeded:
        """Those of the orders that belong to the postcode; looking at all of them is one transaction."""
        now = self.now()
        with connected(self._path) as connection, one_transaction(connection):
            wrong, proofs = self._tally(connection, WRONG_PAIR, now), self._tally(connection, PROOF, now)
            beside = self._tally(connection, BESIDE, now)
            for tally in (wrong, proofs, beside):
                tally.forget_what_is_over()
            for_visitor, talk = tallies.origin(visitor), tallies.conversation(visitor)
            if beside.count(for_visitor) >= self._limits.guesses.by_one_visitor:
                numbers = numbers[:1]  # one's own order is no way to try the neighbours' for ever
            refused = {
                number: self._refused(wrong, f"order {number}", for_visitor, now)
                for number in numbers
                if not proofs.has(talk, number)
            }
            looked_at = [number for number in numbers if refused.get(number) is None]
            if not looked_at:
                return next(why for why in refused.values() if why is not None)
            tried_already = {number for number in looked_at if wrong.has(f"order {number}", key)}
            found = [_order(connection, number, postcode) for number in looked_at if number not in tried_already]
            orders = tuple(order for order in found if order is not None)
            missed = set(looked_at) - {order.number for order in orders} - tried_already
            for order in orders:
                proofs.add((talk,), order.number, now)
            for number in sorted(missed):
                if orders:
                    beside.add((for_visitor,), f"{key} {number}", now)
                else:
                    wrong.add((f"order {number}",), key, now)
                    wrong.add((for_visitor,), f"{key} {number}", now)
            return orders or NoMatch()

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
