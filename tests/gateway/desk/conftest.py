"""A running gateway, its desk, and a customer beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest

from bot.gateway.clock import utc_now
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.database import Database
from bot.gateway.desk import accounts
from bot.settings import Settings
from tests.gateway.channels.gateway_server import Gateway, running_gateway
from tests.gateway.queue.scene import Scene


@pytest.fixture
def running(settings: Settings) -> Iterator[Gateway]:
    """The gateway."""
    with running_gateway(settings) as gateway:
        yield gateway


class RealTime(Scene):
    """A scene in the gateway's own time."""

    def clock(self) -> datetime:
        """The machine's clock."""
        return utc_now()


@pytest.fixture
def scene(running: Gateway, database: Database, payloads: Payloads) -> Scene:
    """The same database, seen from beside the gateway."""
    running.hears(database)
    return RealTime(database, payloads)


@dataclass
class Desk:
    """One agent's browser."""

    browser: httpx.AsyncClient
    name: str
    agent_id: str = ""

    async def get(self, path: str) -> Any:
        """Read, and expect that it works."""
        answer = await self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        """Write, with the header that the page sends."""
        return await self.browser.post(path, json={} if body is None else body)


class Desks:
    """Opens browsers at one gateway."""

    def __init__(self, gateway: Gateway, database: Database) -> None:
        self.url = gateway.url
        self._database = database
        self.browsers: list[httpx.AsyncClient] = []

    def browser(self) -> httpx.AsyncClient:
        """A browser in which nobody is signed in."""
        browser = httpx.AsyncClient(base_url=f"{self.url}/api/desk/", timeout=20)
        self.browsers.append(browser)
        return browser

    async def account(self, name: str) -> str:
        """Create an agent; gives the password."""
        return await self._database.run(accounts.create, name.lower(), name, "agent", utc_now())

    async def signed_in(self, name: str) -> Desk:
        """An agent at the desk."""
        password = await self.account(name)
        browser = self.browser()
        answer = await browser.post("session", json={"username": name, "password": password})
        assert answer.status_code == 200, answer.text
        browser.headers["X-Warmline-CSRF"] = answer.json()["csrf"]
        return Desk(browser, name, answer.json()["agent"]["id"])


@pytest.fixture
async def desks(running: Gateway, database: Database) -> AsyncIterator[Desks]:
    """A room full of desks."""
    desks = Desks(running, database)
    yield desks
    await asyncio.gather(*(browser.aclose() for browser in desks.browsers))
