"""The real gateway on a free port, in a thread of its own: what a provider or a browser meets."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI

from bot.gateway.app import create_app
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.gateway.serve import configuration
from bot.gateway.services import Services
from bot.gateway.wiring import wire
from bot.settings import Settings

CHANNELS = """\
website:
  enabled: true
  greeting: "Hello."
telegram:
  enabled: {telegram}
"""
# Starting takes half a second on an idle machine.
START_PATIENCE = 20.0


@dataclass
class Gateway:
    """A running gateway."""

    url: str
    parts: Services
    loop: asyncio.AbstractEventLoop
    app: FastAPI

    def hears(self, database: Database) -> None:
        """Let the gateway hear at once what a test writes beside it, as if a request had written it."""
        database.signals = _Relay(self)


class _Relay(Signals):
    def __init__(self, gateway: Gateway) -> None:
        super().__init__()
        self._gateway = gateway

    def wake(self, *topics: str) -> None:
        super().wake(*topics)
        self._gateway.loop.call_soon_threadsafe(self._gateway.parts.signals.wake, *topics)


@contextmanager
def running_gateway(
    settings: Settings, *, telegram: bool = False, telegram_bot: str = "", port: int = 0
) -> Iterator[Gateway]:
    """Run a gateway for as long as the block lasts; port 0 is a free one."""
    channels = CHANNELS.format(telegram=str(telegram).lower())
    if telegram_bot:
        channels += f"  bot_name: {telegram_bot}\n"
    (settings.root / "channels.yml").write_text(channels)
    parts = wire(settings)
    app = create_app(settings, parts)
    config = configuration(app, parts, "127.0.0.1", port)
    config.timeout_graceful_shutdown = 2
    server = uvicorn.Server(config)
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    try:
        deadline = time.monotonic() + START_PATIENCE
        while not server.started:
            assert thread.is_alive(), "the gateway ended at its start"
            assert time.monotonic() < deadline, "the gateway did not start"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Gateway(f"http://127.0.0.1:{port}", parts, loops[0], app)
    finally:
        server.should_exit = True
        thread.join()
