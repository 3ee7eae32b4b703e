"""There is one rule of whose turn it is: what the database hands to an agent is what the rule would choose."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import line, presence, routing
from bot.gateway.tickets.desk_settings import DEFAULT, PRIORITIES
from bot.gateway.tickets.refusals import AtCapacityError
from bot.gateway.tickets.services import TicketServices
from tests.gateway.tickets.rows import Came, as_waiting, at_desk, in_line
from tests.gateway.tickets.scene import NOON

SKILLS = ("general", "returns", "technician")
LANGUAGES = ("en", "de", "fr")
NAMES = ("sam", "kim", "lee")
# Times at which something in the rule turns over, and their neighbours.
MINUTES = (0, 1, 9, 10, 11, 20, 29, 30, 31, 60, 90)


people = st.builds(
    Came,
    minutes=st.sampled_from(MINUTES),
    priority=st.sampled_from(PRIORITIES),
    skill=st.sampled_from(SKILLS),
    language=st.sampled_from(LANGUAGES),
    to=st.sampled_from((None, None, *NAMES)),
)
agents = st.tuples(
    st.sampled_from(("online", "away", "offline")),
    st.lists(st.sampled_from(SKILLS[1:]), unique=True),
    st.lists(st.sampled_from(LANGUAGES), unique=True),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(crowd=st.lists(people, max_size=10), staff=st.tuples(agents, agents, agents))
def test_the_database_chooses_whom_the_rule_chooses(
    session: Session, crowd: list[Came], staff: tuple[tuple[str, list[str], list[str]], ...]
) -> None:
    """Any line and any staff: the query alone gives the rule's order, and so does what agents are served."""
    there = [at_desk(name, one[0], tuple(one[1]), tuple(one[2])) for name, one in zip(NAMES, staff, strict=True)]
    session.add_all(there)
    session.flush()
    rows = [in_line(session, number, one) for number, one in enumerate(crowd)]
    session.flush()
    online = {one.id for one in there if presence.presence_of(one, NOON) == "online"}
    whole = [as_waiting(row) for row in rows]
    for agent in there:
        able = presence.able(agent, 5)
        by_the_rule = [one.id for one in routing.in_turn(DEFAULT, able, whole, NOON, online)]
        pages = line.within_reach(session, DEFAULT, able, NOON, online)
        assert [one.id for page in pages for one in page] == by_the_rule
        assert list(line.for_agent(session, TicketServices(), agent, NOON)) == by_the_rule
        first = routing.next_for(DEFAULT, able, whole, NOON, online)
        assert (None if first is None else first.id) == next(iter(by_the_rule), None)
    session.rollback()


def test_an_agent_is_not_given_what_they_cannot_do(session: Session) -> None:
    """Skill and language count for agents at the desk, and not only in the simulator."""
    sam = at_desk("sam", skills=("returns",), languages=("en",))
    session.add(sam)
    session.flush()
    in_line(session, 0, Came(9, "urgent", "technician", "en", None))
    in_line(session, 1, Came(9, "urgent", "returns", "de", None))
    in_line(session, 2, Came(1, "low", "returns", "en", None))
    session.flush()
    assert list(line.for_agent(session, TicketServices(), sam, NOON)) == ["t02"]
    assert list(line.for_agent(session, TicketServices(), sam, NOON + timedelta(minutes=1))) == ["t00", "t02"]
    assert list(line.for_agent(session, TicketServices(), sam, NOON + timedelta(minutes=21))) == ["t00", "t01", "t02"]
    found = tickets.claim_next(session, TicketServices(), sam, NOON)
    assert found is not None
    assert found.id == "t02"


def test_what_is_kept_for_a_colleague_is_theirs_while_they_are_at_work(session: Session) -> None:
    """Their customer was promised them; who is not at work keeps nobody waiting."""
    ada, ben, sam = (at_desk(name, languages=("en",)) for name in ("ada", "ben", "sam"))
    ben.presence = "away"
    session.add_all((ada, ben, sam))
    session.flush()
    in_line(session, 0, Came(9, "urgent", "general", "en", "ada"))
    in_line(session, 1, Came(5, "normal", "general", "en", "ben"))
    in_line(session, 2, Came(1, "normal", "general", "en", None))
    session.flush()
    assert list(line.for_agent(session, TicketServices(), sam, NOON)) == ["t01", "t02"]
    assert list(line.for_agent(session, TicketServices(), ada, NOON)) == ["t00", "t01", "t02"]


def test_somebody_far_behind_is_found_behind_a_crowd_that_waits_for_another_skill(session: Session) -> None:
    """The line is long, and not for this agent: their customer need not wait until it is shorter."""
    sam = at_desk("sam", languages=("en",))
    session.add(sam)
    session.flush()
    crowd = line.FIRST_CONSIDERED + 5
    for number in range(crowd):
        in_line(session, number, Came(5, "high", "technician", "en", None))
    in_line(session, crowd, Came(1, "low", "general", "en", None))
    session.flush()
    assert list(line.for_agent(session, TicketServices(), sam, NOON)) == [f"t{crowd:02}"]


def test_pages_leave_nobody_out_and_name_nobody_twice(session: Session) -> None:
    """Behind the first page comes the next."""
    sam = at_desk("sam", languages=("en",))
    session.add(sam)
    session.flush()
    crowd = line.FIRST_CONSIDERED + 5
    for number in range(crowd):
        in_line(session, number, Came(90 - number, "normal", "general", "en", None))
    session.flush()
    assert list(line.for_agent(session, TicketServices(), sam, NOON)) == [f"t{number:02}" for number in range(crowd)]


def test_an_agent_without_room_is_given_nothing(session: Session) -> None:
    """Not even what is meant for them: it waits until they have finished something."""
    sam = at_desk("sam", languages=("en",))
    sam.capacity = 1
    session.add(sam)
    session.flush()
    in_line(session, 0, Came(1, "normal", "general", "en", "sam"))
    held = in_line(session, 1, Came(1, "normal", "general", "en", None))
    session.flush()
    assert list(line.for_agent(session, TicketServices(), sam, NOON)) == ["t00", "t01"]
    held.state, held.agent_id = "accepted", "sam"
    session.flush()
    assert list(line.for_agent(session, TicketServices(), sam, NOON)) == []
    with pytest.raises(AtCapacityError):
        tickets.claim_next(session, TicketServices(), sam, NOON)
