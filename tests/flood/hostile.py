"""One hostile visitor of the website: what they do, one call after the other, as fast as the flood's pace allows."""

from __future__ import annotations

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.flood.material import DEAR, OWN_ORDER, PLAIN, STRANGERS_ORDER

# Seconds; a call that takes longer is counted as unanswered.
PATIENCE = 20.0
# Streams that one visitor tries to hold.
STREAMS = 40
# In a new conversation the counts of the old one do not apply.
GUESSES_IN_A_CONVERSATION = 12
BOOKINGS_IN_A_CONVERSATION = 3
POSTCODES = ("LS6 2AB", "M14 5TP")
PLACES = ("first", "second", "third", "fourth")
# A gateway that refuses conversations is asked again so often, in calls' pauses.
PAUSES_WHEN_REFUSED = 3


def addresses(visitors: int, *, one: bool) -> list[str]:
    """Client addresses from 127.0.0.2 on, one for each visitor; or one for all."""
    return ["127.0.0.2" if one else f"127.0.0.{2 + number}" for number in range(visitors)]


def email_of(visitor: int, booking: int) -> str:
    """The e-mail address with which a visitor books for the so-and-so-many-th time: never the same twice."""
    return f"hostile{visitor}.{booking}@example.com"


def visitor_of(email: str) -> int | None:
    """The number of the hostile visitor who booked with this e-mail address, if one did."""
    found = re.fullmatch(r"hostile(\d+)\.\d+@example\.com", email)
    return int(found[1]) if found else None


@dataclass
class Tally:
    """What was asked of the gateway and how it answered, over all hostile visitors."""

    answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By call and outcome: an HTTP status, or the name of the error where there was no answer."""
    refusals: dict[str, str] = field(default_factory=dict)
    """By status and code: the sentence that the visitor is told."""
    guesses: int = 0
    """Wrong guesses at the stranger's order that the gateway took."""
    conversations: dict[str, list[str]] = field(default_factory=dict)
    """By client address, the conversations opened from there."""

    @property
    def calls(self) -> int:
        """How many calls were made."""
        return sum(self.answers.values())


class Hostile:
    """A visitor at one client address; ``pause`` in seconds between the end of a call and the next one."""

    def __init__(self, number: int, url: str, address: str, tally: Tally, pause: float, guesses: Iterator[str]) -> None:
        self.number = number
        self._address = address
        self._tally = tally
        self._pause = pause
        self._guesses = guesses
        self._client_seq = 0
        self._path = ""
        self._headers: dict[str, str] = {}
        limits = httpx.Limits(max_connections=STREAMS + 10)
        # The address that the gateway sees: all of 127.0.0.0/8 is loopback on Linux.
        transport = httpx.AsyncHTTPTransport(local_address=address, limits=limits, verify=False)  # no TLS here
        self._client = httpx.AsyncClient(base_url=url, transport=transport, timeout=PATIENCE, trust_env=False)

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def _call(self, name: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response | None:
        try:
            answer: httpx.Response | None = await self._client.post(path, json=body, headers=self._headers)
        except httpx.HTTPError as error:
            self._tally.answers[name, type(error).__name__] += 1
            answer = None
        if answer is not None:
            self._count(name, answer)
        await asyncio.sleep(self._pause)
        return answer

    def _count(self, name: str, answer: httpx.Response) -> None:
        self._tally.answers[name, str(answer.status_code)] += 1
        if answer.status_code >= 400:
            try:
                error = answer.json()["error"]
                self._tally.refusals[f"{answer.status_code} {error['code']}"] = error["message"]
            except (ValueError, KeyError, TypeError):
                self._tally.refusals[f"{answer.status_code} without a code"] = answer.text[:200]

    async def _open(self) -> None:
        """Open a conversation, however often that takes."""
        while True:
            self._headers = {}
            answer = await self._call("open", "/api/web/conversations", {"locale": "en"})
            if answer is not None and answer.status_code == 201:
                opened = answer.json()
                break
            await asyncio.sleep(PAUSES_WHEN_REFUSED * self._pause)
        self._client_seq = 0
        self._path = f"/api/web/conversations/{opened['conversation_id']}"
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self._tally.conversations.setdefault(self._address, []).append(opened["conversation_id"])

    async def _say(self, text: str) -> bool:
        body = {"client_seq": self._client_seq + 1, "text": text}
        answer = await self._call("message", f"{self._path}/messages", body)
        taken = answer is not None and answer.status_code == 202
        # A message that was refused has not taken its number.
        self._client_seq += taken
        return taken

    async def write_what_is_dear(self) -> None:
        """Texts that take long to read, one after the other."""
        await self._open()
        for text in itertools.islice(itertools.cycle(DEAR), self.number % len(DEAR), None):
            await self._say(text)

    async def write_much(self) -> None:
        """Plain words without end."""
        await self._open()
        for text in itertools.cycle(PLAIN):
            await self._say(text)

    async def type_without_end(self) -> None:
        """Signs of typing, never a word."""
        await self._open()
        while True:
            await self._call("typing", f"{self._path}/typing")

    async def ask_for_people(self) -> None:
        """One conversation after the other, each of which wants a person."""
        while True:
            await self._open()
            await self._say("I want to talk to a human")

    async def guess_at_an_order(self) -> None:
        """Postcodes for a stranger's order, two at a time, then the own order, which is right."""
        while True:
            await self._open()
            for _ in range(GUESSES_IN_A_CONVERSATION // 2):
                for postcode in itertools.islice(self._guesses, 2):
                    text = f"track my order {STRANGERS_ORDER.number}, postcode {postcode}"
                    self._tally.guesses += await self._say(text)
                await self._say(f"track my order {OWN_ORDER.number}, postcode {OWN_ORDER.postcode}")

    async def book_visits(self) -> None:
        """One technician's visit after the other."""
        for number in itertools.count():
            if number % BOOKINGS_IN_A_CONVERSATION == 0:
                await self._open()
            await self._book(email_of(self.number, number))

    async def _book(self, email: str) -> None:
        # Not all of them want the same visit: who finds it taken gets none.
        postcode = POSTCODES[self.number % len(POSTCODES)]
        place = PLACES[self.number // len(WAYS) % len(PLACES)]
        for text in (
            "I need to book a technician for my dishwasher",
            "it leaves a puddle on the kitchen floor every time",
            postcode,
            f"the {place} one please",
            email,
            "yes please",
        ):
            await self._say(text)

    async def hold_streams(self) -> None:
        """As many event streams of one conversation as the gateway gives, and one more try again and again."""
        await self._open()
        held = {asyncio.create_task(self._read_stream()) for _ in range(STREAMS)}
        try:
            while True:
                ended, held = await asyncio.wait(held, return_when=asyncio.FIRST_COMPLETED)
                await asyncio.sleep(self._pause)
                held |= {asyncio.create_task(self._read_stream()) for _ in itertools.islice(ended, 1)}
        finally:
            for stream in held:
                stream.cancel()
            await asyncio.gather(*held, return_exceptions=True)

    async def _read_stream(self) -> None:
        timeout = httpx.Timeout(PATIENCE, read=None)
        try:
            async with self._client.stream(
                "GET", f"{self._path}/events", params={"after": 0}, headers=self._headers, timeout=timeout
            ) as stream:
                refused = stream.status_code >= 400
                if refused:
                    await stream.aread()
                self._count("stream", stream)
                if refused:
                    return
                async for _ in stream.aiter_raw():
                    pass
        except httpx.HTTPError as error:
            self._tally.answers["stream", type(error).__name__] += 1


WAYS: dict[str, Callable[[Hostile], Awaitable[None]]] = {
    "dear": Hostile.write_what_is_dear,
    "much": Hostile.write_much,
    "typing": Hostile.type_without_end,
    "people": Hostile.ask_for_people,
    "guesses": Hostile.guess_at_an_order,
    "visits": Hostile.book_visits,
    "streams": Hostile.hold_streams,
}
"""Hostile visitors take them in turns."""
