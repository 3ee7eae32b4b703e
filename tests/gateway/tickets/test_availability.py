"""What a customer who joins the queue is told about who is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.gateway.conversations.tables import Conversation
from bot.gateway.tickets import availability
from bot.gateway.tickets.availability import Availability
from bot.gateway.tickets.desk_settings import DEFAULT, DeskSettings, load_desk_settings
from bot.gateway.tickets.presence import SIGN_OF_LIFE
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.wording.files import product_catalogue
from bot.wording.sentences import Wording
from tests.e2e.installation import ROOT
from tests.gateway.tickets.rows import Came, at_desk, in_line
from tests.gateway.tickets.scene import NOON

LONDON = ZoneInfo("Europe/London")
NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=LONDON)
MORNING = datetime(2026, 3, 3, 8, 0, tzinfo=LONDON)


@pytest.fixture
def company() -> DeskSettings:
    """The settings of the repository's own desk, which closes at night."""
    return load_desk_settings(ROOT / "desk.yml")


def english(said: Wording | None) -> str:
    """What somebody reads whose language is English."""
    assert said is not None
    return product_catalogue().say(said, "en")


def ticket(session: Session, **columns: str) -> Ticket:
    """Somebody who has just come."""
    return in_line(session, 0, Came(0, **columns))


def test_somebody_at_work_is_there_whatever_they_can_do(session: Session, company: DeskSettings) -> None:
    """Skill and language are waited out: nobody is told that the desk is empty."""
    session.add(at_desk("sam", languages=("en",)))
    session.flush()
    found = availability.of(session, TicketServices(company), ticket(session, skill="technician", language="de"), NOON)
    assert found == Availability("open")
    assert found.somebody
    assert found.said(company, NOON) is None


def test_an_agent_who_works_at_night_is_there(session: Session, company: DeskSettings) -> None:
    """A person counts for more than a timetable."""
    agent = at_desk("sam")
    agent.seen_at = NIGHT
    session.add(agent)
    session.flush()
    assert availability.of(session, TicketServices(company), ticket(session), NIGHT).somebody


def test_in_opening_hours_with_nobody_there_the_customer_hears_just_that(
    session: Session, company: DeskSettings
) -> None:
    """No time is promised that the desk's hours do not say."""
    session.add(at_desk("sam"))
    session.flush()
    later = NOON + SIGN_OF_LIFE + timedelta(seconds=1)
    found = availability.of(session, TicketServices(company), ticket(session), later)
    assert found == Availability("nobody_online")
    assert not found.somebody
    assert english(found.said(company, later)) == "None of our team is available at the moment."


def test_at_night_the_customer_hears_when_the_desk_opens_on_their_own_clock(
    session: Session, company: DeskSettings
) -> None:
    """In the company's zone where their own is not known."""
    one = ticket(session)
    found = availability.of(session, TicketServices(company), one, NIGHT)
    assert found == Availability("closed", MORNING)
    assert not found.somebody
    team = "Our team is not available now and will be back"
    assert english(found.said(company, NIGHT)) == f"{team} tomorrow at 08:00 (London time)."
    session.get_one(Conversation, one.conversation_id).customer = {"attributes": {"timezone": "Europe/Berlin"}}
    session.flush()
    found = availability.of(session, TicketServices(company), one, NIGHT)
    assert english(found.said(company, NIGHT)) == f"{team} today at 09:00 (your time)."


def test_a_desk_that_never_opens_promises_nothing() -> None:
    """A sentence without a time."""
    assert english(Availability("closed").said(DEFAULT, NOON)) == "Our team is not available at the moment."


def test_another_makers_desk_is_staffed_in_opening_hours(session: Session, company: DeskSettings) -> None:
    """Who is at work there only that desk knows; at night it is closed like ours."""
    company = replace(company, outside="chatwoot")
    assert availability.of(session, TicketServices(company), ticket(session), NOON) == Availability("open")
    assert availability.of(session, TicketServices(company), session.get_one(Ticket, "t00"), NIGHT) == Availability(
        "closed", MORNING
    )
