"""How long a busy desk's pages take, and how long a write has to wait meanwhile.

.venv/bin/python -m benchmarks.desk_reports

A gateway in a process of its own, on SQLite, with 3,000 tickets and 5,000 suggestions. While one page is read again and
again, somebody chooses their presence every 10 ms: a small write in the queue in which customers' messages stand, too.
How long the slowest of them took is what a customer would have felt.
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from bot.gateway.desk import accounts
from bot.gateway.desk.roles import Role
from bot.gateway.migrations import upgrade
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from tests.e2e.installation import Installation, private_settings
from tests.gateway.busy_desk import Size, fill

ROUNDS = 5
# What follows is left out of the median: the first look warms SQLite's and the machine's caches.
WARMING = 1
PAGES = {
    "a trainer's suggestions": "suggestions",
    "the supervisor's page": "supervision",
    "who waits": "tickets?list=waiting",
    "closed tickets": "tickets?list=closed",
    "one ticket": "tickets/ticket-000001",
    "the wrap-up": "tickets/ticket-000001/wrap-up",
}
_BETWEEN_WRITES = 0.01


async def _signed_in(url: str, name: str, password: str) -> httpx.AsyncClient:
    browser = httpx.AsyncClient(base_url=f"{url}/api/desk/", timeout=60, trust_env=False)
    answer = await browser.post("session", json={"username": name, "password": password})
    browser.headers["X-Warmline-CSRF"] = answer.raise_for_status().json()["csrf"]
    return browser


async def _timed(call: object, *given: object, **more: object) -> float:
    started = time.perf_counter()
    (await call(*given, **more)).raise_for_status()  # type: ignore[operator]
    return (time.perf_counter() - started) * 1000


async def measure(url: str, password: str) -> None:
    """Print each page's median and slowest, and the slowest write meanwhile, in milliseconds."""
    reader, writer = [await _signed_in(url, "root", password) for _ in range(2)]
    for name, path in PAGES.items():
        pages, writes = [], []
        for _ in range(WARMING + ROUNDS):
            reading = asyncio.ensure_future(_timed(reader.get, path))
            while not reading.done():
                writes.append(await _timed(writer.post, "presence", json={"presence": "away"}))
                await asyncio.sleep(_BETWEEN_WRITES)
            pages.append(await reading)
        pages = pages[WARMING:]
        print(
            f"{name:24} median {statistics.median(pages):6.0f} ms, slowest {max(pages):6.0f} ms;"
            f" slowest write {max(writes):6.0f} ms",
            flush=True,
        )
    await reader.aclose()
    await writer.aclose()


def main() -> None:
    """Fill a database, start a gateway on it and measure."""
    with tempfile.TemporaryDirectory() as folder:
        settings = private_settings(Path(folder))
        database = Database(settings.database_url, Signals())
        upgrade(database)
        database.run_here(fill, Size(), utc_now())
        password = database.run_here(accounts.create, "root", "Root", Role.ADMINISTRATOR, utc_now())
        database.close()
        installation = Installation(settings)
        try:
            installation.start("gateway")
            asyncio.run(measure(installation.url, password))
        finally:
            installation.close()


if __name__ == "__main__":
    main()
