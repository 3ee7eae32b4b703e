"""The throttle: a minute's worth at once, then as fast as the minute allows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.gateway.channels import throttle
from bot.gateway.channels.throttle import Throttle


def test_a_burst_is_allowed_and_then_the_time_to_wait_is_told() -> None:
    """Six a minute: the seventh waits ten seconds, and who waits gets it."""
    now = [0.0]
    six = Throttle(6, clock=lambda: now[0])
    assert [six.wait("a") for _ in range(6)] == [0] * 6
    assert six.wait("a") == 10
    assert six.wait("b") == 0
    now[0] = 10
    assert six.wait("a") == 0
    assert six.wait("a") == 10


@given(gaps=st.lists(st.floats(0, 30), max_size=200), per_minute=st.integers(1, 100))
def test_nobody_gets_more_than_the_burst_and_the_rate(gaps: list[float], per_minute: int) -> None:
    """However the calls are spread."""
    now = [0.0]
    limited = Throttle(per_minute, clock=lambda: now[0])
    allowed = 0
    for gap in gaps:
        now[0] += gap
        allowed += limited.wait("a") == 0
    assert allowed <= per_minute + sum(gaps) * per_minute / 60 + 1e-6


def test_who_has_not_asked_for_a_minute_is_forgotten(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    """A crowd of addresses does not fill the memory."""
    monkeypatch.setattr(throttle, "_MOST_NAMES", 10)
    now = [0.0]
    limited = Throttle(5, clock=lambda: now[0])
    for number in range(1000):
        now[0] += 10
        limited.wait(str(number))
    assert len(limited._buckets) <= 10
