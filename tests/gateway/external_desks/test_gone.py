"""An outside system that answers 410 Gone wants no more of a case: it ends there, and our own desk has the customer."""

from __future__ import annotations

import dataclasses

import pytest

from bot.gateway.channels.protocol import NotNow, Refused
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.external_desks import cases
from bot.gateway.external_desks.protocol import Brought, Line, Taken
from bot.gateway.external_desks.tables import ExternalCase
from bot.gateway.external_desks.webhooks import NAME, TITLE, SignedWebhooks
from bot.gateway.platform.database import Database
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import EXTERNAL_ROLE, Agent, Ticket
from bot.settings import Settings
from tests.gateway.external_desks.local_server import Fault
from tests.gateway.external_desks.webhook_desk import SECRET, WebhookDesk
from tests.gateway.tickets.scene import NOON, Scene

LINE = Line("t1", 7, "hello?", NOON, after=None, again=False)
GONE = Refused(f"{TITLE} answered 410", status=410)


@pytest.fixture
def scene(database: Database, payloads: Payloads) -> Scene:
    """No gateway: each step of the relay is taken by hand."""
    return Scene(database, payloads)


@pytest.mark.parametrize("status", [301, 400, 401, 404, 409, 411, 429, 500, 503])
async def test_any_other_answer_is_tried_again(status: int, settings: Settings, database: Database) -> None:
    """The specification: whatever is not 2xx may pass, also what an ordinary API means for good."""
    assert isinstance(await _answered(status, settings, database), NotNow)


async def test_410_is_the_end(settings: Settings, database: Database) -> None:
    """It is told by the number: no sentence about it is read."""
    answer = await _answered(410, settings, database)
    assert isinstance(answer, Refused)
    assert answer.status == 410


async def test_a_case_that_is_gone_before_it_was_opened_is_over_at_once(scene: Scene) -> None:
    """Nobody waits two minutes for a desk that has said that it will not come."""
    ticket_id = await _opening(scene)
    job = await scene.database.run(cases.take, ticket_id, scene.clock())
    await scene.database.run(cases.settle, scene.services, job, GONE, TITLE, scene.clock())
    assert (await _case(scene)).state == "ending", "this try may have arrived: the desk hears that we took over"
    scene.now += cases.LEASE
    job = await scene.database.run(cases.take, ticket_id, scene.clock())
    assert job.ending == "taken_over"
    await scene.database.run(cases.settle, scene.services, job, GONE, TITLE, scene.clock())
    case = await _case(scene)
    assert case.state == "over"
    assert case.failing_since is not None
    (ticket,) = await scene.rows(Ticket)
    assert ticket.state == "queued"
    assert any(one.type == "note" for one in await scene.entries(ticket.conversation_id)), "our agents see why"


async def test_a_line_that_is_gone_brings_the_customer_back_into_our_line_and_ends_the_case(scene: Scene) -> None:
    """In the middle of a conversation, too; the desk is told nothing any more after its second 410."""
    ticket_id = await _opening(scene)
    job = await scene.database.run(cases.take, ticket_id, scene.clock())
    await scene.database.run(cases.settle, scene.services, job, Taken("x1"), TITLE, scene.clock())
    ines = Agent(id="outside-ines", username="outside:ines", name="Ines", role=EXTERNAL_ROLE, password_hash="none")
    await scene.database.run(lambda session: session.add(ines))
    await scene.take(tickets.claim, ticket_id, ines)
    await scene.says("ada", "hello?")
    await scene.handled()
    job = await scene.database.run(cases.take, ticket_id, scene.clock())
    assert job.line is not None
    await scene.database.run(cases.settle, scene.services, job, GONE, TITLE, scene.clock())
    (ticket,) = await scene.rows(Ticket)
    assert (ticket.state, ticket.agent_id) == ("queued", None)
    scene.now += cases.LEASE
    job = await scene.database.run(cases.take, ticket_id, scene.clock())
    assert job.ending == "taken_over"
    await scene.database.run(cases.settle, scene.services, job, GONE, TITLE, scene.clock())
    assert (await _case(scene)).state == "over"
    scene.now += cases.LEASE
    assert await scene.database.run(cases.take, ticket_id, scene.clock()) is None
    assert await scene.database.read(cases.due, NAME, scene.clock()) == []


async def test_an_ending_that_may_pass_is_told_again_for_a_day_and_no_longer(scene: Scene) -> None:
    """Only 410, or a day, ends it."""
    ticket_id = await _opening(scene)
    job = await scene.database.run(cases.take, ticket_id, scene.clock())
    await scene.database.run(cases.settle, scene.services, job, Taken("x1"), TITLE, scene.clock())
    conversation_id = (await _case(scene)).conversation_id
    await scene.abandon(conversation_id)
    job = await scene.database.run(cases.take, ticket_id, scene.clock())
    assert job.ending == "abandoned"
    away = NotNow(0, "away")
    first = scene.clock()
    await scene.database.run(cases.settle, scene.services, job, away, TITLE, first)
    await scene.database.run(cases.settle, scene.services, job, away, TITLE, first + cases.GIVE_UP_AFTER)
    assert (await _case(scene)).state == "ending"
    await scene.database.run(cases.settle, scene.services, job, away, TITLE, first + cases.GIVE_UP_AFTER * 1.01)
    assert (await _case(scene)).state == "over"


async def _answered(status: int, settings: Settings, database: Database) -> Brought:
    with WebhookDesk() as server:
        server.faults.append(Fault(status))
        desk = SignedWebhooks(
            dataclasses.replace(settings, desk_webhook_url=f"{server.url}/events", desk_webhook_secret=SECRET),
            database,
            lambda: NOON,
            TicketServices(),
        )
        try:
            return await desk.bring("x1", LINE)
        finally:
            await desk.close()


async def _opening(scene: Scene) -> str:
    ticket_id = await scene.hand_off(await scene.says("ada", "help"))
    await scene.handled()
    await scene.database.run(cases.adopt, NAME, scene.clock())
    return ticket_id


async def _case(scene: Scene) -> ExternalCase:
    (case,) = await scene.database.read(lambda session: session.query(ExternalCase).all())
    return case
