"""What is left of a turn that went wrong: the reason for whoever has to mend it, and nobody talked over meanwhile."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations import owner, waiting, work
from bot.gateway.conversations.tables import Entry
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import conversation, messages, outcomes, packages, said, words
from tests.gateway.stub_brain import Behaviour, Gate, error, result


async def _refusing(turn: dict[str, Any]) -> httpx.Response:
    return error(400, "bad_turn")


async def _paying(turn: dict[str, Any]) -> httpx.Response:
    return error(502, "action_failed", action="action_pay")


async def _cut_off_after_paying(turn: dict[str, Any]) -> httpx.Response:
    return error(422, "over_budget", acted=True)


async def _silent(turn: dict[str, Any]) -> httpx.Response:
    return result(turn)


async def _until_given_up(desk: Desk) -> None:
    """Let every pause and the whole patience go by."""
    while None in await desk.read(outcomes):
        await desk.next_attempt()
        desk.pass_time(20)


def _behaviour(desk: Desk, name: str) -> Behaviour:
    own = {"refusing": _refusing, "paying": _paying, "cut off": _cut_off_after_paying, "silent": _silent}
    return own[name] if name in own else getattr(desk.brain, name)  # type: ignore[no-any-return]  # one of the stub's


TROUBLES = [
    ("refusing", "bad_turn"),
    ("failing", "brain_failed"),
    ("dying", "no answer (ReadError)"),
    ("away", "not reached (ConnectError)"),
    ("without_actions", "action_track_order: actions_away"),
    ("paying", "action_pay: action_failed"),
    ("silent", "the bot said nothing"),
    ("cut off", "over_budget"),
]


@pytest.mark.parametrize(("trouble", "why"), TROUBLES)
async def test_the_ticket_says_why_the_bot_gave_up(desk: Desk, trouble: str, why: str) -> None:
    """A colleague reads what is broken, what was tried, and what the customer wanted."""
    desk.brain.behave = _behaviour(desk, trouble)
    await desk.receive(said("pay it"))
    await _until_given_up(desk)
    package = (await desk.read(packages))[0]
    action, _, short = why.rpartition(": ")
    assert (package["reason"]["evidence"], package["last_question"]) == (why, "pay it")
    assert [(one["name"], one["ok"], one["error"]) for one in package["actions_tried"]] == (
        [(action, False, short)] if action else []
    )


async def test_a_fault_of_the_gateways_own_is_called_so_in_the_ticket(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody looks for it in the brain; what the error says is left out, since it could quote a customer."""

    def fails(*arguments: Any) -> work.Outcome:
        raise RuntimeError("my secret wish")

    monkeypatch.setattr(work, "finish", fails)
    await desk.receive(said("hello"))
    await _until_given_up(desk)
    assert (await desk.read(packages))[0]["reason"]["evidence"] == "gateway: RuntimeError"


@pytest.mark.parametrize(("trouble", "why"), [one for one in TROUBLES if one[0] not in ("silent", "cut off")])
async def test_the_log_names_the_turn_and_the_reason_and_quotes_nobody(
    desk: Desk, caplog: pytest.LogCaptureFixture, trouble: str, why: str
) -> None:
    """Whoever is called at night finds the turn by its id; what customers say stays out of logs."""
    desk.brain.behave = _behaviour(desk, trouble)
    with caplog.at_level(logging.INFO, logger="bot.gateway"):
        receipt = await desk.receive(said("my secret wish"))
        await _until_given_up(desk)
        await desk.end()
    told = [record.getMessage() for record in caplog.records if receipt.message_id in record.getMessage()]
    tries = len(desk.brain.turns)
    assert len([line for line in told if why.rpartition(": ")[2] in line]) == tries
    assert not any("my secret wish" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("trouble", ["refusing", "cut off", "cutting_off"])
async def test_a_human_who_took_over_while_the_turn_failed_has_the_message(desk: Desk, trouble: str) -> None:
    """They read it already: no second ticket, and no sentence over their head."""
    gate = Gate(_behaviour(desk, trouble))
    desk.brain.behave = gate
    await desk.receive(said("hello"))
    await gate.reached.wait()

    def claim(session: Session) -> None:
        found = conversation(session)
        owner.change_owner(session, found, "human:a", expected_version=found.owner_version, now=desk.clock())

    await desk.parts.database.run(claim)
    gate.open.set()
    assert await desk.until_handled() == ["kept_for_human"]
    assert await desk.read(packages) == []
    assert await desk.read(messages) == ["hello"]
    # They see beside it what went wrong.
    [trace] = await desk.read(lambda session: session.scalars(select(Entry).where(Entry.type == "trace")).all())
    assert trace.detail is not None
    assert "failure" in trace.detail


async def test_somebody_elses_long_message_does_not_count_against_a_customer(desk: Desk) -> None:
    """Two people who were cut off once each are both asked to put it shorter."""
    desk.brain.behave = desk.brain.cutting_off
    await desk.receive(said("very long", 1, "ada"))
    await desk.until_handled()
    await desk.receive(said("long as well", 1, "bob"))
    assert await desk.until_handled() == ["over_budget", "over_budget"]
    assert await desk.read(messages, "system") == [words(waiting.TOO_LONG)] * 2


@pytest.mark.parametrize("trouble", ["failing", "dying", "without_actions"])
async def test_whatever_goes_wrong_the_customer_hears_that_it_takes_longer(desk: Desk, trouble: str) -> None:
    """After a few seconds, and before anybody gives up."""
    desk.brain.behave = getattr(desk.brain, trouble)
    await desk.receive(said("hello"))
    await desk.next_attempt()
    assert await desk.read(messages, "system") == []
    desk.pass_time(16)
    await desk.until(messages, lambda found: words(waiting.TAKES_LONGER) in found)
    desk.brain.behave = desk.brain.echo
    desk.pass_time(16)
    assert await desk.until_handled() == ["answered"]


async def test_who_had_to_wait_once_is_told_so_again_the_next_time(desk: Desk) -> None:
    """Once for what waits together, not once in a conversation's life."""
    for number in (1, 2):
        desk.brain.behave = desk.brain.away
        await desk.receive(said(f"hello {number}", number))
        await desk.next_attempt()
        desk.pass_time(5)
        await desk.until(messages, lambda found, times=number: found.count(words(waiting.WAKING_UP)) == times)  # type: ignore[misc]
        desk.brain.behave = desk.brain.echo
        desk.pass_time(5)
        await desk.until_handled()


async def test_a_message_that_waits_for_its_next_try_holds_up_no_other_conversation(desk: Desk) -> None:
    """Its brain died, and it pauses for seconds; whoever writes meanwhile is answered."""

    async def fails_ada(turn: dict[str, Any]) -> httpx.Response:
        if turn["input"]["text"] == "ada":
            return error(500, "brain_failed")
        return await desk.brain.echo(turn)

    desk.brain.behave = fails_ada
    await desk.receive(said("ada", 1, "ada"))
    for _ in range(3):
        await desk.next_attempt()
        desk.pass_time(4)
    await desk.next_attempt()
    tries = len(desk.brain.turns)
    await desk.receive(said("bob", 1, "bob"))
    await desk.until(messages, lambda found: "you said bob" in found)
    assert len(desk.brain.turns) == tries + 1


@pytest.mark.parametrize(
    "trouble", ["refusing", "cutting_off", "echo"], ids=["given up", "asked to shorten it", "answered"]
)
async def test_what_is_to_be_looked_at_of_a_turn_stands_beside_its_message(desk: Desk, trouble: str) -> None:
    """Agents see it, and mark it, at the words that it was about."""
    desk.brain.behave = _behaviour(desk, trouble)
    receipt = await desk.receive(said("hello"))
    await desk.until_handled()
    [trace] = await desk.read(lambda session: session.scalars(select(Entry).where(Entry.type == "trace")).all())
    assert trace.message_id == receipt.message_id
