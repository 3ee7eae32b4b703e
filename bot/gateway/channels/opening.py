"""Which channels are open: ``channels.yml``, read once at start; a mistake in it names its line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.gateway.conversations.allowance import DEFAULT, KILOBYTE, Amounts, InboundLimits
from bot.gateway.conversations.inbox import LONGEST_TEXT
from bot.gateway.conversations.transcript import WEBSITE
from bot.gateway.platform.connection_settings import Connections, read_connections
from bot.gateway.platform.proxies import Network, TrustedProxies, network_of
from bot.setting_files import Section, read_document

FILE = "channels.yml"

# A greeting is read in a small window.
_LONGEST_GREETING = 500

# A limit that the longest message of the widest script (four bytes a character in UTF-8) does not fit is none that a
# customer could ever keep.
_FEWEST_KILOBYTES = -(-LONGEST_TEXT * 4 // KILOBYTE)


@dataclass(frozen=True)
class WebsiteExtras:
    """What else a minute allows on the website."""

    typing: int = 30
    """Signs of writing in one conversation: the widget gives twenty."""
    typing_by_address: int = 600
    """By one address: thirty people who write without a pause."""
    ratings: int = 60
    """Thumbs in one conversation: one a second is somebody who plays with them."""
    links: int = 20
    """Links from other channels by one address: people open one."""


@dataclass(frozen=True)
class Website:
    """The website channel's settings."""

    greeting: str = ""
    """The same for everybody; empty says the catalogue's, in the customer's language."""
    allowed_origins: tuple[str, ...] = ()
    new_conversations_per_minute: int = 60
    """By one address: a household or an office shares one, and opens a page again and again."""
    inbound: InboundLimits = DEFAULT
    extras: WebsiteExtras = field(default_factory=WebsiteExtras)
    forget_after_hours: int = 720
    """How long after its last word a visitor's key still opens a conversation; thirty days."""


@dataclass(frozen=True)
class Telegram:
    """The Telegram channel is open; its secrets are settings."""

    bot_name: str = ""
    """The bot's user name, for links that bring a conversation there; without one there are none."""
    inbound: InboundLimits = DEFAULT


@dataclass(frozen=True)
class OpenChannels:
    """The channels that customers can use; None is closed."""

    website: Website | None
    telegram: Telegram | None
    connections: Connections = field(default_factory=Connections)
    """What one address, or all, may hold at once."""
    trusted_proxies: TrustedProxies = field(default_factory=TrustedProxies)
    """Whose word counts for where a request comes from."""

    def inbound(self) -> dict[str, InboundLimits]:
        """How much may come in, by channel."""
        open_ones = {WEBSITE: self.website, "telegram": self.telegram}
        return {name: channel.inbound for name, channel in open_ones.items() if channel is not None}


def load_channels(path: Path) -> OpenChannels:
    """Read ``channels.yml``; :class:`~bot.errors.SettingError` names the file and all lines that are wrong."""
    document = read_document(path, "It says which channels are open.")
    website = document.section("website")
    telegram = document.section("telegram")
    connections = document.section("connections")
    proxies: tuple[Network, ...] | None = document.texts(
        "trusted_proxies", "addresses and networks such as 127.0.0.1 or 10.0.0.0/8, but not every address", network_of
    )
    document.finish()
    channels = OpenChannels(
        _website(website), _telegram(telegram), read_connections(connections), TrustedProxies(proxies or ())
    )
    document.raise_if_wrong()
    return channels


def _website(section: Section | None) -> Website | None:
    if section is None:
        return None
    enabled = section.boolean("enabled", False)
    website = Website(
        greeting=section.text("greeting", "", _LONGEST_GREETING),
        allowed_origins=section.origins("allowed_origins"),
        new_conversations_per_minute=section.count("new_conversations_per_minute", 60),
        forget_after_hours=section.count("forget_after_hours", 720),
    )
    limits = section.section("limits")
    if limits is not None:
        website = replace(website, **_website_limits(limits))
        limits.finish()
    section.finish()
    return website if enabled else None


def _telegram(section: Section | None) -> Telegram | None:
    if section is None:
        return None
    enabled = section.boolean("enabled", False)
    bot_name = section.parsed("bot_name", "", "the bot's user name, such as ExampleShopBot", _bot_name)
    inbound = DEFAULT
    limits = section.section("limits")
    if limits is not None:
        visitor = limits.section("visitor")
        inbound = replace(inbound, visitor=_amounts(visitor, inbound.visitor))
        for one in (visitor, limits):
            if one is not None:
                one.finish()
    section.finish()
    return Telegram(bot_name, inbound) if enabled else None


def _website_limits(section: Section) -> dict[str, Any]:
    visitor, address = section.section("visitor"), section.section("address")
    inbound = InboundLimits(_amounts(visitor, DEFAULT.visitor), _amounts(address, DEFAULT.address))
    extras = WebsiteExtras()
    if visitor is not None:
        extras = replace(
            extras, typing=visitor.count("typing", extras.typing), ratings=visitor.count("ratings", extras.ratings)
        )
    if address is not None:
        extras = replace(
            extras,
            typing_by_address=address.count("typing", extras.typing_by_address),
            links=address.count("links", extras.links),
        )
    for key, by_one, by_all in (
        ("messages", inbound.visitor.messages, inbound.address.messages),
        ("kilobytes", inbound.visitor.kilobytes, inbound.address.kilobytes),
        ("typing", extras.typing, extras.typing_by_address),
    ):
        if by_all < by_one and all(one is None or one.is_sound(key) for one in (visitor, address)):
            wrong = address if address is not None and address.names(key) else visitor
            if wrong is not None:
                wrong.refuse(key, f"{key} of an address ({by_all}) must be at least that of a visitor ({by_one}).")
    for one in (visitor, address):
        if one is not None:
            one.finish()
    return {"inbound": inbound, "extras": extras}


def _amounts(section: Section | None, default: Amounts) -> Amounts:
    if section is None:
        return default
    return Amounts(
        messages=section.count("messages", default.messages),
        kilobytes=section.count("kilobytes", default.kilobytes, least=_FEWEST_KILOBYTES),
    )


def _bot_name(text: str) -> str | None:
    # 5 to 32 letters, digits and underscores (https://core.telegram.org/bots/features#botfather).
    return text if re.fullmatch(r"[A-Za-z0-9_]{5,32}", text) else None
