"""The worker: in order, once, in one transaction, and never over a human."""

from __future__ import annotations

import asyncio
import dataclasses
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import inbox, owner, work
from bot.gateway.conversations.tables import Delivery, Entry
from bot.gateway.platform.signals import typing_topic
from bot.gateway.tickets.tables import Ticket
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import chose, conversation, conversation_services, messages, packages, said
from tests.gateway.stub_brain import Gate, handoff, result


async def test_a_message_is_answered(desk: Desk) -> None:
    """Reply, outbox, state and trace, all there after one turn."""
    await desk.receive(said("hello"))
    assert await desk.until_handled() == ["answered"]
    entries = await desk.read(lambda session: list(session.scalars(select(Entry).order_by(Entry.seq))))
    assert [(entry.type, entry.author, entry.text) for entry in entries] == [
        ("message", "customer", "hello"),
        ("message", "bot", "you said hello"),
        ("trace", "bot", ""),
    ]
    assert (await desk.read(conversation)).dialogue_state == {"schema": "dialogue-state/1", "turns": 1}
    assert await desk.read(lambda session: list(session.scalars(select(Delivery.entry_id)))) == [entries[1].id]


async def test_the_brain_gets_what_the_contract_says(desk: Desk) -> None:
    """docs/reference/turn.md, field by field."""
    receipt = await desk.receive(said("hello"))
    await desk.until_handled()
    assert desk.brain.turns == [
        {
            "schema": "turn/1",
            "conversation_id": receipt.conversation_id,
            "message_id": receipt.message_id,
            "channel": "telegram",
            "locale": "en",
            "shadow": False,
            "again": False,
            "customer": {
                "id": receipt.conversation_id,
                "name": "Ada",
                "verified": False,
                "attributes": {},
                "origin": None,
            },
            "input": {"type": "text", "text": "hello"},
            "state": None,
        }
    ]
    assert desk.brain.secrets == ["Bearer " + "s" * 40]


async def test_the_brain_knows_from_where_a_customer_writes(desk: Desk) -> None:
    """Actions count by it what one network address has asked of a company's systems."""
    await desk.receive(dataclasses.replace(said("hello"), origin="origin-of-ada"))
    await desk.until_handled()
    assert desk.brain.turns[0]["customer"]["origin"] == "origin-of-ada"


async def test_a_conversations_messages_are_taken_in_order_one_at_a_time(desk: Desk) -> None:
    """Each turn starts from the state that the one before it left."""
    for number in range(6):
        await desk.receive(said(f"m{number}", number))
    await desk.until_handled()
    assert [turn["input"]["text"] for turn in desk.brain.turns] == [f"m{number}" for number in range(6)]
    assert [(turn["state"] or {}).get("turns", 0) for turn in desk.brain.turns] == list(range(6))
    assert desk.brain.most_at_once == 1


async def test_a_slow_turn_holds_up_no_other_conversation(desk: Desk) -> None:
    """Somebody's long order search is not everybody's."""
    slow = Gate(desk.brain.echo)

    async def behave(turn: dict[str, Any]) -> httpx.Response:
        return await (slow(turn) if turn["input"]["text"] == "slow" else desk.brain.echo(turn))

    desk.brain.behave = behave
    await desk.receive(said("slow", 1, "a"))
    await slow.reached.wait()
    await desk.receive(said("quick", 1, "b"))
    await desk.until(messages, lambda found: "you said quick" in found)
    slow.open.set()
    assert await desk.until_handled() == ["answered", "answered"]


async def test_two_gateways_share_the_work_and_answer_each_message_once(desk: Desk) -> None:
    """Leases keep them apart. On SQLite, where there should be one only, the commit's checks still do."""
    desk.start()
    for number in range(5):
        for address in ("a", "b", "c"):
            await desk.receive(said(f"{address}{number}", number, address))
    await desk.until_handled()
    asked = [turn["input"]["text"] for turn in desk.brain.turns]
    if not desk.parts.database.is_sqlite:
        assert sorted(asked) == sorted(f"{address}{number}" for address in "abc" for number in range(5))
    assert len(await desk.read(messages, "bot")) == 15


async def test_while_a_human_owns_the_conversation_messages_are_kept_for_them(desk: Desk) -> None:
    """The bot is not asked, and what came in stands in the transcript."""
    await desk.receive(said("hello", 1))
    await desk.until_handled()

    def claim(session: Session) -> None:
        found = conversation(session)
        owner.change_owner(session, found, "human:a", expected_version=found.owner_version, now=desk.clock())

    await desk.parts.database.run(claim)
    await desk.receive(said("are you there?", 2))
    assert await desk.until_handled() == ["answered", "kept_for_human"]
    assert len(desk.brain.turns) == 1
    assert (await desk.read(messages))[-1] == "are you there?"


async def test_a_human_who_takes_over_in_the_middle_of_a_turn_is_not_talked_over(desk: Desk) -> None:
    """The customer does not see what the bot would have said; the human does."""
    gate = Gate(desk.brain.echo)
    desk.brain.behave = gate
    receipt = await desk.receive(said("hello"))
    await gate.reached.wait()

    def claim(session: Session) -> None:
        found = conversation(session)
        owner.change_owner(session, found, "human:a", expected_version=found.owner_version, now=desk.clock())

    await desk.parts.database.run(claim)
    gate.open.set()
    assert await desk.until_handled() == ["superseded"]
    found = await desk.read(conversation)
    hidden = await desk.read(lambda session: session.scalars(select(Entry).where(Entry.type == "trace")).one())
    assert await desk.read(messages) == ["hello"]
    assert found.dialogue_state is None
    assert hidden.detail is not None
    assert hidden.detail["replies"] == [{"text": "you said hello", "choices": []}]
    assert (hidden.detail["superseded"], hidden.message_id) == (True, receipt.message_id)
    assert not hidden.visible_to_customer


async def test_a_conversation_that_came_back_to_the_bot_meanwhile_is_answered_anew(desk: Desk) -> None:
    """The old turn started from what is no longer so; the message is taken again, and answered once."""
    gate = Gate(desk.brain.echo)
    desk.brain.behave = gate
    await desk.receive(said("hello"))
    await gate.reached.wait()

    def there_and_back(session: Session) -> None:
        found = conversation(session)
        for new_owner in ("human:a", "bot"):
            owner.change_owner(session, found, new_owner, expected_version=found.owner_version, now=desk.clock())

    await desk.parts.database.run(there_and_back)
    gate.open.set()
    assert await desk.until_handled() == ["answered"]
    assert len(desk.brain.turns) == 2
    assert await desk.read(messages) == ["hello", "you said hello"]


async def test_a_turn_that_fails_at_its_very_end_leaves_nothing_and_is_taken_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Replies, state and trace are one commit: the second try starts from the same state, with the same id."""
    real = work.finish
    fails = iter([True])

    def finish(*arguments: Any) -> work.Outcome:
        outcome = real(*arguments)
        if next(fails, False):
            raise RuntimeError("just before the commit")
        return outcome

    monkeypatch.setattr(work, "finish", finish)
    await desk.receive(said("hello"))
    assert await desk.until_handled() == ["answered"]
    assert await desk.read(messages) == ["hello", "you said hello"]
    assert [(turn["message_id"], turn["state"]) for turn in desk.brain.turns] == [
        (desk.brain.turns[0]["message_id"], None)
    ] * 2


async def test_a_gateway_that_ends_in_the_middle_of_a_turn_leaves_it_to_the_next(desk: Desk) -> None:
    """The next worker takes the same message, by the same id, and the customer reads one answer."""
    gate = Gate(desk.brain.echo)
    desk.brain.behave = gate
    await desk.receive(said("hello"))
    await gate.reached.wait()
    # A process that is killed runs nothing more: neither the turn nor the worker's own ending.
    for task in asyncio.all_tasks():
        if task.get_name().startswith("turn "):
            task.cancel()
    for task in desk.running:
        task.cancel()
    await asyncio.gather(*desk.running, return_exceptions=True)
    assert await desk.read(messages) == ["hello"]
    desk.brain.behave = desk.brain.echo
    desk.start()
    assert await desk.until_handled() == ["answered"]
    assert await desk.read(messages) == ["hello", "you said hello"]
    assert len({turn["message_id"] for turn in desk.brain.turns}) == 1


async def test_a_hand_off_is_part_of_the_turn(desk: Desk) -> None:
    """Reply, ticket, owner and state together; what comes next is kept for the human."""

    async def give_up(turn: dict[str, Any]) -> httpx.Response:
        return result(turn, "I will get somebody.", handoff=handoff("customer_request", turn["input"]["text"]))

    desk.brain.behave = give_up
    await desk.receive(said("a person please", 1))
    await desk.receive(said("it is a Heron 9", 2))
    assert await desk.until_handled() == ["handed_off", "kept_for_human"]
    found = await desk.read(conversation)
    package = (await desk.read(packages))[0]
    assert found.owner == "queue"
    assert package["reason"]["code"] == "customer_request"
    assert package["transcript"][-1]["text"] == "I will get somebody."
    assert len(desk.brain.turns) == 1


async def test_the_button_in_the_line_brings_the_bot_back_without_asking_the_brain(desk: Desk) -> None:
    """The gateway offered it, the gateway acts on it."""

    async def give_up(turn: dict[str, Any]) -> httpx.Response:
        return result(turn, handoff=handoff("customer_request"))

    desk.brain.behave = give_up
    await desk.receive(said("a person please", 1))
    await desk.until_handled()

    def button(session: Session) -> str:
        entry = session.scalars(select(Entry).where(Entry.author == "system").order_by(Entry.seq.desc())).first()
        assert entry is not None
        return desk.parts.payloads.for_customers(entry)[0]["token"]

    await desk.receive(chose(await desk.read(button), 2))
    await desk.until(conversation, lambda found: found.owner == "bot")
    assert await desk.read(lambda session: session.scalars(select(Ticket.state)).all()) == ["abandoned"]
    desk.brain.behave = desk.brain.echo
    await desk.receive(said("thanks", 3))
    assert await desk.until_handled() == ["handed_off", "answered", "answered"]
    assert [turn["input"] for turn in desk.brain.turns][1:] == [{"type": "text", "text": "thanks"}]


async def test_an_event_is_told_to_the_brain_in_its_place(desk: Desk) -> None:
    """A return by a human is a turn of its own, and may well say nothing."""
    await desk.receive(said("hello", 1))
    await desk.until_handled()

    async def silent(turn: dict[str, Any]) -> httpx.Response:
        return result(turn)

    desk.brain.behave = silent
    await desk.parts.database.run(
        lambda session: inbox.put_event(
            session, conversation(session), "returned_by_human", {"note": "done"}, now=desk.clock()
        )
    )
    assert await desk.until_handled() == ["answered", "answered"]
    assert desk.brain.turns[-1]["input"] == {"type": "event", "name": "returned_by_human", "data": {"note": "done"}}


async def test_a_turn_that_takes_longer_shows_that_somebody_writes(desk: Desk) -> None:
    """A sign of life on the page while the brain works."""
    gate = Gate(desk.brain.echo)
    desk.brain.behave = gate
    message = said("hello")
    receipt = await desk.receive(message)
    with desk.parts.signals.subscribe(typing_topic(receipt.conversation_id, "bot")) as typing:
        assert await typing.wait(5)
    gate.open.set()
    await desk.until_handled()


async def test_a_backlog_is_worked_off_without_waiting_for_a_new_message(desk: Desk) -> None:
    """What waited while the gateway was down goes through at once, one after another."""
    await _stop(desk)
    for number in range(20):
        await desk.receive(said(f"m{number}", number, f"chat {number % 2}"))
    started = asyncio.get_running_loop().time()
    desk.start()
    await desk.until_handled()
    # Looking once a second, which is the net below the signals, would take ten seconds.
    assert asyncio.get_running_loop().time() - started < 5


async def test_a_claim_of_a_gateway_that_died_lapses_unless_it_is_renewed(desk: Desk) -> None:
    """Another one waits for the lease's end and takes the message; a turn may take longer than a lease."""
    if desk.parts.database.is_sqlite:
        await _sqlite_keeps_no_claims(desk)
        return
    await _stop(desk)
    await desk.receive(said("hello"))
    claimed = await desk.parts.database.run(work.claim, conversation_services(), "the one that died", (), desk.clock())
    assert claimed is not None
    desk.clock.advance(work.LEASE.total_seconds() - 1)
    await desk.parts.database.run(work.renew, claimed, "the one that died", desk.clock())
    desk.clock.advance(work.LEASE.total_seconds() - 1)
    assert await desk.parts.database.run(work.claim, conversation_services(), "another", (), desk.clock()) is None
    desk.clock.advance(2)
    again = await desk.parts.database.run(work.claim, conversation_services(), "another", (), desk.clock())
    assert again is not None
    assert again.message_id == claimed.message_id


async def _sqlite_keeps_no_claims(desk: Desk) -> None:
    """Its one gateway starts again and takes up what the killed one left, at once."""
    await _stop(desk)
    await desk.receive(said("hello"))
    assert (
        await desk.parts.database.run(work.claim, conversation_services(), "the one that died", (), desk.clock())
        is not None
    )
    assert await desk.parts.database.run(work.claim, conversation_services(), "another", (), desk.clock()) is not None


async def _stop(desk: Desk) -> None:
    for task in desk.running:
        task.cancel()
    await asyncio.gather(*desk.running, return_exceptions=True)
