"""Nobody waits for the look-around below the signals: each end and each pause wakes the worker for what comes next."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations import owner, worker
from bot.gateway.platform.signals import INBOX
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import conversation, messages, said
from tests.gateway.stub_brain import Gate

HOUR = 3600.0


@pytest.fixture
async def listening(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A worker that looks only when it is woken."""
    await desk.end()
    monkeypatch.setattr(worker, "DEAF_PATIENCE", HOUR)
    yield desk
    await desk.end()


async def test_all_that_waits_is_worked_off_one_after_another(listening: Desk) -> None:
    """Also the last of them, and of each conversation."""
    for number in range(3):
        for address in ("a", "b"):
            await listening.receive(said(f"{address}{number}", number, address))
    listening.start()
    assert await listening.until_handled() == ["answered"] * 6


async def test_what_comes_in_during_a_turn_is_taken_after_it(listening: Desk) -> None:
    """The second line of somebody who writes fast."""
    gate = Gate(listening.brain.echo)
    listening.brain.behave = gate
    listening.start()
    await listening.receive(said("one", 1))
    await gate.reached.wait()
    await listening.receive(said("two", 2))
    await listening.until(messages, lambda found: "two" in found)
    gate.open.set()
    assert await listening.until_handled() == ["answered"] * 2


async def test_a_pause_ends_by_itself(listening: Desk) -> None:
    """Half a second after the brain was away it is asked again."""
    listening.brain.behave = listening.brain.away
    listening.start()
    await listening.receive(said("hello"))
    await listening.next_attempt()
    listening.brain.behave = listening.brain.echo
    assert await listening.until_handled() == ["answered"]


async def test_turns_that_wait_for_slow_actions_make_room(listening: Desk) -> None:
    """As many as keep a brain busy, then one more when these have lasted a second, though none has ended."""
    gate = Gate(listening.brain.echo)

    async def slow_but_for_one(turn: dict[str, Any]) -> httpx.Response:
        return await (listening.brain.echo if turn["input"]["text"] == "quick" else gate)(turn)

    listening.brain.behave = slow_but_for_one
    for number in range(worker.BEGINNING_TURNS):
        await listening.receive(said("slow", 1, f"slow {number}"))
    listening.start()
    await listening.until(lambda _: listening.brain.at_once, lambda found: found == worker.BEGINNING_TURNS)
    await listening.receive(said("quick", 1, "quick"))
    await listening.until(messages, lambda found: "you said quick" in found)
    gate.open.set()
    await listening.until_handled()


async def test_a_message_whose_conversation_came_back_is_taken_again_at_once(listening: Desk) -> None:
    """The bot has it again: the turn that started before is not what the customer gets, and they do not wait."""
    gate = Gate(listening.brain.echo)
    listening.brain.behave = gate
    listening.start()
    await listening.receive(said("hello"))
    await gate.reached.wait()

    def there_and_back(session: Session) -> None:
        found = conversation(session)
        for new_owner in ("human:a", "bot"):
            owner.change_owner(session, found, new_owner, expected_version=found.owner_version, now=listening.clock())

    await listening.parts.database.run(there_and_back)
    gate.open.set()
    assert await listening.until_handled() == ["answered"]


async def test_another_gateway_hears_when_one_ends(listening: Desk) -> None:
    """What the one did not finish is taken by whoever runs still."""
    with listening.parts.signals.subscribe(INBOX) as heard:
        listening.start()
        await heard.wait(0.05)
        await listening.end()
        assert await heard.wait(1) == {INBOX}
