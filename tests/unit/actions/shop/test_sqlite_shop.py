"""The shop's database: seeding, looking up, booking once."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.shop.model import Appointment, BookingRequest, NoMatch, Order, OrderState, SlotTaken, Visitor, Window
from actions.shop.order_numbers import is_valid
from actions.shop.postcodes import canonical
from actions.shop.seed import DEMO_ORDERS, orders, seed
from actions.shop.sqlite_shop import SqliteShop
from bot.errors import ArtefactError

SUNDAY = date(2026, 11, 22)
TUESDAY = date(2026, 11, 24)
ADA = Visitor("c1")


def _request(shop: SqliteShop) -> BookingRequest:
    slot = shop.free_appointments("LS6 2AB", SUNDAY)[0]
    return BookingRequest(slot.id, "dishwasher", "It leaks.", "LS6 2AB", "ada@example.com")


def test_the_shop_has_orders_in_every_state_with_valid_numbers_and_postcodes() -> None:
    """Enough to try everything on."""
    everything = orders(SUNDAY)
    assert len(everything) >= 220
    assert len({order.number for order in everything}) == len(everything)
    assert {order.state for order in everything} == set(OrderState)
    assert all(is_valid(order.number) and canonical(order.postcode) == order.postcode for order in everything)
    assert all((order.store is not None) == (order.state is OrderState.READY_FOR_PICKUP) for order in everything)


def test_an_order_is_found_by_number_and_postcode_together_only(shop: SqliteShop) -> None:
    """Neither alone tells anything."""
    demo = DEMO_ORDERS[0]
    order = shop.find_order(demo.number, demo.postcode, ADA, "k")
    assert isinstance(order, Order)
    assert (order.product.model, order.state, order.day) == (demo.model, demo.state, SUNDAY)
    assert shop.find_order(demo.number, "LS6 2AC", ADA, "k1") == NoMatch()
    assert shop.find_order(DEMO_ORDERS[1].number, demo.postcode, ADA, "k2") == NoMatch()


def test_seeding_twice_changes_nothing(shop_path: Path) -> None:
    """The set-up may run as often as it likes."""
    before = _everything(shop_path)
    seed(shop_path, SUNDAY)
    assert _everything(shop_path) == before


def test_a_later_day_brings_new_visits_and_keeps_bookings(shop: SqliteShop, shop_path: Path) -> None:
    """Weeks after the first start there still are free visits, and who booked still has the visit."""
    booked = shop.book(_request(shop), ADA, "k")
    later = SUNDAY + timedelta(weeks=6)
    seed(shop_path, later)
    assert shop.book(_request(shop), ADA, "k") == booked
    assert [slot for slot in shop.free_appointments("LS6 2AB", later) if slot.day > later + timedelta(days=14)]
    demo = DEMO_ORDERS[0]
    order = shop.find_order(demo.number, demo.postcode, ADA, "k")
    assert isinstance(order, Order)
    assert order.day == later


def test_free_visits_are_later_than_today_in_the_area_and_in_order(shop: SqliteShop) -> None:
    """One for each half of a day, earliest first."""
    free = shop.free_appointments("LS6 2AB", SUNDAY)
    assert all(slot.area == "LS" and slot.day > SUNDAY for slot in free)
    halves = [(slot.day, slot.window is Window.AFTERNOON) for slot in free]
    assert halves == sorted(set(halves))


def test_free_visits_can_be_asked_for_by_day_and_half(shop: SqliteShop) -> None:
    """Tuesday means Tuesday."""
    on_tuesday = shop.free_appointments("LS6 2AB", SUNDAY, TUESDAY)
    assert {slot.day for slot in on_tuesday} == {TUESDAY}
    mornings = shop.free_appointments("LS6 2AB", SUNDAY, TUESDAY, Window.MORNING)
    assert [slot.window for slot in mornings] == [Window.MORNING]


def test_technicians_do_not_come_everywhere(shop: SqliteShop) -> None:
    """Where they do not, nothing is free either."""
    assert shop.has_technicians("LS6 2AB")
    assert not shop.has_technicians("TR1 2AB")
    assert shop.free_appointments("TR1 2AB", SUNDAY) == ()


def test_the_same_key_books_one_visit_and_says_the_same(shop: SqliteShop, shop_path: Path) -> None:
    """A turn that is taken again books nothing more."""
    request = _request(shop)
    first = shop.book(request, ADA, "m1/action_book_technician/0")
    assert isinstance(first, Appointment)
    assert shop.book(request, ADA, "m1/action_book_technician/0") == first
    assert _count(shop_path, "appointments") == 1


def test_the_same_key_remembers_a_refusal_too(shop: SqliteShop, shop_path: Path) -> None:
    """What a customer was told stays true when the turn is taken again, whatever has become free."""
    request = _request(shop)
    shop.book(request, ADA, "first")
    refused = shop.book(replace(request, email="bob@example.com"), ADA, "second")
    with sqlite3.connect(shop_path) as connection:
        connection.execute("UPDATE writes SET appointment_id = NULL WHERE key = 'first'")
        connection.execute("DELETE FROM appointments")
    connection.close()
    assert refused == shop.book(replace(request, email="bob@example.com"), ADA, "second") == SlotTaken(request.slot_id)
    assert _count(shop_path, "appointments") == 0


def test_two_customers_cannot_take_one_visit(shop: SqliteShop, shop_path: Path) -> None:
    """Even when they press at the same moment."""
    request = _request(shop)
    results: list[Appointment | SlotTaken] = []
    both = threading.Barrier(2)

    def press(key: str) -> None:
        both.wait()
        results.append(shop.book(request, ADA, key))

    threads = [threading.Thread(target=press, args=(key,)) for key in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["Appointment", "SlotTaken"]
    assert _count(shop_path, "appointments") == 1


def test_a_booked_visit_is_free_no_more(shop: SqliteShop) -> None:
    """It is not offered again."""
    request = _request(shop)
    shop.book(request, ADA, "k")
    assert request.slot_id not in {slot.id for slot in shop.free_appointments("LS6 2AB", SUNDAY)}


def test_a_visit_that_does_not_exist_cannot_be_booked(shop: SqliteShop) -> None:
    """A made-up id is as good as taken."""
    assert shop.book(replace(_request(shop), slot_id="LS-1"), ADA, "k") == SlotTaken("LS-1")


def test_without_a_database_the_command_that_makes_one_is_named(tmp_path: Path) -> None:
    """The error says what to do."""
    with pytest.raises(ArtefactError, match=r"python -m actions\.shop\.seed"):
        SqliteShop(tmp_path / "none.db")


def _count(path: Path, table: str) -> int:
    connection = sqlite3.connect(path)
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    connection.close()
    return int(count)


def _everything(path: Path) -> list[object]:
    connection = sqlite3.connect(path)
    rows = [connection.execute(f"SELECT * FROM {table}").fetchall() for table in ("orders", "appointment_slots")]
    connection.close()
    return list(rows)
