"""What the gateway is made of, as handed to everything that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from bot.gateway.channels.open_streams import OpenStreams
from bot.gateway.channels.opening import OpenChannels
from bot.gateway.channels.protocol import MessagingChannel
from bot.gateway.conversations.brain_client import BrainClient
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.external_desks.protocol import ExternalDesk
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.settings import Settings
from bot.wording.catalogue import Catalogue
from bot.wording.files import product_catalogue


@dataclass(frozen=True)
class Parts:
    """The real things, chosen once in :mod:`bot.gateway.wiring`; a request gets them by :data:`PartsOfRequest`."""

    settings: Settings
    clock: Clock
    database: Database
    signals: Signals
    payloads: Payloads
    brain: BrainClient
    open_channels: OpenChannels
    """What ``channels.yml`` says."""
    messaging: Mapping[str, MessagingChannel]
    """The open messaging channels, by name."""
    external_desk: ExternalDesk | None = None
    """Where the tickets go besides our own desk."""
    wording: Catalogue = field(default_factory=product_catalogue)
    """What customers read, in the company's words."""
    open_streams: OpenStreams = field(default_factory=OpenStreams)
    """The event streams of this process, counted."""


async def _of_request(request: Request) -> Parts:
    # Not a plain function: FastAPI would take each request through a thread to read an attribute.
    parts: Parts = request.app.state.parts
    return parts


PartsOfRequest = Annotated[Parts, Depends(_of_request)]
"""A parameter of this type in a route receives the parts."""
