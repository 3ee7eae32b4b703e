"""What a company's files say reaches every part of the gateway that needs it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.gateway.background import worker_of
from bot.gateway.services import Services
from bot.gateway.wiring import wire
from bot.settings import Settings
from bot.wording.sentences import wording

CHANNELS = """\
website:
  enabled: true
  forget_after_hours: 5
  limits:
    visitor:
      messages: 7
"""
DESK = """\
limits:
  tickets_per_visitor: 2
"""
WORDING = """\
en:
  queue.keep_writing: Do go on.
"""
CONFIG = """\
pipeline:
- name: bot.brain.components.entities.WarmlineEntities
  forms: {order_number: ORD-0000000000000000}
"""


@pytest.fixture
def wired(settings: Settings) -> Iterator[Services]:
    """A gateway of a company with settings and words of its own."""
    for name, text in (
        ("channels.yml", CHANNELS),
        ("desk.yml", DESK),
        ("wording.yml", WORDING),
        ("config.yml", CONFIG),
    ):
        (settings.root / name).write_text(text)
    services = wire(settings)
    yield services
    services.database.close()


def test_settings_of_the_channels_reach_them(wired: Services) -> None:
    """What may come in, and how long a key opens a conversation."""
    services = wired.for_channels()
    assert services.inbound["web"].visitor.messages == 7
    assert services.age_limit is not None
    assert services.age_limit.lasts == timedelta(hours=5)


def test_settings_of_the_desk_words_links_and_waits_are_the_same_everywhere(wired: Services) -> None:
    """A forecast that an agent's step teaches is the one that a customer hears."""
    tickets = wired.tickets
    assert tickets.desk.tickets_per_visitor == 2
    assert tickets.links is not None
    assert wired.for_channels().tickets is tickets
    assert wired.for_desk().tickets is tickets
    services = worker_of(wired)._services
    assert services.reception._services is tickets  # type: ignore[attr-defined]
    for words in (wired.wording, wired.for_channels().wording, services.wording):
        assert words.say(wording("queue.keep_writing"), "en") == "Do go on."


def test_the_companys_own_numbers_reach_who_hides_cards(wired: Services) -> None:
    """In the company's words, as everything that a customer reads."""
    discretion = wired.for_channels().discretion
    assert discretion.secrets.hidden("where is ORD-4111111111111111").kinds == frozenset()
    assert discretion.secrets.hidden("4111111111111111").kinds == {"card"}
    assert discretion.wording is wired.wording
