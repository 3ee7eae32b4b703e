"""A customer who waits in Telegram goes on in the browser by a link, and back: same story, same place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from bot.gateway.channels.telegram import ALLOWED_UPDATES, WEBHOOK
from bot.gateway.migrations import upgrade
from bot.gateway.platform.database import Database
from bot.gateway.platform.signals import Signals
from bot.processes import free_port
from tests.e2e.installation import Installation
from tests.e2e.windows import Windows, check_access, screenshot
from tests.gateway.channels.gateway_server import Gateway, running_gateway
from tests.gateway.channels.telegram_server import TOKEN, Sent, TelegramServer

SECRET = "telegram-secret_0123456789-abcdef"
BOT = "ExampleShopBot"
# A handoff waits for the brain of a machine that may be busy.
PATIENCE = 60.0


@pytest.fixture
def telegram() -> Iterator[TelegramServer]:
    """A local Telegram with one bot."""
    with TelegramServer() as server:
        yield server


@pytest.fixture
def gateway(installation: Installation, telegram: TelegramServer, tmp_path: Path) -> Iterator[Gateway]:
    """A second gateway before the same brain, with a database of its own and an open Telegram channel."""
    port = free_port()
    settings = replace(
        installation.settings,
        root=tmp_path,
        var=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'warmline.db'}",
        gateway_port=port,
        public_url=f"http://127.0.0.1:{port}",
        telegram_api=telegram.url,
        telegram_token=TOKEN,
        telegram_secret=SECRET,
    )
    database = Database(settings.database_url, Signals())
    upgrade(database)
    database.close()
    with running_gateway(settings, telegram=True, telegram_bot=BOT, port=port) as running:
        telegram.webhook = {
            "url": running.url + WEBHOOK,
            "secret_token": SECRET,
            "allowed_updates": list(ALLOWED_UPDATES),
        }
        yield running


def _hears(telegram: TelegramServer, words: str, after: int = 0) -> Sent:
    """Wait for the message with these words, among those after the first so many."""
    while True:
        for sent in telegram.sent[after:]:
            if words in sent.text:
                return sent
        telegram.wait(sent=len(telegram.sent) + 1, seconds=PATIENCE)


def _presses(telegram: TelegramServer, words: str, title: str) -> None:
    telegram.taps(_hears(telegram, words), title)


def test_a_place_goes_from_telegram_into_the_browser_and_back(
    windows: Windows, gateway: Gateway, telegram: TelegramServer
) -> None:
    """By a link that works once, is gone from the address bar at once, and gives a stranger nothing."""
    telegram.says("I want to talk to a person please")
    _presses(telegram, "Your request is first in the queue", "Keep my place and message me")
    _presses(telegram, "We will keep your place", "Continue on the website")
    link = re.search(r"http://\S+", _hears(telegram, "Open this link").text)
    assert link is not None
    assert link[0].startswith(f"{gateway.url}/#warmline=")

    page = windows.open(420, 760)
    opened: list[str] = []
    page.on("request", lambda request: opened.append(request.url) if request.method == "POST" else None)
    page.goto(link[0])
    log = page.get_by_role("log", name="Messages")
    expect(log).to_contain_text("You have kept your place and are next in the queue")
    expect(log).to_contain_text("I want to talk to a person please")
    expect(page.get_by_text("Waiting for a person")).to_be_visible()
    assert "warmline" not in page.url, "the link would stay in the history"
    # A conversation opened beside it would take what the customer writes.
    assert opened == [f"{gateway.url}/api/web/conversations/continue"]
    screenshot(page, "40-continued-from-telegram")
    check_access(page)

    # What is written here belongs to the same story, also after the browser was closed.
    box = page.get_by_role("textbox", name="Your message")
    box.fill("It is about a fridge")
    box.press("Enter")
    expect(log).to_contain_text("It is about a fridge")
    page.reload()
    expect(log).to_contain_text("It is about a fridge")
    expect(page.get_by_text("Waiting for a person")).to_be_visible()

    # Whoever finds the link later gets nothing of it.
    stranger = windows.open(420, 760)
    stranger.goto(link[0])
    expect(stranger.get_by_text("That link has expired or has already been used.")).to_be_visible()
    expect(stranger.get_by_text("It is about a fridge")).to_have_count(0)
    screenshot(stranger, "41-link-used-already")

    # And back: the widget's own button, a link that opens elsewhere, the same place.
    page.get_by_role("button", name="Continue on Telegram").last.click()
    there = log.locator(f"a[href*='t.me/{BOT}']").last
    expect(there).to_have_attribute("rel", re.compile("noopener"))
    screenshot(page, "42-continue-on-telegram")
    address = there.get_attribute("href") or ""
    [token] = parse_qs(urlsplit(address).query)["start"]
    before = len(telegram.sent)
    telegram.says(f"/start {token}")
    assert "You have kept your place and are next in the queue" in _hears(telegram, "Welcome back", before).text
    with gateway.parts.database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT channel, owner FROM conversations WHERE last_seq > 3").all()
        assert connection.exec_driver_sql("SELECT state FROM tickets").all() == [("queued",)]
    assert rows == [("telegram", "queue")]
