"""The outbox survives the process that empties it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.gateway.channels import outbox
from bot.gateway.channels.outbox import Job
from bot.gateway.channels.protocol import NotNow, Refused, SendResult, Sent
from bot.gateway.conversations import transcript
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Delivery
from bot.gateway.platform.database import Database
from tests.gateway.tickets.scene import Scene


@pytest.fixture
def scene(database: Database, payloads: Payloads) -> Scene:
    """A database without a gateway."""
    return Scene(database, payloads)


async def written(scene: Scene, *texts: str) -> str:
    """A customer to whom these messages wait to be sent."""
    conversation_id = await scene.says("77", "hi")
    conversation = await scene.conversation(conversation_id)
    for text in texts:
        await scene.database.run(transcript.append, conversation, author="bot", text=text, now=scene.clock())
    return conversation_id


async def take(scene: Scene) -> Job | None:
    """What a sender would send next."""
    due = await scene.database.read(outbox.due, scene.clock())
    assert len(due) <= 1, "one conversation has one message on its way"
    return await scene.database.run(outbox.take, due[0], scene.payloads, scene.clock()) if due else None


async def end(scene: Scene, job: Job | None, result: SendResult) -> None:
    """The provider has answered."""
    assert job is not None
    await scene.database.run(outbox.finish, job, result, job.sent_parts, scene.clock())


async def test_what_a_killed_process_had_on_its_way_is_repeated_once(scene: Scene) -> None:
    """Better twice than never, and never three times; the next message then goes out."""
    await written(scene, "one", "two")
    for _ in range(2):
        job = await take(scene)
        assert job is not None
        assert job.message.text == "one"
        assert await take(scene) is None, "nobody else may send it meanwhile, nor what comes after it"
        scene.now += outbox.LEASE
    assert await take(scene) is None
    assert await scene.deliveries() == [("one", "failed"), ("two", "waiting")]
    job = await take(scene)
    await end(scene, job, Sent("5"))
    assert await scene.deliveries() == [("one", "failed"), ("two", "sent")]


async def test_a_refusal_that_is_certain_does_not_count_as_a_repeat(scene: Scene) -> None:
    """A provider that says no ten times has not shown the message to anybody."""
    await written(scene, "one")
    for _ in range(10):
        await end(scene, await take(scene), NotNow(0, "HTTP 500"))
        scene.now += timedelta(minutes=10)
    await end(scene, await take(scene), Sent("5"))
    assert await scene.deliveries() == [("one", "sent")]


async def test_the_pauses_grow_and_the_providers_wish_counts(scene: Scene) -> None:
    """An absent provider is not hammered; one that asks for an hour gets it."""
    await written(scene, "one")
    pauses = []
    for seconds in (0, 0, 0, 3600):
        await end(scene, await take(scene), NotNow(seconds, "away"))
        [delivery] = await scene.rows(Delivery)
        pauses.append((delivery.not_before - scene.now).total_seconds())
        scene.now = delivery.not_before
    assert pauses == [1, 2, 4, 3600]


async def test_after_a_day_of_trying_it_is_given_up(scene: Scene) -> None:
    """An answer of yesterday helps nobody, and those behind it wait."""
    await written(scene, "one")
    await end(scene, await take(scene), NotNow(0, "away"))
    scene.now += outbox.GIVE_UP_AFTER
    await end(scene, await take(scene), NotNow(0, "away"))
    [delivery] = await scene.rows(Delivery)
    assert (delivery.state, delivery.error) == ("failed", "given up: away")


async def test_a_long_message_goes_on_after_the_part_that_arrived(scene: Scene) -> None:
    """A restart in the middle does not send the beginning again."""
    await written(scene, "a very long one")
    job = await take(scene)
    assert job is not None
    await scene.database.run(outbox.note_part, job, ("11", "12"), scene.clock())
    scene.now += outbox.LEASE
    again = await take(scene)
    assert again is not None
    assert again.sent_parts == ("11", "12")


async def test_a_claim_while_it_is_on_its_way_does_not_bring_it_back(scene: Scene) -> None:
    """What a human has stopped is not tried again, and what went out is said to have gone out."""
    await written(scene, "one")
    job = await take(scene)

    def cancel(session: Session) -> None:
        session.query(Delivery).update({"state": "cancelled"})

    await scene.database.run(cancel)
    await end(scene, job, NotNow(0, "away"))
    assert await scene.deliveries() == [("one", "cancelled")]
    await end(scene, job, Sent("5"))
    assert await scene.deliveries() == [("one", "sent")]


async def test_a_message_that_the_provider_finds_wrong_fails_alone(scene: Scene) -> None:
    """One bad message does not stop a conversation."""
    conversation_id = await written(scene, "one", "two")
    await end(scene, await take(scene), Refused("Bad Request: no"))
    assert await scene.deliveries() == [("one", "failed"), ("two", "waiting")]
    assert (await scene.conversation(conversation_id)).reachable


LOST = NotNow(0, "the connection ended", maybe_sent=True)


async def found(scene: Scene) -> Delivery:
    """The only delivery as it is now."""
    [delivery] = await scene.rows(Delivery)
    assert isinstance(delivery, Delivery)
    return delivery


async def test_one_whose_answer_was_lost_and_that_then_arrives_may_have_come_twice(scene: Scene) -> None:
    """Agents see it; what is known of the try is a code, and the error is a sentence for people."""
    await written(scene, "one")
    await end(scene, await take(scene), LOST)
    assert ((await found(scene)).arrival, (await found(scene)).error) == ("unknown", LOST.why)
    scene.now += outbox.LEASE
    await end(scene, await take(scene), Sent("5"))
    assert outbox.is_repeat(await found(scene))
    assert (await found(scene)).state == "sent"


async def test_two_lost_answers_end_it_as_one_of_which_nobody_knows(scene: Scene) -> None:
    """It is not tried a third time."""
    await written(scene, "one")
    for _ in range(2):
        await end(scene, await take(scene), LOST)
        scene.now += outbox.LEASE
    assert (await found(scene)).state == "failed"
    assert outbox.is_repeat(await found(scene))
    assert await take(scene) is None


async def test_a_repeat_that_surely_did_not_go_out_leaves_the_one_repeat_to_the_next_try(scene: Scene) -> None:
    """A provider that says no after a lost answer has not shown it twice; the one repeat remains one."""
    await written(scene, "one")
    await end(scene, await take(scene), LOST)
    for _ in range(3):
        scene.now += timedelta(minutes=10)
        await end(scene, await take(scene), NotNow(0, "HTTP 500"))
        assert (await found(scene)).arrival == "unknown"
    scene.now += timedelta(minutes=10)
    await end(scene, await take(scene), LOST)
    assert (await found(scene)).state == "failed"


async def test_one_that_went_out_at_its_first_try_is_no_repeat(scene: Scene) -> None:
    """Nor one that was refused before."""
    await written(scene, "one")
    await end(scene, await take(scene), NotNow(0, "HTTP 500"))
    scene.now += outbox.LEASE
    await end(scene, await take(scene), Sent("5"))
    assert ((await found(scene)).arrival, (await found(scene)).error) == (None, None)
    assert not outbox.is_repeat(await found(scene))
