"""Sending things back: the company's rules, the crews' days, and each order once."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from actions.shop.catalogue import PRODUCTS
from actions.shop.model import (
    AlreadyReturned,
    CollectionFull,
    Order,
    OrderState,
    Return,
    ReturnReason,
    ReturnRequest,
    Visitor,
)
from actions.shop.return_rules import HIGHEST_VALUE_PENCE, Verdict, judge, last_day
from actions.shop.seed import DEMO_ORDERS, refresh, seed
from actions.shop.sqlite_returns import COLLECTIONS_A_DAY
from actions.shop.sqlite_shop import SqliteShop

SUNDAY, MONDAY, TUESDAY = date(2026, 11, 22), date(2026, 11, 23), date(2026, 11, 24)
SMALL = next(product for product in PRODUCTS if product.price_pence <= HIGHEST_VALUE_PENCE)
LARGE = next(product for product in PRODUCTS if product.price_pence > HIGHEST_VALUE_PENCE)
DELIVERED = Order("LF-1234566", "LS6 2AB", SMALL, OrderState.DELIVERED, date(2026, 6, 1), date(2026, 6, 4))
ADA = Visitor("c1")
NUMBERS = [demo.number for demo in DEMO_ORDERS]
REQUEST = ReturnRequest(NUMBERS[0], ReturnReason.FAULTY, "it hums", MONDAY)


def test_the_return_period_is_thirty_days_long() -> None:
    """The thirtieth day still counts."""
    assert judge(DELIVERED, date(2026, 7, 4)) is Verdict.ALLOWED
    assert judge(DELIVERED, date(2026, 7, 5)) is Verdict.TOO_LATE


@pytest.mark.parametrize(
    ("placed", "ends"),
    [
        (date(2026, 11, 14), date(2026, 12, 18)),
        (date(2026, 11, 15), date(2027, 1, 31)),
        (date(2026, 12, 24), date(2027, 1, 31)),
        (date(2026, 12, 25), date(2027, 1, 28)),
    ],
)
def test_christmas_presents_can_come_back_until_the_end_of_january(placed: date, ends: date) -> None:
    """Those ordered from 15 November to 24 December."""
    assert last_day(replace(DELIVERED, placed_on=placed, day=placed + timedelta(days=4))) == ends


def test_a_late_christmas_delivery_keeps_its_thirty_days() -> None:
    """The longer of the two periods counts."""
    late = replace(DELIVERED, placed_on=date(2026, 12, 24), day=date(2027, 1, 20))
    assert last_day(late) == date(2027, 2, 19)


@pytest.mark.parametrize("state", [state for state in OrderState if state is not OrderState.DELIVERED])
def test_what_has_not_been_delivered_cannot_come_back(state: OrderState) -> None:
    """There is nothing to send, and no person is needed to say so."""
    verdict = judge(replace(DELIVERED, state=state), date(2026, 6, 5))
    assert verdict is (Verdict.CANCELLED if state is OrderState.CANCELLED else Verdict.NOT_DELIVERED)
    assert not verdict.needs_person


def test_above_the_limit_a_person_decides() -> None:
    """At the limit the assistant still may."""
    day = date(2026, 6, 5)
    at_limit = replace(SMALL, price_pence=HIGHEST_VALUE_PENCE)
    above = replace(SMALL, price_pence=HIGHEST_VALUE_PENCE + 1)
    assert judge(replace(DELIVERED, product=at_limit), day) is Verdict.ALLOWED
    assert judge(replace(DELIVERED, product=above), day) is Verdict.OVER_LIMIT
    assert Verdict.OVER_LIMIT.needs_person
    assert Verdict.TOO_LATE.needs_person


def test_crews_drive_from_monday_to_friday(shop: SqliteShop) -> None:
    """Tomorrow at the earliest."""
    days = shop.collection_days(SUNDAY)
    assert days[0] == MONDAY
    assert {day.weekday() for day in days} == {0, 1, 2, 3, 4}


def test_a_return_is_registered_and_found(shop: SqliteShop) -> None:
    """With a number that begins as the articles say."""
    registered = shop.register_return(REQUEST, ADA, "k")
    assert isinstance(registered, Return)
    assert registered.reference.startswith("RT-")
    assert shop.find_return(REQUEST.order_number) == registered
    assert shop.find_return(NUMBERS[1]) is None


def test_the_same_key_registers_one_return_and_says_the_same(shop: SqliteShop, shop_path: Path) -> None:
    """A turn that is taken again changes nothing."""
    assert shop.register_return(REQUEST, ADA, "k") == shop.register_return(REQUEST, ADA, "k")
    assert _count(shop_path) == 1


def test_another_key_gets_the_return_that_there_is(shop: SqliteShop, shop_path: Path) -> None:
    """An order goes back once."""
    first = shop.register_return(REQUEST, ADA, "k")
    assert shop.register_return(replace(REQUEST, collect_on=None), ADA, "another") == AlreadyReturned(first)  # type: ignore[arg-type]
    assert _count(shop_path) == 1


def test_two_conversations_at_the_same_moment_register_one_return(shop: SqliteShop, shop_path: Path) -> None:
    """The database decides who was first."""
    both = threading.Barrier(2)
    results: list[object] = []

    def press(key: str) -> None:
        both.wait()
        results.append(shop.register_return(REQUEST, ADA, key))

    threads = [threading.Thread(target=press, args=(key,)) for key in ("a", "b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(result).__name__ for result in results) == ["AlreadyReturned", "Return"]
    assert _count(shop_path) == 1


def test_a_day_that_is_full_is_neither_offered_nor_given(shop: SqliteShop, shop_path: Path) -> None:
    """Also when it filled up between the offer and the yes; a store always has room."""
    with closing(sqlite3.connect(shop_path)) as connection, connection:
        others = connection.execute(
            "SELECT number FROM orders WHERE number NOT IN (?, ?) LIMIT ?", (*NUMBERS[:2], COLLECTIONS_A_DAY)
        ).fetchall()
    for (number,) in others:
        assert isinstance(shop.register_return(replace(REQUEST, order_number=number), Visitor(number), number), Return)
    assert shop.collection_days(SUNDAY)[0] == TUESDAY
    assert shop.register_return(REQUEST, ADA, "late") == CollectionFull(MONDAY)
    assert shop.find_return(REQUEST.order_number) is None
    assert isinstance(shop.register_return(replace(REQUEST, collect_on=None), ADA, "store"), Return)


def test_a_later_day_keeps_the_returns(shop: SqliteShop, shop_path: Path) -> None:
    """Seeding moves orders along and forgets nothing of the customers'."""
    registered = shop.register_return(REQUEST, ADA, "k")
    seed(shop_path, SUNDAY + timedelta(weeks=6))
    assert shop.find_return(REQUEST.order_number) == registered


def test_a_database_of_an_earlier_version_gets_the_tables(shop: SqliteShop, shop_path: Path) -> None:
    """Nobody has to delete anything after an update."""
    with closing(sqlite3.connect(shop_path)) as connection:
        connection.execute("DROP TABLE returns")
        connection.execute("DROP TABLE tallies")
    refresh(shop_path, SUNDAY)  # as a server does that was started without seeding
    assert isinstance(shop.register_return(REQUEST, ADA, "k"), Return)


def _count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM returns").fetchone()
    return int(count)
