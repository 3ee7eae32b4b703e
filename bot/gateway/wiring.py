"""The one place where the gateway's real things are chosen."""

from __future__ import annotations

from datetime import timedelta

from bot.errors import SettingError
from bot.gateway.channels.ageing import AgeLimit
from bot.gateway.channels.opening import FILE, OpenChannels, load_channels
from bot.gateway.channels.protocol import MessagingChannel
from bot.gateway.conversations.brain_client import BrainClient
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.external_desks.protocol import ExternalDesk
from bot.gateway.platform.clock import Clock, utc_now
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.gateway.services import Services
from bot.gateway.tickets import desk_settings
from bot.gateway.tickets.desk_settings import load_desk_settings
from bot.gateway.tickets.links import Links
from bot.gateway.tickets.services import TicketServices
from bot.handoff.emergency import country_in
from bot.kit.readings import load_titles
from bot.nlu.languages.english_words import english_words
from bot.nlu.reading.danger import DangerReader
from bot.nlu.reading.danger_words import safety_of
from bot.nlu.secrets.own_forms import read_own_forms
from bot.nlu.secrets.reader import SecretReader
from bot.nlu.tone.feelings import Feelings, read_feelings
from bot.settings import Settings
from bot.wording.catalogue import Catalogue
from bot.wording.files import load_catalogue


def wire(settings: Settings, *, clock: Clock = utc_now) -> Services:
    """Build the services from the settings and ``channels.yml``; nothing is connected to yet."""
    for name, value in (
        ("WARMLINE_PAYLOAD_KEY", settings.payload_key),
        ("WARMLINE_BRAIN_SECRET", settings.brain_secret),
    ):
        if not value:
            raise SettingError(f"{name} is missing: set it to 32 or more characters at random, kept between starts.")
    open_channels = load_channels(settings.root / FILE)
    catalogue = load_catalogue(settings.root)
    signals = Signals()
    database = Database(settings.database_url, signals)
    people = load_desk_settings(settings.root / desk_settings.FILE)
    telegram, website = open_channels.telegram, open_channels.website
    safety = safety_of(settings.root)
    tickets = TicketServices(
        desk=people,
        wording=catalogue,
        dangers=None if safety is None else DangerReader(safety, english_words()),
        feelings=Feelings(read_feelings(settings.root / "data" / "tone")),
        titles={name: one.title for name, one in load_titles(settings.root).items() if one.acts},
        country=country_in(settings.root / "config.yml"),
        links=Links(settings.payload_key, settings.public_url, "" if telegram is None else telegram.bot_name),
    )
    return Services(
        settings=settings,
        clock=clock,
        database=database,
        signals=signals,
        payloads=Payloads(settings.payload_key),
        brain=BrainClient(settings.brain_url, settings.brain_secret, public_url=settings.public_url),
        open_channels=open_channels,
        messaging={channel.name: channel for channel in _messaging(settings, open_channels, catalogue)},
        inbound=open_channels.inbound(),
        age_limit=None if website is None else AgeLimit(timedelta(hours=website.forget_after_hours), clock),
        tickets=tickets,
        secrets=SecretReader(read_own_forms(settings.root)),
        external_desk=_external_desk(settings, database, clock, tickets),
    )


def _messaging(settings: Settings, open_channels: OpenChannels, catalogue: Catalogue) -> list[MessagingChannel]:
    channels: list[MessagingChannel] = []
    if open_channels.telegram is not None:
        from bot.gateway.channels.telegram import Telegram

        channels.append(Telegram(settings, catalogue))
    return channels


def _external_desk(
    settings: Settings, database: Database, clock: Clock, tickets: TicketServices
) -> ExternalDesk | None:
    kind = tickets.desk.outside
    if kind == "chatwoot":
        from bot.gateway.external_desks.chatwoot import Chatwoot

        return Chatwoot(settings, database, clock, tickets)
    if kind == "webhooks":
        from bot.gateway.external_desks.webhooks import SignedWebhooks

        return SignedWebhooks(settings, database, clock, tickets)
    return None
