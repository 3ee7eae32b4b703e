"""Booking a technician: what the form hears, what it offers, and what is booked."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.ask_appointment import AskAppointment
from actions.ask_confirm_booking import AskConfirmBooking
from actions.ask_postcode import AskPostcode
from actions.book_technician import BookTechnician
from actions.shop.model import BookingRequest, Visitor, Window
from actions.shop.sqlite_shop import SqliteShop
from actions.validate_book_technician_form import ValidateBookTechnicianForm
from bot.kit.hand_to_human import HandToHuman
from tests.unit.kit.talk import Talk

SUNDAY, TUESDAY = date(2026, 11, 22), date(2026, 11, 24)
pytestmark = pytest.mark.usefixtures("wired")
Begin = Callable[..., Talk]

KNOWN: dict[str, Any] = {"product": "tern 45", "problem": "It leaks.", "postcode": "LS6 2AB"}


@pytest.fixture
def asked(talk: Begin) -> Talk:
    """A booking that has come to the visit, with four on offer."""
    conversation = talk(form="book_technician_form", slots={**KNOWN, "requested_slot": "appointment"})
    conversation.customer("LS6 2AB").run(AskAppointment())
    return conversation


@pytest.fixture
def summed_up(talk: Begin, shop: SqliteShop) -> Talk:
    """A booking that only wants a yes."""
    slot = shop.free_appointments("LS6 2AB", SUNDAY)[0]
    known = {**KNOWN, "appointment": slot.id, "email": "ada@example.com", "requested_slot": "confirm_booking"}
    return talk(form="book_technician_form", slots=known)


def booked_visits(path: Path) -> int:
    """How many visits are booked."""
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM appointments").fetchone()
    return int(count)


def _free(shop: SqliteShop, *more: Any) -> list[str]:
    return [slot.id for slot in shop.free_appointments("LS6 2AB", SUNDAY, *more)]


def test_four_real_free_visits_are_offered_as_buttons(talk: Begin, shop: SqliteShop) -> None:
    """And a fifth button for other times."""
    answer = talk(slots=KNOWN).customer("LS6 2AB").run(AskAppointment())
    payloads = [f'/inform{{"appointment": "{slot_id}"}}' for slot_id in _free(shop)[:4]]
    assert list(answer.choices.values()) == [*payloads, '/inform{"appointment": "later"}']
    assert next(iter(answer.choices)) == "Monday 23 November, 8 am to 12 noon"
    assert answer.slots["offered_appointments"] == _free(shop)[:4]


def test_other_times_are_the_next_four(asked: Talk, shop: SqliteShop) -> None:
    """And asking again after an interruption offers the same ones."""
    asked.customer('/inform{"appointment": "later"}', entities={"appointment": "later"}).mapped(appointment="later")
    asked.run(ValidateBookTechnicianForm())
    assert asked.run(AskAppointment()).slots["offered_appointments"] == _free(shop)[4:8]
    assert asked.run(AskAppointment()).slots["offered_appointments"] == _free(shop)[4:8]


def test_other_times_than_those_of_a_day_are_the_ones_behind_it(asked: Talk, shop: SqliteShop) -> None:
    """No visit is left out in between."""
    asked.customer("tomorrow", entities={"date": "2026-11-23"}).mapped(appointment="2026-11-23")
    asked.run(ValidateBookTechnicianForm())
    offered = asked.run(AskAppointment()).slots["offered_appointments"]
    asked.customer('/inform{"appointment": "later"}', entities={"appointment": "later"}).mapped(appointment="later")
    asked.run(ValidateBookTechnicianForm())
    assert asked.run(AskAppointment()).slots["offered_appointments"] == _free(shop)[len(offered) :][:4]


@pytest.mark.parametrize(
    ("text", "place"), [("the second one", 1), ("2", 1), ("the first one please", 0), ("last one", 3), ("earliest", 0)]
)
def test_a_visit_can_be_named_by_its_place(asked: Talk, shop: SqliteShop, text: str, place: int) -> None:
    """As one points at a list."""
    answer = asked.customer(text).mapped(appointment=text).run(ValidateBookTechnicianForm())
    assert answer.slots["appointment"] == _free(shop)[place]


def test_a_day_and_a_time_of_day_choose_the_visit(asked: Talk, shop: SqliteShop) -> None:
    """ "Tuesday morning" leaves one."""
    asked.customer("Tuesday morning", entities={"date": "2026-11-24", "time": "morning"}).mapped(appointment="morning")
    answer = asked.run(ValidateBookTechnicianForm())
    assert [answer.slots["appointment"]] == _free(shop, TUESDAY, Window.MORNING)


def test_a_day_with_two_visits_is_asked_about(asked: Talk, shop: SqliteShop) -> None:
    """Only those of that day; then "afternoon" alone is enough."""
    asked.customer("Tuesday", entities={"date": "2026-11-24"}).mapped(appointment="2026-11-24")
    assert asked.run(ValidateBookTechnicianForm()).slots["appointment"] is None
    offer = asked.run(AskAppointment())
    assert offer.said == ["utter_offer_on_day"]
    assert offer.slots["offered_appointments"] == _free(shop, TUESDAY)
    asked.customer("afternoon", entities={"time": "afternoon"}).mapped(appointment="afternoon")
    answer = asked.run(ValidateBookTechnicianForm())
    assert [answer.slots["appointment"]] == _free(shop, TUESDAY, Window.AFTERNOON)


def test_a_day_without_visits_gets_the_nearest(asked: Talk) -> None:
    """Technicians rest on Sundays."""
    asked.customer("next Sunday", entities={"date": "2026-11-29"}).mapped(appointment="2026-11-29")
    asked.run(ValidateBookTechnicianForm())
    offer = asked.run(AskAppointment())
    assert offer.said == ["utter_offer_instead_of_closed"]
    assert next(iter(offer.choices)).startswith("Monday 30 November")


def test_a_day_named_at_the_start_is_offered_first(talk: Begin, shop: SqliteShop) -> None:
    """Nobody has to say it twice."""
    conversation = talk(form="book_technician_form")
    conversation.customer("book a technician for Tuesday", "book_technician", {"date": "2026-11-24"}).mapped()
    conversation.run(ValidateBookTechnicianForm())
    conversation.slots.update(KNOWN, requested_slot="postcode")
    offer = conversation.run(AskAppointment())
    assert offer.slots["offered_appointments"] == _free(shop, TUESDAY)


def test_what_is_no_visit_is_met_with_a_hint(asked: Talk) -> None:
    """And the visits are offered again."""
    answer = asked.customer("banana").mapped(appointment="banana").run(ValidateBookTechnicianForm())
    assert answer.said == ["utter_hint_appointment"]
    assert answer.slots["appointment"] is None


def test_no_and_another_day_corrects_the_visit(summed_up: Talk, shop: SqliteShop) -> None:
    """ "No, Tuesday morning" is a correction, not the end."""
    summed_up.customer("no, Tuesday morning", "deny", {"date": "2026-11-24", "time": "morning"})
    answer = summed_up.mapped(confirm_booking=False).run(ValidateBookTechnicianForm())
    assert [answer.slots["appointment"]] == _free(shop, TUESDAY, Window.MORNING)
    assert answer.slots["confirm_booking"] is None
    assert summed_up.run(AskConfirmBooking()).said == ["utter_confirm_booking"]


def test_yes_with_another_day_is_no_yes(summed_up: Talk) -> None:
    """Nothing is booked that the customer has not seen summed up."""
    summed_up.customer("yes but on Tuesday", "affirm", {"date": "2026-11-24"}).mapped(confirm_booking=True)
    answer = summed_up.run(ValidateBookTechnicianForm())
    assert answer.slots["confirm_booking"] is None
    assert answer.slots["appointment"] is None


def test_another_time_of_day_keeps_the_chosen_day(summed_up: Talk, shop: SqliteShop) -> None:
    """ "Yes, but in the afternoon" is about the same day."""
    day = shop.free_appointments("LS6 2AB", SUNDAY)[0].day
    summed_up.customer("yes but in the afternoon", "affirm", {"time": "afternoon"}).mapped(confirm_booking=True)
    answer = summed_up.run(ValidateBookTechnicianForm())
    assert [answer.slots["appointment"]] == _free(shop, day, Window.AFTERNOON)
    assert answer.slots["confirm_booking"] is None


def test_a_postcode_in_another_area_takes_the_visit_back(summed_up: Talk) -> None:
    """That technician does not drive there."""
    summed_up.customer("it's M1 1AE actually", entities={"postcode": "M1 1AE"})
    answer = summed_up.mapped(postcode="M1 1AE", confirm_booking="M1 1AE").run(ValidateBookTechnicianForm())
    assert (answer.slots["postcode"], answer.slots["appointment"]) == ("M1 1AE", None)


def test_a_postcode_in_the_same_area_keeps_the_visit(summed_up: Talk) -> None:
    """Only the address changes."""
    summed_up.customer("my postcode is LS1 4DY actually", entities={"postcode": "LS1 4DY"})
    answer = summed_up.mapped(postcode="LS1 4DY", confirm_booking="LS1 4DY").run(ValidateBookTechnicianForm())
    assert answer.slots["postcode"] == "LS1 4DY"
    assert "appointment" not in answer.slots


def test_where_no_technician_comes_is_said_with_the_offer_of_a_person(talk: Begin) -> None:
    """Before a visit is chosen in vain."""
    conversation = talk(form="book_technician_form", slots={"product": "oven", "requested_slot": "postcode"})
    conversation.customer("TR1 2AB", entities={"postcode": "TR1 2AB"}).mapped(postcode="TR1 2AB")
    assert conversation.run(ValidateBookTechnicianForm()).slots["postcode"] is None
    answer = conversation.run(AskPostcode())
    assert answer.said == ["utter_no_technicians_there"]
    assert "Talk to a person" in answer.choices


def test_a_plain_no_asks_what_to_change(summed_up: Talk) -> None:
    """Once; then the summary comes again."""
    summed_up.customer("no", "deny").mapped(confirm_booking=False).run(ValidateBookTechnicianForm())
    assert summed_up.run(AskConfirmBooking()).said == ["utter_what_to_change"]
    assert summed_up.run(AskConfirmBooking()).said == ["utter_confirm_booking"]


def test_the_summary_holds_everything_that_is_booked(summed_up: Talk) -> None:
    """The model as the catalogue writes it, the visit in words."""
    answer = summed_up.customer("ada@example.com").run(AskConfirmBooking())
    assert answer.messages[0]["appliance"] == "Tern 45"
    assert answer.messages[0]["visit"] == "Monday 23 November, 8 am to 12 noon"


def test_a_question_about_an_oven_does_not_change_the_appliance(talk: Begin) -> None:
    """An interruption is answered by the rules and fills nothing that was filled."""
    conversation = talk(form="book_technician_form", slots={**KNOWN, "requested_slot": "email"})
    conversation.events.append({"event": "slot", "name": "product", "value": "tern 45"})
    conversation.customer("do you sell ovens?", "knowledge_question", {"product": "oven"}).mapped(product="oven")
    answer = conversation.run(ValidateBookTechnicianForm())
    assert answer.slots["product"] == "tern 45"
    assert answer.kinds[-1] == "action_execution_rejected"


def test_a_question_about_a_day_chooses_no_visit(asked: Talk) -> None:
    """ "Are you open on Tuesday?" is no wish for Tuesday."""
    asked.customer("are you open on Tuesday?", "knowledge_question", {"date": "2026-11-24"})
    answer = asked.mapped(appointment="2026-11-24").run(ValidateBookTechnicianForm())
    assert answer.slots["appointment"] is None
    assert answer.kinds[-1] == "action_execution_rejected"


def _agreed(conversation: Talk) -> Talk:
    conversation.customer("yes", "affirm").mapped(confirm_booking=True).run(ValidateBookTechnicianForm())
    assert conversation.slots["confirm_booking"] is True
    return conversation


def test_a_yes_books_the_visit(summed_up: Talk, shop: SqliteShop) -> None:
    """And forgets what belonged to this visit only."""
    booked = _agreed(summed_up).slots["appointment"]
    answer = summed_up.run(BookTechnician())
    assert answer.said == ["utter_booked"]
    assert answer.messages[0]["reference"].startswith("TV-")
    assert booked not in _free(shop)
    assert (answer.slots["appointment"], answer.slots["confirm_booking"]) == (None, None)


def test_the_same_turn_taken_twice_books_once_and_says_the_same(
    summed_up: Talk, shop_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The message's id makes it the same; when it was agreed is the moment's."""
    monkeypatch.setattr("bot.kit.agreed.time.time", lambda: 0.0)
    _agreed(summed_up)
    again = Talk(dict(summed_up.slots), summed_up.form, list(summed_up.events), summed_up.latest)
    first, second = summed_up.run(BookTechnician()), again.run(BookTechnician())
    assert first == second
    assert first.said == ["utter_booked"]
    assert booked_visits(shop_path) == 1


def test_a_visit_that_was_taken_meanwhile_is_said_and_others_are_offered(summed_up: Talk, shop: SqliteShop) -> None:
    """The form opens again and asks for nothing else."""
    wanted = _agreed(summed_up).slots["appointment"]
    shop.book(BookingRequest(wanted, "hob", "cold", "LS1 4DY", "bob@example.com"), Visitor("bob"), "bob")
    answer = summed_up.run(BookTechnician())
    assert answer.said == ["utter_appointment_taken"]
    assert {"event": "followup", "name": "book_technician_form", "timestamp": None} in answer.events
    assert (answer.slots["appointment"], summed_up.slots["problem"]) == (None, "It leaks.")
    summed_up.slots["requested_slot"] = None
    again = summed_up.mapped(product="tern 45", problem="It leaks.", postcode="LS6 2AB")
    again.run(ValidateBookTechnicianForm())
    assert summed_up.slots["problem"] == "It leaks."


def test_a_shadow_turn_books_nothing(summed_up: Talk, shop_path: Path) -> None:
    """It only wants to know what would be said."""
    _agreed(summed_up).latest["metadata"]["shadow"] = True
    answer = summed_up.run(BookTechnician())
    assert answer.said == []
    assert answer.outcome is not None
    assert answer.outcome["ok"] is False
    assert booked_visits(shop_path) == 0


def test_who_has_booked_enough_is_offered_a_person_and_keeps_what_was_said(
    summed_up: Talk, shop: SqliteShop, shop_path: Path
) -> None:
    """Kindly; the person finds everything that the visit wants."""
    _book_four(shop, Visitor("elsewhere", "home"))
    summed_up.slots["confirm_booking"] = True
    answer = summed_up.customer("yes", "affirm").run(BookTechnician())
    assert answer.said == ["utter_no_more_bookings"]
    assert answer.choices == {"Talk to a person": "/ask_for_person"}
    assert booked_visits(shop_path) == 4
    assert summed_up.slots["confirm_booking"] is None
    assert summed_up.slots["appointment"]
    handoff = summed_up.customer("/ask_for_person", "ask_for_person").run(HandToHuman()).handoff
    assert handoff is not None
    assert handoff["slots"]["problem"]["value"] == "It leaks."


def test_who_may_book_no_more_hears_it_before_the_first_question(talk: Begin, shop: SqliteShop) -> None:
    """And not after five answers."""
    _book_four(shop, Visitor("c1"))
    conversation = talk(form="book_technician_form").customer("book a technician", "book_technician").mapped()
    heard = conversation.run(ValidateBookTechnicianForm())
    assert heard.said == []
    assert heard.events[-1] == {"event": "slot", "name": "requested_slot", "value": None, "timestamp": None}
    assert conversation.run(BookTechnician()).said == ["utter_no_more_bookings"]


def test_a_turn_that_books_the_last_visit_says_so_again_when_it_is_taken_again(
    summed_up: Talk, shop: SqliteShop, shop_path: Path
) -> None:
    """The limit that its own booking reached does not contradict it."""
    _book_four(shop, Visitor("elsewhere"), "eve@example.com", 3)
    summed_up.slots["confirm_booking"] = True
    summed_up.customer("yes", "affirm")
    slots, events = dict(summed_up.slots), list(summed_up.events)
    first = summed_up.run(BookTechnician())
    summed_up.slots, summed_up.events = slots, events
    assert summed_up.run(BookTechnician()).messages == first.messages
    assert first.said == ["utter_booked"]
    assert booked_visits(shop_path) == 4


def _book_four(shop: SqliteShop, visitor: Visitor, email: str = "ada@example.com", count: int = 4) -> None:
    """So many visits, far ahead."""
    for place in range(count):
        slot = shop.free_appointments("M14 5TP", SUNDAY)[-1]
        shop.book(BookingRequest(slot.id, "hob", "cold", "M14 5TP", email), visitor, f"{visitor}/{place}")


def test_a_day_that_is_ruled_out_is_neither_booked_nor_offered(asked: Talk, shop: SqliteShop) -> None:
    """D6, kind 2: "not on monday" offers the other days from the first."""
    monday = [{"entity": "date", "value": "2026-11-23"}]
    asked.customer("not on monday", ruled_out=monday).mapped(appointment="not on monday")
    assert asked.run(ValidateBookTechnicianForm()).slots["appointment"] is None
    others = [slot.id for slot in shop.free_appointments("LS6 2AB", SUNDAY) if slot.day != date(2026, 11, 23)]
    assert asked.run(AskAppointment()).slots["offered_appointments"] == others[:4]


def test_a_day_that_is_ruled_out_at_the_end_is_not_booked(summed_up: Talk) -> None:
    """D6, kind 2: a yes to all but the day is no yes."""
    monday = [{"entity": "date", "value": "2026-11-23"}]
    summed_up.customer("yes, but not on monday", intent="affirm", ruled_out=monday).mapped(confirm_booking=True)
    answer = summed_up.run(ValidateBookTechnicianForm())
    assert (answer.slots["appointment"], answer.slots["confirm_booking"]) == (None, None)
