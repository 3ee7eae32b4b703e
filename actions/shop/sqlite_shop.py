"""The shop on SQLite: one file, readers that never wait for the writer, and writes that happen once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from actions.shop.limits import Limits
from actions.shop.model import (
    Appointment,
    AppointmentSlot,
    BookingRequest,
    LimitReached,
    Product,
    SlotTaken,
    Visitor,
    Window,
)
from actions.shop.postcodes import area
from actions.shop.sqlite_connection import connected, one_transaction
from actions.shop.sqlite_orders import SqliteOrders
from actions.shop.sqlite_returns import SqliteReturns
from actions.shop.tallies import Uses
from bot.errors import ArtefactError

# References start above this, so that the first customer does not get visit number 1.
FIRST_REFERENCE = 20000


BOOKING = "booking"


class SqliteShop(SqliteOrders, SqliteReturns):
    """A :class:`~actions.shop.model.Shop` over a seeded database file."""

    def __init__(self, path: Path, limits: Limits | None = None, clock: Callable[[], float] = time.time) -> None:
        if not path.is_file():
            raise ArtefactError(path, "There is no shop database here.", "python -m actions.shop.seed")
        super().__init__(path, limits or Limits(), clock)

    def products(self) -> tuple[Product, ...]:
        """The range, in the catalogue's order."""
        with connected(self._path) as connection:
            return tuple(_product(row) for row in connection.execute("SELECT * FROM products ORDER BY place"))

    def has_technicians(self, postcode: str) -> bool:
        """Whether the diary knows the postcode's area."""
        with connected(self._path) as connection:
            found = connection.execute("SELECT 1 FROM appointment_slots WHERE area = ? LIMIT 1", (area(postcode),))
            return found.fetchone() is not None

    def appointment_slot(self, slot_id: str) -> AppointmentSlot | None:
        """One visit by its id, free or not."""
        with connected(self._path) as connection:
            row = connection.execute("SELECT * FROM appointment_slots WHERE id = ?", (slot_id,)).fetchone()
        return None if row is None else _slot(row)

    def free_appointments(
        self, postcode: str, after: date, day: date | None = None, window: Window | None = None
    ) -> tuple[AppointmentSlot, ...]:
        """Free visits later than ``after``, earliest first; two technicians in the same half of a day count once."""
        with connected(self._path) as connection:
            rows = connection.execute(
                "SELECT min(id) AS id, area, day, time_window FROM appointment_slots"
                " WHERE area = :area AND day > :after AND (:day IS NULL OR day = :day)"
                " AND (:window IS NULL OR time_window = :window)"
                " AND id NOT IN (SELECT slot_id FROM appointments)"
                " GROUP BY area, day, time_window ORDER BY day, time_window DESC",
                {
                    "area": area(postcode),
                    "after": after.isoformat(),
                    "day": day.isoformat() if day else None,
                    "window": window.value if window else None,
                },
            ).fetchall()
        return tuple(_slot(row) for row in rows)

    def may_book(self, visitor: Visitor) -> bool:
        """Whether none of the limits that do without an e-mail address is reached."""
        with connected(self._path) as connection:
            return not self._bookings(connection, visitor).reached()

    def book(self, request: BookingRequest, visitor: Visitor, key: str) -> Appointment | SlotTaken | LimitReached:
        """Book a visit once; the limits, the booking and the remembered answer are one transaction."""
        with connected(self._path) as connection, one_transaction(connection):
            if connection.execute("SELECT 1 FROM writes WHERE key = ?", (key,)).fetchone() is None:
                bookings = self._bookings(connection, visitor, request.email)
                if bookings.reached():
                    return LimitReached()
                booked = connection.execute(
                    "INSERT INTO appointments (slot_id, appliance, problem, postcode, email)"
                    " SELECT id, :appliance, :problem, :postcode, :email FROM appointment_slots"
                    " WHERE id = :slot_id AND id NOT IN (SELECT slot_id FROM appointments) RETURNING id",
                    vars(request),
                ).fetchone()
                connection.execute(
                    "INSERT INTO writes (key, slot_id, appointment_id) VALUES (?, ?, ?)",
                    (key, request.slot_id, booked["id"] if booked else None),
                )
                if booked:
                    bookings.add(key)
            row = connection.execute(
                "SELECT writes.slot_id, appointment_id, area, day, time_window, appointment_slots.id FROM writes"
                " LEFT JOIN appointment_slots ON appointment_slots.id = writes.slot_id WHERE key = ?",
                (key,),
            ).fetchone()
        if row["appointment_id"] is None:
            return SlotTaken(row["slot_id"])
        return Appointment(f"TV-{FIRST_REFERENCE + row['appointment_id']}", _slot(row))

    def _bookings(self, connection: sqlite3.Connection, visitor: Visitor, email: str | None = None) -> Uses:
        return Uses(connection, BOOKING, self._limits.bookings, visitor, self.now(), email)


def _product(row: sqlite3.Row) -> Product:
    return Product(row["model"], row["kind"], row["price_pence"])


def _slot(row: sqlite3.Row) -> AppointmentSlot:
    return AppointmentSlot(row["id"], row["area"], date.fromisoformat(row["day"]), Window(row["time_window"]))
