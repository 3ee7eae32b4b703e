"""A conversation goes to one human and comes back, and its customer reads of every step."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway.conversations.tables import InboxMessage
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import notices
from bot.gateway.tickets.refusals import AlreadyClaimedError, NotWaitingError, NotYoursError, UnknownTicketError
from bot.gateway.tickets.tables import Ticket
from bot.handoff.package import validate
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest
from bot.wording.sentences import wording
from tests.gateway.making import words
from tests.gateway.tickets.scene import Scene


async def test_a_hand_off_tells_the_customer_the_place_and_offers_the_way_back(scene: Scene) -> None:
    """Nobody waits in silence, and nobody is trapped in the queue."""
    conversation_id = await scene.says("ada", "a person please")
    await scene.hand_off(conversation_id)
    assert (await scene.conversation(conversation_id)).owner == "queue"
    assert await scene.states(conversation_id) == [("queue", 1)]
    notice = (await scene.entries(conversation_id))[-1]
    assert (notice.author, notice.text) == ("system", words(notices.queued(1, nobody=wording("queue.nobody"))))
    assert notice.choices[0]["title"] == "Back to the assistant"


async def test_the_package_is_valid_and_holds_what_was_said(scene: Scene) -> None:
    """The human reads the same story that the customer lived."""
    conversation_id = await scene.says("ada", "my order is LF-1234566")
    ticket_id = await scene.hand_off(conversation_id)
    [ticket] = await scene.rows(Ticket)
    validate(ticket.package)
    assert ticket.package["id"] == ticket_id == ticket.id
    assert [line["text"] for line in ticket.package["transcript"]] == ["my order is LF-1234566"]
    assert ticket.package["customer"]["name"] == "Ada"
    assert ticket.package["promise"] == {"position": 1, "wait_minutes": None}
    assert "Order number: LF-1234566 (#1)" in ticket.package["summary"]


async def test_an_upset_customer_is_marked_as_urgent(scene: Scene) -> None:
    """Whoever sorts the tickets can see who should not wait."""
    await scene.hand_off(await scene.says("ada", "!!!"), HandoffRequest(ReasonCode.UPSET_CUSTOMER))
    [ticket] = await scene.rows(Ticket)
    assert ticket.package["routing"]["priority"] == "high"


async def test_a_hand_off_taken_twice_opens_one_ticket_and_says_it_once(scene: Scene) -> None:
    """A turn whose commit got lost on the way is taken again."""
    conversation_id = await scene.says("ada", "a person please")
    assert await scene.hand_off(conversation_id) == await scene.hand_off(conversation_id)
    assert len(await scene.rows(Ticket)) == 1
    assert len(await scene.texts(conversation_id, "system")) == 1


async def test_the_position_counts_who_was_there_before_and_is_still_waiting(scene: Scene) -> None:
    """The number is real: claimed and abandoned tickets do not count."""
    sam = await scene.agent("Sam")
    first = await scene.says("ada", "help")
    second = await scene.says("ben", "help")
    third = await scene.says("cat", "help")
    first_ticket = await scene.hand_off(first)
    await scene.hand_off(second)
    await scene.take(tickets.claim, first_ticket, sam)
    await scene.hand_off(third)
    assert await scene.states(second) == [("queue", 2)]
    assert await scene.states(third) == [("queue", 2)]


async def test_of_two_agents_at_once_one_gets_the_ticket_and_the_other_hears_who(scene: Scene) -> None:
    """The customer must not talk to two people who do not know of each other."""
    agents = [await scene.agent("Sam"), await scene.agent("Kim")]
    conversation_id = await scene.says("ada", "help")
    ticket_id = await scene.hand_off(conversation_id)
    outcomes = await asyncio.gather(
        *(scene.take(tickets.claim, ticket_id, agent) for agent in agents), return_exceptions=True
    )
    [ticket] = [one for one in outcomes if isinstance(one, Ticket)]
    [refusal] = [one for one in outcomes if isinstance(one, AlreadyClaimedError)]
    winner = next(agent for agent in agents if agent.id == ticket.agent_id)
    assert winner.name in str(refusal)
    assert (await scene.conversation(conversation_id)).owner == f"human:{winner.id}"
    assert await scene.states(conversation_id) == [("queue", 1), ("human", winner.name)]
    assert (await scene.texts(conversation_id, "system"))[1:] == [words(notices.claimed(winner.name))]


async def test_claiming_again_what_one_has_changes_nothing(scene: Scene) -> None:
    """A double click, or an answer that got lost."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, sam)
    before = len(await scene.entries(conversation_id))
    assert (await scene.take(tickets.claim, ticket_id, sam)).state == "accepted"
    assert len(await scene.entries(conversation_id)) == before


async def test_a_claim_stops_what_the_bot_has_not_sent_and_keeps_the_notices(scene: Scene) -> None:
    """The bot never talks over a human."""
    from bot.gateway.conversations import transcript

    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    conversation = await scene.conversation(conversation_id)
    await scene.database.run(transcript.append, conversation, author="bot", text="Hm.", now=scene.clock())
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, sam)
    assert await scene.deliveries() == [
        ("Hm.", "cancelled"),
        (words(notices.queued(1, nobody=wording("queue.nobody"))), "waiting"),
        (words(notices.claimed("Sam")), "waiting"),
    ]


async def test_returning_gives_the_bot_the_conversation_and_tells_it_what_the_human_noted(scene: Scene) -> None:
    """The bot learns of the return by an event, so that it does not hand off again at once."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, sam)
    ticket = await scene.take(tickets.give_back, ticket_id, sam, "refund agreed")
    assert (ticket.state, ticket.note) == ("returned", "refund agreed")
    assert (await scene.conversation(conversation_id)).owner == "bot"
    assert (await scene.states(conversation_id))[-1] == ("bot", None)
    assert (await scene.texts(conversation_id, "system"))[-1] == words(notices.returned("Sam"))
    waiting = [message for message in await scene.rows(InboxMessage) if message.handled_at is None]
    assert [message.input for message in waiting] == [
        {
            "type": "event",
            "name": "returned_by_human",
            "data": {
                "agent": "Sam",
                "note": "refund agreed",
                "outcome": "returned",
                "commitments": [],
                "changed_slots": {},
            },
        }
    ]


async def test_a_note_is_for_agents_only(scene: Scene) -> None:
    """What agents write to each other never reaches the customer."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, sam)
    await scene.take(tickets.give_back, ticket_id, sam, "be patient with her")
    [note] = [entry for entry in await scene.entries(conversation_id) if entry.type == "note"]
    assert (note.text, note.author_name, note.visible_to_customer) == ("be patient with her", "Sam", False)
    assert "be patient with her" not in [text for text, _ in await scene.deliveries()]


@pytest.mark.parametrize("outcome", notices.OUTCOMES)
async def test_resolving_closes_the_ticket_and_the_customer_reads_how(scene: Scene, outcome: str) -> None:
    """Every end has its own honest sentence."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    await scene.handled()
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, sam)
    ticket = await scene.take(tickets.resolve, ticket_id, sam, outcome, "")
    conversation = await scene.conversation(conversation_id)
    assert (ticket.state, ticket.outcome) == ("completed", outcome)
    assert (conversation.owner, conversation.dialogue_state) == ("bot", None)
    assert (await scene.texts(conversation_id, "system"))[-1] == words(notices.resolved("Sam", outcome))
    assert all(message.handled_at for message in await scene.rows(InboxMessage))


async def test_a_customer_who_leaves_the_line_gets_the_bot_back(scene: Scene) -> None:
    """Waiting is never a trap, and the ticket is nobody's work any more."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    ticket_id = await scene.hand_off(conversation_id)
    assert (await scene.abandon(conversation_id)).state == "abandoned"
    assert await scene.abandon(conversation_id) is None
    assert (await scene.conversation(conversation_id)).owner == "bot"
    assert await scene.states(conversation_id) == [("queue", 1), ("bot", None)]
    assert (await scene.texts(conversation_id, "system"))[-1] == words(notices.abandoned())
    with pytest.raises(NotWaitingError):
        await scene.take(tickets.claim, ticket_id, sam)


async def test_a_customer_cannot_leave_a_human_who_is_there(scene: Scene) -> None:
    """The button stays below the old notice; once a human is there it does nothing."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, sam)
    assert await scene.abandon(conversation_id) is None
    assert (await scene.conversation(conversation_id)).owner == f"human:{sam.id}"


async def test_only_the_agent_who_has_it_may_return_or_resolve(scene: Scene) -> None:
    """Nobody ends a colleague's conversation by accident."""
    sam, kim = await scene.agent("Sam"), await scene.agent("Kim")
    ticket_id = await scene.hand_off(await scene.says("ada", "help"))
    with pytest.raises(NotYoursError):
        await scene.take(tickets.give_back, ticket_id, sam, "")
    await scene.take(tickets.claim, ticket_id, sam)
    with pytest.raises(NotYoursError):
        await scene.take(tickets.give_back, ticket_id, kim, "")
    with pytest.raises(NotYoursError):
        await scene.take(tickets.resolve, ticket_id, kim, "solved", "")
    with pytest.raises(UnknownTicketError):
        await scene.take(tickets.claim, "no such ticket", sam)


async def test_a_step_taken_twice_does_its_work_once(scene: Scene) -> None:
    """A commit whose answer got lost is repeated by the database, a click by a person."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    ticket_id = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, ticket_id, sam)
    for _ in range(2):
        await scene.take(tickets.give_back, ticket_id, sam, "a note")
    entries = await scene.entries(conversation_id)
    assert sum(entry.type == "note" for entry in entries) == 1
    assert sum(message.input["type"] == "event" for message in await scene.rows(InboxMessage)) == 1


async def test_after_the_return_another_hand_off_opens_another_ticket(scene: Scene) -> None:
    """The way to a human stays open."""
    sam = await scene.agent("Sam")
    conversation_id = await scene.says("ada", "help")
    first = await scene.hand_off(conversation_id)
    await scene.take(tickets.claim, first, sam)
    await scene.take(tickets.give_back, first, sam, "")
    second = await scene.hand_off(conversation_id)
    assert first != second
    assert [ticket.state for ticket in await scene.rows(Ticket)] == ["returned", "queued"]
