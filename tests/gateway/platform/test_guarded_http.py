"""A connection's own clockwork, where a client on loopback is too fast to show it."""

from __future__ import annotations

import asyncio
import dataclasses
import itertools
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from bot.gateway.platform.connection_settings import Connections
from bot.gateway.platform.guard import Guard
from bot.gateway.platform.guarded_http import GuardedConnection
from bot.gateway.platform.proxies import TrustedProxies
from tests.gateway.serving import PATIENCE

KILOBYTES_16 = 16 * 1024


class Line(asyncio.Transport):
    """A transport whose unread bytes a test foretells: one number for each look."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 4711), "sockname": ("192.0.2.9", 80), "socket": self})
        self.unread: Iterator[int] = itertools.repeat(0)
        self.aborted = False
        self.closed = False
        self.written = b""

    def getsockname(self) -> tuple[str, int]:
        return "192.0.2.9", 80

    def getpeername(self) -> tuple[str, int]:
        return "192.0.2.1", 4711

    def setsockopt(self, *_: Any) -> None:
        pass

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def get_write_buffer_size(self) -> int:
        return next(self.unread)

    def write(self, data: Any) -> None:
        assert not self.aborted, "uvloop fails on a write after an abort"
        self.written += data

    def write_eof(self) -> None:
        pass

    def is_closing(self) -> bool:
        return self.closed or self.aborted

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.aborted = True

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


def _connection(application: Any, **limits: float) -> tuple[GuardedConnection, Line]:
    bounds = dataclasses.replace(Connections(), **limits)  # type: ignore[arg-type]
    guard = Guard(bounds, TrustedProxies())
    config = uvicorn.Config(application, log_config=None, lifespan="off", proxy_headers=False)
    make = partial(GuardedConnection, guard=guard)
    connection, line = make(config, ServerState(), {}, asyncio.get_running_loop()), Line()
    connection.connection_made(line)
    return connection, line


async def _until(condition: Any) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.001)


async def _nothing(_scope: Scope, _receive: Receive, _send: Send) -> None:
    raise AssertionError("no request was made")


async def test_a_slow_line_gets_its_page() -> None:
    """As long as 16 kB leave in each span of time, a large page may take as long as it needs."""
    connection, line = _connection(_nothing, unread_seconds=0)
    sizes = list(range(10 * KILOBYTES_16, 0, -KILOBYTES_16))
    looks = 0

    def unread() -> Iterator[int]:
        nonlocal looks
        # The end of one span is the beginning of the next.
        for size in sizes[:1] + [size for size in sizes[1:] for _ in range(2)]:
            looks += 1
            yield size
        connection.resume_writing()
        yield 0

    line.unread = unread()
    connection.pause_writing()
    await _until(lambda: looks == 2 * len(sizes) - 1)
    assert not line.aborted


@pytest.mark.parametrize("step", [0, 1, KILOBYTES_16 - 1])
async def test_who_reads_nothing_or_a_drop_at_a_time_is_let_go(step: int) -> None:
    """A byte is no sign of life: a thousand such readers would hold a thousand connections."""
    connection, line = _connection(_nothing, unread_seconds=0)
    line.unread = itertools.count(1_000_000, -step)
    connection.pause_writing()
    await _until(lambda: line.aborted)
    assert next(line.unread) >= 1_000_000 - 2 * step


@pytest.mark.parametrize("before", [[], ["/quick"]])
async def test_the_answer_that_is_under_way_hears_of_the_end_when_others_stand_behind_it(before: list[str]) -> None:
    """uvicorn tells only the newest request of a connection; the one before it would stream to nobody for ever."""
    heard = asyncio.Event()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if scope["path"] != "/quick":
            await send({"type": "http.response.body", "body": b"now", "more_body": True})
            while (await receive())["type"] != "http.disconnect":
                pass
            heard.set()
        await send({"type": "http.response.body", "body": b"to nobody" if heard.is_set() else b"", "more_body": False})

    connection, line = _connection(application)
    for path in [*before, "/stream", "/quick", "/quick"]:
        connection.data_received(f"GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n".encode())
    await _until(lambda: b"now" in line.written)
    connection.drop()
    connection.connection_lost(None)
    await asyncio.wait_for(heard.wait(), PATIENCE)
    assert b"to nobody" not in line.written
