"""A running gateway, its desk, and a customer beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from bot.gateway.conversations.payloads import Payloads
from bot.gateway.desk import accounts
from bot.gateway.desk.roles import Role
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.settings import Settings
from tests.gateway.channels.gateway_server import Gateway, running_gateway
from tests.gateway.tickets.scene import Scene


@pytest.fixture(scope="package", autouse=True)
def cheap_passwords() -> Iterator[None]:
    """Passwords are hashed as ever, but fast: their real cost is what protects them, and every test would pay it."""
    costly = accounts._hasher
    accounts._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    accounts._nobodys_hash.cache_clear()
    yield
    accounts._hasher = costly
    accounts._nobodys_hash.cache_clear()


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
    password: str = ""

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

    async def account(self, name: str, role: Role = Role.AGENT) -> str:
        """Create an account; gives the password."""
        return await self._database.run(accounts.create, name.lower(), name, role, utc_now())

    async def signed_in(self, name: str, role: Role = Role.AGENT) -> Desk:
        """Somebody at the desk."""
        desk = Desk(self.browser(), name, password=await self.account(name, role))
        desk.agent_id = await self._sign_in(desk.browser, desk)
        return desk

    async def browser_of(self, desk: Desk) -> httpx.AsyncClient:
        """One more browser in which the same person is signed in."""
        browser = self.browser()
        await self._sign_in(browser, desk)
        return browser

    @staticmethod
    async def _sign_in(browser: httpx.AsyncClient, desk: Desk) -> str:
        answer = await browser.post("session", json={"username": desk.name, "password": desk.password})
        assert answer.status_code == 200, answer.text
        browser.headers["X-Warmline-CSRF"] = answer.json()["csrf"]
        return str(answer.json()["agent"]["id"])


@pytest.fixture
async def desks(running: Gateway, database: Database) -> AsyncIterator[Desks]:
    """A room full of desks."""
    desks = Desks(running, database)
    yield desks
    await asyncio.gather(*(browser.aclose() for browser in desks.browsers))
