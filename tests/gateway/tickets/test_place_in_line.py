"""Who comes back into the queue stands where they came first: who has waited must not wait again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations.tables import Conversation
from bot.gateway.tickets import callbacks, notices, presence, routing
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.desk_settings import DEFAULT
from bot.gateway.tickets.tables import Agent, Ticket, Timer
from tests.gateway.making import words
from tests.gateway.tickets.scene import Scene

MINUTE = timedelta(minutes=1)


async def working(scene: Scene, name: str, chosen: str = "online") -> Agent:
    """An agent at work."""
    agent = await scene.agent(name)
    await scene.database.run(presence.choose, agent.id, chosen, scene.clock())
    return agent


async def comes(scene: Scene, who: str) -> str:
    """A customer joins the queue."""
    conversation_id = await scene.says(who, "help")
    await scene.handled()
    return await scene.hand_off(conversation_id)


async def one(scene: Scene, ticket_id: str) -> Ticket:
    """That ticket's row as it is now."""
    return next(row for row in await scene.rows(Ticket) if row.id == ticket_id)


async def transfer(scene: Scene, ticket_id: str, agent: Agent, **to: str) -> Ticket:
    """The agent sends it on."""
    return await scene.database.run(
        lambda session: tickets.transfer(session, scene.services, ticket_id, agent, scene.clock(), **to)
    )


async def next_of(scene: Scene, agent: Agent) -> str | None:
    """Whom the agent gets."""
    found = await scene.database.run(tickets.claim_next, scene.services, agent, scene.now)
    return None if found is None else found.id


async def test_a_transferred_customer_is_before_those_who_came_later(scene: Scene) -> None:
    """By the time at which they came at first, with the head start of a high priority."""
    sam, lee = await working(scene, "Sam"), await working(scene, "Lee")
    ada = await comes(scene, "ada")
    came = (await one(scene, ada)).created_at
    await scene.take(tickets.claim, ada, sam)
    scene.now += 50 * MINUTE
    ben = await comes(scene, "ben")
    scene.now += MINUTE
    back = await transfer(scene, ada, sam, skill="general")
    assert (back.state, back.agent_id, back.assigned_to, back.priority) == ("queued", None, None, "high")
    assert back.rank_at == came - DEFAULT.head_start["high"]
    assert back.queued_at == scene.now
    assert (await scene.states(back.conversation_id))[-1] == ("queue", 1)
    await scene.database.run(presence.beat, lee.id, scene.now)
    assert await next_of(scene, lee) == ada
    assert await next_of(scene, lee) == ben


async def test_who_is_requeued_does_not_overtake_one_who_came_before_them_by_more_than_the_head_start(
    scene: Scene,
) -> None:
    """Coming back is no way to the front: the rank is theirs, not now's and not the front's."""
    sam, lee = await working(scene, "Sam"), await working(scene, "Lee")
    ada = await comes(scene, "ada")
    scene.now += DEFAULT.head_start["high"] + 5 * MINUTE
    ben = await comes(scene, "ben")
    await scene.take(tickets.claim, ben, sam)
    await transfer(scene, ben, sam, skill="general")
    assert await next_of(scene, lee) == ada
    assert await next_of(scene, lee) == ben


async def test_an_urgent_customer_who_is_sent_on_stays_urgent(scene: Scene) -> None:
    """The higher of the two head starts."""
    sam = await working(scene, "Sam")
    ada = await comes(scene, "ada")

    def urgent(session: Session) -> None:
        session.get_one(Ticket, ada).priority = "urgent"

    await scene.database.run(urgent)
    await scene.take(tickets.claim, ada, sam)
    back = await transfer(scene, ada, sam, skill="returns")
    assert (back.priority, back.skill) == ("urgent", "returns")
    assert back.rank_at == routing.rank_of(DEFAULT, back.created_at, "urgent")


async def test_a_colleague_with_room_gets_it_at_once_and_one_without_before_all_others(scene: Scene) -> None:
    """It waits for them, whatever skill it asks for, and nobody else is given it while they are at work."""
    sam, kim, lee = await working(scene, "Sam"), await working(scene, "Kim"), await working(scene, "Lee")
    first, second = await comes(scene, "ada"), await comes(scene, "ben")
    older = await comes(scene, "cat")
    for ticket_id in (first, second):
        await scene.take(tickets.claim, ticket_id, sam)

    def full(session: Session) -> None:
        session.get_one(Agent, kim.id).capacity = 1

    await scene.database.run(full)
    given = await transfer(scene, first, sam, to_agent_id=kim.id)
    assert (given.state, given.agent_id) == ("accepted", kim.id)
    kept = await transfer(scene, second, sam, to_agent_id=kim.id, skill="returns")
    assert (kept.state, kept.assigned_to, kept.skill) == ("queued", kim.id, "returns")
    assert await next_of(scene, lee) == older
    assert await next_of(scene, lee) is None, "it is Kim's"
    await scene.database.run(tickets.resolve, scene.services, first, kim, "solved", "", scene.clock())
    await comes(scene, "dan")
    assert await next_of(scene, kim) == second
    assert (await one(scene, second)).assigned_to is None, "whoever has it may send it on again"


@pytest.mark.parametrize("chosen", ["away", "offline"])
async def test_what_waits_for_a_colleague_who_is_not_there_is_anybodys(scene: Scene, chosen: str) -> None:
    """Nobody waits for an empty chair."""
    sam, lee = await working(scene, "Sam"), await working(scene, "Lee")
    kim = await working(scene, "Kim", chosen)
    ada = await comes(scene, "ada")
    await scene.take(tickets.claim, ada, sam)
    assert (await transfer(scene, ada, sam, to_agent_id=kim.id)).state == "queued"
    assert await next_of(scene, lee) == ada


async def test_a_call_back_that_is_due_comes_before_all_who_came_meanwhile(scene: Scene) -> None:
    """The promise was made before they had come."""
    lee = await working(scene, "Lee")
    ada = await comes(scene, "ada")

    def picks(session: Session) -> None:
        ticket = session.get_one(Ticket, ada)
        conversation = session.get_one(Conversation, ticket.conversation_id)
        callbacks.schedule(session, scene.services, conversation, ticket, scene.now + 4 * 60 * MINUTE, scene.now)

    await scene.database.run(picks)
    assert await next_of(scene, lee) is None
    scene.now += 4 * 60 * MINUTE - DEFAULT.head_start["high"]
    high = await comes(scene, "ben")

    def marked(session: Session) -> None:
        ticket = session.get_one(Ticket, high)
        ticket.priority, ticket.rank_at = "high", routing.rank_of(DEFAULT, ticket.created_at, "high")

    await scene.database.run(marked)
    scene.now += DEFAULT.head_start["high"]

    def rings(session: Session) -> None:
        timer = next(t for t in session.query(Timer).all() if t.kind == callbacks.CALLBACK)
        callbacks.is_due(session, scene.services, timer, scene.now)

    await scene.database.run(rings)
    back = await one(scene, ada)
    assert (back.state, back.priority, back.queued_at) == ("queued", "high", scene.now)
    assert back.rank_at == routing.rank_of(DEFAULT, scene.now, "urgent")
    await scene.database.run(presence.beat, lee.id, scene.now)
    assert (await scene.texts(back.conversation_id, "system"))[-1] == words(notices.callback_due(1))
    assert await next_of(scene, lee) == ada
