"""Streams are counted for as long as they last, and not a moment longer, whatever ends them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Scope

from bot.gateway.channels.open_streams import EventStream, OpenStreams

_NAMES = ("conversation a", "conversation b", "address c")


@given(st.lists(st.tuples(st.booleans(), st.sets(st.sampled_from(_NAMES), min_size=1), st.integers(0, 20))))
def test_no_name_ever_has_more_than_its_most(steps: list[tuple[bool, set[str], int]]) -> None:
    """In every order of opening and closing; and when all are closed, nothing is remembered."""
    streams = OpenStreams()
    open_now: list[tuple[ExitStack, set[str]]] = []
    for opens, names, index in steps:
        if opens:
            stack = ExitStack()
            room = stack.enter_context(streams.one_more(dict.fromkeys(names, 3)))
            had = [sum(name in held for _, held in open_now) for name in names]
            assert room is all(count < 3 for count in had)
            if room:
                open_now.append((stack, names))
            else:
                stack.close()
        elif open_now:
            open_now.pop(index % len(open_now))[0].close()
    for stack, _ in open_now:
        stack.close()
    assert len(streams) == 0


_SCOPE: Scope = {"type": "http", "asgi": {"spec_version": "2.3"}, "headers": []}


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield b": still here\n\n"
        await asyncio.sleep(0)


async def _broken() -> AsyncIterator[bytes]:
    yield b": still here\n\n"
    raise RuntimeError("broken")


@pytest.mark.parametrize("ends", ["the page goes", "it breaks", "it is cancelled", "the page went before it began"])
async def test_however_a_stream_ends_its_place_is_free(ends: str) -> None:
    """The count cannot leak: it is the answer's own."""
    streams = OpenStreams()
    gone = asyncio.Event()
    sent: list[Message] = []

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if ends == "the page went before it began":
            raise OSError("gone")
        sent.append(message)

    events = _broken() if ends == "it breaks" else _endless()
    stream = asyncio.create_task(EventStream(events, streams, {"a": 1})(_SCOPE, receive, send))
    async with asyncio.timeout(15):
        while not sent and not stream.done():  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0)
        if ends == "the page goes":
            gone.set()
        elif ends == "it is cancelled":
            stream.cancel()
        with suppress(Exception, asyncio.CancelledError):
            await stream
    assert len(streams) == 0


async def test_one_too_many_is_told_kindly() -> None:
    """429 with the time to wait, and it takes no place."""
    streams = OpenStreams()
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError("a refusal reads nothing")

    with streams.one_more({"a": 1}) as room:
        assert room
        await EventStream(_endless(), streams, {"a": 1})(_SCOPE, receive, send)
    assert sent[0]["status"] == 429
    assert (b"retry-after", b"15") in sent[0]["headers"]
    assert b"close some of them" in sent[1]["body"]
    assert len(streams) == 0
