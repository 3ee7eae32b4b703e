"""What every desk owes the customer and its agents, ours and every outside one: one suite over all of them."""

from __future__ import annotations

import pytest

from bot.gateway.tickets.tables import Ticket
from tests.gateway.channels.conftest import RealTime
from tests.gateway.external_desks.desks import DeskInUse, until

CUSTOMER = "mara"


async def handed_over(scene: RealTime) -> str:
    """A customer who has reached the queue; answers the conversation's id."""
    conversation_id = await scene.says(CUSTOMER, "my dishwasher leaks, I want a person")
    await scene.handled()
    await scene.hand_off(conversation_id)
    return conversation_id


async def said_by_humans(scene: RealTime, conversation_id: str, number: int) -> list[str]:
    """Wait until so many lines of humans have reached the customer's side."""

    async def enough() -> list[str]:
        found = await scene.texts(conversation_id, "human")
        return found if len(found) >= number else []

    return list(await until(enough, "the human's words did not arrive"))


async def the_ticket(scene: RealTime, state: str) -> Ticket:
    """Wait until the one ticket is in that state."""

    async def there() -> Ticket | None:
        (ticket,) = await scene.rows(Ticket)
        return ticket if ticket.state == state else None

    found: Ticket = await until(there, f"the ticket did not become {state}")
    return found


async def test_agents_see_why_and_what_was_said(desk: DeskInUse, scene: RealTime) -> None:
    """The whole package is there before anybody claims it."""
    await handed_over(scene)
    shown = await desk.shown()
    assert "my dishwasher leaks, I want a person" in shown
    assert "LF-1234566" in shown


async def test_a_claim_makes_the_agent_the_owner_and_tells_the_customer(desk: DeskInUse, scene: RealTime) -> None:
    """One owner, whoever's desk it is."""
    conversation_id = await handed_over(scene)
    await desk.shown()
    await desk.claim("Ines")
    await the_ticket(scene, "accepted")
    assert (await scene.conversation(conversation_id)).owner.startswith("human:")
    assert ("human", "Ines") in await scene.states(conversation_id)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
async def test_both_sides_read_each_other_in_order(desk: DeskInUse, scene: RealTime) -> None:
    """Lines go both ways, each once."""
    conversation_id = await handed_over(scene)
    await desk.shown()
    await desk.reply("Ines", "Hello, I am here.")
    assert await said_by_humans(scene, conversation_id, 1) == ["Hello, I am here."]
    for text in ("thank you", "it leaks", "it leaks", "a lot"):
        await scene.says(CUSTOMER, text)

    async def all_heard() -> bool:
        return len(await desk.heard()) >= 4

    await until(all_heard, "the desk did not hear the customer")
    assert await desk.heard() == ["thank you", "it leaks", "it leaks", "a lot"]
    await desk.reply("Ines", "I will send someone.")
    assert await said_by_humans(scene, conversation_id, 2) == ["Hello, I am here.", "I will send someone."]


async def test_a_note_stays_among_colleagues(desk: DeskInUse, scene: RealTime) -> None:
    """Notes never reach the customer."""
    conversation_id = await handed_over(scene)
    await desk.shown()
    await desk.claim("Ines")
    await the_ticket(scene, "accepted")
    await desk.note("Ines", "has called twice before")

    async def noted() -> bool:
        return any(one.type == "note" and "twice" in one.text for one in await scene.entries(conversation_id))

    await until(noted, "the note did not arrive")
    assert await scene.texts(conversation_id, "human") == []


async def test_a_return_gives_the_conversation_back_to_the_bot(desk: DeskInUse, scene: RealTime) -> None:
    """The bot hears of it, and the desk is done with it."""
    conversation_id = await handed_over(scene)
    await desk.shown()
    await desk.reply("Ines", "Sorted.")
    await said_by_humans(scene, conversation_id, 1)
    await desk.give_back("Ines")
    await the_ticket(scene, "returned")
    assert (await scene.conversation(conversation_id)).owner == "bot"
    await until(desk.is_over, "the desk still shows it")


async def test_a_resolved_conversation_is_finished_on_both_sides(desk: DeskInUse, scene: RealTime) -> None:
    """What the customer writes next starts afresh with the bot."""
    conversation_id = await handed_over(scene)
    await desk.shown()
    await desk.claim("Ines")
    await the_ticket(scene, "accepted")
    await desk.resolve("Ines")
    ticket = await the_ticket(scene, "completed")
    assert ticket.outcome == "solved"
    assert (await scene.conversation(conversation_id)).owner == "bot"
    await until(desk.is_over, "the desk still shows it")


async def test_a_customer_who_leaves_the_line_leaves_every_desk(desk: DeskInUse, scene: RealTime) -> None:
    """Nobody there goes on waiting for somebody who has gone."""
    conversation_id = await handed_over(scene)
    await desk.shown()
    await scene.abandon(conversation_id)
    await until(desk.is_over, "the desk still shows it")
    assert (await the_ticket(scene, "abandoned")).agent_id is None


async def test_a_colleague_can_go_on(desk: DeskInUse, scene: RealTime) -> None:
    """The customer learns who it is now."""
    conversation_id = await handed_over(scene)
    await desk.shown()
    await desk.claim("Ines")
    await the_ticket(scene, "accepted")
    await desk.claim("Omar")

    async def is_omar() -> bool:
        return ("human", "Omar") in await scene.states(conversation_id)

    await until(is_omar, "the colleague did not take over")
    await desk.reply("Omar", "I am going on from here.")
    assert await said_by_humans(scene, conversation_id, 1) == ["I am going on from here."]
