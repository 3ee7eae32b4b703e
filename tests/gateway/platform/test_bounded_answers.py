"""Answers of others are read as far as a limit and no further (X19)."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from bot.contract.turn import Customer, TextInput, Turn
from bot.gateway.channels.protocol import NotNow, Refused
from bot.gateway.conversations.brain_client import BrainClient, BrainFailed
from bot.gateway.external_desks.calling import LARGEST_ANSWER, Answer, call
from bot.gateway.platform import bounded_answers
from bot.gateway.platform.bounded_answers import AnswerTooLongError

_MB = 1024 * 1024
_TOO_MUCH = 300 * _MB


@asynccontextmanager
async def server(head: str, pieces: Callable[[], AsyncIterator[bytes]]) -> AsyncIterator[tuple[str, list[int]]]:
    """A server that answers each request so, and how many bytes of the body it got rid of."""
    sent = [0]
    answering: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                await reader.readuntil(b"\r\n\r\n")
                writer.write(f"HTTP/1.1 {head}\r\nConnection: close\r\n\r\n".encode())
                async for piece in pieces():
                    writer.write(piece)
                    await writer.drain()
                    sent[0] += len(piece)
                writer.close()
                await writer.wait_closed()
        finally:
            writer.transport.abort()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answering.add(asyncio.create_task(answer(reader, writer)))

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", sent
    finally:
        listening.close()
        for task in answering:
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)
        await listening.wait_closed()


async def much() -> AsyncIterator[bytes]:
    """300 MB of one JSON text."""
    yield b'"'
    for _ in range(_TOO_MUCH // (64 * 1024)):
        yield b"a" * 64 * 1024
    yield b'"'


async def bomb() -> AsyncIterator[bytes]:
    """32 MB in 32 kB."""
    yield gzip.compress(b'"' + b"a" * 32 * _MB + b'"')


async def dripping() -> AsyncIterator[bytes]:
    """A byte at a time, for ever."""
    while True:
        yield b" "
        await asyncio.sleep(0.02)


async def test_an_external_desk_that_never_stops_is_heard_as_far_as_its_limit() -> None:
    """It took the step, says its status; what it goes on to say stays in its own memory."""
    async with server("200 OK", much) as (url, sent), httpx.AsyncClient(trust_env=False) as client:
        assert await call(client, "The desk", "POST", url, json={}) == Answer(None)
        assert sent[0] < LARGEST_ANSWER + 32 * _MB, "what the sockets' buffers hold, at most"


@pytest.mark.parametrize(("head", "kind"), [("404 Not Found", Refused), ("500 Oh", NotNow)])
async def test_a_refusal_that_never_stops_is_a_refusal(head: str, kind: type) -> None:
    """The status is what counts."""
    async with server(head, much) as (url, sent), httpx.AsyncClient(trust_env=False) as client:
        assert isinstance(await call(client, "The desk", "POST", url, json={}), kind)
        assert sent[0] < LARGEST_ANSWER + 32 * _MB


async def test_a_compressed_answer_is_not_unpacked() -> None:
    """Nobody asked for it; 32 kB would become 32 MB in one step."""
    async with (
        server("200 OK\r\nContent-Encoding: gzip", bomb) as (url, _),
        httpx.AsyncClient(trust_env=False) as client,
    ):
        with pytest.raises(AnswerTooLongError):
            await bounded_answers.request(client, "GET", url, largest=_MB, within=20)


async def test_an_answer_that_drips_ends_in_time() -> None:
    """Each piece comes in time, the answer never does: it is a time-out like any other."""
    async with server("200 OK", dripping) as (url, _), httpx.AsyncClient(trust_env=False) as client:
        with pytest.raises(httpx.ReadTimeout):
            await bounded_answers.request(client, "GET", url, largest=_MB, within=0.3)


async def test_a_brain_that_never_stops_has_failed() -> None:
    """A turn's result, a search, readiness."""
    async with server("200 OK", much) as (url, _):
        brain = BrainClient(url, "s" * 40)
        turn = Turn(
            conversation_id="c",
            message_id="m",
            channel="website",
            locale="en",
            customer=Customer(),
            input=TextInput("hi"),
        )
        assert await brain.take_turn(turn) == BrainFailed("result_too_large")
        assert await brain.search("hi", 3) is None
        assert await brain.state() == "away"
        await brain.close()


async def test_deep_json_in_an_answer_is_no_answer() -> None:
    """Whoever sends it: nothing is walked by recursion."""

    async def deep() -> AsyncIterator[bytes]:
        yield b"[" * 100_000

    async with server("200 OK", deep) as (url, _), httpx.AsyncClient(trust_env=False) as client:
        assert await call(client, "The desk", "GET", url) == Answer(None)
        brain = BrainClient(url, "s" * 40)
        assert await brain.search("hi", 3) is None
        await brain.close()
