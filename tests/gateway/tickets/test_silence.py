"""When an agent goes silent the customer goes to another one; when the customer does, they are asked, and let go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.gateway.desk.replies import reply
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import notices, presence
from bot.gateway.tickets.desk_settings import DEFAULT
from bot.gateway.tickets.silence import Watch
from bot.gateway.tickets.tables import Agent, Ticket
from tests.gateway.making import words
from tests.gateway.tickets.scene import Scene

MINUTE = timedelta(minutes=1)


@pytest.fixture
async def sam(scene: Scene) -> Agent:
    """An agent at work, who has ada's conversation."""
    agent = await scene.agent("Sam")
    await scene.database.run(presence.choose, agent.id, "online", scene.clock())
    conversation_id = await scene.says("ada", "help")
    await scene.handled()
    await scene.take(tickets.claim, await scene.hand_off(conversation_id), agent)
    return agent


async def ticket(scene: Scene) -> Ticket:
    """The only ticket."""
    [found] = await scene.rows(Ticket)
    assert isinstance(found, Ticket)
    return found


async def beat_until(scene: Scene, agent: Agent, span: timedelta) -> None:
    """Time passes, and the agent's desk stays open."""
    scene.now += span
    await scene.database.run(presence.beat, agent.id, scene.now)


async def answers(scene: Scene, agent: Agent, number: int, text: str) -> None:
    """The agent writes."""
    await scene.database.run(reply, (await ticket(scene)).id, agent, number, text, scene.clock())


async def test_an_agent_who_claims_and_never_writes_loses_the_conversation_to_the_front_of_the_line(
    scene: Scene, sam: Agent
) -> None:
    """Both are told, and the customer does not start again behind everybody."""
    watch = Watch(scene.database, scene.clock)
    ben = await scene.says("ben", "help")
    await scene.hand_off(ben)
    await beat_until(scene, sam, DEFAULT.agent_silent - MINUTE)
    assert await watch.look() == []
    await beat_until(scene, sam, MINUTE)
    assert await watch.look() == ["agent_silent"]
    assert await watch.look() == []
    found = (await scene.rows(Ticket))[0]
    assert (found.state, found.agent_id, found.priority) == ("queued", None, "high")
    story = await scene.entries(found.conversation_id)
    assert [one.text for one in story if one.type == "message"][-1] == words(notices.agent_silent("Sam", 1))
    assert any(one.type == "note" and "Sam" in one.text for one in story)


async def test_an_agent_whose_desk_is_gone_loses_it_sooner(scene: Scene, sam: Agent) -> None:
    """A closed laptop is not a slow typist."""
    scene.now += max(DEFAULT.agent_gone, presence.SIGN_OF_LIFE) + MINUTE
    assert await Watch(scene.database, scene.clock).look() == ["agent_silent"]


async def test_an_agent_who_has_answered_is_not_silent(scene: Scene, sam: Agent) -> None:
    """Then it is the customer's turn, who is asked and, after a while, let go kindly."""
    watch = Watch(scene.database, scene.clock)
    await answers(scene, sam, 1, "Hello, which order is it?")
    await beat_until(scene, sam, DEFAULT.agent_silent + MINUTE)
    assert await watch.look() == []
    await beat_until(scene, sam, DEFAULT.customer_reminder)
    assert [await watch.look(), await watch.look()] == [["remind"], []]
    conversation_id = (await ticket(scene)).conversation_id
    assert (await scene.texts(conversation_id, "system"))[-1] == words(notices.still_there("Sam"))
    await beat_until(scene, sam, DEFAULT.customer_close)
    assert await watch.look() == ["close"]
    found = await ticket(scene)
    assert (found.state, found.outcome) == ("completed", "no_reply")
    assert (await scene.conversation(conversation_id)).owner == "bot"
    assert (await scene.texts(conversation_id, "system"))[-1] == words(notices.closed_for_silence("Sam"))


async def test_a_customer_who_writes_after_the_reminder_is_not_closed(scene: Scene, sam: Agent) -> None:
    """And is reminded anew the next time."""
    watch = Watch(scene.database, scene.clock)
    await answers(scene, sam, 1, "Hello?")
    await beat_until(scene, sam, DEFAULT.customer_reminder)
    assert await watch.look() == ["remind"]
    await scene.says("ada", "yes, sorry")
    await answers(scene, sam, 2, "No problem.")
    await beat_until(scene, sam, DEFAULT.customer_reminder)
    assert await watch.look() == ["remind"]


async def test_a_snoozed_conversation_is_left_alone_until_its_time(scene: Scene, sam: Agent) -> None:
    """And takes no place of the agent's meanwhile."""
    watch = Watch(scene.database, scene.clock)
    found = await ticket(scene)
    until = scene.now + timedelta(hours=5)
    await scene.database.run(tickets.snooze, found.id, sam, until, scene.clock())
    assert await scene.database.read(presence.in_hand, scene.now) == {}
    scene.now += timedelta(hours=4)
    assert await watch.look() == []
    scene.now = until
    assert await watch.look() == ["wake"]
    assert (await ticket(scene)).snoozed_until is None
