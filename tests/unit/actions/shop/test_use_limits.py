"""X2. How many visits and returns one conversation, customer and origin get without a person."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from actions.shop.limits import UseLimits
from actions.shop.model import (
    Appointment,
    BookingRequest,
    LimitReached,
    Return,
    ReturnReason,
    ReturnRequest,
    SlotTaken,
    Visitor,
)
from actions.shop.sqlite_shop import SqliteShop
from actions.shop.tallies import mailbox
from tests.unit.actions.conftest import SUNDAY, Clock

USUAL = UseLimits()


def _book(shop: SqliteShop, visitor: Visitor, email: str, key: str) -> object:
    slot = shop.free_appointments("LS6 2AB", SUNDAY)[0]
    return shop.book(BookingRequest(slot.id, "dishwasher", "It leaks.", "LS6 2AB", email), visitor, key)


def _booked(answers: list[object]) -> int:
    return sum(isinstance(answer, Appointment) for answer in answers)


def _orders(path: Path, count: int) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [number for (number,) in connection.execute("SELECT number FROM orders LIMIT ?", (count,))]


def test_three_scripted_visitors_do_not_book_the_diary_empty(shop: SqliteShop) -> None:
    """What got 218 of 725 visits in three minutes, each with an address of its own."""
    answers = [
        _book(shop, Visitor(f"c{place}", f"origin {place % 3}"), f"{place}@example.com", f"m{place}")
        for place in range(60)
    ]
    assert _booked(answers) == 3 * USUAL.from_one_origin
    assert answers[-3:] == [LimitReached()] * 3


def test_one_conversation_books_a_few_visits(shop: SqliteShop) -> None:
    """Whatever addresses it names, and without an origin too."""
    answers = [_book(shop, Visitor("c1"), f"{place}@example.com", f"m{place}") for place in range(10)]
    assert _booked(answers) == USUAL.for_one_conversation
    assert not shop.may_book(Visitor("c1"))
    assert shop.may_book(Visitor("c2"))


def test_one_mailbox_gets_a_few_confirmations(shop: SqliteShop) -> None:
    """However many conversations name it, from wherever, and however it is written."""
    spellings = ("ada@gmail.com", "Ada@Gmail.com", "a.d.a@gmail.com", "ada+1@gmail.com", "ada+2@gmail.com")
    answers = [_book(shop, Visitor(f"c{place}", f"o{place}"), spellings[place % 5], f"m{place}") for place in range(10)]
    assert _booked(answers) == USUAL.for_one_customer
    assert isinstance(_book(shop, Visitor("c99", "o99"), "ada@example.com", "m99"), Appointment)


@pytest.mark.parametrize(
    ("written", "is_"),
    [
        ("Ada@Example.com", "ada@example.com"),
        ("ada+oven@example.com", "ada@example.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("a.da@googlemail.com", "ada@googlemail.com"),
        ("+@example.com", "+@example.com"),
    ],
)
def test_a_mailbox_is_known_by_its_spellings(written: str, is_: str) -> None:
    """Only those that every provider, or the one named, reads alike."""
    assert mailbox(written) == is_


def test_one_customer_in_several_conversations_is_one(shop: SqliteShop) -> None:
    """As the gateway knows them."""
    answers = [_book(shop, Visitor(f"c{n}", None, "ada"), f"{n}@example.com", f"m{n}") for n in range(10)]
    assert _booked(answers) == USUAL.for_one_customer


def test_a_household_with_three_appliances_meets_no_limit(shop: SqliteShop) -> None:
    """Two people with an address each, from one origin, and a neighbour on the same network."""
    answers = [_book(shop, Visitor("ada", "home"), "ada@example.com", f"ada {place}") for place in range(3)]
    answers += [_book(shop, Visitor("bob", "home"), "bob@example.com", f"bob {place}") for place in range(2)]
    answers += [_book(shop, Visitor("eve", "home"), "eve@example.com", f"eve {place}") for place in range(3)]
    assert _booked(answers) == len(answers)


def test_the_same_turn_again_books_nothing_more_and_counts_once(shop: SqliteShop) -> None:
    """Also the turn that took the last visit that was allowed."""
    visitor = Visitor("c1")
    for place in range(USUAL.for_one_conversation):
        first = _book(shop, visitor, "ada@example.com", f"m{place}")
        assert _book(shop, visitor, "ada@example.com", f"m{place}") == first
    assert _book(shop, visitor, "ada@example.com", "one more") == LimitReached()


def test_a_visit_that_was_taken_does_not_count(shop: SqliteShop) -> None:
    """Who is too late may choose again."""
    slot = shop.free_appointments("LS6 2AB", SUNDAY)[0]
    request = BookingRequest(slot.id, "hob", "cold", "LS6 2AB", "ada@example.com")
    shop.book(request, Visitor("quicker"), "quicker")
    for place in range(10):
        late = replace(request, email="bob@example.com")
        assert isinstance(shop.book(late, Visitor("late"), f"m{place}"), SlotTaken)
    assert isinstance(_book(shop, Visitor("late"), "bob@example.com", "m"), Appointment)


def test_after_the_window_more_may_be_booked(shop: SqliteShop, clock: Clock) -> None:
    """And what is over leaves the table."""
    visitor = Visitor("c1", "home")
    for place in range(USUAL.for_one_conversation):
        _book(shop, visitor, "ada@example.com", f"m{place}")
    clock.passes(days=6, hours=23)
    assert not shop.may_book(visitor)
    clock.passes(hours=1)
    assert shop.may_book(visitor)
    assert isinstance(_book(shop, visitor, "ada@example.com", "later"), Appointment)


def test_two_servers_at_the_same_moment_book_no_more_than_one(shop_path: Path) -> None:
    """The limit and the booking are one transaction."""
    together = threading.Barrier(16)
    answers: list[object] = []

    def press(place: int) -> None:
        server = SqliteShop(shop_path)
        slot = server.free_appointments("LS6 2AB", SUNDAY)[place]
        request = BookingRequest(slot.id, "hob", "cold", "LS6 2AB", f"{place}@example.com")
        together.wait()
        answers.append(server.book(request, Visitor(f"c{place}", "cafe"), f"m{place}"))

    threads = [threading.Thread(target=press, args=(place,)) for place in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 16
    assert _booked(answers) == USUAL.from_one_origin


def test_returns_have_limits_of_their_own(shop: SqliteShop, shop_path: Path) -> None:
    """Bookings do not use them up."""
    visitor = Visitor("c1", "home")
    for place in range(USUAL.for_one_conversation):
        _book(shop, visitor, "ada@example.com", f"m{place}")
    requests = [ReturnRequest(number, ReturnReason.OTHER, "too big", None) for number in _orders(shop_path, 10)]
    answers = [shop.register_return(request, visitor, request.order_number) for request in requests]
    assert [isinstance(answer, Return) for answer in answers] == [True] * USUAL.for_one_conversation + [False] * 6
    assert answers[-1] == LimitReached()
    assert isinstance(shop.register_return(requests[-1], Visitor("c2", "home"), "other"), Return)
    assert shop.register_return(requests[0], visitor, requests[0].order_number) == answers[0]
