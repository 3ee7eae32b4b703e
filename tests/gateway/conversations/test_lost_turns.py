"""A brain that dies or gives no answer: the message that ends it is taken three times, and nobody else pays for it.

X1 of the security cases.
"""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.contract.turn import TextInput
from bot.gateway.conversations import inbox, unanswered, waiting, work
from bot.gateway.conversations.brain_client import Reply, TurnTaken
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.conversations.work import Work
from bot.gateway.platform.clock import utc_now
from bot.gateway.platform.database import Database
from tests.gateway.conversations.conftest import Desk
from tests.gateway.making import MovableClock, conversation_services, messages, outcomes, packages, said
from tests.gateway.stub_brain import Mortal, error

POISON = "poison"


def _lost(session: Session) -> list[int]:
    return list(session.scalars(select(InboxMessage.lost).order_by(InboxMessage.id)))


def _text_of(taken: Work) -> str:
    assert isinstance(taken.turn.input, TextInput)
    return taken.turn.input.text


async def _lose_three_times(desk: Desk) -> None:
    for lost in (1, 2):
        await desk.until(_lost, lambda found, wanted=lost: max(found) >= wanted)  # type: ignore[misc]
        desk.pass_time(16)
    await desk.until_handled()


async def _no_answer(_turn: object) -> httpx.Response:
    raise httpx.ReadTimeout("nothing came")


async def _gateway_timeout(_turn: object) -> httpx.Response:
    return error(504, "status_504")


@pytest.mark.parametrize("how", ["dies", "says nothing", "a load balancer says it"])
async def test_a_message_whose_brain_is_lost_is_taken_three_times_and_then_a_human_gets_it(
    desk: Desk, how: str
) -> None:
    """As the same message, so that what its actions did is not done again."""
    ways = {"dies": desk.brain.dying, "says nothing": _no_answer, "a load balancer says it": _gateway_timeout}
    desk.brain.behave = ways[how]
    await desk.receive(said("hello"))
    await _lose_three_times(desk)
    assert len(desk.brain.turns) == 3
    assert len({turn["message_id"] for turn in desk.brain.turns}) == 1
    assert (await desk.read(packages))[0]["reason"]["code"] == "technical_failure"


async def test_the_tries_are_counted_over_a_restart_of_the_gateway(desk: Desk) -> None:
    """A message that ends the brain does not get three tries more from each gateway."""
    desk.brain.behave = desk.brain.dying
    await desk.receive(said("hello"))
    await desk.until(_lost, lambda found: found == [1])
    await desk.restart()
    await _lose_three_times(desk)
    assert len(desk.brain.turns) == 3


async def test_waiting_for_a_brain_that_is_not_there_uses_up_no_tries(desk: Desk) -> None:
    """Between the deaths it starts again, which takes a while."""
    desk.brain.behave = desk.brain.dying
    await desk.receive(said("hello"))
    await desk.until(_lost, lambda found: found == [1])
    desk.brain.behave = desk.brain.away
    for turns in range(2, 8):
        desk.pass_time(3)
        await desk.until(lambda _: len(desk.brain.turns), lambda found, wanted=turns: found >= wanted)  # type: ignore[misc]
    assert await desk.read(_lost) == [1]
    desk.brain.behave = desk.brain.echo
    desk.pass_time(3)
    assert await desk.until_handled() == ["answered"]


async def test_who_was_there_when_a_message_ended_the_brain_is_answered(desk: Desk) -> None:
    """Each of them alone, the message that did it three times, and whoever comes meanwhile as well."""
    mortal = Mortal(desk.brain, POISON)
    desk.brain.behave = mortal
    await desk.receive(said(POISON, 1, "attacker"))
    for name in ("ada", "bob", "cy"):
        await desk.receive(said(name, 1, name))
    await desk.until(lambda _: desk.brain.at_once, lambda found: found == 4)
    mortal.crowded.set()
    await desk.until(_lost, lambda found: found == [1, 1, 1, 1])
    desk.pass_time(2)
    await desk.until(lambda _: len(mortal.company), lambda found: found == 5)
    await desk.receive(said("dot", 1, "dot"))  # while the first of them is tried
    await _lose_three_times(desk)
    assert await desk.read(outcomes) == ["handed_off", "answered", "answered", "answered", "answered"]
    assert mortal.deaths == 3
    assert [company for _, company in mortal.company[4:]] == [1] * 6
    assert len(await desk.read(packages)) == 1
    assert {"you said ada", "you said bob", "you said cy", "you said dot"} <= set(await desk.read(messages, "bot"))


def test_no_gateway_begins_a_turn_beside_one_that_goes_alone_at_another(database: Database, payloads: Payloads) -> None:
    """Its brain may be the same one; whoever writes meanwhile is taken once it has ended. SQLite has one gateway."""
    clock = MovableClock()

    def claim(holder: str) -> Work | str | None:
        return database.run_here(work.claim, conversation_services(), holder, (), clock())

    database.run_here(inbox.receive, said("ada", 1, "ada"), payloads=payloads, allowed={}, now=clock())
    lost = claim("one")
    assert isinstance(lost, Work)
    database.run_here(work.postpone, lost, "one", timedelta(seconds=1), clock(), lost=True)
    clock.advance(2)
    alone = claim("one")
    assert isinstance(alone, Work)
    assert alone.goes_alone
    database.run_here(inbox.receive, said("bob", 1, "bob"), payloads=payloads, allowed={}, now=clock())
    if not database.is_sqlite:
        assert claim("two") == work.HELD
    taken = TurnTaken((Reply("yes"),), None, None, {})
    database.run_here(work.finish, conversation_services(), alone, taken, "one", clock())
    following = claim("two")
    assert isinstance(following, Work)
    assert _text_of(following) == "bob"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.integers(0, 11), min_size=20, max_size=60), fatal=st.sets(st.integers(0, 5), max_size=2))
def test_in_whatever_order_turns_begin_and_end_only_what_kills_uses_up_its_tries(
    database: Database, payloads: Payloads, steps: list[int], fatal: set[int]
) -> None:
    """Two gateways on PostgreSQL, one on SQLite; six customers, whose message may end the brain."""
    clock = MovableClock()
    database.run_here(_handle_all)
    prefix = f"{utc_now().timestamp()}"
    for number in range(6):
        message = said(str(number), 1, f"{prefix} {number}")
        database.run_here(inbox.receive, message, payloads=payloads, allowed={}, now=clock())
    gateways = 1 if database.is_sqlite else 2
    flying: list[tuple[str, Work]] = []
    given_up: list[int] = []

    def begin(holder: str) -> None:
        busy = tuple(one.conversation_id for who, one in flying if who == holder)
        if any(one.goes_alone for who, one in flying if who == holder):
            return
        claimed = database.run_here(work.claim, conversation_services(), holder, busy, clock())
        if isinstance(claimed, Work):
            flying.append((holder, claimed))
            assert len(flying) == 1 or not any(one.goes_alone for _, one in flying)

    def end(which: int) -> None:
        holder, ended = flying[which % len(flying)]
        if int(_text_of(ended)) not in fatal:
            flying.remove((holder, ended))
            taken = TurnTaken((Reply("yes"),), None, None, {})
            database.run_here(work.finish, conversation_services(), ended, taken, holder, clock())
            return
        for who, one in flying:
            if one.lost == 2:
                given_up.append(int(_text_of(one)))
                database.run_here(
                    unanswered.give_up, conversation_services(), one, who, "lost", None, waiting.BROKEN, clock()
                )
            else:
                database.run_here(work.postpone, one, who, timedelta(seconds=1), clock(), lost=True)
        flying.clear()

    for step in [*steps, *([0, 1, 6] * 20)]:
        clock.advance(1.5)
        for who, one in flying:
            database.run_here(work.renew, one, who, clock())
        if step < 6 or not flying:
            begin(f"gateway {step % gateways}")
        else:
            end(step)
    assert set(given_up) == fatal
    assert len(given_up) == len(fatal)


def _handle_all(session: Session) -> None:
    session.execute(update(InboxMessage).values(handled_at=utc_now()))
    session.execute(update(Conversation).values(lease_holder=None, lease_until=None))
