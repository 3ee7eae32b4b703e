"""What the desk needs of the gateway, and how a request gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from bot.gateway.channels.open_streams import OpenStreams
from bot.gateway.conversations.brain_client import BrainClient
from bot.gateway.conversations.worker import ShowsTyping
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.connection_settings import Connections
from bot.gateway.platform.database import Database
from bot.gateway.tickets.services import TicketServices


@dataclass(frozen=True)
class DeskServices:
    """Chosen once in :mod:`bot.gateway.wiring`; a request gets them by :data:`DeskServicesOfRequest`."""

    database: Database
    clock: Clock
    brain: BrainClient
    messaging: Mapping[str, ShowsTyping]
    """The open messaging channels, by name."""
    device_key: str
    """Signs the cookie by which a browser is known again (:mod:`bot.gateway.desk.devices`)."""
    https: bool
    """The desk is reached by https only, so its cookies are, too."""
    connections: Connections
    open_streams: OpenStreams
    tickets: TicketServices


async def _of_request(request: Request) -> DeskServices:
    # Not a plain function: FastAPI would take each request through a thread to read an attribute.
    services: DeskServices = request.app.state.desk_services
    return services


DeskServicesOfRequest = Annotated[DeskServices, Depends(_of_request)]
"""A parameter of this type in a route receives the services."""
