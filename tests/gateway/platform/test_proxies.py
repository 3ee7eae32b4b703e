"""Whose address a request counts for, whatever its headers say; and when the log says that it cannot be right."""

from __future__ import annotations

import logging
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from bot.gateway.platform.client_address import counted_as
from bot.gateway.platform.proxies import TrustedProxies, VisitorAddress, address_of, doubts, network_of

TRUSTED = ("127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48")


def _trusted(*names: str) -> TrustedProxies:
    networks = [network_of(name) for name in names]
    return TrustedProxies(tuple(one for one in networks if one is not None))


@pytest.mark.parametrize(
    ("peer", "lists", "visitor"),
    [
        # The peer itself, when it is not trusted or says nothing.
        ("198.51.100.7", [b"203.0.113.9"], "198.51.100.7"),
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", [b""], "127.0.0.1"),
        ("", [b"203.0.113.9"], ""),
        # One proxy, several, several headers, and lies on the left.
        ("127.0.0.1", [b"203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", [b"1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", [b"1.1.1.1", b"203.0.113.9", b"10.1.2.3"], "203.0.113.9"),
        ("127.0.0.1", [b"127.0.0.1, 203.0.113.9 ,10.1.2.3,"], "203.0.113.9"),
        ("127.0.0.1", [b"unknown, 203.0.113.9"], "203.0.113.9"),
        # All of them trusted: somebody of our own network.
        ("127.0.0.1", [b"10.9.9.9, 10.1.2.3"], "10.9.9.9"),
        # What a trusted proxy could not name counts as that proxy.
        ("127.0.0.1", [b"203.0.113.9, unknown"], "127.0.0.1"),
        ("127.0.0.1", [b"203.0.113.9, _hidden, 10.1.2.3"], "10.1.2.3"),
        ("127.0.0.1", [b"999.1.1.1"], "127.0.0.1"),
        ("127.0.0.1", [b"203.0.113.9\x00"], "127.0.0.1"),
        ("127.0.0.1", [b"\xff\xfe"], "127.0.0.1"),
        # Ports, brackets, zones, IPv4 in IPv6.
        ("127.0.0.1", [b"203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", [b"[2001:db8::1]:4711"], "2001:db8::1"),
        ("127.0.0.1", [b"2001:DB8:0::1"], "2001:db8::1"),
        ("2001:db8:1::5", [b"2001:db8:2::9, 2001:db8:1::6"], "2001:db8:2::9"),
        ("::ffff:127.0.0.1", [b"::ffff:203.0.113.9"], "203.0.113.9"),
        ("fe80::1%eth0", [b"203.0.113.9"], "fe80::1"),
    ],
)
def test_the_last_address_that_is_not_a_trusted_proxy_counts(peer: str, lists: list[bytes], visitor: str) -> None:
    """Each shape that proxies and liars send."""
    assert _trusted(*TRUSTED).visitor(peer, lists) == visitor


@given(st.lists(st.binary(max_size=60), max_size=4), st.lists(st.sampled_from(["10.0.0.1", "127.0.0.1"]), max_size=3))
def test_nothing_left_of_the_visitors_address_changes_it(lies: list[bytes], chain: list[str]) -> None:
    """Whatever a visitor sends: behind any chain of trusted proxies it is their own address that counts."""
    added = ",".join(["203.0.113.9", *chain]).encode()
    assert _trusted(*TRUSTED).visitor("127.0.0.1", [*lies, added]) == "203.0.113.9"
    joined = b",".join([*lies, added])
    assert _trusted(*TRUSTED).visitor("127.0.0.1", [joined]) == "203.0.113.9"


@given(st.text(max_size=40), st.lists(st.binary(max_size=60), max_size=4))
def test_no_bytes_make_it_fail(peer: str, lists: list[bytes]) -> None:
    """The answer is the peer, or an address."""
    answer = _trusted("0.0.0.0/1", "128.0.0.0/1").visitor(peer, lists)
    assert answer == peer or ip_address(answer)


def test_without_trusted_proxies_headers_mean_nothing() -> None:
    """Not even on loopback, which uvicorn would trust."""
    assert TrustedProxies().visitor("127.0.0.1", [b"203.0.113.9"]) == "127.0.0.1"


@pytest.mark.parametrize("text", ["", "localhost", "10.0.0.1/8", "10.0.0.0/33", "0.0.0.0/0", "::/0", "10.0.0.0/8,"])
def test_a_network_that_makes_no_sense_is_none(text: str) -> None:
    """And so is every address there is: anybody could say where they come from."""
    assert network_of(text) is None


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_limits_count_a_network_of_ipv6_as_one(address: str, counted: str) -> None:
    """A customer of any provider has 2^64 addresses of one /64."""
    assert counted_as(address) == counted


async def _seen(
    middleware: VisitorAddress, peer: str, headers: list[tuple[bytes, bytes]], path: str = "/"
) -> tuple[str, str]:
    async def receive() -> Message:
        raise AssertionError

    async def send(_message: Message) -> None:
        raise AssertionError

    scope: Scope = {"type": "http", "path": path, "scheme": "http", "client": (peer, 4711), "headers": headers}
    await middleware(scope, receive, send)
    assert scope["client"] == (peer, 4711), "a scope is copied before it is changed"
    return _Application.seen


class _Application:
    """Keeps the address and the scheme that it was called with."""

    seen = ("", "")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        _Application.seen = (scope["client"][0], scope["scheme"])


@pytest.mark.parametrize(
    ("peer", "proto", "scheme"),
    [
        ("127.0.0.1", [b"https"], "https"),
        ("127.0.0.1", [b"http, HTTPS "], "https"),
        ("127.0.0.1", [b"https", b"http"], "http"),
        ("127.0.0.1", [b"javascript"], "http"),
        ("127.0.0.1", [b"\xff"], "http"),
        ("127.0.0.1", [], "http"),
        ("198.51.100.7", [b"https"], "http"),
    ],
)
async def test_the_scheme_is_believed_of_trusted_proxies_only(peer: str, proto: list[bytes], scheme: str) -> None:
    """The nearest proxy's word, and only one that is a scheme of the web."""
    middleware = VisitorAddress(_Application(), _trusted("127.0.0.1"))
    headers = [(b"x-forwarded-for", b"203.0.113.9"), *((b"x-forwarded-proto", value) for value in proto)]
    expected = "203.0.113.9" if peer == "127.0.0.1" else peer
    assert await _seen(middleware, peer, headers) == (expected, scheme)


@pytest.mark.parametrize(
    ("trusted", "peer", "header", "told"),
    [
        ((), "127.0.0.1", b"x-forwarded-for", "127.0.0.1 carries X-Forwarded-For"),
        ((), "127.0.0.1", b"forwarded", "add its address to trusted_proxies in channels.yml"),
        (("127.0.0.1",), "10.0.0.5", b"x-forwarded-for", "10.0.0.5 carries"),
        (("127.0.0.1",), "198.18.7.7", b"x-forwarded-for", "198.18.7.7"),
        (("127.0.0.1",), "8.8.8.8", b"x-forwarded-for", "of 8.8.8.8 was not believed"),
        (("127.0.0.1",), "127.0.0.1", b"forwarded", "127.0.0.1 carries no X-Forwarded-For"),
    ],
)
async def test_the_first_doubtful_request_is_told_once(
    caplog: pytest.LogCaptureFixture, trusted: tuple[str, ...], peer: str, header: bytes, told: str
) -> None:
    """One line, which names the peer and the setting; a flood of such requests does not flood the log."""
    middleware = VisitorAddress(_Application(), _trusted(*trusted))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            await _seen(middleware, peer, [(header, b"203.0.113.9")])
    (line,) = caplog.messages
    assert told in line


async def test_a_stranger_cannot_use_up_the_line_about_our_own_proxy(caplog: pytest.LogCaptureFixture) -> None:
    """The two are told apart."""
    middleware = VisitorAddress(_Application(), _trusted())
    with caplog.at_level(logging.WARNING):
        for peer in ("8.8.8.8", "127.0.0.1", "9.9.9.9", "10.0.0.1"):
            await _seen(middleware, peer, [(b"x-forwarded-for", b"203.0.113.9")])
    assert len(caplog.messages) == 2


@pytest.mark.parametrize(
    ("trusted", "peer", "headers", "path"),
    [
        ((), "198.51.100.7", [], "/"),
        (("127.0.0.1",), "127.0.0.1", [(b"x-forwarded-for", b"203.0.113.9")], "/"),
        (("127.0.0.1",), "127.0.0.1", [], "/health"),
    ],
)
async def test_where_all_is_well_nothing_is_told(
    caplog: pytest.LogCaptureFixture,
    trusted: tuple[str, ...],
    peer: str,
    headers: list[tuple[bytes, bytes]],
    path: str,
) -> None:
    """Load balancers look at /health without a visitor."""
    with caplog.at_level(logging.WARNING):
        await _seen(VisitorAddress(_Application(), _trusted(*trusted)), peer, headers, path)
    assert caplog.messages == []


@pytest.mark.parametrize(
    ("host", "public", "told"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080", None),
        ("localhost", "http://localhost:8080", None),
        ("::1", "http://[::1]:8080", None),
        ("127.0.0.1", "https://chat.example.org", "is https://chat.example.org, so there is a proxy"),
        ("127.0.0.1", "http://chat.example.org", "listens on 127.0.0.1 only"),
        ("0.0.0.0", "http://192.168.1.5:8080", "listens on 0.0.0.0"),
        ("10.0.0.5", "http://chat.example.org", "listens on 10.0.0.5"),
    ],
)
def test_the_start_says_where_addresses_cannot_be_right(host: str, public: str, told: str | None) -> None:
    """Nothing on one machine; a proxy that must be there and is not named; an open port. Named, it is silent."""
    found = doubts(host, public, TrustedProxies())
    assert [told in line for line in found] == ([True] if told else []) if told else found == []
    assert all("trusted_proxies in channels.yml" in line for line in found)
    assert doubts(host, public, _trusted("127.0.0.1")) == []


def test_an_address_is_read_as_a_whole() -> None:
    """No part of a longer text."""
    assert address_of("203.0.113.9 evil") is None
    assert address_of("203.0.113.9:123456") is None
    assert address_of("[203.0.113.9") is None
