"""X2. The limits that all gateways share: a minute's worth at once, then the rate, whoever counts and whenever."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.gateway.platform import limits
from bot.gateway.platform.database import Database
from bot.gateway.platform.limits import Charge, LimitReachedError, RateLimit, prune, spend
from bot.gateway.platform.signals import Signals
from bot.gateway.tidying import Tidier

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def gateways(database_url: str) -> Iterator[tuple[Database, Database]]:
    """Two gateways on one database."""
    both = Database(database_url, Signals()), Database(database_url, Signals())
    yield both
    for one in both:
        one.close()


def _spends(gateway: Database, now: datetime, *charges: Charge) -> float:
    """Charge and answer 0, or the seconds to wait."""
    try:
        gateway.run_here(spend, charges, now)
    except LimitReachedError as error:
        return error.seconds
    return 0.0


def _after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_minutes_worth_comes_at_once_and_then_the_time_to_wait_is_told(database: Database) -> None:
    """Six a minute: the seventh waits ten seconds, and who waits gets it; others are not concerned."""
    six = Charge("messages", "a", 6)
    assert [_spends(database, NOON, six) for _ in range(6)] == [0] * 6
    assert _spends(database, NOON, six) == 10
    assert _spends(database, NOON, Charge("messages", "b", 6)) == 0
    assert _spends(database, NOON, Charge("bytes", "a", 6)) == 0
    assert _spends(database, _after(9.9), six) == pytest.approx(0.1)
    assert _spends(database, _after(10), six) == 0
    assert _spends(database, _after(10), six) == 10


def test_what_is_larger_costs_more_and_nothing_is_too_large_for_ever(database: Database) -> None:
    """Bytes: two halves of a minute's worth, and one piece of more than it, on a quiet minute."""
    assert _spends(database, NOON, Charge("bytes", "a", 1000, 600)) == 0
    assert _spends(database, NOON, Charge("bytes", "a", 1000, 600)) == pytest.approx(12)
    assert _spends(database, NOON, Charge("bytes", "a", 1000, 400)) == 0
    assert _spends(database, _after(60), Charge("bytes", "a", 1000, 5000)) == 0


def test_two_gateways_count_together_and_a_restart_forgets_nothing(gateways: tuple[Database, Database]) -> None:
    """Two processes, or the same one again: the database is what counts."""
    one, other = gateways
    assert [_spends(gateway, NOON, Charge("messages", "a", 4)) for gateway in (one, other, one, other)] == [0] * 4
    assert _spends(one, NOON, Charge("messages", "a", 4)) == 15
    restarted = Database(one.url.render_as_string(hide_password=False), Signals())
    try:
        assert _spends(restarted, NOON, Charge("messages", "a", 4)) == 15
    finally:
        restarted.close()


def test_of_a_refused_call_nothing_is_charged(database: Database) -> None:
    """One limit of several is reached: the others are as before, and what waited is let through when it is time."""
    tight, wide = Charge("tight", "a", 1), Charge("wide", "a", 2)
    assert _spends(database, NOON, tight, wide) == 0
    assert _spends(database, NOON, tight, wide) == 60
    assert _spends(database, NOON, wide) == 0


def test_gateways_that_come_at_the_same_moment_never_share_the_last_piece(gateways: tuple[Database, Database]) -> None:
    """Forty threads over two gateways, ten pieces: the database lets ten through."""
    let_through: list[float] = []

    def work(gateway: Database) -> None:
        charges = [Charge("messages", "a", 10), Charge("bytes", "b", 1_000_000)]
        let_through.append(_spends(gateway, NOON, *charges))

    threads = [threading.Thread(target=work, args=(gateways[number % 2],)) for number in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert let_through.count(0.0) == 10
    assert len(let_through) == 40


# Which gateway, seconds since the one before, and how much.
_CALLS = st.lists(st.tuples(st.booleans(), st.floats(0, 40), st.integers(1, 8)), max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(calls=_CALLS, per_minute=st.integers(8, 60))
def test_no_interleaving_lets_more_through_than_the_burst_and_the_rate(
    gateways: tuple[Database, Database], calls: list[tuple[bool, float, int]], per_minute: int
) -> None:
    """In any stretch of time, whichever gateway is asked; and who waits as long as they are told is let through."""
    subject = uuid.uuid4().hex
    seconds = 0.0
    taken: list[tuple[float, int]] = []
    for other, gap, amount in calls:
        seconds += gap
        charge = Charge("messages", subject, per_minute, amount)
        if _spends(gateways[other], _after(seconds), charge) == 0:
            taken.append((seconds, amount))
    for start, (began, _) in enumerate(taken):
        total = 0
        for at, amount in taken[start:]:
            total += amount
            assert total <= per_minute + (at - began) * per_minute / 60 + 1e-3
    largest = Charge("messages", subject, per_minute, 8)
    wait = _spends(gateways[0], _after(seconds), largest)
    # A float of seconds loses what is smaller than a microsecond.
    assert wait == 0 or _spends(gateways[1], _after(seconds + wait + 1e-5), largest) == 0


def test_a_clock_that_is_set_back_keeps_nobody_out(database: Database) -> None:
    """An hour back: who had spent everything does not wait for that hour to pass again."""
    two = Charge("messages", "a", 2)
    assert [_spends(database, NOON, two) for _ in range(2)] == [0, 0]
    an_hour_before = NOON - timedelta(hours=1)
    assert [_spends(database, an_hour_before, two) for _ in range(2)] == [0, 0]
    assert _spends(database, an_hour_before, two) == 30


def test_rows_that_mean_nothing_any_more_go_and_the_others_stay(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crowd of addresses does not fill the disk, and tidying gives nobody a fresh minute."""
    monkeypatch.setattr(limits, "MOST_PRUNED", 10)
    for number in range(25):
        _spends(database, NOON, Charge("messages", f"gone{number}", 60))
    _spends(database, _after(30), Charge("messages", "here", 2))
    assert [database.run_here(prune, _after(45)) for _ in range(4)] == [10, 10, 5, 0]
    assert database.run_here(lambda session: session.scalar(select(func.count()).select_from(RateLimit))) == 1
    assert [_spends(database, _after(45), Charge("messages", "here", 2)) for _ in range(2)] == [0, 15]


async def test_every_gateway_tidies_until_nothing_is_left(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """In short transactions, however many rows a flood has left."""
    monkeypatch.setattr(limits, "MOST_PRUNED", 10)
    for number in range(25):
        _spends(database, NOON, Charge("messages", f"gone{number}", 60))
    await Tidier(database, lambda: _after(60)).tidy()
    assert database.run_here(lambda session: session.scalar(select(func.count()).select_from(RateLimit))) == 0
