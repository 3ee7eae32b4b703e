"""A scene on each kind of database."""

from __future__ import annotations

import pytest

from bot.gateway.conversations.payloads import Payloads
from bot.gateway.platform.database import Database
from tests.gateway.tickets.scene import Scene


@pytest.fixture
def scene(database: Database, payloads: Payloads) -> Scene:
    """An empty database and a clock."""
    return Scene(database, payloads)
