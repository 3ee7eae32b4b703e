"""A gateway whose tickets go to one of the desks, and the desk itself."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack

import pytest

from bot.gateway.conversations.payloads import Payloads
from bot.gateway.desk import accounts
from bot.gateway.desk.roles import Role
from bot.gateway.external_desks.chatwoot import WEBHOOK as CHATWOOT_WEBHOOK
from bot.gateway.external_desks.webhooks import WEBHOOK
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from bot.settings import Settings
from tests.gateway.channels.conftest import RealTime
from tests.gateway.channels.gateway_server import Gateway, running_gateway
from tests.gateway.conftest import make_database_url
from tests.gateway.external_desks import chatwoot_server, webhook_desk
from tests.gateway.external_desks.chatwoot_server import ChatwootServer
from tests.gateway.external_desks.desks import AGENTS, AtOurDesk, BehindWebhooks, DeskInUse, InChatwoot
from tests.gateway.external_desks.webhook_desk import WebhookDesk

DESK = """\
outside:
  desk: {kind}
"""


# A gateway is started for each of these tests: SQLite unless a test asks for the other one.
database_url = pytest.fixture(params=["sqlite"])(make_database_url)


@dataclasses.dataclass
class World:
    """A running gateway and what stands beside it."""

    gateway: Gateway
    desk: DeskInUse


@pytest.fixture(params=["none", "chatwoot", "webhooks"])
async def desk(request: pytest.FixtureRequest, settings: Settings, database: Database) -> AsyncIterator[DeskInUse]:
    """Every desk in turn, in use."""
    with ExitStack() as stack:
        world = _world(stack, str(request.param), settings, database)
        request.node.gateway = world.gateway
        yield world.desk
        if isinstance(world.desk, AtOurDesk):
            await world.desk.close()


@pytest.fixture(params=["chatwoot", "webhooks"])
def outside(request: pytest.FixtureRequest, settings: Settings, database: Database) -> Iterator[DeskInUse]:
    """Each outside desk in turn, in use."""
    with ExitStack() as stack:
        world = _world(stack, str(request.param), settings, database)
        request.node.gateway = world.gateway
        yield world.desk


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Gateway:
    """The running gateway; after the fixture of the desk."""
    gateway: Gateway = request.node.gateway
    return gateway


@pytest.fixture
def scene(request: pytest.FixtureRequest, database: Database, payloads: Payloads) -> RealTime:
    """The same database, seen from beside the gateway."""
    for name in ("desk", "outside"):
        if name in request.fixturenames:
            request.getfixturevalue(name)
    request.node.gateway.hears(database)
    return RealTime(database, payloads)


def _world(stack: ExitStack, kind: str, settings: Settings, database: Database) -> World:
    (settings.root / "desk.yml").write_text(DESK.format(kind=kind))
    if kind == "chatwoot":
        chatwoot = stack.enter_context(ChatwootServer())
        settings = dataclasses.replace(
            settings,
            chatwoot_url=chatwoot.url,
            chatwoot_account=str(chatwoot_server.ACCOUNT),
            chatwoot_inbox=chatwoot_server.INBOX,
            chatwoot_token=chatwoot_server.TOKEN,
            chatwoot_secret=chatwoot_server.SECRET,
        )
        gateway = stack.enter_context(running_gateway(settings))
        chatwoot.webhook = gateway.url + CHATWOOT_WEBHOOK
        return World(gateway, InChatwoot(chatwoot))
    if kind == "webhooks":
        other = stack.enter_context(WebhookDesk())
        settings = dataclasses.replace(
            settings, desk_webhook_url=f"{other.url}/events", desk_webhook_secret=webhook_desk.SECRET
        )
        gateway = stack.enter_context(running_gateway(settings))
        other.webhook = gateway.url + WEBHOOK
        return World(gateway, BehindWebhooks(other))
    passwords = {name: database.run_here(accounts.create, name.lower(), name, Role.AGENT, utc_now()) for name in AGENTS}
    gateway = stack.enter_context(running_gateway(settings))
    return World(gateway, AtOurDesk(gateway.url, passwords))
