"""Which channels are open: ``channels.yml``, read once at start; a mistake in it names its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bot.setting_files import Section, read_document

FILE = "channels.yml"

# A greeting is read in a small window.
_LONGEST_GREETING = 500


@dataclass(frozen=True)
class Website:
    """The website channel's settings."""

    greeting: str
    allowed_origins: tuple[str, ...] = ()
    new_conversations_per_minute: int = 60
    forget_after_hours: int = 720
    """How long after its last word a visitor's key still opens a conversation; thirty days."""


@dataclass(frozen=True)
class Telegram:
    """The Telegram channel is open; its secrets are settings."""

    bot_name: str = ""
    """The bot's user name, for links that bring a conversation there; without one there are none."""


@dataclass(frozen=True)
class OpenChannels:
    """The channels that customers can use; None is closed."""

    website: Website | None
    telegram: Telegram | None


def load_channels(path: Path) -> OpenChannels:
    """Read ``channels.yml``; :class:`~bot.errors.SettingError` names the file and the line that is wrong."""
    document = read_document(path, "It says which channels are open.")
    website = document.section("website")
    telegram = document.section("telegram")
    document.finish()
    return OpenChannels(_website(website), _telegram(telegram))


def _website(section: Section | None) -> Website | None:
    if section is None:
        return None
    enabled = section.boolean("enabled", False)
    website = Website(
        greeting=section.text("greeting", "Hello, how can I help?", _LONGEST_GREETING),
        allowed_origins=section.origins("allowed_origins"),
        new_conversations_per_minute=section.count("new_conversations_per_minute", 60),
        forget_after_hours=section.count("forget_after_hours", 720),
    )
    section.finish()
    return website if enabled else None


def _telegram(section: Section | None) -> Telegram | None:
    if section is None:
        return None
    enabled = section.boolean("enabled", False)
    bot_name = section.parsed("bot_name", "", "the bot's user name, as ExampleShopBot", _bot_name)
    section.finish()
    return Telegram(bot_name) if enabled else None


def _bot_name(text: str) -> str | None:
    # 5 to 32 letters, digits and underscores (https://core.telegram.org/bots/features#botfather).
    return text if re.fullmatch(r"[A-Za-z0-9_]{5,32}", text) else None
