"""What the channels need of the gateway, and how a request gets it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from bot.gateway.channels.ageing import AgeLimit
from bot.gateway.channels.open_streams import OpenStreams
from bot.gateway.conversations.allowance import InboundLimits
from bot.gateway.conversations.discretion import Discretion
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.connection_settings import Connections
from bot.gateway.platform.database import Database
from bot.gateway.tickets.services import TicketServices
from bot.nlu.secrets.reader import SecretReader
from bot.wording.catalogue import Catalogue


@dataclass(frozen=True)
class ChannelServices:
    """Chosen once in :mod:`bot.gateway.wiring`; a request gets them by :data:`ChannelServicesOfRequest`."""

    database: Database
    clock: Clock
    payloads: Payloads
    origin_key: str
    """Under which visitors' addresses are counted (:mod:`bot.gateway.platform.origin`)."""
    connections: Connections
    tickets: TicketServices = field(default_factory=TicketServices)
    """For what a visitor does to the ticket that waits for them."""
    inbound: Mapping[str, InboundLimits] = field(default_factory=dict)
    """What may come in, by channel."""
    age_limit: AgeLimit | None = None
    """When a visitor's key stops opening a conversation; none: never."""
    open_streams: OpenStreams = field(default_factory=OpenStreams)
    """The event streams of this process, counted."""
    secrets: SecretReader = field(default_factory=SecretReader)
    """Knows what of a customer's words nobody may keep."""

    @property
    def discretion(self) -> Discretion:
        """Hides that, in the company's words."""
        return Discretion(self.secrets, self.wording)

    @property
    def wording(self) -> Catalogue:
        """What customers read, in the company's words: the same wherever they read it."""
        return self.tickets.wording


async def _of_request(request: Request) -> ChannelServices:
    # Not a plain function: FastAPI would take each request through a thread to read an attribute.
    services: ChannelServices = request.app.state.channel_services
    return services


ChannelServicesOfRequest = Annotated[ChannelServices, Depends(_of_request)]
"""A parameter of this type in a route receives the services."""
