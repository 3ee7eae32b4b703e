"""Booking a technician, by buttons, by typing, with corrections and interruptions."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest

from actions.shop.model import AppointmentSlot, BookingRequest, Visitor, Window
from actions.shop.seed import today_in_the_shop
from actions.shop.sqlite_shop import SqliteShop
from actions.wording import spoken_day, spoken_visit
from tests.processes import Brain, Dialogue

PROBLEM = "it leaves a puddle on the kitchen floor every time"


def _free(brain: Brain, postcode: str = "LS6 2AB", **more: Any) -> tuple[AppointmentSlot, ...]:
    return SqliteShop(brain.shop_database).free_appointments(postcode, today_in_the_shop(), **more)


def _good_day(brain: Brain) -> date:
    """A day of the coming week with a visit in both halves, whenever the tests run and whatever they have booked."""
    coming = [today_in_the_shop() + timedelta(days=ahead) for ahead in range(1, 7)]
    return next(day for day in coming if len(_free(brain, day=day)) == len(Window))


def _to_the_visit(brain: Brain) -> Dialogue:
    """A conversation in which the visit is asked for."""
    talk = brain.talk().say("I need to book a technician for my dishwasher")
    talk.say(PROBLEM)
    assert "postcode" in talk.said
    return talk.say("LS6 2AB")


def _to_the_summary(brain: Brain) -> Dialogue:
    talk = _to_the_visit(brain)
    return talk.press(talk.titles[0]).say("ada@example.com")


def test_a_customer_books_with_buttons(brain: Brain) -> None:
    """Appliance, problem, postcode, visit, e-mail, yes."""
    talk = brain.talk().press_payload("/book_technician").press("Washing machine").say("it makes a terrible noise")
    first = _free(brain, "M14 5TP")[0]
    talk.say("M14 5TP")
    assert talk.titles[0] == spoken_visit(first)
    assert len(talk.titles) == 5
    talk.press(spoken_visit(first)).say("grace@example.com")
    assert "washing machine (it makes a terrible noise) at M14 5TP" in talk.said
    talk.press("Yes, book it")
    assert re.search(
        r"Booked: .*\. Your reference is TV-\d+, and the confirmation goes to grace@example.com", talk.said
    )
    assert (first.id, "washing machine", "M14 5TP", "grace@example.com") in brain.booked()
    assert talk.open_form is None


def test_a_customer_books_by_typing(brain: Brain) -> None:
    """ "The second one", and "yes please"."""
    talk = _to_the_visit(brain)
    second = talk.titles[1]
    talk.say("the second one please")
    assert "e-mail" in talk.said
    talk.say("you can use Ada@Example.com")
    assert second in talk.said
    assert "Booked" in talk.say("yes please").said


def test_a_day_can_be_typed(brain: Brain) -> None:
    """ "Tuesday" narrows the offer down, a time of day chooses."""
    day = _good_day(brain)
    talk = _to_the_visit(brain).say(f"{day:%A}")
    assert talk.titles[:-1] == [spoken_visit(slot) for slot in _free(brain, day=day)]
    talk.say("morning")
    assert "e-mail" in talk.said
    assert f"{spoken_day(day)}, 8 am to 12 noon" in talk.say("ada@example.com").said


def test_a_day_and_a_time_of_day_are_enough(brain: Brain) -> None:
    """ "Tuesday afternoon" is one visit."""
    day = _good_day(brain)
    talk = _to_the_visit(brain).say(f"{day:%A} afternoon would be great")
    assert "e-mail" in talk.said
    assert f"{spoken_day(day)}, 12 noon to 5 pm" in talk.say("ada@example.com").said


def test_no_tuesday_corrects_the_visit_at_the_summary(brain: Brain) -> None:
    """The booking goes on with the new visit, and that one is booked."""
    talk, day = _to_the_summary(brain), _good_day(brain)
    talk.say(f"no, {day:%A} afternoon")
    assert f"{spoken_day(day)}, 12 noon to 5 pm" in talk.said
    assert "Shall I book it?" in talk.said
    wanted = talk.slot("appointment")
    assert "Booked" in talk.press("Yes").said
    assert wanted in [slot_id for slot_id, *_ in brain.booked()]


def test_no_and_a_day_with_two_visits_offers_those(brain: Brain) -> None:
    """ "No, Tuesday" asks for the half of the day, and for nothing else again."""
    talk, day = _to_the_summary(brain), _good_day(brain)
    talk.say(f"no, {day:%A}")
    assert talk.titles[:-1] == [spoken_visit(slot) for slot in _free(brain, day=day)]
    assert len(talk.texts) == 1
    assert "Shall I book it?" in talk.press(talk.titles[1]).said


def test_a_postcode_can_be_corrected_at_the_summary(brain: Brain) -> None:
    """In the same area the visit stays."""
    talk = _to_the_summary(brain).say("my postcode is LS1 4DY actually")
    assert "at LS1 4DY on" in talk.said
    assert "Shall I book it?" in talk.said


def test_a_postcode_can_be_corrected_while_the_visit_is_asked_for(brain: Brain) -> None:
    """In another area other visits are offered."""
    talk = _to_the_visit(brain).say("my postcode is M14 5TP actually")
    assert talk.slot("postcode") == "M14 5TP"
    assert talk.titles[0] == spoken_visit(_free(brain, "M14 5TP")[0])


def test_a_plain_no_asks_what_to_change(brain: Brain) -> None:
    """And a new day changes it."""
    talk = _to_the_summary(brain).press("No, change something")
    assert "What would you like to change?" in talk.said
    day = _good_day(brain)
    assert f"{spoken_day(day)}, 8 am" in talk.say(f"{day:%A} morning").said


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(brain: Brain) -> None:
    """With its source; then the same visits are offered again."""
    talk = _to_the_visit(brain)
    offered = talk.titles
    talk.say("what does a technician's visit cost?")
    assert talk.citations == ["technician-prices"]
    assert talk.titles == offered
    assert talk.open_form == "book_technician_form"
    assert "e-mail" in talk.press(offered[0]).said


def test_a_question_instead_of_the_problem_is_no_problem(brain: Brain) -> None:
    """It is answered, and the problem is asked for again."""
    talk = brain.talk().say("book a technician for my oven").say("what are your opening hours?")
    assert talk.citations[0] in {"store-hours", "holiday-hours"}
    assert "What is wrong with it?" in talk.said
    assert talk.slot("problem") is None
    assert "postcode" in talk.say("it does not heat up").said
    assert talk.slot("problem") == "it does not heat up"


@pytest.mark.parametrize("text", ["thanks", "hello", "are you a robot?", "what can you do?"])
def test_small_talk_does_not_break_the_form(brain: Brain, text: str) -> None:
    """It is answered, and the form asks again."""
    talk = brain.talk().say("book a technician for my oven").say(text)
    assert "What is wrong with it?" in talk.texts[-1]
    assert talk.open_form == "book_technician_form"


def test_what_is_not_understood_in_the_middle_is_asked_again(brain: Brain) -> None:
    """Once; the second time running a person takes over, who sees what was open."""
    talk = _to_the_visit(brain)
    talk.press(talk.titles[0]).say("qwertz uiop asdf")
    assert "e-mail" in talk.texts[-1]
    assert talk.open_form == "book_technician_form"


def test_asking_for_a_person_in_the_middle_hands_over(brain: Brain) -> None:
    """With everything that was said, and what is still missing."""
    talk = _to_the_visit(brain).say("I'd rather talk to a human please")
    assert talk.handoff is not None
    assert talk.handoff["reason"]["code"] == "customer_request"
    assert talk.handoff["open_form"] == {
        "name": "book_technician_form",
        "missing": ["appointment", "email", "confirm_booking"],
    }
    assert talk.handoff["slots"]["problem"]["value"] == PROBLEM
    assert talk.handoff["slots"]["postcode"] == {"value": "LS6 2AB", "sensitive": True}
    assert talk.open_form is None
    assert len(talk.texts) == 1


def test_stop_leaves_the_booking(brain: Brain) -> None:
    """Nothing is booked."""
    before = brain.booked()
    talk = _to_the_summary(brain).say("stop")
    assert "leave it there" in talk.said
    assert (talk.open_form, brain.booked()) == (None, before)


def test_where_no_technician_comes_is_said(brain: Brain) -> None:
    """Before a visit is chosen in vain, and another postcode still works."""
    talk = brain.talk().say("book a technician for my oven").say("it does not heat up").say("TR1 2AB")
    assert "don't drive to TR1 2AB" in talk.said
    assert talk.slot("postcode") is None
    assert talk.say("LS6 2AB").titles[0] == spoken_visit(_free(brain)[0])


def test_the_same_turn_taken_twice_books_one_visit(brain: Brain) -> None:
    """A turn that the gateway takes again, because an answer was lost, changes nothing and says the same."""
    talk = _to_the_summary(brain)
    before, state = brain.booked(), talk.state
    same = {"conversation_id": talk.conversation_id, "message_id": "the-same-message"}
    yes = {"type": "choice", "payload": "/affirm", "title": "Yes, book it"}
    first, second = brain.take_turn(yes, state, **same), brain.take_turn(yes, state, **same)
    assert first["replies"] == second["replies"]
    assert "Booked" in first["replies"][0]["text"]
    assert len(brain.booked()) == len(before) + 1


def test_a_visit_that_somebody_else_took_is_said_and_others_are_offered(brain: Brain) -> None:
    """Nothing has to be said again but the choice."""
    talk = _to_the_summary(brain)
    taken = talk.slot("appointment")
    shop = SqliteShop(brain.shop_database)
    shop.book(BookingRequest(taken, "hob", "cold", "LS1 4DY", "bob@example.com"), Visitor("bob"), f"bob/{taken}")
    talk.say("yes")
    assert "just been taken" in talk.said
    assert talk.open_form == "book_technician_form"
    assert talk.titles[0] == spoken_visit(_free(brain)[0])
    talk.press(talk.titles[0])
    assert "Shall I book it?" in talk.said
    assert "Booked" in talk.press("Yes").said


def test_a_shadow_turn_books_nothing(brain: Brain) -> None:
    """It says what it can and changes nothing."""
    talk = _to_the_summary(brain)
    before = brain.booked()
    yes = {"type": "choice", "payload": "/affirm", "title": "Yes, book it"}
    result = brain.take_turn(yes, talk.state, shadow=True)
    assert brain.booked() == before
    assert result["state"] == talk.state
    ended = [action for action in result["trace"]["actions"] if action["name"] == "action_book_technician"]
    assert [action["ok"] for action in ended] == [False]


def test_another_wish_in_the_middle_is_followed(brain: Brain) -> None:
    """The customer decides what comes first."""
    talk = brain.talk().say("book a technician for my oven").say("track my order")
    assert talk.open_form == "track_order_form"
    assert "order number" in talk.said


def test_scripted_visitors_book_a_few_visits_and_are_offered_a_person(brain: Brain) -> None:
    """In new conversations with new addresses, from one origin: eight, and the diary stays for the others."""
    before = len(brain.booked())
    cafe = {"customer": {"id": None, "name": None, "verified": False, "attributes": {}, "origin": "cafe"}}
    for place in range(10):
        talk = brain.talk().press_payload("/book_technician", **cafe)
        if talk.open_form is None:
            break
        talk.press("Hob", **cafe).say("it stays cold", **cafe).say("M14 5TP", **cafe)
        talk.press(talk.titles[0], **cafe).say(f"visitor{place}@example.com", **cafe).press("Yes", **cafe)
        assert "Booked" in talk.said
    assert len(brain.booked()) - before == 8
    assert "a few visits for you" in talk.said
    assert talk.titles == ["Talk to a person"]
    talk.press("Talk to a person", **cafe)
    assert talk.handoff is not None
    home = brain.talk().press_payload("/book_technician")
    assert home.open_form == "book_technician_form"


def test_one_address_gets_four_confirmations(brain: Brain) -> None:
    """Whoever names it; what was said is there for the person."""
    for place in range(5):
        talk = brain.talk().press_payload("/book_technician").press("Hob").say("it stays cold").say("M14 5TP")
        talk.press(talk.titles[0]).say(f"ada+{place}@example.com").press("Yes")
    assert "a few visits for you" in talk.said
    assert talk.open_form is None
    talk.press("Talk to a person")
    assert talk.handoff is not None
    assert talk.handoff["slots"]["problem"]["value"] == "it stays cold"
