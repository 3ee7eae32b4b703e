"""R1: a message is taken again only as far as nothing is done twice by it."""

from __future__ import annotations

from functools import partial
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations import claims, owner, waiting, work
from bot.gateway.conversations.tables import InboxMessage
from bot.gateway.platform.database import DatabaseAwayError
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import conversation, conversation_services, messages, packages, said, words
from tests.gateway.stub_brain import Gate, error, result

Answers = list[httpx.Response | Exception]


def brain_of(desk: Desk, *answers: httpx.Response | Exception) -> None:
    """The brain answers so, one turn after another, and echoes what comes then."""
    left = list(answers)

    async def answer(turn: dict[str, Any]) -> httpx.Response:
        if not left:
            return await desk.brain.echo(turn)
        following = left.pop(0)
        if isinstance(following, Exception):
            raise following
        return following

    desk.brain.behave = answer


async def settled(desk: Desk) -> list[str]:
    """Let every pause go by; how the messages ended."""
    for _ in range(4):
        await desk.next_attempt()
        desk.pass_time(20)
    return await desk.until_handled()


@pytest.mark.parametrize(
    "failure",
    [
        error(502, "action_failed", action="action_pay", acted=True),
        error(500, "brain_failed", acted=True),
        error(503, "actions_away", action="action_pay", acted=True),
    ],
    ids=["action_failed", "brain_failed", "actions_away"],
)
async def test_a_turn_that_did_what_must_not_be_done_again_goes_to_a_human_at_once(
    desk: Desk, failure: httpx.Response
) -> None:
    """With a sentence to the customer, and a ticket that says what is broken."""
    brain_of(desk, failure)
    await desk.receive(said("pay it"))
    assert await desk.until_handled() == ["handed_off"]
    assert len(desk.brain.turns) == 1
    told = await desk.read(messages, "system")
    assert told[0] == words(waiting.BROKEN)
    assert (await desk.read(packages))[0]["reason"]["code"] == "technical_failure"


@pytest.mark.parametrize(
    ("failure", "again"),
    [
        (error(502, "action_failed", action="action_read", acted=False), False),
        (error(500, "brain_failed", acted=False), False),
        (error(503, "actions_away", action="action_pay", acted=False), False),
        (error(503, "no_model"), False),
        (httpx.ConnectError("refused"), False),
        (error(502, "action_failed", action="action_pay"), True),
        (error(500, "brain_failed"), True),
        (error(503, "actions_away", action="action_pay"), True),
        (httpx.Response(502, text="Bad Gateway"), True),
        (httpx.Response(504, text="Gateway Timeout"), True),
        (httpx.ReadError("broken"), True),
        (httpx.Response(200, content=b"not json"), True),
    ],
)
async def test_the_next_try_says_whether_anything_may_have_been_done(
    desk: Desk, failure: httpx.Response | Exception, again: bool
) -> None:
    """What nobody knows of counts as done."""
    brain_of(desk, failure)
    await desk.receive(said("pay it"))
    assert await settled(desk) == ["answered"]
    assert [turn["again"] for turn in desk.brain.turns] == [False, again]


async def test_a_doubt_stays_with_the_message(desk: Desk) -> None:
    """A later try that did nothing says nothing of the first."""
    brain_of(desk, httpx.ReadError("broken"), error(500, "brain_failed", acted=False))
    await desk.receive(said("pay it", 1))
    assert await settled(desk) == ["answered"]
    assert [turn["again"] for turn in desk.brain.turns] == [False, True, True]
    await desk.receive(said("and hello", 2))
    await desk.until_handled()
    assert desk.brain.turns[-1]["again"] is False


async def test_what_was_done_in_silence_is_not_done_again(desk: Desk) -> None:
    """An action that says nothing has still been run."""

    async def silent(turn: dict[str, Any]) -> httpx.Response:
        answered = result(turn).json()
        ran = {"name": "action_pay", "ok": True, "error": None}
        return httpx.Response(200, json={**answered, "trace": {**(answered["trace"] or {}), "actions": [ran]}})

    desk.brain.behave = silent
    await desk.receive(said("pay it"))
    assert await desk.until_handled() == ["handed_off"]
    assert len(desk.brain.turns) == 1


async def test_a_turn_that_the_gateways_end_cut_short_may_have_been_done(desk: Desk) -> None:
    """Nobody heard how it ended."""
    gate = Gate(desk.brain.echo)
    desk.brain.behave = gate
    await desk.receive(said("pay it"))
    await gate.reached.wait()
    await desk.restart()
    gate.open.set()
    assert await settled(desk) == ["answered"]
    assert [turn["again"] for turn in desk.brain.turns] == [False, True]


async def test_a_message_that_waited_for_a_brain_is_one_that_nothing_was_done_for(desk: Desk) -> None:
    """The ordinary case of a start: it does what it says."""
    desk.brain.behave = desk.brain.away
    await desk.receive(said("pay it"))
    await desk.next_attempt()
    waits = await desk.read(lambda session: session.query(InboxMessage).one())
    assert waits.may_have_acted is False


async def ran(turn: dict[str, Any], text: str = "Paid.") -> httpx.Response:
    """A turn in which an action ran."""
    answered = result(turn, text).json()
    action = {"name": "action_pay", "ok": True, "error": None}
    return httpx.Response(200, json={**answered, "trace": {**(answered["trace"] or {}), "actions": [action]}})


async def test_what_was_done_before_the_conversation_came_back_is_not_done_again(desk: Desk) -> None:
    """The message is answered anew, from what is known now."""
    gate = Gate(ran)
    desk.brain.behave = gate
    await desk.receive(said("pay it"))
    await gate.reached.wait()

    def there_and_back(session: Session) -> None:
        found = conversation(session)
        for new_owner in ("human:a", "bot"):
            owner.change_owner(session, found, new_owner, expected_version=found.owner_version, now=desk.clock())

    await desk.parts.database.run(there_and_back)
    gate.open.set()
    await desk.until_handled()
    assert [turn["again"] for turn in desk.brain.turns] == [False, True]


@pytest.mark.parametrize("fault", [DatabaseAwayError, RuntimeError])
async def test_what_was_done_and_could_not_be_stored_is_not_done_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fault: type[Exception]
) -> None:
    """The database went away under the result, or the gateway has a fault of its own."""
    real = work.finish
    fails = iter([True])

    def finish(*arguments: Any) -> work.Outcome:
        if next(fails, False):
            raise fault("once")
        return real(*arguments)

    monkeypatch.setattr(work, "finish", finish)
    desk.brain.behave = ran
    await desk.receive(said("pay it"))
    await desk.until(lambda session: len(desk.brain.turns), lambda turns: turns >= 1)
    desk.pass_time(2)
    await desk.until_handled()
    assert [turn["again"] for turn in desk.brain.turns] == [False, True]


async def test_a_claim_that_lapsed_was_a_gateway_that_was_killed(desk: Desk) -> None:
    """Where several share a database the claim says so; where one has it to itself, its next start does."""
    await desk.end()
    await desk.receive(said("pay it"))
    claim = partial(desk.parts.database.run, work.claim, conversation_services())
    first = await claim("killed", (), desk.clock())
    desk.clock.advance(2 * claims.LEASE.total_seconds())
    if desk.parts.database.is_sqlite:
        await desk.parts.database.run(work.doubt_waiting)
    second = await claim("another", (), desk.clock())
    assert isinstance(first, work.Work)
    assert isinstance(second, work.Work)
    assert (first.turn.again, second.turn.again) == (False, True)
