"""When an agent goes silent the customer goes to another one; when the customer does, they are asked, and let go."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.desk.replies import reply
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import notices, presence, silence, snoozing
from bot.gateway.tickets.desk_settings import DEFAULT, DeskSettings, Span
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.silence import SilenceMonitor, Spoken
from bot.gateway.tickets.tables import Agent, Ticket
from bot.wording.sentences import wording
from tests.gateway.making import new_conversation, words
from tests.gateway.tickets.rows import Came, at_desk, in_line
from tests.gateway.tickets.scene import NOON, Scene

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
    monitor = SilenceMonitor(scene.database, scene.clock, scene.services)
    ben = await scene.says("ben", "help")
    await scene.hand_off(ben)
    await beat_until(scene, sam, DEFAULT.agent_silent - MINUTE)
    assert await monitor.look() == []
    await beat_until(scene, sam, MINUTE)
    assert await monitor.look() == ["agent_silent"]
    assert await monitor.look() == []
    found = (await scene.rows(Ticket))[0]
    assert (found.state, found.agent_id, found.priority) == ("queued", None, "high")
    story = await scene.entries(found.conversation_id)
    assert [one.text for one in story if one.type == "message"][-1] == words(notices.agent_silent("Sam", 1))
    assert any(one.type == "note" and "Sam" in one.text for one in story)


async def test_an_agent_whose_desk_is_gone_loses_it_sooner(scene: Scene, sam: Agent) -> None:
    """A closed laptop is not a slow typist."""
    scene.now += max(DEFAULT.agent_gone, presence.SIGN_OF_LIFE) + MINUTE
    assert await SilenceMonitor(scene.database, scene.clock, scene.services).look() == ["agent_silent"]


async def test_an_agent_who_has_answered_is_not_silent(scene: Scene, sam: Agent) -> None:
    """Then it is the customer's turn, who is asked and, after a while, let go kindly."""
    monitor = SilenceMonitor(scene.database, scene.clock, scene.services)
    await answers(scene, sam, 1, "Hello, which order is it?")
    await beat_until(scene, sam, DEFAULT.agent_silent + MINUTE)
    assert await monitor.look() == []
    await beat_until(scene, sam, DEFAULT.customer_reminder)
    assert [await monitor.look(), await monitor.look()] == [["remind"], []]
    conversation_id = (await ticket(scene)).conversation_id
    assert (await scene.texts(conversation_id, "system"))[-1] == words(notices.still_there("Sam"))
    await beat_until(scene, sam, DEFAULT.customer_close)
    assert await monitor.look() == ["close"]
    found = await ticket(scene)
    assert (found.state, found.outcome, found.note) == ("completed", "no_reply", "")
    assert (await scene.conversation(conversation_id)).owner == "bot"
    assert (await scene.texts(conversation_id, "system"))[-1] == words(notices.closed_for_silence("Sam"))


async def test_a_customer_who_writes_after_the_reminder_is_not_closed(scene: Scene, sam: Agent) -> None:
    """And is reminded anew the next time."""
    monitor = SilenceMonitor(scene.database, scene.clock, scene.services)
    await answers(scene, sam, 1, "Hello?")
    await beat_until(scene, sam, DEFAULT.customer_reminder)
    assert await monitor.look() == ["remind"]
    await scene.says("ada", "yes, sorry")
    await answers(scene, sam, 2, "No problem.")
    await beat_until(scene, sam, DEFAULT.customer_reminder)
    assert await monitor.look() == ["remind"]


async def test_a_snoozed_conversation_is_left_alone_until_its_time(scene: Scene, sam: Agent) -> None:
    """And takes no place of the agent's meanwhile."""
    monitor = SilenceMonitor(scene.database, scene.clock, scene.services)
    found = await ticket(scene)
    until = scene.now + timedelta(hours=5)
    await scene.database.run(snoozing.snooze, found.id, sam, until, scene.clock())
    assert await scene.database.read(presence.in_hand, scene.now) == {}
    scene.now += timedelta(hours=4)
    assert await monitor.look() == []
    scene.now = until
    assert await monitor.look() == ["wake"]
    assert (await ticket(scene)).snoozed_until is None


SECOND = timedelta(seconds=1)
CLAIMED = NOON
GONE = NOON - timedelta(hours=1)


def step(
    after: timedelta, *, customer: timedelta | None = None, agent: timedelta | None = None,
    reminded: timedelta | None = None, seen: datetime | None = None, **columns: Any,
) -> str | None:  # fmt: skip
    """What is due so long after the claim; times of the last words and of the reminder are after the claim, too."""
    now = CLAIMED + after
    ticket = Ticket(accepted_at=CLAIMED, reminded_at=None if reminded is None else CLAIMED + reminded, **columns)
    who = Agent(presence="online", seen_at=now if seen is None else seen)
    spoken = Spoken(*(None if one is None else CLAIMED + one for one in (customer, agent)))
    return silence._step(DEFAULT, ticket, who, spoken, now)


def test_an_agent_has_so_long_from_the_claim_and_from_each_word_of_the_customers() -> None:
    """Not a second less, and a bound is the end of it."""
    limit = DEFAULT.agent_silent
    assert step(limit - SECOND) is None
    assert step(limit) == "agent_silent"
    assert step(limit, customer=SECOND) is None
    assert step(limit + SECOND, customer=SECOND) == "agent_silent"
    assert step(limit, customer=-MINUTE) == "agent_silent", "what was said before the claim gives no time"
    assert step(limit, agent=-MINUTE) == "agent_silent", "an agent who had it before has not answered now"
    asked = 20 * MINUTE
    assert step(asked + limit - SECOND, agent=MINUTE, customer=asked) is None
    assert step(asked + limit, agent=MINUTE, customer=asked) == "agent_silent"


def test_an_agent_who_is_gone_has_less_time_and_one_who_was_never_seen_has_not() -> None:
    """A desk of another maker shows no sign of life: nobody knows that its agents are gone."""
    assert step(DEFAULT.agent_gone - SECOND, seen=GONE) is None
    assert step(DEFAULT.agent_gone, seen=GONE) == "agent_silent"
    assert step(DEFAULT.agent_gone) is None
    now = CLAIMED + DEFAULT.agent_gone
    never = Agent(presence="online", seen_at=None)
    assert silence._step(DEFAULT, Ticket(accepted_at=CLAIMED), never, Spoken(None, None), now) is None
    away = Agent(presence="away", seen_at=now)
    assert silence._step(DEFAULT, Ticket(accepted_at=CLAIMED), away, Spoken(None, None), now) is None


def test_a_silent_customer_is_asked_once_for_each_word_of_the_agents_and_then_let_go() -> None:
    """From the agent's last word to the question, from the question to the end."""
    remind, close = DEFAULT.customer_reminder, DEFAULT.customer_close
    assert step(MINUTE + remind - SECOND, agent=MINUTE) is None
    assert step(MINUTE + remind, agent=MINUTE) == "remind"
    assert step(MINUTE + remind, agent=MINUTE, customer=MINUTE) == "remind", "both at once: the agent has answered"
    assert step(remind, agent=0 * MINUTE) == "remind", "an answer at the very claim"
    asked = 30 * MINUTE
    assert step(asked + close - SECOND, agent=MINUTE, reminded=asked) is None
    assert step(asked + close, agent=MINUTE, reminded=asked) == "close"
    assert step(asked + close, agent=asked, reminded=asked) == "close"
    assert step(asked + close, agent=asked + SECOND, reminded=asked) == "remind", "the agent wrote after it"


def test_a_snooze_ends_at_its_moment_and_stops_everything_before() -> None:
    """Neither side is hurried meanwhile."""
    until = CLAIMED + 3 * DEFAULT.agent_silent
    assert step(3 * DEFAULT.agent_silent - SECOND, snoozed_until=until) is None
    assert step(3 * DEFAULT.agent_silent, snoozed_until=until) == "wake"


async def test_only_what_is_due_is_done_and_what_is_no_longer_is_left(scene: Scene, sam: Agent) -> None:
    """Between the look and the step somebody may have answered, or finished."""
    ada = (await ticket(scene)).id
    ben = await scene.says("ben", "help")
    await scene.handled()
    lee = await scene.agent("Lee")
    scene.now += DEFAULT.agent_silent
    await scene.database.run(presence.beat, sam.id, scene.now)
    other = await scene.hand_off(ben)
    await scene.take(tickets.claim, other, lee)
    await scene.says("ben", "hello?")
    assert await scene.database.read(silence.due, scene.services, scene.now) == [ada]
    assert await scene.database.run(silence.act, scene.services, other, scene.now) is None
    assert await scene.database.run(silence.act, scene.services, "no such ticket", scene.now) is None
    await scene.database.run(reply, ada, sam, 1, "Here I am.", scene.clock())
    assert await scene.database.run(silence.act, scene.services, ada, scene.now) is None
    assert await scene.database.read(silence.due, scene.services, scene.now) == []
    await scene.take(tickets.resolve, ada, sam, "solved", "")
    scene.now += DEFAULT.customer_reminder
    assert await scene.database.run(silence.act, scene.services, ada, scene.now) is None


async def test_agents_read_who_was_silent_and_for_how_long(scene: Scene, sam: Agent) -> None:
    """A note for the next one, in whole minutes; the customer hears who else is there."""
    found = await ticket(scene)
    assert found.accepted_at is not None
    scene.now = found.accepted_at + DEFAULT.agent_silent + 2 * MINUTE + 1 * SECOND
    assert await scene.database.run(silence.act, scene.services, found.id, scene.now) == "agent_silent"
    story = await scene.entries(found.conversation_id)
    [note] = [one for one in story if one.type == "note"]
    assert note.text == "Queued again: the customer had no answer from Sam, who has had this for 12 minutes."
    assert (note.author, note.detail, note.at) == ("system", {"agent_silent": sam.id}, scene.now)
    said = [one.text for one in story if one.type == "message" and one.author == "system"][-1]
    assert said == words(notices.agent_silent("Sam", 1, wording("queue.nobody")))


async def test_a_reminder_is_noted_at_its_time(scene: Scene, sam: Agent) -> None:
    """The end is counted from it."""
    await answers(scene, sam, 1, "Hello?")
    scene.now += DEFAULT.customer_reminder
    found = await ticket(scene)
    assert await scene.database.run(silence.act, scene.services, found.id, scene.now) == "remind"
    assert (await ticket(scene)).reminded_at == scene.now


async def test_at_night_the_customer_of_a_silent_agent_hears_when_the_desk_opens(scene: Scene, sam: Agent) -> None:
    """On their own clock where it is known."""
    settings = DeskSettings(timezone=ZoneInfo("Europe/London"), week=((Span(time(8), time(12, 5)),),) * 7)
    scene.services = TicketServices(settings)
    found = await ticket(scene)
    scene.now = NOON + 5 * DEFAULT.agent_silent
    assert await scene.database.run(silence.act, scene.services, found.id, scene.now) == "agent_silent"
    said = (await scene.texts(found.conversation_id, "system"))[-1]
    assert "will be back tomorrow at 08:00 (London time)." in said


def test_a_conversation_in_which_nobody_has_written_goes_back_too(session: Session) -> None:
    """A call-back of somebody who came by a button alone."""
    session.add(at_desk("sam"))
    session.flush()
    found = in_line(session, 0, Came(0))
    found.state, found.agent_id, found.accepted_at = "accepted", "sam", NOON
    session.get_one(Conversation, found.conversation_id).owner = "human:sam"
    session.flush()
    assert silence.due(session, TicketServices(), NOON) == []
    assert silence.due(session, TicketServices(), NOON + DEFAULT.agent_silent) == [found.id]
    assert silence.act(session, TicketServices(), found.id, NOON) is None
    assert silence.act(session, TicketServices(), found.id, NOON + DEFAULT.agent_silent) == "agent_silent"


def test_only_what_the_two_of_this_conversation_wrote_counts(session: Session) -> None:
    """Not a note, not the assistant's words, and not what was said in another conversation; the last word of each."""
    one, other = (new_conversation(session, name, "web", "queue") for name in ("one", "other"))
    lines = [
        (one, 1, "message", "customer"), (one, 2, "message", "human"), (one, 3, "message", "customer"),
        (one, 4, "note", "human"), (one, 5, "message", "bot"), (one, 6, "message", "system"),
        (other, 7, "message", "human"), (other, 8, "message", "customer"), (other, 9, "message", "human"),
    ]  # fmt: skip
    for conversation, minute, kind, author in lines:
        at = NOON + minute * MINUTE
        transcript.append(session, conversation, type=kind, author=author, text="words", now=at)
    session.flush()
    assert silence._spoken(session, ["one", "nobody"]) == {"one": Spoken(NOON + 3 * MINUTE, NOON + 2 * MINUTE)}
    assert silence._spoken(session, ["one", "other"]) == {
        "one": Spoken(NOON + 3 * MINUTE, NOON + 2 * MINUTE),
        "other": Spoken(NOON + 8 * MINUTE, NOON + 9 * MINUTE),
    }
