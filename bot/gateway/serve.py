"""Runs the gateway: ``python -m bot.gateway.serve``."""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from contextlib import suppress

import uvicorn
import uvloop

from bot.errors import WarmlineError
from bot.gateway.app import create_app
from bot.gateway.migrations import upgrade
from bot.gateway.signals import Signals
from bot.gateway.wiring import wire
from bot.private_files import keep_private, narrow_default_var
from bot.settings import load
from bot.untrusted import log_lines

# What requests get to end when the gateway stops, in seconds; streams end at once.
_GRACE = 5


class GatewayServer(uvicorn.Server):
    """Ends the visitors' streams before it waits for open connections: they would never end by themselves."""

    def __init__(self, config: uvicorn.Config, signals: Signals) -> None:
        super().__init__(config)
        self._signals = signals

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop taking requests, let the running ones end."""
        self._signals.close()
        await super().shutdown(sockets)


def main() -> int:
    """Serve until told to stop; answers the exit status."""
    keep_private()
    log_lines.configure(logging.INFO, "%(asctime)s %(levelname)s %(name)s: %(message)s")
    # Each request of ours to the brain is not news.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = load()
        narrow_default_var(settings.root, settings.var)
        parts = wire(settings)
        upgrade(parts.database)
        app = create_app(settings, parts)
    except WarmlineError as error:
        sys.stderr.write(f"The gateway cannot start. {error}\n")
        return 1
    config = uvicorn.Config(
        app,
        host=settings.gateway_host,
        port=settings.gateway_port,
        # Addresses of requests hold conversation ids; what matters is logged by the parts themselves.
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        log_config=None,
    )
    server = GatewayServer(config, parts.signals)
    # uvicorn raises Ctrl-C again once everything has ended.
    with suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(server.serve())
    return 0 if server.started else 1


if __name__ == "__main__":
    sys.exit(main())
