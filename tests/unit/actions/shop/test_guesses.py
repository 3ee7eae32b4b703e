"""X3. Guessing at orders: what is counted for whom, what is shown, and when somebody may look again."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.shop.limits import GuessLimits, Limits, pause_after
from actions.shop.model import Guessed, LookAgainLater, NoMatch, Order, PersonNeeded, Visitor
from actions.shop.seed import DEMO_ORDERS
from actions.shop.sqlite_shop import SqliteShop
from tests.unit.actions.conftest import SUNDAY, Clock

THEIRS, OWN, *_ = DEMO_ORDERS
UNKNOWN = "LF-1234566"
USUAL = GuessLimits()
OWNER = Visitor("owner", "home")


def _stranger(number: int, origin: str | None = "cafe") -> Visitor:
    return Visitor(f"stranger {number}", origin)


def _guess(shop: SqliteShop, clock: Clock, number: str, count: int, origin: str | None = "cafe") -> list[object]:
    """So many wrong postcodes, each in a conversation of its own, by somebody patient."""
    answers: list[object] = []
    for place in range(count):
        clock.passes(minutes=10)
        answers.append(shop.find_order(number, "M1 1AE", _stranger(place, origin), f"{number}/{origin}/{clock()}"))
    return answers


def _own_order(shop: SqliteShop, visitor: Visitor, key: str) -> object:
    return shop.find_order(OWN.number, OWN.postcode, visitor, key)


def test_an_own_order_in_between_takes_no_guess_back(shop: SqliteShop, clock: Clock) -> None:
    """What let a stranger try 31 postcodes in ten seconds."""
    stranger, answers = _stranger(1), []
    for place in range(31):
        clock.passes(minutes=10)
        answers.append(shop.find_order(THEIRS.number, f"M1 1A{'ABDEFGHJLN'[place % 10]}", stranger, f"m{place}"))
        assert isinstance(_own_order(shop, stranger, f"own {place}"), Order)
    assert answers == [NoMatch()] * USUAL.for_one_order + [PersonNeeded(Guessed.ORDER, USUAL.for_one_order)] * 25
    right = shop.find_order(THEIRS.number, THEIRS.postcode, stranger, "right")
    assert right == PersonNeeded(Guessed.ORDER, USUAL.for_one_order)


def test_guesses_at_one_order_count_over_all_conversations_and_origins(shop: SqliteShop, clock: Clock) -> None:
    """Whoever comes next gets a person, with the right postcode and with a wrong one alike."""
    for place in range(USUAL.for_one_order):
        assert _guess(shop, clock, THEIRS.number, 1, f"origin {place}") == [NoMatch()]
    needed = PersonNeeded(Guessed.ORDER, USUAL.for_one_order)
    for visitor in (OWNER, _stranger(99)):
        assert shop.find_order(THEIRS.number, THEIRS.postcode, visitor, visitor.conversation) == needed
        assert shop.find_order(THEIRS.number, "LS6 2AC", visitor, visitor.conversation) == needed


def test_an_unknown_number_is_counted_and_refused_like_a_known_one(shop: SqliteShop, clock: Clock) -> None:
    """Nobody learns from us which numbers exist, however long they try."""
    known = _guess(shop, clock, THEIRS.number, 9, "one")
    clock.passes(days=2)
    assert _guess(shop, clock, UNKNOWN, 9, "other") == known


def test_an_unknown_number_costs_the_same_steps_as_a_wrong_postcode(
    shop_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same statements in the same order: nothing to measure but the database's own noise."""
    from actions.shop import sqlite_orders

    statements: list[str] = []
    real = sqlite_orders.connected

    def listening(path: Path) -> object:
        opened = real(path)

        class Heard:
            def __enter__(self) -> sqlite3.Connection:
                connection = opened.__enter__()
                connection.set_trace_callback(statements.append)
                return connection

            def __exit__(self, *error: object) -> None:
                opened.__exit__(*error)  # type: ignore[arg-type]

        return Heard()

    monkeypatch.setattr(sqlite_orders, "connected", listening)
    shop = SqliteShop(shop_path, clock=clock)
    steps = []
    for number in (THEIRS.number, UNKNOWN):
        statements.clear()
        shop.find_order(number, "M1 1AE", _stranger(1, number), "same key")
        steps.append([statement.replace(number, "number") for statement in statements])
    assert steps[0] == steps[1]
    # And all of them are one transaction, which has the write lock before it counts.
    assert (steps[0][0], steps[0].count("COMMIT"), steps[0][-1]) == ("BEGIN IMMEDIATE", 1, "COMMIT")


def test_guesses_by_one_visitor_count_over_all_orders(shop: SqliteShop, clock: Clock) -> None:
    """One postcode tried at many numbers is guessing too; others are not kept from their orders by it."""
    for place in range(USUAL.by_one_visitor):
        assert _guess(shop, clock, f"LF-{place:07}", 1) == [NoMatch()]
    needed = PersonNeeded(Guessed.VISITOR, USUAL.by_one_visitor)
    assert shop.find_order(THEIRS.number, THEIRS.postcode, _stranger(77), "k") == needed
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, OWNER, "k"), Order)


def test_without_a_gateway_the_conversation_stands_for_the_visitor(shop_path: Path, clock: Clock) -> None:
    """In a terminal nobody knows where somebody comes from."""
    shop = SqliteShop(shop_path, Limits(GuessLimits(by_one_visitor=3)), clock)
    for place in range(3):
        clock.passes(minutes=10)
        assert shop.find_order(f"LF-{place:07}", "M1 1AE", Visitor("c1"), "k") == NoMatch()
    assert shop.find_order(THEIRS.number, THEIRS.postcode, Visitor("c1"), "k") == PersonNeeded(Guessed.VISITOR, 3)
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, Visitor("c2"), "k"), Order)


def test_the_same_turn_again_counts_once_and_answers_the_same(shop: SqliteShop, clock: Clock) -> None:
    """A brain that died in between sends it again."""
    _guess(shop, clock, THEIRS.number, USUAL.for_one_order - 1)
    clock.passes(minutes=10)
    for _ in range(5):
        assert shop.find_order(THEIRS.number, "M1 1AE", OWNER, "m1") == NoMatch()
    assert shop.find_order(THEIRS.number, "M1 1AF", OWNER, "m2") == PersonNeeded(Guessed.ORDER, USUAL.for_one_order)


def test_the_second_half_of_the_guesses_is_slowed_down(shop: SqliteShop, clock: Clock) -> None:
    """Each pause is twice the one before, and in a pause the right postcode looks like a wrong one."""
    assert [pause_after(count, 6) for count in range(6)] == [0, 0, 0, 10, 20, 40]
    assert pause_after(19, 20) == 300
    for place in range(3):
        assert shop.find_order(THEIRS.number, "M1 1AE", _stranger(place), f"m{place}") == NoMatch()
    assert shop.find_order(THEIRS.number, "M1 1AE", _stranger(4), "m4") == LookAgainLater(10)
    clock.passes(seconds=4)
    assert shop.find_order(THEIRS.number, THEIRS.postcode, _stranger(5), "m5") == LookAgainLater(6)
    clock.passes(seconds=6)
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, _stranger(5), "m6"), Order)


def test_a_clock_that_is_set_back_makes_nobody_wait_longer(shop: SqliteShop, clock: Clock) -> None:
    """The pause is the most that anybody is told."""
    for place in range(3):
        shop.find_order(THEIRS.number, "M1 1AE", _stranger(place), f"m{place}")
    clock.passes(hours=-1)
    assert shop.find_order(THEIRS.number, THEIRS.postcode, OWNER, "m") == LookAgainLater(10)


def test_guesses_are_forgotten_after_a_day(shop: SqliteShop, shop_path: Path, clock: Clock) -> None:
    """Who mistyped is not shut out for good, what was refused has not prolonged it, and the table stays small."""
    _guess(shop, clock, THEIRS.number, 30)
    clock.passes(hours=19)
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, OWNER, "k"), PersonNeeded)
    clock.passes(hours=5)
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, OWNER, "k"), Order)
    with closing(sqlite3.connect(shop_path)) as connection:
        assert connection.execute("SELECT what, key FROM tallies").fetchall() == [("proof", THEIRS.number)]


def test_who_has_proved_an_order_keeps_it_while_a_stranger_guesses(shop: SqliteShop, clock: Clock) -> None:
    """In that conversation; what it gave before can be no guess."""
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, OWNER, "first"), Order)
    _guess(shop, clock, THEIRS.number, 8)
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, OWNER, "later"), Order)
    assert isinstance(shop.find_order(THEIRS.number, "LS6 2AC", OWNER, "wrong"), PersonNeeded)
    assert shop.proved_order(THEIRS.number, "LS6 2AC", OWNER) is None


def test_what_only_looks_shows_nothing_new_and_counts_nothing(shop: SqliteShop, clock: Clock) -> None:
    """A shadow turn is no way to guess."""
    for _ in range(20):
        assert shop.proved_order(THEIRS.number, THEIRS.postcode, OWNER) is None
    assert isinstance(shop.find_order(THEIRS.number, THEIRS.postcode, OWNER, "k"), Order)
    assert isinstance(shop.proved_order(THEIRS.number, THEIRS.postcode, OWNER), Order)


def test_counts_survive_a_restart_and_hold_for_every_server(shop_path: Path, clock: Clock) -> None:
    """Each look-up on a server of its own."""
    answers: list[object] = []
    for _ in range(USUAL.for_one_order + 1):
        answers += _guess(SqliteShop(shop_path, clock=clock), clock, THEIRS.number, 1)
    assert answers == [NoMatch()] * USUAL.for_one_order + [PersonNeeded(Guessed.ORDER, USUAL.for_one_order)]


def test_guesses_at_the_same_moment_are_not_more(shop_path: Path, clock: Clock) -> None:
    """Sixteen conversations press at once, on as many servers: the database decides who was early enough."""
    together = threading.Barrier(16)
    answers: list[object] = []

    def press(place: int) -> None:
        server = SqliteShop(shop_path, clock=clock)
        together.wait()
        answers.append(server.find_order(THEIRS.number, "M1 1AE", _stranger(place, f"o{place}"), f"m{place}"))

    threads = [threading.Thread(target=press, args=(place,)) for place in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Then the pause begins.
    assert sum(answer == NoMatch() for answer in answers) == USUAL.for_one_order // 2
    assert sum(isinstance(answer, LookAgainLater) for answer in answers) == 16 - USUAL.for_one_order // 2


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["guess", "right", "own", "again"]),
        st.integers(0, 3),  # the conversation
        st.integers(0, 2),  # the origin
        st.sampled_from([0, 5, 60, 3600, 40_000]),  # seconds that pass before
    ),
    max_size=60,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=_STEPS)
def test_no_order_of_guesses_and_successes_gets_more_guesses(
    shop_path: Path, steps: list[tuple[str, int, int, int]]
) -> None:
    """Never more wrong pairs for a number are answered within a window than are allowed, whoever asks.

    After them nothing is shown but to a conversation that has proved the order before.
    """
    with closing(sqlite3.connect(shop_path)) as connection, connection:
        connection.execute("DELETE FROM tallies")
    clock = Clock()
    shop = SqliteShop(shop_path, clock=clock)
    window = USUAL.window.total_seconds()
    guessed: list[float] = []
    proved: dict[str, float] = {}
    last = ("M1 1AE", Visitor("c0", "o0"), "m0")
    for place, (step, conversation, origin, seconds) in enumerate(steps):
        clock.passes(seconds=seconds)
        visitor, key = Visitor(f"c{conversation}", f"o{origin}"), f"m{place}"
        guessed = [moment for moment in guessed if moment > clock() - window]
        if step == "own":
            shop.find_order(OWN.number, OWN.postcode, visitor, key)
        elif step == "guess":
            last = ("M1 1AE", visitor, key)
            if shop.find_order(THEIRS.number, *last) == NoMatch():
                guessed.append(clock())
        elif step == "again":
            shop.find_order(THEIRS.number, *last)
        else:
            shown = shop.find_order(THEIRS.number, THEIRS.postcode, visitor, key)
            known = proved.get(visitor.conversation, float("-inf")) > clock() - window
            if len(guessed) >= USUAL.for_one_order and not known:
                assert isinstance(shown, PersonNeeded)
            if known:
                assert isinstance(shown, Order)
            elif isinstance(shown, Order):
                proved[visitor.conversation] = clock()
        assert len(guessed) <= USUAL.for_one_order


def test_the_tests_clock_stands_on_the_tests_day(clock: Clock) -> None:
    """Noon of it."""
    from datetime import datetime, timezone

    assert datetime.fromtimestamp(clock(), timezone.utc).date() == SUNDAY


def test_beside_a_right_pair_other_numbers_are_no_guesses(shop: SqliteShop) -> None:
    """D10: nothing is counted for the order or the visitor, and each that matches is proved for the conversation."""
    numbers = (THEIRS.number, OWN.number, UNKNOWN)
    found = shop.find_orders(numbers, OWN.postcode, OWNER, "k1")
    assert isinstance(found, tuple)
    assert [order.number for order in found] == [OWN.number]
    assert shop.proved_order(OWN.number, OWN.postcode, OWNER) is not None
    assert shop.proved_order(THEIRS.number, THEIRS.postcode, OWNER) is None
    with closing(sqlite3.connect(shop._path)) as connection:
        counted = connection.execute("SELECT count(*) FROM tallies WHERE what = 'wrong pair'").fetchone()
    assert counted == (0,)


def test_where_no_number_matches_each_is_a_guess(shop: SqliteShop) -> None:
    """D10: once, however often the same turn is taken."""
    for _ in range(2):
        assert shop.find_orders((THEIRS.number, OWN.number), "M1 1AE", OWNER, "k1") == NoMatch()
    with closing(sqlite3.connect(shop._path)) as connection:
        counted = connection.execute("SELECT count(*) FROM tallies WHERE what = 'wrong pair'").fetchone()
    assert counted == (4,)


def test_ones_own_order_does_not_open_the_neighbours(shop: SqliteShop, clock: Clock) -> None:
    """D10: after as many numbers beside a right pair as guesses are allowed, only the first is looked at."""
    for place in range(USUAL.by_one_visitor):
        shop.find_orders((OWN.number, UNKNOWN), OWN.postcode, OWNER, f"k{place}")
        clock.passes(minutes=1)
    assert shop.find_orders((UNKNOWN, OWN.number), OWN.postcode, OWNER, "last") == NoMatch()
    assert isinstance(shop.find_orders((OWN.number, UNKNOWN), OWN.postcode, OWNER, "own"), tuple)
