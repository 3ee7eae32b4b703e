"""Later instead of waiting: the place is kept, a time is picked, an address is left, and it happens when it should."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from bot.gateway.background import TIMER_KINDS
from bot.gateway.conversations import transcript
from bot.gateway.platform.jobs import JobRunner
from bot.gateway.tickets import later, line, notices, presence
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.commitments import Commitment
from bot.gateway.tickets.desk_settings import load_desk_settings
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket, Timer
from bot.gateway.tickets.timers import AlarmClock
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest, Slot
from tests.e2e.installation import ROOT
from tests.gateway.making import words
from tests.gateway.tickets.scene import Scene


@pytest.fixture
def company(scene: Scene) -> Scene:
    """A scene with the repository's own business hours; it is Monday noon."""
    scene.services = TicketServices(load_desk_settings(ROOT / "desk.yml"))
    return scene


async def press(scene: Scene, conversation_id: str, payload: str) -> None:
    """The customer presses one of the gateway's buttons."""

    def work(session: Session) -> None:
        conversation = transcript.lock(session, conversation_id)
        assert conversation is not None
        given: dict[str, Any] = {"type": "choice", "payload": payload, "title": "…"}
        assert later.is_command(given)
        later.act(session, scene.services, conversation, given, scene.clock())

    await scene.database.run(work)


async def writes(scene: Scene, conversation_id: str, text: str) -> None:
    """The waiting customer writes something that is kept for the human."""

    def work(session: Session) -> None:
        conversation = transcript.lock(session, conversation_id)
        assert conversation is not None
        later.heard(session, scene.services, conversation, {"type": "text", "text": text}, scene.clock())

    await scene.database.run(work)


async def fire(scene: Scene) -> int:
    """Whatever is due now happens."""
    return await JobRunner(scene.database, scene.clock, AlarmClock(scene.services, TIMER_KINDS)).run_due()


async def waiting(scene: Scene, who: str = "ada", request: HandoffRequest | None = None) -> tuple[str, str]:
    """A customer in the queue: conversation and ticket."""
    conversation_id = await scene.says(who, "a person please")
    await scene.handled()
    given = () if request is None else (request,)
    return conversation_id, await scene.hand_off(conversation_id, *given)


async def choices(scene: Scene, conversation_id: str) -> list[str]:
    """The payloads below the last message."""
    last = [one for one in await scene.entries(conversation_id) if one.type == "message"][-1]
    return [one["payload"] for one in last.choices]


async def test_when_nobody_is_there_the_customer_hears_it_and_has_four_ways_to_go_on(company: Scene) -> None:
    """Back, keep the place, a time, or an e-mail; never silence."""
    conversation_id, _ = await waiting(company)
    assert "None of our team is available at the moment." in (await company.texts(conversation_id, "system"))[-1]
    assert await choices(company, conversation_id) == [
        notices.RETURN_TO_BOT,
        notices.KEEP_PLACE,
        notices.PICK_TIME,
        notices.EMAIL,
    ]


async def test_out_of_hours_the_customer_hears_when_the_desk_opens(company: Scene) -> None:
    """The promise of a time, in the company's own clock."""
    company.now = datetime(2026, 3, 2, 22, 0, tzinfo=company.now.tzinfo)
    conversation_id, _ = await waiting(company)
    assert "will be back tomorrow at 08:00" in (await company.texts(conversation_id, "system"))[-1]


async def test_with_an_agent_at_work_nobody_is_said_to_be_away(company: Scene) -> None:
    """Presence is looked at."""
    sam = await company.agent("Sam")
    await company.database.run(presence.choose, sam.id, "online", company.clock())
    conversation_id, _ = await waiting(company)
    assert "Nobody" not in (await company.texts(conversation_id, "system"))[-1]


async def test_a_place_is_kept_once_and_said_once(company: Scene) -> None:
    """The ticket stays where it is."""
    conversation_id, ticket_id = await waiting(company)
    for _ in range(2):
        await press(company, conversation_id, notices.KEEP_PLACE)
    [ticket] = await company.rows(Ticket)
    assert (ticket.id, ticket.state, ticket.keeps_place) == (ticket_id, "queued", True)
    assert (await company.texts(conversation_id, "system"))[1:] == [words(notices.place_kept(()))]


async def test_a_picked_time_frees_the_customer_and_brings_a_person_at_that_time(company: Scene) -> None:
    """The bot answers meanwhile; at the time the customer is first in the queue."""
    conversation_id, ticket_id = await waiting(company)
    await press(company, conversation_id, notices.PICK_TIME)
    offered = await choices(company, conversation_id)
    assert len(offered) == later.TIMES_OFFERED
    await press(company, conversation_id, offered[-1])
    [ticket] = await company.rows(Ticket)
    assert ticket.state == "scheduled"
    assert (await company.conversation(conversation_id)).owner == "bot"
    others = await waiting(company, "ben")
    assert await fire(company) == 0
    assert ticket.callback_at is not None
    company.now = ticket.callback_at - timedelta(minutes=59)
    assert await fire(company) == 1
    assert "A reminder" in (await company.texts(conversation_id, "system"))[-1]
    company.now = ticket.callback_at
    assert await fire(company) == 1
    assert await fire(company) == 0
    assert (await company.conversation(conversation_id)).owner == "queue"
    assert (await company.states(conversation_id))[-1] == ("queue", 2)
    assert await company.texts(others[0], "system") != []
    assert (await company.texts(conversation_id, "system"))[-1] == words(notices.callback_due(2))
    sam = await company.agent("Sam")
    assert (await company.take(tickets.claim, ticket_id, sam)).state == "accepted"


async def test_a_call_back_can_be_moved_and_called_off(company: Scene) -> None:
    """Only the last time counts, and none after it was called off."""
    conversation_id, _ = await waiting(company)
    await press(company, conversation_id, notices.PICK_TIME)
    offered = await choices(company, conversation_id)
    await press(company, conversation_id, offered[0])
    await press(company, conversation_id, offered[-1])
    [ticket] = await company.rows(Ticket)
    assert ticket.callback_at == datetime.fromisoformat(offered[-1].split(" ")[1])
    await press(company, conversation_id, notices.CANCEL_CALLBACK)
    company.now = ticket.callback_at
    assert await fire(company) == 0
    [ticket] = await company.rows(Ticket)
    assert ticket.state == "abandoned"
    assert {timer.outcome for timer in await company.rows(Timer)} == {"cancelled"}


async def test_a_call_back_of_somebody_who_is_with_a_human_by_then_becomes_one_with_that(company: Scene) -> None:
    """One conversation, one open ticket."""
    conversation_id, _ = await waiting(company)
    await press(company, conversation_id, notices.PICK_TIME)
    offered = await choices(company, conversation_id)
    await press(company, conversation_id, offered[0])
    company.now = datetime.fromisoformat(offered[0].split(" ")[1]) - timedelta(minutes=5)
    second = await company.hand_off(conversation_id)
    company.now += timedelta(minutes=6)
    assert await fire(company) == 1
    by_id = {ticket.id: ticket for ticket in await company.rows(Ticket)}
    assert by_id[second].state == "queued"
    assert [(one.state, one.outcome) for one in by_id.values() if one.id != second] == [("completed", "merged")]


async def test_a_time_that_has_passed_or_lies_out_of_hours_is_offered_anew(company: Scene) -> None:
    """An old button promises nothing."""
    conversation_id, _ = await waiting(company)
    for at in ("2026-03-01T12:00:00+00:00", "2026-03-03T03:00:00+00:00", "soon"):
        await press(company, conversation_id, f"{notices.TIME} {at}")
        assert (await choices(company, conversation_id))[0].startswith(notices.TIME)
    [ticket] = await company.rows(Ticket)
    assert ticket.state == "queued"


async def test_an_address_that_is_known_is_not_asked_for(company: Scene) -> None:
    """Nobody gives the same thing twice, whatever the company calls it; a sentence with an address in it is none."""
    slots = {
        "remark": Slot("write to eve@example.com, please"),
        "guests": Slot(2),
        "mail": Slot("ada@example.com", sensitive=True),
    }
    request = HandoffRequest(ReasonCode.NO_ANSWER, slots=slots)
    conversation_id, _ = await waiting(company, request=request)
    await press(company, conversation_id, notices.EMAIL)
    [ticket] = await company.rows(Ticket)
    assert ticket.contact == {"kind": "email", "address": "ada@example.com"}


async def test_of_two_addresses_that_are_known_neither_is_taken(company: Scene) -> None:
    """One may be somebody else's."""
    slots = {"mine": Slot("ada@example.com"), "friends": Slot("eve@example.com")}
    conversation_id, _ = await waiting(company, request=HandoffRequest(ReasonCode.NO_ANSWER, slots=slots))
    await press(company, conversation_id, notices.EMAIL)
    [ticket] = await company.rows(Ticket)
    assert ticket.contact == {"kind": "email", "address": None}


async def test_an_unknown_address_is_asked_for_and_taken_from_what_the_customer_writes(company: Scene) -> None:
    """With words around it, too."""
    conversation_id, _ = await waiting(company)
    await press(company, conversation_id, notices.EMAIL)
    await writes(company, conversation_id, "what for?")
    await writes(company, conversation_id, "ok: ada.b@mail.example.org, thanks")
    [ticket] = await company.rows(Ticket)
    assert ticket.contact == {"kind": "email", "address": "ada.b@mail.example.org"}
    assert "ada.b@mail.example.org" in (await company.texts(conversation_id, "system"))[-1]


async def test_a_button_pressed_after_a_human_has_come_changes_nothing(company: Scene) -> None:
    """The notice stands above the conversation for ever."""
    sam = await company.agent("Sam")
    conversation_id, ticket_id = await waiting(company)
    await company.take(tickets.claim, ticket_id, sam)
    before = len(await company.entries(conversation_id))
    for payload in (notices.KEEP_PLACE, notices.PICK_TIME, notices.EMAIL, notices.RETURN_TO_BOT):
        await press(company, conversation_id, payload)
    assert len(await company.entries(conversation_id)) == before


@pytest.mark.parametrize("remind", ["customer", "agent"])
async def test_a_promise_becomes_a_reminder_at_its_time_and_once(company: Scene, remind: Any) -> None:
    """To the customer as a message, or to the agents as a note."""
    sam = await company.agent("Sam")
    conversation_id, ticket_id = await waiting(company)
    await company.take(tickets.claim, ticket_id, sam)
    due = company.now + timedelta(hours=2)
    promise = Commitment("Your refund is on its way.", due, remind)

    def work(session: Session) -> None:
        tickets.give_back(session, company.services, ticket_id, sam, "", company.clock(), commitments=[promise])

    await company.database.run(work)
    assert await fire(company) == 0
    company.now = due
    assert [await fire(company), await fire(company)] == [1, 0]
    last = (await company.entries(conversation_id))[-1]
    assert "Your refund is on its way." in last.text
    assert (last.type, last.visible_to_customer) == (("message", True) if remind == "customer" else ("note", False))


async def by_email(scene: Scene) -> str:
    """A customer in the queue who was asked for an e-mail address."""
    conversation_id, _ = await waiting(scene)
    await press(scene, conversation_id, notices.EMAIL)
    return conversation_id


async def answered(scene: Scene, conversation_id: str, text: str) -> str:
    """What the gateway says to something typed; the count must grow, so nothing is left without a word."""
    before = len(await scene.texts(conversation_id, "system"))
    await writes(scene, conversation_id, text)
    said = await scene.texts(conversation_id, "system")
    assert len(said) == before + 1, f"{text!r} was left without a word"
    return said[-1]


async def test_every_reply_to_the_question_for_an_address_gets_a_sentence(company: Scene) -> None:
    """D11, kind 7: an example, then another way on, never the same words twice."""
    conversation_id = await by_email(company)
    first = await answered(company, conversation_id, "name at example dot com")
    second = await answered(company, conversation_id, "a@example")
    assert "name@example.com" in first
    assert second != first
    assert await choices(company, conversation_id) == [notices.KEEP_PLACE, notices.RETURN_TO_BOT]
    [ticket] = await company.rows(Ticket)
    assert not ticket.contact.get("address")


@pytest.mark.parametrize("text", ["no", "forget it", "No thanks."])
async def test_who_wants_no_e_mail_after_all_is_back_in_the_line(company: Scene, text: str) -> None:
    """D11: with the ways to go on, and whatever is written later is no address any more."""
    conversation_id = await by_email(company)
    assert await answered(company, conversation_id, text) == words(notices.no_email())
    [ticket] = await company.rows(Ticket)
    assert ticket.contact is None


async def test_a_later_address_replaces_the_first_and_is_confirmed(company: Scene) -> None:
    """D11: "sorry, wrong address"."""
    conversation_id = await by_email(company)
    await answered(company, conversation_id, "siobhan@exampel.com")
    said = await answered(company, conversation_id, "sorry, wrong address: it is siobhan@example.com")
    assert said == words(notices.email_noted("siobhan@example.com", corrected=True))
    [ticket] = await company.rows(Ticket)
    assert ticket.contact == {"kind": "email", "address": "siobhan@example.com"}


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("siobhan.o\u2019brien@example.com", "siobhan.o'brien@example.com"),
        ("j\u00f6rg-m@example.com", "j\u00f6rg-m@example.com"),
        ("not a@example.com but b@example.com", "b@example.com"),
    ],
)
async def test_an_address_is_taken_whole(company: Scene, typed: str, address: str) -> None:
    """D2, kind 2: never a proper part of what was typed, and never one that was ruled out."""
    conversation_id = await by_email(company)
    await answered(company, conversation_id, typed)
    [ticket] = await company.rows(Ticket)
    assert ticket.contact == {"kind": "email", "address": address}


async def test_who_left_an_address_has_no_place_in_the_line_to_look_at(company: Scene) -> None:
    """W4, kind 7: the page says where the answer goes; nobody is told that somebody joined an empty page."""
    conversation_id = await by_email(company)
    await answered(company, conversation_id, "ada@example.com")
    states = [one.detail for one in await company.entries(conversation_id) if one.type == "state"]
    assert (states[-1]["answer_to"], states[-1]["position"]) == ("ada@example.com", None)
    [ticket] = await company.rows(Ticket)
    await company.database.run(line.tell_position, company.services, ticket.id, company.clock())
    sam = await company.agent("Sam")
    before = await company.texts(conversation_id, "system")
    await company.take(tickets.claim, ticket.id, sam)
    assert await company.texts(conversation_id, "system") == before
