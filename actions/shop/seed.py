"""Create and refresh the demonstration shop: ``python -m actions.shop.seed``.

Everything but the customers' own bookings follows from today's date, so seeding again on the same day changes
nothing, and on a later day it moves orders and free visits along and keeps what was booked.
"""

from __future__ import annotations

import random
import sqlite3
import sys
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.shop.catalogue import PRODUCTS, STORES, TECHNICIAN_AREAS
from actions.shop.closed_days import no_visits_on
from actions.shop.limits_file import FILE, load_limits
from actions.shop.model import Order, OrderState, Product, Window
from actions.shop.order_numbers import order_number
from actions.shop.place import shop_database
from actions.shop.sqlite_connection import connected, one_transaction
from bot import settings
from bot.errors import WarmlineError
from bot.private_files import keep_private, private_database

TIME_ZONE = ZoneInfo("Europe/London")

# Enough that no test or demonstration runs out; the least that was asked for is 200.
GENERATED_ORDERS = 240

# Technicians plan four weeks ahead, and two of them drive through each area.
DAYS_AHEAD = 28
TECHNICIANS = 2

# Some of the visits are taken already, as in any real diary: one in three.
ALREADY_TAKEN = 1 / 3

# Any fixed number: the same shop on every machine.
SEED = 20260


@dataclass(frozen=True)
class DemoOrder:
    """An order that the documentation and the tests may name."""

    six: str
    postcode: str
    model: str
    state: OrderState
    days: int
    """From today to the order's day."""
    store: str | None = None

    @property
    def number(self) -> str:
        """With its check digit."""
        return order_number(self.six)


DEMO_ORDERS = (
    DemoOrder("100001", "LS6 2AB", "Tern 60", OrderState.OUT_FOR_DELIVERY, 0),
    DemoOrder("100002", "M14 5TP", "Heron 9", OrderState.SHIPPED, 2),
    DemoOrder("100003", "YO10 4DD", "Snipe 180", OrderState.READY_FOR_PICKUP, 7, "York"),
    DemoOrder("204060", "S10 2TN", "Kestrel Duo", OrderState.BEING_PACKED, 5),
    DemoOrder("310007", "BD7 1DP", "Swift 8", OrderState.DELIVERED, -3),
    DemoOrder("420015", "HG1 5RD", "Plover 4", OrderState.CANCELLED, -1),
    # To send back: in time, in time, and long after the return period, on any day of the year.
    DemoOrder("430024", "LS8 1NT", "Tern 45", OrderState.DELIVERED, -5),
    DemoOrder("430031", "SK4 3GN", "Snipe 140", OrderState.DELIVERED, -12),
    DemoOrder("430048", "WF1 2DF", "Kestrel", OrderState.DELIVERED, -90),
)


def seed(path: Path, today: date) -> None:
    """Create the database if it is missing and bring it up to ``today``; customers' bookings stay."""
    private_database(path)
    with connected(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    refresh(path, today)


def refresh(path: Path, today: date) -> None:
    """Bring a database that exists up to ``today``: a server that runs for weeks goes on offering visits."""
    with connected(path) as connection:
        # Each table only where it is missing: a database of an earlier version gets what is new.
        connection.executescript(resources.files("actions.shop").joinpath("schema.sql").read_text("utf-8"))
        _bring_up_to(connection, today)


def _bring_up_to(connection: sqlite3.Connection, today: date) -> None:
    with one_transaction(connection):
        _products(connection)
        _orders(connection, today)
        _appointment_slots(connection, today)


def _products(connection: sqlite3.Connection) -> None:
    connection.executemany(
        "INSERT INTO products (model, kind, price_pence, place) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (model) DO UPDATE SET kind = excluded.kind, price_pence = excluded.price_pence,"
        " place = excluded.place",
        [(product.model, product.kind, product.price_pence, place) for place, product in enumerate(PRODUCTS)],
    )


def _orders(connection: sqlite3.Connection, today: date) -> None:
    connection.executemany(
        "INSERT INTO orders (number, postcode, model, state, placed_on, day, store) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (number) DO UPDATE SET postcode = excluded.postcode, model = excluded.model,"
        " state = excluded.state, placed_on = excluded.placed_on, day = excluded.day, store = excluded.store",
        [
            (
                order.number,
                order.postcode,
                order.product.model,
                order.state.value,
                order.placed_on.isoformat(),
                order.day.isoformat() if order.day else None,
                order.store,
            )
            for order in orders(today)
        ],
    )


def orders(today: date) -> tuple[Order, ...]:
    """All orders as they stand today: the named ones first, then the generated ones."""
    by_model = {product.model: product for product in PRODUCTS}
    named = [
        Order(
            demo.number,
            demo.postcode,
            by_model[demo.model],
            demo.state,
            today + timedelta(days=min(demo.days, 0) - 4),
            today + timedelta(days=demo.days),
            demo.store,
        )
        for demo in DEMO_ORDERS
    ]
    dice = random.Random(SEED)  # noqa: S311 - an example's data, not a secret
    taken = {demo.six for demo in DEMO_ORDERS}
    generated: list[Order] = []
    while len(generated) < GENERATED_ORDERS:
        six = f"{dice.randrange(500_000, 999_999)}"
        if six not in taken:
            taken.add(six)
            generated.append(_generated(six, dice, today))
    return (*named, *generated)


# How far an order's day lies from today in each state, in days: earliest and latest.
_DAYS = {
    OrderState.BEING_PACKED: (3, 7),
    OrderState.SHIPPED: (1, 4),
    OrderState.OUT_FOR_DELIVERY: (0, 0),
    OrderState.DELIVERED: (-60, -1),
    OrderState.READY_FOR_PICKUP: (1, 10),
    OrderState.CANCELLED: (-30, 0),
}


def _generated(six: str, dice: random.Random, today: date) -> Order:
    state = dice.choice(list(OrderState))
    product: Product = dice.choice(PRODUCTS)
    day = today + timedelta(days=dice.randint(*_DAYS[state]))
    letters = "ABDEFGHJLNPQRSTUWXYZ"  # an inward part has no C, I, K, M, O and V
    postcode = (
        f"{dice.choice(TECHNICIAN_AREAS)}{dice.randint(1, 20)} "
        f"{dice.randint(1, 9)}{dice.choice(letters)}{dice.choice(letters)}"
    )
    return Order(
        order_number(six),
        postcode,
        product,
        state,
        min(day, today) - timedelta(days=dice.randint(1, 5)),
        day,
        dice.choice(STORES) if state is OrderState.READY_FOR_PICKUP else None,
    )


def _appointment_slots(connection: sqlite3.Connection, today: date) -> None:
    connection.execute(
        "DELETE FROM appointment_slots WHERE day <= ? AND id NOT IN (SELECT slot_id FROM writes)", (today.isoformat(),)
    )
    connection.executemany(
        "INSERT INTO appointment_slots (id, area, day, time_window) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
        list(appointment_slots(today)),
    )


def appointment_slots(today: date) -> list[tuple[str, str, str, str]]:
    """``(id, area, day, window)`` of each visit of the coming weeks that is not taken from the start."""
    slots = []
    for ahead in range(1, DAYS_AHEAD + 1):
        day = today + timedelta(days=ahead)
        if no_visits_on(day):
            continue
        for area in TECHNICIAN_AREAS:
            for window in Window:
                for technician in range(1, TECHNICIANS + 1):
                    slot_id = f"{area}-{day:%Y%m%d}-{window.value}-{technician}"
                    # Drawn from the id, so that a visit does not come and go from one seeding to the next.
                    if random.Random(f"{SEED}/{slot_id}").random() >= ALREADY_TAKEN:  # noqa: S311
                        slots.append((slot_id, area, day.isoformat(), window.value))
    return slots


def today_in_the_shop() -> date:
    """The date where the shop is, wherever the server stands."""
    return datetime.now(TIME_ZONE).date()


def main() -> None:
    """Seed the database that the settings name, and say what there is to try."""
    keep_private()
    try:
        set_up = settings.load()
        # Seeding comes before the servers' start: a mistake in the limits stops it here, with its line.
        load_limits(set_up.root / FILE)
    except WarmlineError as error:
        sys.exit(str(error))
    path = shop_database(set_up.var)
    today = today_in_the_shop()
    seed(path, today)
    print(f"{path}: {len(orders(today))} orders, {len(appointment_slots(today))} technicians' visits")
    for demo in DEMO_ORDERS[:3]:
        print(f"  try {demo.number} with postcode {demo.postcode} ({demo.state.value.replace('_', ' ')})")


if __name__ == "__main__":
    main()
