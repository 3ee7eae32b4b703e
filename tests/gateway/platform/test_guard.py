"""Who may keep a connection open: bounds that hold in every order of events, and nobody is dropped out of turn."""

from __future__ import annotations

import itertools
import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.platform.connection_settings import Connections
from bot.gateway.platform.guard import MOST_LINGERING, Guard
from bot.gateway.platform.proxies import TrustedProxies, network_of

PROXY = "10.0.0.1"
ADDRESSES = ("192.0.2.1", "192.0.2.2", "2001:db8::1", PROXY)


class Client:
    """A connection that knows whether it was dropped."""

    def __init__(self, peer: str) -> None:
        self.peer = peer
        self.dropped = False

    def drop(self) -> None:
        assert not self.dropped
        self.dropped = True


def _guard(at_once: int = 10, per_address: int = 4) -> Guard:
    proxy = network_of(PROXY)
    assert proxy is not None
    return Guard(Connections(at_once=at_once, per_address=per_address), TrustedProxies((proxy,)))


_STEPS = st.lists(
    st.tuples(st.sampled_from(["enter", "leave", "waits", "works"]), st.sampled_from(ADDRESSES), st.integers(0, 30)),
    max_size=120,
)


@settings(max_examples=300)
@given(_STEPS)
def test_the_bounds_hold_in_every_order(steps: list[tuple[str, str, int]]) -> None:
    """Who is refused could not be helped, who is dropped kept us waiting, and counts come back to nothing."""
    guard = _guard()
    inside: list[Client] = []
    waiting: set[Client] = set()
    for what, address, index in steps:
        if what == "enter":
            newcomer = Client(address)
            before = list(inside)
            status = guard.enter(newcomer)
            for dropped in [client for client in inside if client.dropped]:
                assert dropped in waiting
                inside.remove(dropped)
                waiting.discard(dropped)
            if status:
                assert inside == before
                meant = [client for client in inside if client.peer == address] if status == 429 else inside
                assert not waiting & set(meant)
                assert len(meant) == (4 if status == 429 else 10)
            else:
                inside.append(newcomer)
                waiting.add(newcomer)
        elif inside:
            client = inside[index % len(inside)]
            getattr(guard, what)(client)
            waiting.discard(client)
            if what == "waits":
                waiting.add(client)
            elif what == "leave":
                inside.remove(client)
        assert len(guard) == len(inside) <= 10
        assert all(len([c for c in inside if c.peer == one]) <= 4 for one in ADDRESSES if one != PROXY)
    for client in inside:
        guard.leave(client)
    assert len(guard) == 0
    assert not guard._of_address
    assert not guard._waiting


def test_the_oldest_that_keeps_us_waiting_goes_first() -> None:
    """Of the same address, when that has its most; one whose answer is being written stays."""
    guard = _guard(per_address=3)
    first, second, third, newcomer = (Client("192.0.2.1") for _ in range(4))
    for client in (first, second, third):
        assert guard.enter(client) == 0
    guard.works(first)
    assert guard.enter(newcomer) == 0
    assert [client.dropped for client in (first, second, third)] == [False, True, False]
    # Whose answer is written waits anew, behind the others.
    guard.waits(first)
    assert guard.enter(Client("192.0.2.1")) == 0
    assert (first.dropped, third.dropped) == (False, True)


def test_a_crowd_pushes_out_its_own() -> None:
    """One slow customer, older than all of them, stays while an address has more of those than they."""
    guard = _guard(at_once=10, per_address=9)
    customer = Client("192.0.2.2")
    assert guard.enter(customer) == 0
    crowd = [Client("192.0.2.1") for _ in range(9)]
    assert [guard.enter(client) for client in crowd] == [0] * 9
    assert guard.enter(Client("192.0.2.3")) == 0
    assert not customer.dropped
    assert [client.dropped for client in crowd] == [True] + [False] * 8


def test_a_network_of_ipv6_is_one_address() -> None:
    """2^64 addresses are one customer's."""
    guard = _guard(per_address=3)
    clients = [Client(f"2001:db8::{number}") for number in range(4)]
    assert [guard.enter(client) for client in clients] == [0] * 4
    assert clients[0].dropped


def test_a_trusted_proxy_is_no_address() -> None:
    """Behind it are all visitors."""
    guard = _guard(at_once=10, per_address=3)
    clients = [Client(PROXY) for _ in range(10)]
    assert [guard.enter(client) for client in clients] == [0] * 10
    assert not any(client.dropped for client in clients)


def test_an_operator_reads_of_it_once_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    """A flood of connections is no flood of lines."""
    times = itertools.chain([0.0] * 50, [61.0] * 50)
    guard = Guard(Connections(at_once=10, per_address=1), TrustedProxies(), clock=lambda: next(times))
    with caplog.at_level(logging.WARNING):
        for _ in range(101):
            guard.enter(Client("192.0.2.1"))
    assert len(caplog.messages) == 2
    assert "50 were refused or dropped" in caplog.messages[1]


def test_few_refused_connections_may_linger() -> None:
    """Being told why is kindness, not a way around the bounds."""
    guard = _guard()
    assert [guard.may_linger() for _ in range(MOST_LINGERING + 1)] == [True] * MOST_LINGERING + [False]
    guard.lingered()
    assert guard.may_linger()
