"""What a gateway is composed of; each part of it is handed only what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.gateway.channels.ageing import AgeLimit
from bot.gateway.channels.open_streams import OpenStreams
from bot.gateway.channels.opening import OpenChannels
from bot.gateway.channels.protocol import MessagingChannel
from bot.gateway.channels.services import ChannelServices
from bot.gateway.conversations.allowance import InboundLimits
from bot.gateway.conversations.brain_client import BrainClient
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.desk.services import DeskServices
from bot.gateway.external_desks.protocol import ExternalDesk
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.gateway.tickets.services import TicketServices
from bot.nlu.secrets.reader import SecretReader
from bot.settings import Settings
from bot.wording.catalogue import Catalogue


@dataclass(frozen=True)
class Services:
    """The real things, chosen once in :mod:`bot.gateway.wiring`; only the application's edge sees all of them."""

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
    inbound: Mapping[str, InboundLimits] = field(default_factory=dict)
    """What may come in, by channel."""
    age_limit: AgeLimit | None = None
    """When a visitor's key stops opening a conversation; none: never."""
    tickets: TicketServices = field(default_factory=TicketServices)
    external_desk: ExternalDesk | None = None
    """Where the tickets go besides our own desk."""
    open_streams: OpenStreams = field(default_factory=OpenStreams)
    """The event streams of this process, counted."""
    secrets: SecretReader = field(default_factory=SecretReader)
    """Knows what of a customer's words nobody may keep."""

    @property
    def wording(self) -> Catalogue:
        """What customers read, in the company's words: the same wherever they read it."""
        return self.tickets.wording

    def for_channels(self) -> ChannelServices:
        """What the channels need of it."""
        return ChannelServices(
            database=self.database,
            clock=self.clock,
            payloads=self.payloads,
            origin_key=self.settings.payload_key,
            connections=self.open_channels.connections,
            open_streams=self.open_streams,
            tickets=self.tickets,
            inbound=self.inbound,
            age_limit=self.age_limit,
            secrets=self.secrets,
        )

    def for_desk(self) -> DeskServices:
        """What the desk needs of it."""
        return DeskServices(
            database=self.database,
            clock=self.clock,
            brain=self.brain,
            messaging=self.messaging,
            device_key=self.settings.payload_key,
            https=self.settings.public_url.startswith("https://"),
            connections=self.open_channels.connections,
            open_streams=self.open_streams,
            tickets=self.tickets,
        )
