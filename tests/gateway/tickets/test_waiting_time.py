"""How long somebody will wait: what is counted of the queue and the desk, and how promises are held against it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.gateway.tickets import waiting_time
from bot.gateway.tickets.desk_settings import DEFAULT, load_desk_settings
from bot.gateway.tickets.forecasting import FEWEST, Forecast, Load, loss
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent, Ticket, Wait
from bot.gateway.tickets.waiting_time import ALWAYS_FINE, MEAN_OF
from tests.e2e.installation import ROOT
from tests.gateway.tickets.rows import Came, at_desk, in_line
from tests.gateway.tickets.scene import NOON

LONDON = ZoneInfo("Europe/London")
EVENING = datetime(2026, 3, 4, 19, 50, tzinfo=LONDON)
MORNING = datetime(2026, 3, 5, 8, 10, tzinfo=LONDON)
LOAD = Load(ahead=1, online=2, able=1, free=0, in_hand=6, oldest=240.0)
COMPANY = TicketServices(load_desk_settings(ROOT / "desk.yml"))
"""A desk that closes at 20:00 and opens at 08:00."""


def ended(
    session: Session, number: int, waited: int, *, joined: int = 0, end: int = 0, p50: int | None = None,
    p90: int | None = None, load: Load = LOAD,
) -> Wait:  # fmt: skip
    """A wait that was timed; times in seconds after noon."""
    ticket = in_line(session, number, Came(0), NOON + timedelta(seconds=joined))
    wait = Wait(
        ticket_id=ticket.id, ended_at=NOON + timedelta(seconds=end), load=asdict(load), waited=waited,
        promised_p50=p50, promised_p90=p90,
    )  # fmt: skip
    session.add(wait)
    session.flush()
    return wait


def test_a_wait_through_the_night_counts_only_while_the_desk_is_open(session: Session) -> None:
    """Ten minutes in the evening and ten in the morning: the promise was made in open time."""
    ticket = in_line(session, 0, Came(0), EVENING)
    waiting_time.promise(ticket, LOAD, Forecast(60.4, 119.6))
    waiting_time.note_end(session, COMPANY, ticket, MORNING)
    session.flush()
    [wait] = session.scalars(select(Wait)).all()
    assert (wait.ticket_id, wait.ended_at, wait.waited) == ("t00", MORNING, 20 * 60)
    assert (wait.load, wait.promised_p50, wait.promised_p90) == (asdict(LOAD), 60, 120)
    waiting_time.note_end(session, COMPANY, ticket, MORNING)
    session.flush()
    assert len(session.scalars(select(Wait)).all()) == 1, "the first wait of a ticket counts, and no other"


def test_a_wait_that_the_line_did_not_cause_is_not_timed(session: Session) -> None:
    """A call-back came at the time that the customer picked."""
    ticket = in_line(session, 0, Came(5))
    waiting_time.note_end(session, TicketServices(), ticket, NOON)
    ticket.load, ticket.queued_at = asdict(LOAD), None
    waiting_time.note_end(session, TicketServices(), ticket, NOON)
    session.flush()
    assert session.scalars(select(Wait)).all() == []


def test_what_was_promised_stands_on_the_ticket(session: Session) -> None:
    """Place, agents who could take it, both ends of the wait; nothing where nothing could be said."""
    ticket = Ticket()
    waiting_time.promise(ticket, LOAD, None)
    assert (ticket.promised_position, ticket.agents_online, ticket.load) == (2, 1, asdict(LOAD))
    assert (ticket.promised_p50, ticket.promised_p90) == (None, None)


def test_the_load_counts_the_line_the_desk_and_the_room_in_it(session: Session) -> None:
    """Each figure of the moment at which somebody joins."""
    session.add_all(
        [
            at_desk("sam", skills=("returns",)),
            at_desk("kim"),
            at_desk("lee", "away", skills=("returns",)),
            at_desk("zoe", skills=("returns",), languages=("de",)),
        ]
    )
    session.flush()
    session.get_one(Agent, "kim").capacity = 1
    for number in range(3):
        held = in_line(session, number, Came(120))
        held.state, held.agent_id = "accepted", ("kim", "kim", "lee")[number]
    in_line(session, 3, Came(7))
    in_line(session, 4, Came(2))
    found = waiting_time.load_of(session, COMPANY, in_line(session, 5, Came(0, skill="returns")), 3, NOON)
    assert found == Load(ahead=2, online=3, able=1, free=10, in_hand=3, oldest=7 * 60.0)


def test_an_empty_line_has_nobody_who_has_waited(session: Session) -> None:
    """The first to come."""
    ticket = in_line(session, 0, Came(0))
    ticket.state = "accepted"
    session.flush()
    assert waiting_time.load_of(session, TicketServices(), ticket, 1, NOON) == Load(0, 0, 0, 0, 0, 0.0)


def test_the_first_in_the_line_has_waited_in_open_time(session: Session) -> None:
    """At a quarter past eight the night before is no wait of twelve hours."""
    in_line(session, 0, Came(0), EVENING)
    joined = in_line(session, 1, Came(0), MORNING)
    assert waiting_time.load_of(session, COMPANY, joined, 2, MORNING).oldest == 20 * 60


def test_who_may_take_a_ticket_counts_as_the_line_itself_counts(session: Session) -> None:
    """The forecast asks the rule of the queue: one who is kept for an agent, and one whose skill nobody waits out."""
    session.add_all([at_desk("sam"), at_desk("kim"), at_desk("lee", "away")])
    session.flush()
    for_kim = in_line(session, 0, Came(0, to="kim"))
    assert waiting_time.load_of(session, TicketServices(), for_kim, 1, NOON).able == 1
    for_kim.skill = "returns"
    assert waiting_time.load_of(session, TicketServices(), for_kim, 1, NOON).able == 1
    for_lee = in_line(session, 1, Came(0, to="lee"))
    assert waiting_time.load_of(session, TicketServices(), for_lee, 1, NOON).able == 2, "Lee is away: anybody may"
    skilled = in_line(session, 2, Came(0, skill="returns"))
    assert waiting_time.load_of(session, TicketServices(), skilled, 1, NOON).able == 0
    assert waiting_time.load_of(session, TicketServices(), skilled, 1, NOON + DEFAULT.any_skill_after).able == 0, (
        "nobody beats any more"
    )
    skilled.queued_at = NOON - DEFAULT.any_skill_after
    assert waiting_time.load_of(session, TicketServices(), skilled, 1, NOON).able == 2


def test_the_memory_reads_each_wait_once_and_those_that_come_later(session: Session) -> None:
    """A gateway reads thousands at its start and then one at a time."""
    for number in range(FEWEST - 1):
        ended(session, number, 60)
    services = TicketServices()
    assert waiting_time.forecast(session, services, LOAD) is None
    ended(session, FEWEST - 1, 60)
    assert waiting_time.forecast(session, services, LOAD) == Forecast(60.0, 60.0)
    for _ in range(FEWEST):
        assert services.waits.history(session).forecast(LOAD) == Forecast(60.0, 60.0)
    for number in range(FEWEST, FEWEST + 40):
        ended(session, number, 900)
    assert waiting_time.forecast(session, services, LOAD) == Forecast(900.0, 900.0)


def test_a_wait_is_learned_once_and_kept_in_memory(session: Session) -> None:
    """However often a forecast is asked for, the last wait counts as one; no forecast reads the table anew."""
    for number in range(FEWEST):
        ended(session, number, 60)
    ended(session, FEWEST, 900)
    services = TicketServices()
    for _ in range(50):
        assert waiting_time.forecast(session, services, LOAD) == Forecast(60.0, 60.0)
    session.execute(delete(Wait))
    assert waiting_time.forecast(session, services, LOAD) == Forecast(60.0, 60.0)


def test_without_a_memory_a_forecast_is_made_from_the_table(session: Session) -> None:
    """A command that looks once."""
    for number in range(FEWEST):
        ended(session, number, number)
    found = waiting_time.forecast(session, TicketServices(), LOAD)
    assert found is not None
    assert found.p50 == pytest.approx((FEWEST - 1) / 2)


def test_the_memory_learns_from_promises_that_were_kept_and_broken(session: Session) -> None:
    """In the order in which the waits ended; one without a promise teaches nothing of promises."""

    def p90(promised: int | None) -> float:
        for wait in session.scalars(select(Wait)).all():
            wait.promised_p50, wait.promised_p90 = (None, None) if promised is None else (None, promised)
        session.flush()
        found = waiting_time.forecast(session, TicketServices(), LOAD)
        assert found is not None
        return found.p90

    for number in range(FEWEST):
        ended(session, number, 10 * number)
    assert p90(10_000) < p90(None) < p90(0)


def test_the_latest_waits_are_learned_last(session: Session) -> None:
    """Of equal moments the latest count: a memory that is filled at the start must not turn them round."""
    for number in range(40):
        ended(session, number, 60)
    for number in range(40, 80):
        ended(session, number, 900)
    assert waiting_time.forecast(session, TicketServices(), LOAD) == Forecast(900.0, 900.0)


def test_a_customer_reads_whole_minutes_rounded_up() -> None:
    """Nobody is told that they wait no minute."""
    assert waiting_time.shown(DEFAULT, Forecast(0, 0)) == {"p50_minutes": 1, "p90_minutes": 1, "too_wide": False}
    found = waiting_time.shown(DEFAULT, Forecast(120, 121))
    assert (found["p50_minutes"], found["p90_minutes"]) == (2, 3)
    assert waiting_time.shown(DEFAULT, Forecast(121, 120))["p50_minutes"] == 3
    assert waiting_time.shown(DEFAULT, Forecast(60, 60_000))["too_wide"]


def test_an_interval_is_too_wide_above_its_bound() -> None:
    """So many times the half, and five minutes that are always fine."""
    settings = replace(DEFAULT, too_wide=2)
    assert not waiting_time.too_wide(settings, Forecast(100, 200 + ALWAYS_FINE))
    assert waiting_time.too_wide(settings, Forecast(100, 201 + ALWAYS_FINE))


def test_without_waits_there_is_nothing_to_say_of_promises(session: Session) -> None:
    """None, and not nought."""
    assert waiting_time.kept(session, NOON) == {
        "count": 0, "p50_promised_seconds": None, "p90_promised_seconds": None, "p50_covered": None,
        "p90_covered": None, "real_p50_seconds": None, "real_p90_seconds": None, "compared": 0,
        "pinball_seconds": None, "moving_mean_pinball_seconds": None,
    }  # fmt: skip


def test_promises_are_held_against_what_came(session: Session) -> None:
    """Shares, means and real quantiles of the waits that ended since then and for which something was promised."""
    ended(session, 0, 9999, end=-1, p50=1, p90=2)
    ended(session, 1, 50, end=0)
    for number, waited in enumerate((100, 200, 300, 400), start=2):
        ended(session, number, waited, joined=-100, end=number, p50=200, p90=300)
    ended(session, 6, 40, joined=-100, end=6, p50=None, p90=300)
    found = waiting_time.kept(session, NOON)
    assert found["count"] == 5
    assert (found["p50_promised_seconds"], found["p90_promised_seconds"]) == (160, 300)
    assert (found["p50_covered"], found["p90_covered"]) == (2 / 5, 4 / 5)
    assert (found["real_p50_seconds"], found["real_p90_seconds"]) == (200, 400)
    assert found["compared"] == 0, "none had ended when these joined"
    assert found["pinball_seconds"] is None


def test_a_promise_is_compared_with_the_mean_of_the_waits_that_had_ended_when_it_was_made(session: Session) -> None:
    """Neither knows the future: an end at that very moment counts, and a later one does not."""
    ended(session, 0, 100, end=10)
    ended(session, 1, 300, end=20)
    ended(session, 2, 9000, end=1000)
    ended(session, 3, 150, joined=20, end=1001, p50=100, p90=400)
    ended(session, 4, 160, joined=19, end=1002, p50=None, p90=500)
    ended(session, 5, 170, joined=9, end=1003, p50=100, p90=400)
    ended(session, 6, 180, joined=30, end=1004)
    found = waiting_time.kept(session, NOON)
    assert found["compared"] == 2
    assert found["pinball_seconds"] == pytest.approx((loss(100, 400, 150) + loss(0, 500, 160)) / 2)
    assert found["moving_mean_pinball_seconds"] == pytest.approx((loss(200, 200, 150) + loss(100, 100, 160)) / 2)


def test_the_moving_mean_forgets(session: Session) -> None:
    """It remembers a fixed number of waits."""
    ended(session, 0, 90_000, end=0)
    for number in range(1, MEAN_OF + 1):
        ended(session, number, 100, end=number)
    ended(session, 99, 130, joined=MEAN_OF, end=5000, p50=100, p90=200)
    assert waiting_time.kept(session, NOON)["moving_mean_pinball_seconds"] == pytest.approx(loss(100, 100, 130))
    ended(session, 98, 130, joined=MEAN_OF - 1, end=5001, p50=100, p90=200)
    mean = (90_000 + 100 * (MEAN_OF - 1)) / MEAN_OF
    expected = (loss(100, 100, 130) + loss(mean, mean, 130)) / 2
    assert waiting_time.kept(session, NOON)["moving_mean_pinball_seconds"] == pytest.approx(expected)


def test_promises_are_looked_at_in_the_order_in_which_waits_ended_and_not_without_end(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The latest of them: rows are not written in the order in which waits end, and a year of them is no report."""
    ended(session, 0, 100, end=10)
    ended(session, 1, 130, joined=15, end=30, p50=100, p90=200)
    ended(session, 2, 300, end=20)
    found = waiting_time.kept(session, NOON)
    assert found["moving_mean_pinball_seconds"] == pytest.approx(loss(100, 100, 130))
    monkeypatch.setattr(waiting_time, "MOST", 1)
    assert waiting_time.kept(session, NOON)["count"] == 1
    monkeypatch.setattr(waiting_time, "MOST", 2)
    assert waiting_time.kept(session, NOON)["compared"] == 0, "what the mean would know lies too far back"
