"""Answers of other servers, read as far as a limit and no further: 300 MB from an outside desk take no memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx

from bot.untrusted.json_reading import read_json

# A small compressed piece unpacks to a thousand times its size in one step (RFC 1951), so none is asked for or taken.
_PLAIN = {"Accept-Encoding": "identity"}


class AnswerTooLongError(Exception):
    """The answer is longer than allowed, or compressed; its ``status`` was read."""

    def __init__(self, status: int) -> None:
        super().__init__("the answer is too long")
        self.status = status


async def request(
    client: httpx.AsyncClient,
    method: str,
    url: str,
    *,
    largest: int,
    within: float,
    headers: Mapping[str, str] | None = None,
    timeout: httpx.Timeout | float | None = None,
    **content: Any,
) -> httpx.Response:
    """Make a request and read at most ``largest`` bytes of its answer's body, ``within`` seconds in all.

    Raises:
        AnswerTooLongError: it goes on, or is compressed all the same; the connection is closed.
        httpx.ReadTimeout: it was not over in time, however often a piece of it came.
        httpx.HTTPError: as any request.
    """
    try:
        async with asyncio.timeout(within):
            limits = client.timeout if timeout is None else timeout
            sent = {**_PLAIN, **(headers or {})}
            async with client.stream(method, url, headers=sent, timeout=limits, **content) as answer:
                return httpx.Response(
                    answer.status_code,
                    headers=answer.headers,
                    content=await _body(answer, largest),
                    request=answer.request,
                )
    except TimeoutError as error:
        raise httpx.ReadTimeout(f"the answer was not over within {within:g} s") from error


def json_of(answer: httpx.Response) -> Any:
    """The JSON of an answer that was read so; :class:`~bot.untrusted.json_reading.NotJsonError`."""
    return read_json(answer.content, largest=len(answer.content))


async def _body(answer: httpx.Response, largest: int) -> bytes:
    if answer.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise AnswerTooLongError(answer.status_code)
    read = bytearray()
    async for piece in answer.aiter_bytes():
        read += piece
        if len(read) > largest:
            raise AnswerTooLongError(answer.status_code)
    return bytes(read)
