"""Who is at work, and how much room they have: a forgotten desk takes nobody, and a snoozed conversation no place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.gateway.platform.signals import DESK
from bot.gateway.tickets import presence
from bot.gateway.tickets.presence import BEAT_EVERY, SIGN_OF_LIFE, UnknownPresenceError
from bot.gateway.tickets.routing import AtWork
from bot.gateway.tickets.tables import Agent
from tests.gateway.tickets.rows import Came, at_desk, in_line
from tests.gateway.tickets.scene import NOON

SECOND = timedelta(seconds=1)


def there(session: Session, name: str = "sam", chosen: str = "online") -> Agent:
    """An agent whose desk beat at noon."""
    agent = at_desk(name, chosen)
    session.add(agent)
    session.flush()
    return agent


def test_what_an_agent_chose_holds_while_their_desk_shows_a_sign_of_life(session: Session) -> None:
    """Six missed beats, and nobody is there, whatever they chose."""
    for chosen in presence.PRESENCES:
        agent = there(session, chosen, chosen)
        assert presence.presence_of(agent, NOON + SIGN_OF_LIFE) == chosen
        assert presence.presence_of(agent, NOON + SIGN_OF_LIFE + SECOND) == "offline"
    agent.presence, agent.seen_at = "online", None
    assert presence.presence_of(agent, NOON) == "offline"


def test_those_at_work_are_online_seen_and_have_an_open_account(session: Session) -> None:
    """Nobody else is counted in a promise or kept a ticket for; in one order for all who ask."""
    for name, chosen in (("zoe", "online"), ("sam", "online"), ("kim", "away"), ("lee", "offline"), ("ann", "online")):
        there(session, name, chosen)
    session.get_one(Agent, "ann").disabled_at = NOON
    assert [one.id for one in presence.at_work(session, NOON + SIGN_OF_LIFE)] == ["sam", "zoe"]
    assert presence.at_work(session, NOON + SIGN_OF_LIFE + SECOND) == []


def test_choosing_is_a_sign_of_life_and_going_leaves_none(session: Session) -> None:
    """Whoever presses a button is there; who says that they go is gone at once, and desks see it."""
    agent = there(session)
    later = NOON + timedelta(hours=1)
    assert presence.choose(session, "sam", "away", later) is agent
    assert (agent.presence, agent.seen_at) == ("away", later)
    assert session.announced == {DESK}
    presence.choose(session, "sam", "offline", later)
    assert (agent.presence, agent.seen_at) == ("offline", None)
    with pytest.raises(UnknownPresenceError, match=r"^Presence is online, away or offline\.$"):
        presence.choose(session, "sam", "busy", later)
    assert agent.presence == "offline"


def test_a_beat_is_written_every_half_minute_and_tells_desks_only_of_a_return(session: Session) -> None:
    """Beats come every quarter minute from everybody; a colleague who comes back is news."""
    agent = there(session)
    presence.beat(session, "sam", NOON + BEAT_EVERY - SECOND)
    assert agent.seen_at == NOON
    presence.beat(session, "sam", NOON + BEAT_EVERY)
    assert agent.seen_at == NOON + BEAT_EVERY
    assert session.announced == frozenset()
    back = NOON + timedelta(hours=1)
    presence.beat(session, "sam", back)
    assert agent.seen_at == back
    assert session.announced == {DESK}
    presence.beat(session, "nobody", back)


def test_the_first_beat_of_a_desk_counts(session: Session) -> None:
    """Somebody who signed in and was never seen."""
    agent = there(session)
    agent.seen_at = None
    presence.beat(session, "sam", NOON)
    assert agent.seen_at == NOON


def test_an_agent_has_what_they_accepted_and_have_not_set_aside(session: Session) -> None:
    """A snooze that is over counts again, from its very moment."""
    agent = there(session)
    agent.capacity = 2
    there(session, "kim")
    held = [in_line(session, number, Came(1)) for number in range(4)]
    for ticket in held[:3]:
        ticket.state, ticket.agent_id = "accepted", "sam"
    another = in_line(session, 4, Came(1))
    another.state, another.agent_id = "accepted", "kim"
    over = in_line(session, 5, Came(1))
    over.state, over.agent_id = "accepted", "kim"
    over.state = "completed"
    held[1].snoozed_until = NOON
    held[2].snoozed_until = NOON + SECOND
    session.flush()
    assert dict(presence.in_hand(session, NOON)) == {"sam": 2, "kim": 1}
    assert dict(presence.in_hand(session, NOON + SECOND)) == {"sam": 3, "kim": 1}
    assert presence.free_places(session, agent, NOON - SECOND) == 1
    assert presence.free_places(session, agent, NOON) == 0
    assert presence.free_places(session, agent, NOON + SECOND) == 0, "never fewer than none"
    assert presence.free_places(session, session.get_one(Agent, "kim"), NOON) == 4


def test_routing_sees_an_agents_skills_languages_and_room(session: Session) -> None:
    """Each goes to its place."""
    agent = at_desk("sam", skills=("returns",), languages=("de", "en"))
    assert presence.able(agent, 3) == AtWork("sam", frozenset({"returns"}), frozenset({"de", "en"}), 3)
