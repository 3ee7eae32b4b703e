"""X5. Nobody can take the gateway from everybody: a crowd holds it up in every known way, and a visitor gets an answer.

Each trial runs a real gateway process on loopback. What is asserted are counts and bytes.
"""

from __future__ import annotations

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.inbox import LONGEST_TEXT
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from tests.gateway.crowd import Client, Crowd, allow_open_files, at_most_sockets, resident_bytes, sockets
from tests.gateway.serving import Visitor
from tests.gateway.stub_brain import StubBrain
from tests.gateway.test_serve import Process, brain_on_a_port

MOST_GROWTH = 50 * 1024 * 1024
UNFINISHED = b"POST /api/web/conversations HTTP/1.1\r\nHost: shop\r\nX-Slow: "
NEVER = 120
CHANNELS = """
website: {{enabled: true, new_conversations_per_minute: 600}}
connections: {{{}}}
"""


class Trial:
    """One running gateway and its log."""

    def __init__(self, process: Process, http: httpx.AsyncClient) -> None:
        self.process = process
        self.http = http
        assert process._process is not None
        self.pid = process._process.pid
        self.before = resident_bytes(self.pid)
        self.sockets_before = sockets(self.pid)

    async def honest_visit(self, address: str = "127.0.0.1") -> None:
        """A visitor opens a conversation, asks and is answered."""
        transport = httpx.AsyncHTTPTransport(local_address=address)
        async with httpx.AsyncClient(base_url=self.http.base_url, transport=transport, timeout=15) as http:
            visitor = await Visitor.arrive(http)
            assert (await visitor.send(1, text="hello")).status_code == 202
            async with visitor.events() as stream:
                texts = [event.data["text"] for event in await stream.take(2)]
        assert texts == ["hello", "you said hello"]

    def assert_small(self) -> None:
        """Memory grew by little."""
        assert resident_bytes(self.pid) - self.before < MOST_GROWTH


@asynccontextmanager
async def trial(folder: Path, **connections: int) -> AsyncIterator[Trial]:
    """Run a gateway with these bounds, warmed up by a visit."""
    allow_open_files(2500)
    async with brain_on_a_port(StubBrain()) as port:
        process = Process(folder, port)
        bounds = ", ".join(f"{name}: {value}" for name, value in connections.items())
        (folder / "channels.yml").write_text(CHANNELS.format(bounds), encoding="utf-8")
        await process.start()
        try:
            async with process.client() as http:
                running = Trial(process, http)
                await running.honest_visit()
                running.before = resident_bytes(running.pid)
                yield running
        finally:
            log = await process.end(signal.SIGTERM)
    assert "Traceback" not in log, log


async def test_a_header_without_an_end_is_refused_after_its_limit(tmp_path: Path) -> None:
    """431, however the header goes on: one field, many fields, a long address; and a trailer behind a body."""
    endless = [
        b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 300_000,
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 50_000,
        b"GET / HTTP/1.1\r\n" + b"X" * 300_000,
        b"GET /" + b"a" * 300_000,
        # An address that waits for its body; another would answer before the trailer has come.
        b"POST /api/web/conversations HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: " + b"a" * 300_000,
        b"\r\n" * 150_000,
    ]  # fmt: skip
    async with trial(tmp_path) as running, Crowd(running.process.port) as crowd:
        for sent in endless:
            (client,) = await crowd.join(1, sent)
            assert await client.hear_end() == 431, sent[:60]
        await running.honest_visit()
        for _ in range(4):
            await crowd.join(100, endless[0])
        await running.honest_visit()
        running.assert_small()


@pytest.mark.parametrize("value", [15_000, 17_000])
async def test_a_header_below_the_limit_is_read(tmp_path: Path, value: int) -> None:
    """The limit is where the setting says: 16 kB, in whatever pieces they come."""
    async with trial(tmp_path) as running, Crowd(running.process.port) as crowd:
        whole = b"GET /health HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nX-Long: " + b"a" * value + b"\r\n\r\n"
        at_once, in_pieces = await crowd.join(1, whole) + await crowd.join(1, b"")
        for start in range(0, len(whole), 1000):
            in_pieces.writer.write(whole[start : start + 1000])
            await asyncio.sleep(0)
        expected = 200 if value < 16_000 else 431
        assert await at_once.hear_end() == expected
        assert await in_pieces.hear_end() == expected


@pytest.mark.parametrize("networks", [1, 100])
async def test_eleven_hundred_unfinished_requests_keep_nobody_out(tmp_path: Path, networks: int) -> None:
    """Of one address and of a hundred: the bounds hold, and newcomers get in at the cost of the crowd."""
    bounds = {"at_once": 400, "per_address": 100, "header_seconds": NEVER, "body_seconds": NEVER}
    async with trial(tmp_path, **bounds) as running, Crowd(running.process.port) as crowd:
        await crowd.join(1100, UNFINISHED, networks)
        held = 400 if networks > 4 else 100
        await at_most_sockets(running.pid, running.sockets_before + held)
        await running.honest_visit("127.0.1.1")
        await running.honest_visit("127.0.0.1")
        running.assert_small()


async def test_an_unfinished_request_ends_with_its_time(tmp_path: Path) -> None:
    """408 for a slow header and for a slow body, and an unused connection just ends."""
    async with trial(tmp_path, header_seconds=1, body_seconds=1, per_address=500) as running:
        half = UNFINISHED.replace(b"X-Slow: ", b"Content-Type: application/json\r\nContent-Length: 40\r\n\r\n{")
        # Its answer, 404, does not need the body.
        answered = half.replace(b"web/conversations", b"nowhere")
        async with Crowd(running.process.port) as crowd:
            headers = await crowd.join(50, UNFINISHED)
            bodies = await crowd.join(250, half)
            silent = await crowd.join(50, b"")
            told = await crowd.join(50, answered)
            await running.honest_visit("127.0.0.1")
            for clients, status in ((headers, 408), (bodies, 408), (silent, 0), (told, 404)):
                assert Counter([await client.hear_end() for client in clients]) == {status: len(clients)}
            await at_most_sockets(running.pid, running.sockets_before)
            running.assert_small()


async def test_a_second_request_is_timed_like_the_first(tmp_path: Path) -> None:
    """A connection that was used is no way around the time limit, and one that is idle ends."""
    whole = b"GET /health HTTP/1.1\r\nHost: shop\r\n\r\n"
    async with (
        trial(tmp_path, header_seconds=1, idle_seconds=1) as running,
        Crowd(running.process.port) as crowd,
    ):
        slow, idle = await crowd.join(2, whole)
        assert [await slow.hear_first(), await idle.hear_first()] == [200, 200]
        slow.writer.write(UNFINISHED)
        await slow.hear_end()
        assert slow.said.count(b"HTTP/1.1 408") == 1
        assert (await idle.hear_end(), idle.said.count(b"HTTP/1.1")) == (200, 1)


async def test_pipelined_requests_are_not_collected(tmp_path: Path) -> None:
    """Requests behind one that is not answered yet are few, however many are sent."""
    async with trial(tmp_path) as running, Crowd(running.process.port) as crowd:
        many = await crowd.join(20, b"GET /health HTTP/1.1\r\nHost: shop\r\n\r\n" * 20_000)
        assert all([(await client.hear_end(), client.said.count(b"HTTP/1.1"))[1] < 10 for client in many])
        await running.honest_visit()
        running.assert_small()


def _stream(visitor: Visitor) -> bytes:
    head = f"GET {visitor.address}/events HTTP/1.1\r\nHost: shop\r\nAuthorization: Bearer {visitor.token}\r\n\r\n"
    return head.encode()


async def test_a_thousand_streams_of_one_token_are_six(tmp_path: Path) -> None:
    """The others are told 429; those six go on, and a page that closes makes room for another."""
    async with trial(tmp_path, per_address=1500, idle_seconds=60) as running, Crowd(running.process.port) as crowd:
        visitor = await Visitor.arrive(running.http)
        clients = await crowd.join(1050, _stream(visitor))
        statuses = Counter([await client.hear_first() for client in clients])
        assert statuses == {200: 6, 429: 1044}
        refused = next(client for client in clients if client.status == 429)
        assert b"too_many_streams" in refused.said
        assert b"retry-after: 15" in refused.said.lower()
        await running.honest_visit()
        running.assert_small()
        next(client for client in clients if client.status == 200).writer.transport.abort()
        await _one_more(crowd, visitor)


async def test_the_streams_of_one_address_are_thirty(tmp_path: Path) -> None:
    """Over all its conversations; another address is not meant."""
    async with trial(tmp_path) as running, Crowd(running.process.port) as crowd:
        clients: list[Client] = []
        for _ in range(10):
            clients += await crowd.join(6, _stream(await Visitor.arrive(running.http)))
        assert Counter([await client.hear_first() for client in clients]) == {200: 30, 429: 30}
        await running.honest_visit("127.0.0.1")


async def test_who_does_not_read_a_stream_loses_it(tmp_path: Path) -> None:
    """What waits to be read is bounded in bytes and in time."""
    async with trial(tmp_path, unread_seconds=1) as running, Crowd(running.process.port) as crowd:
        visitors = [await Visitor.arrive(running.http) for _ in range(4)]
        database = Database(f"sqlite:///{tmp_path / 'var' / 'warmline.db'}", Signals())
        for visitor in visitors:
            await database.run(_long_story, visitor.conversation_id)
        database.close()
        for visitor in visitors:
            for client in await crowd.join(5, _stream(visitor)):
                client.reader._transport.pause_reading()  # type: ignore[attr-defined]
        await running.honest_visit()
        await at_most_sockets(running.pid, running.sockets_before)
        running.assert_small()


def _long_story(session: Session, conversation_id: str) -> None:
    # More than what the kernel keeps for both ends (net.ipv4.tcp_wmem, tcp_rmem: 4 and 6 MB).
    conversation = transcript.lock(session, conversation_id)
    assert conversation is not None
    for _ in range(300):
        transcript.append(session, conversation, author="bot", now=utc_now(), text="😀" * LONGEST_TEXT)


async def _one_more(crowd: Crowd, visitor: Visitor) -> None:
    async with asyncio.timeout(15):
        while True:
            (client,) = await crowd.join(1, _stream(visitor))
            if await client.hear_first() == 200:
                return
            await asyncio.sleep(0.05)
