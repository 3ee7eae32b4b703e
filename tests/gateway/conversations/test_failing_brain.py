"""A brain that is away, slow, broken or a stranger: the customer is told, the message waits, then a human gets it."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.contract.turn import Customer, TextInput, Turn
from bot.gateway.conversations import inbox, waiting
from bot.gateway.conversations.brain_client import BrainFailed
from bot.gateway.conversations.tables import Entry, InboxMessage
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import conversation, messages, packages, said, words
from tests.gateway.stub_brain import Gate, StubBrain, error, handoff, result


def _attempts(session: Session) -> int:
    return session.scalar(select(func.max(InboxMessage.attempts))) or 0


async def _attempted(desk: Desk, times: int) -> None:
    await desk.until(_attempts, lambda found: found >= times)


async def _wait_out(desk: Desk, step: float = 20.0) -> None:
    """Let the patience of the settings go by, an attempt in each step."""
    for _ in range(1 + int(desk.parts.settings.brain_patience / step)):
        await desk.next_attempt()
        desk.pass_time(step)


@pytest.mark.parametrize("trouble", ["away", "loading", "without_actions"])
async def test_a_message_waits_for_a_brain_that_comes(desk: Desk, trouble: str) -> None:
    """Sent while the brain starts, answered when it is there, once."""
    desk.brain.behave = getattr(desk.brain, trouble)
    await desk.receive(said("hello"))
    await _attempted(desk, 1)
    desk.brain.behave = desk.brain.echo
    desk.pass_time(2)
    assert await desk.until_handled() == ["answered"]
    assert await desk.read(messages) == ["hello", "you said hello"]


async def test_the_customer_is_told_to_wait_once(desk: Desk) -> None:
    """After a few seconds, and for all that waits together."""
    desk.brain.behave = desk.brain.away
    await desk.receive(said("hello", 1))
    await desk.receive(said("anybody?", 2))
    await _attempted(desk, 1)
    assert await desk.read(messages, "system") == []
    for attempt in range(2, 6):
        desk.pass_time(4)
        await _attempted(desk, attempt)
    assert await desk.read(messages, "system") == [words(waiting.WAKING_UP)]
    desk.brain.behave = desk.brain.echo
    desk.pass_time(4)
    await desk.until_handled()
    assert await desk.read(messages, "system") == [words(waiting.WAKING_UP)]


async def test_a_brain_that_stays_away_becomes_a_ticket_built_without_it(desk: Desk) -> None:
    """After the patience of the settings, with a sentence to the customer, and nothing is asked any more."""
    desk.brain.behave = desk.brain.away
    await desk.receive(said("where is my order?", 1))
    await desk.receive(said("it is late", 2))
    await _wait_out(desk)
    assert await desk.until_handled() == ["handed_off", "kept_for_human"]
    package = (await desk.read(packages))[0]
    assert package["reason"]["code"] == "technical_failure"
    assert package["last_question"] == "where is my order?"
    assert (await desk.read(conversation)).owner == "queue"
    assert words(waiting.BROKEN) in await desk.read(messages, "system")


async def test_a_message_that_was_never_tried_gets_its_try_however_old_it_is(desk: Desk) -> None:
    """The gateway itself may have been away: that is no reason to trouble a human."""
    long_ago = desk.clock() - timedelta(seconds=10 * desk.parts.settings.brain_patience)
    await desk.parts.database.run(inbox.receive, said("hello"), payloads=desk.parts.payloads, allowed={}, now=long_ago)
    assert await desk.until_handled() == ["answered"]


async def test_a_slow_brain_is_waited_for_and_the_customer_told(desk: Desk) -> None:
    """The answer comes in the end, after the sentence."""
    gate = Gate(desk.brain.echo)
    desk.brain.behave = gate
    await desk.receive(said("hello"))
    await gate.reached.wait()
    desk.clock.advance(5)
    await desk.until(messages, lambda found: words(waiting.TAKES_LONGER) in found)
    gate.open.set()
    assert await desk.until_handled() == ["answered"]
    assert await desk.read(messages) == ["hello", words(waiting.TAKES_LONGER), "you said hello"]


async def _fail_until_handled(desk: Desk) -> None:
    for attempt in range(1, 6):
        await desk.until(_attempts, lambda found, wanted=attempt: found >= min(wanted, 4))  # type: ignore[misc]
        desk.pass_time(6)
    await desk.until_handled()


async def test_a_brain_that_fails_is_tried_a_few_times_and_then_a_human_gets_it(desk: Desk) -> None:
    """Some ten seconds, not the two minutes that a starting brain gets."""
    desk.brain.behave = desk.brain.failing
    await desk.receive(said("hello"))
    await _fail_until_handled(desk)
    assert len(desk.brain.turns) == 5
    assert len({turn["message_id"] for turn in desk.brain.turns}) == 1
    assert (await desk.read(packages))[0]["reason"]["code"] == "technical_failure"


async def test_an_action_that_fails_is_named_in_the_ticket(desk: Desk) -> None:
    """The human reads what was tried."""

    async def no_actions(turn: dict[str, Any]) -> httpx.Response:
        return error(502, "action_failed", action="action_track_order")

    desk.brain.behave = no_actions
    await desk.receive(said("where is my order?"))
    await _fail_until_handled(desk)
    tried = (await desk.read(packages))[0]["actions_tried"]
    assert [(one["name"], one["ok"]) for one in tried] == [("action_track_order", False)]


async def test_an_action_server_that_stays_away_is_named_in_the_ticket(desk: Desk) -> None:
    """X12: it gets the patience that a brain gets; the customer is told once, and not that anybody wakes up."""
    desk.brain.behave = desk.brain.without_actions
    await desk.receive(said("where is my order?"))
    await _wait_out(desk)
    assert await desk.until_handled() == ["handed_off"]
    tried = (await desk.read(packages))[0]["actions_tried"]
    assert [(one["name"], one["ok"]) for one in tried] == [("action_track_order", False)]
    told = await desk.read(messages, "system")
    assert told[:2] == [words(waiting.TAKES_LONGER), words(waiting.BROKEN)]
    assert words(waiting.WAKING_UP) not in told


async def test_a_turn_over_its_budget_is_not_sent_again_and_the_customer_is_asked_to_put_it_shorter(desk: Desk) -> None:
    """Shorter, it is answered, and no human was troubled."""
    desk.brain.behave = desk.brain.cutting_off
    await desk.receive(said("very long", 1))
    assert await desk.until_handled() == ["over_budget"]
    assert len(desk.brain.turns) == 1
    assert await desk.read(messages, "system") == [words(waiting.TOO_LONG)]
    desk.brain.behave = desk.brain.echo
    await desk.receive(said("short", 2))
    assert await desk.until_handled() == ["over_budget", "answered"]
    desk.brain.behave = desk.brain.cutting_off
    await desk.receive(said("long once more", 3))
    assert await desk.until_handled() == ["over_budget", "answered", "over_budget"]
    assert await desk.read(packages) == []


async def test_the_second_turn_over_its_budget_running_goes_to_a_human(desk: Desk) -> None:
    """The brain failed, there is nothing to teach it: technical_failure. Also over a gateway's restart."""
    desk.brain.behave = desk.brain.cutting_off
    await desk.receive(said("very long", 1))
    await desk.until_handled()
    await desk.restart()
    await desk.receive(said("long again", 2))
    assert await desk.until_handled() == ["over_budget", "handed_off"]
    package = (await desk.read(packages))[0]
    assert (package["reason"]["code"], package["last_question"]) == ("technical_failure", "long again")
    assert len(desk.brain.turns) == 2


async def test_nobody_is_asked_to_repeat_what_may_be_done_already(desk: Desk) -> None:
    """An action ran before the turn was cut off: a human looks."""

    async def acted(turn: dict[str, Any]) -> httpx.Response:
        return error(422, "over_budget", acted=True)

    desk.brain.behave = acted
    await desk.receive(said("book it"))
    assert await desk.until_handled() == ["handed_off"]
    assert words(waiting.TOO_LONG) not in await desk.read(messages, "system")


@pytest.mark.parametrize(("status", "code"), [(400, "bad_turn"), (413, "too_large")])
async def test_a_turn_that_is_refused_goes_to_a_human_at_once(desk: Desk, status: int, code: str) -> None:
    """Nothing is gained by asking again."""

    async def refuse(turn: dict[str, Any]) -> httpx.Response:
        return error(status, code)

    desk.brain.behave = refuse
    await desk.receive(said("hello"))
    assert await desk.until_handled() == ["handed_off"]
    assert len(desk.brain.turns) == 1


async def test_a_wrong_secret_is_for_the_log_and_not_for_the_customer(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The operator reads which variable to set; the message waits and is answered when it is set."""

    async def stranger(turn: dict[str, Any]) -> httpx.Response:
        return error(401, "wrong_secret")

    desk.brain.behave = stranger
    with caplog.at_level(logging.ERROR):
        await desk.receive(said("hello"))
        await _attempted(desk, 2)
    complaints = [record for record in caplog.records if "WARMLINE_BRAIN_SECRET" in record.getMessage()]
    assert len(complaints) == 1
    desk.brain.behave = desk.brain.echo
    desk.pass_time(3)
    assert await desk.until_handled() == ["answered"]
    assert not any("secret" in text.lower() for text in await desk.read(messages))


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[]", b'{"schema": "turn-result/1"}', b'{"schema": "turn-result/9", "replies": []}',
     b'{"schema": "turn-result/1", "replies": "x", "handoff": null, "state": null}',
     b'{"schema": "turn-result/1", "replies": [{"text": 5}], "handoff": null, "state": null}',
     b'{"schema": "turn-result/1", "replies": [], "handoff": "no", "state": null}'],
)  # fmt: skip
async def test_a_malformed_result_is_a_failure_and_not_an_answer(desk: Desk, body: bytes) -> None:
    """Nothing of it reaches the customer."""

    async def garble(turn: dict[str, Any]) -> httpx.Response:
        return httpx.Response(200, content=body)

    desk.brain.behave = garble
    await desk.receive(said("hello"))
    await _attempted(desk, 1)
    assert await desk.read(messages) == ["hello"]
    desk.brain.behave = desk.brain.echo
    desk.pass_time(3)
    assert await desk.until_handled() == ["answered"]


async def test_a_result_with_a_malformed_trace_is_refused_where_it_is_read() -> None:
    """What is looked up in it later, in the middle of a transaction, has the contract's types."""
    brain = StubBrain()

    async def odd(turn: dict[str, Any]) -> httpx.Response:
        answered = result(turn, "Hello").json()
        return httpx.Response(200, json={**answered, "trace": {"decision": "act"}})

    brain.behave = odd
    turn = Turn(
        conversation_id="c", message_id="m", channel="web", locale="en", customer=Customer(), input=TextInput("hi")
    )
    client = brain.client()
    assert await client.take_turn(turn) == BrainFailed("malformed_result")
    await client.close()


async def test_a_hand_off_request_that_is_malformed_still_brings_a_human(desk: Desk) -> None:
    """The gateway's own package takes the place of one that it cannot read."""

    async def half(turn: dict[str, Any]) -> httpx.Response:
        return result(turn, "I will get somebody.", handoff=handoff("because"))

    desk.brain.behave = half
    await desk.receive(said("hello"))
    await _fail_until_handled(desk)
    assert (await desk.read(packages))[0]["reason"]["code"] == "technical_failure"
    assert "I will get somebody." not in await desk.read(messages)


async def test_a_bot_that_says_nothing_is_a_failure(desk: Desk) -> None:
    """No customer waits in silence."""

    async def silent(turn: dict[str, Any]) -> httpx.Response:
        return result(turn)

    desk.brain.behave = silent
    await desk.receive(said("hello"))
    await _fail_until_handled(desk)
    assert (await desk.read(packages))[0]["reason"]["code"] == "technical_failure"


async def test_an_event_that_cannot_be_told_is_dropped_and_makes_no_ticket(desk: Desk) -> None:
    """The customer asked nothing; what they ask next is tried afresh."""
    await desk.receive(said("hello", 1))
    await desk.until_handled()
    desk.brain.behave = desk.brain.failing

    def put(session: Session) -> None:
        inbox.put_event(session, conversation(session), "returned_by_human", {}, now=desk.clock())

    await desk.parts.database.run(put)
    await _fail_until_handled(desk)
    assert await desk.until_handled() == ["answered", "superseded"]
    desk.brain.behave = desk.brain.echo
    await desk.receive(said("hello again", 2))
    assert await desk.until_handled() == ["answered", "superseded", "answered"]
    assert await desk.read(packages) == []


async def test_the_agent_sees_what_went_wrong(desk: Desk) -> None:
    """A hidden line of the transcript says why and after how many tries."""

    async def refuse(turn: dict[str, Any]) -> httpx.Response:
        return error(400, "bad_turn")

    desk.brain.behave = refuse
    await desk.receive(said("hello"))
    await desk.until_handled()
    hidden = await desk.read(lambda session: session.scalars(select(Entry).where(Entry.type == "trace")).one())
    assert hidden.detail == {"failure": {"why": "bad_turn", "action": None, "attempts": 1}}
    assert not hidden.visible_to_customer
