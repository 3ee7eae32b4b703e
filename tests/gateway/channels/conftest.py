"""A gateway with an open Telegram channel, and the Telegram on the other side."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.gateway.channels.telegram import ALLOWED_UPDATES, WEBHOOK
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.settings import Settings
from tests.gateway.channels.gateway_server import Gateway, running_gateway
from tests.gateway.channels.telegram_server import TOKEN, TelegramServer
from tests.gateway.tickets.scene import Scene

SECRET = "telegram-secret_0123456789-abcdef"


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    """A local Telegram with one bot."""
    with TelegramServer() as server:
        yield server


@pytest.fixture
def telegram_settings(settings: Settings, telegram: TelegramServer) -> Settings:
    """Settings that point at it."""
    return dataclasses.replace(
        settings, telegram_api=telegram.url, telegram_token=TOKEN, telegram_secret=SECRET, public_url="http://gateway"
    )


@pytest.fixture
def running(telegram_settings: Settings, telegram: TelegramServer) -> Iterator[Gateway]:
    """A running gateway whose webhook is set."""
    with running_gateway(telegram_settings, telegram=True) as gateway:
        telegram.webhook = {
            "url": gateway.url + WEBHOOK,
            "secret_token": SECRET,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        yield gateway


@pytest.fixture
def gateway(running: Gateway) -> str:
    """Its address."""
    return running.url


@pytest.fixture
def scene(running: Gateway, database: Database, payloads: Payloads) -> Scene:
    """The same database, seen from beside the gateway."""
    running.hears(database)
    return RealTime(database, payloads)


class RealTime(Scene):
    """A scene in the gateway's own time."""

    def clock(self) -> datetime:
        """The machine's clock."""
        return utc_now()
