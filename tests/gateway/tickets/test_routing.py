"""Who is next: the right person, in a fair order, and nobody starves."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.gateway.tickets import routing
from bot.gateway.tickets.desk_settings import DEFAULT, PRIORITIES
from bot.gateway.tickets.routing import AtWork, Waiting

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)


def waiting(
    name: str,
    minute: float,
    *,
    priority: str = "normal",
    skill: str = "general",
    language: str = "en",
    to: str | None = None,
) -> Waiting:
    """Somebody who came at that minute."""
    came = NOON + timedelta(minutes=minute)
    return Waiting(name, skill, language, came, routing.rank_of(DEFAULT, came, priority), to)


def agent(*skills: str, free: int = 1, languages: tuple[str, ...] = ("en",), name: str = "sam") -> AtWork:
    """Somebody at work."""
    return AtWork(name, frozenset(skills), frozenset(languages), free)


def taken(one: AtWork, line: list[Waiting], minute: float, online: tuple[str, ...] = ()) -> str | None:
    """Whom the agent gets at that minute."""
    found = routing.next_for(DEFAULT, one, routing.in_order(line), NOON + timedelta(minutes=minute), online)
    return None if found is None else found.id


def test_the_first_to_come_is_the_first_to_go() -> None:
    """Among equals."""
    assert taken(agent(), [waiting("ben", 1), waiting("ada", 0)], 2) == "ada"


def test_a_higher_priority_overtakes_by_its_head_start_and_no_further() -> None:
    """Twenty minutes for high, sixty for urgent."""
    line = [waiting("ada", 0), waiting("ben", 19, priority="high")]
    assert taken(agent(), line, 19) == "ben"
    line = [waiting("ada", 0), waiting("ben", 21, priority="high")]
    assert taken(agent(), line, 21) == "ada"


def test_a_skill_waits_for_who_has_it_and_then_for_anybody() -> None:
    """Ten minutes."""
    line = [waiting("ada", 0, skill="returns")]
    assert taken(agent(), line, 9) is None
    assert taken(agent("returns"), line, 9) == "ada"
    assert taken(agent(), line, 10) == "ada"


def test_a_language_matters_longer_than_a_skill() -> None:
    """A colleague without the skill can ask; without the language they cannot."""
    line = [waiting("ada", 0, language="de", skill="returns")]
    assert taken(agent("returns"), line, 29) is None
    assert taken(agent(languages=("de",)), line, 10) == "ada"
    assert taken(agent(), line, 30) == "ada"


def test_who_is_kept_for_an_agent_waits_for_them_only_while_they_are_at_work() -> None:
    """Else for anybody."""
    line = [waiting("ada", 0, to="kim"), waiting("ben", 1)]
    assert taken(agent(), line, 2, ("kim", "sam")) == "ben"
    assert taken(agent(name="kim"), [waiting("ben", -9), line[0]], 2, ("kim",)) == "ada"
    assert taken(agent(), line, 2, ("sam",)) == "ada"


def test_what_a_colleague_sent_to_an_agent_is_theirs_whatever_it_asks_for() -> None:
    """The colleague chose them: no skill or language keeps it back, and no one else gets it while they are there."""
    line = [waiting("ada", 0, skill="returns", language="de", to="kim")]
    assert taken(agent(name="kim"), line, 1, ("kim", "sam")) == "ada"
    assert taken(agent("returns", languages=("de",)), line, 1, ("kim", "sam")) is None


def test_of_those_who_are_kept_for_an_agent_the_first_to_come_is_first() -> None:
    """Precedence over the queue turns nothing round among them."""
    line = [waiting("ada", 2, to="sam"), waiting("ben", 1, to="sam"), waiting("cat", 0)]
    found = routing.in_turn(DEFAULT, agent(), line, NOON + timedelta(minutes=3), ("sam",))
    assert [one.id for one in found] == ["ben", "ada", "cat"]


def test_a_place_is_the_same_for_those_who_came_at_the_same_moment() -> None:
    """Ids decide: everybody reads the same order."""
    line = [waiting("ben", 0), waiting("ada", 0)]
    assert [one.id for one in routing.in_order(line)] == ["ada", "ben"]
    assert taken(agent(), line, 1) == "ada"


def test_an_agent_without_room_gets_nobody() -> None:
    """Capacity counts."""
    assert taken(agent(free=0), [waiting("ada", 0)], 1) is None
    assert taken(agent(free=0), [waiting("ada", 0, to="sam")], 1) is None
    assert taken(agent(free=1), [waiting("ada", 0)], 1) == "ada"


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 300),
            st.sampled_from(PRIORITIES),
            st.sampled_from(["general", "returns", "technician"]),
            st.sampled_from(["en", "de"]),
        ),
        min_size=1,
        max_size=25,
    ),
    st.lists(st.sampled_from(["returns", "technician"]), max_size=2),
    st.floats(1, 20),
)
def test_nobody_is_overtaken_by_who_came_later_than_the_greatest_head_start(
    people: list[tuple[float, str, str, str]], skills: list[str], service: float
) -> None:
    """With one agent and any crowd: everybody is served, and no wait grows by latecomers."""
    line = [waiting(f"{n:02}", at, priority=p, skill=s, language=lang) for n, (at, p, s, lang) in enumerate(people)]
    greatest = max(DEFAULT.head_start.values()) + DEFAULT.any_language_after
    now, left, served = NOON, list(line), []
    while left:
        here = routing.in_order([one for one in left if one.queued_at <= now])
        found = routing.next_for(DEFAULT, agent(*skills), here, now)
        if found is not None:
            overtaken = [one for one in here if found.queued_at - one.queued_at > greatest]
            assert overtaken == [], "somebody was passed by who came much later"
            left.remove(found)
            served.append(found.id)
        now += timedelta(minutes=service)
    assert sorted(served) == sorted(one.id for one in line)
