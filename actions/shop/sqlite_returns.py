"""Returns in the shop's database: each order goes back once, and a day has no more collections than its crews make."""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta

from actions.shop.model import (
    AlreadyReturned,
    CollectionFull,
    LimitReached,
    Return,
    ReturnReason,
    ReturnRequest,
    Visitor,
)
from actions.shop.sqlite_connection import ShopDatabase, connected, one_transaction
from actions.shop.tallies import Uses

# Return numbers start above this, and so never look like a visit's reference.
FIRST_RETURN = 30000

# What the collection crews plan ahead, and how many appliances they fetch in a day.
COLLECTION_DAYS_AHEAD = 14
COLLECTIONS_A_DAY = 12

SATURDAY = 5

RETURN = "return"


class SqliteReturns(ShopDatabase):
    """The part of a :class:`~actions.shop.model.Shop` that takes things back."""

    def find_return(self, order_number: str) -> Return | None:
        """The order's return, if it has one."""
        with connected(self._path) as connection:
            row = connection.execute("SELECT * FROM returns WHERE order_number = ?", (order_number,)).fetchone()
        return None if row is None else _return(row)

    def collection_days(self, after: date) -> tuple[date, ...]:
        """The days later than ``after`` that are not full; the crews drive from Monday to Friday."""
        days = [after + timedelta(days=ahead) for ahead in range(1, COLLECTION_DAYS_AHEAD + 1)]
        with connected(self._path) as connection:
            return tuple(day for day in days if day.weekday() < SATURDAY and _has_room(connection, day))

    def register_return(
        self, request: ReturnRequest, visitor: Visitor, key: str
    ) -> Return | AlreadyReturned | CollectionFull | LimitReached:
        """Register a return once; whether it may be and that it is are one transaction."""
        with connected(self._path) as connection, one_transaction(connection):
            row = connection.execute("SELECT * FROM returns WHERE order_number = ?", (request.order_number,)).fetchone()
            if row is not None:
                return _return(row) if row["key"] == key else AlreadyReturned(_return(row))
            returns = Uses(connection, RETURN, self._limits.returns, visitor, self.now())
            if returns.reached():
                return LimitReached()
            if request.collect_on is not None and not _has_room(connection, request.collect_on):
                return CollectionFull(request.collect_on)
            row = connection.execute(
                "INSERT INTO returns (key, order_number, reason, words, collect_on) VALUES (?, ?, ?, ?, ?) RETURNING *",
                (
                    key,
                    request.order_number,
                    request.reason.value,
                    request.words,
                    request.collect_on.isoformat() if request.collect_on else None,
                ),
            ).fetchone()
            returns.add(key)
        return _return(row)


def _has_room(connection: sqlite3.Connection, day: date) -> bool:
    (planned,) = connection.execute("SELECT count(*) FROM returns WHERE collect_on = ?", (day.isoformat(),)).fetchone()
    return bool(planned < COLLECTIONS_A_DAY)


def _return(row: sqlite3.Row) -> Return:
    return Return(
        reference=f"RT-{FIRST_RETURN + row['id']}",
        order_number=row["order_number"],
        reason=ReturnReason(row["reason"]),
        collect_on=date.fromisoformat(row["collect_on"]) if row["collect_on"] else None,
    )
