"""What the two longer forms take from a message that was not asked for it, and what they never take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from actions.ask_order_number import AskReturnedOrder, AskTrackedOrder
from actions.ask_postcode import AskPostcode
from actions.book_technician import BookTechnician
from actions.shop.sqlite_shop import SqliteShop
from actions.validate_book_technician_form import ValidateBookTechnicianForm
from actions.validate_return_item_form import ValidateReturnItemForm
from tests.unit.kit.talk import Answer, Talk

pytestmark = pytest.mark.usefixtures("wired")
Begin = Callable[..., Talk]
FORM = "book_technician_form"


def _found(text: str, **values: str) -> list[dict[str, Any]]:
    """Entities as the pipeline marks them: by the words in the text, with what they mean."""
    return [
        {"entity": name, "value": value, "start": text.index(word), "end": text.index(word) + len(word)}
        for name, given in values.items()
        for word, _, value in [given.partition("=")]
    ]


def _opened(talk: Begin, text: str, slots: dict[str, Any], **values: str) -> Answer:
    """The form is opened by a message."""
    conversation = talk(slots=slots)
    conversation.customer(text, "book_technician")
    conversation.latest["entities"] = _found(text, **values)
    conversation.form = FORM
    conversation.events.append({"event": "active_loop", "name": FORM})
    return conversation.mapped(**slots).run(ValidateBookTechnicianForm())


def test_the_opening_message_fills_all_that_it_says(talk: Begin, shop: SqliteShop) -> None:
    """Fault, place, day and half of it; it is said back before the next question."""
    answer = _opened(
        talk,
        "my oven won't heat, please send someone to LS6 2AB on Tuesday morning",
        {"product": "oven", "postcode": "LS6 2AB"},
        product="oven=oven",
        postcode="LS6 2AB=LS6 2AB",
        date="Tuesday=2026-11-24",
        time="morning=morning",
    )
    assert answer.slots["problem"] == "my oven won't heat"
    visit = shop.appointment_slot(answer.slots["appointment"])
    assert visit is not None
    assert (visit.day.isoformat(), visit.window.value) == ("2026-11-24", "morning")
    assert answer.said == ["utter_taken"]


def test_what_was_told_before_the_offer_is_the_fault(talk: Begin) -> None:
    """ "Yes please" under the article tells nothing, but the message before did."""
    conversation = talk(slots={"product": "oven"})
    conversation.customer("why won't my oven heat?", "knowledge_question", {"product": "oven"})
    conversation.customer("yes please", "book_technician")
    conversation.form = FORM
    conversation.events.append({"event": "active_loop", "name": FORM})
    assert (
        conversation.mapped(product="oven").run(ValidateBookTechnicianForm()).slots["problem"]
        == "why won't my oven heat?"
    )


def test_a_fault_of_another_appliance_is_not_this_ones(talk: Begin) -> None:
    """Neither is one that a visit was booked for already."""
    conversation = talk(slots={"product": "fridge"})
    conversation.customer("my oven won't heat", "oven_fault", {"product": "oven"})
    conversation.customer("a technician for my fridge", "book_technician", {"product": "fridge"})
    conversation.form = FORM
    conversation.events.append({"event": "active_loop", "name": FORM})
    assert conversation.mapped(product="fridge").run(ValidateBookTechnicianForm()).slots.get("problem") is None


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("LS6 2AB", {"postcode": "LS6 2AB=LS6 2AB"}),
        ("Tuesday morning", {"date": "Tuesday=2026-11-24", "time": "morning=morning"}),
        ("ada@example.com", {"email": "ada@example.com=ada@example.com"}),
        ("go ahead", {}),
        ("I told you already", {}),
    ],
)
def test_what_has_another_shape_is_no_fault(talk: Begin, text: str, values: dict[str, str]) -> None:
    """It goes where it belongs, and the fault is asked for."""
    conversation = talk(form=FORM, slots={"product": "oven", "requested_slot": "problem"}).customer(text)
    conversation.latest["entities"] = _found(text, **values)
    assert conversation.mapped(problem=text).run(ValidateBookTechnicianForm()).slots["problem"] is None


def test_i_told_you_takes_what_was_told(talk: Begin) -> None:
    """Earlier in the conversation, or behind those words."""
    conversation = talk(slots={"product": "oven"}).customer("my oven stays cold", "oven_fault")
    conversation.form, conversation.slots["requested_slot"] = FORM, "problem"
    conversation.events.append({"event": "slot", "name": "requested_slot", "value": "problem"})
    conversation.customer("I told you")
    answer = conversation.mapped(problem="I told you").run(ValidateBookTechnicianForm())
    assert answer.slots["problem"] == "my oven stays cold"


def test_a_correction_of_the_appliance_is_said_back(talk: Begin) -> None:
    """While another question is open; the fault stays."""
    slots = {"product": "oven", "problem": "It hums.", "requested_slot": "postcode"}
    conversation = talk(form=FORM, slots=slots)
    conversation.events += [{"event": "slot", "name": name, "value": value} for name, value in slots.items()]
    conversation.customer("sorry, it's the hob, not the oven", entities={"product": "hob"})
    answer = conversation.mapped(product="hob").run(ValidateBookTechnicianForm())
    assert answer.said == ["utter_corrected"]
    assert answer.slots["product"] == "hob"
    assert "problem" not in answer.slots


def test_what_it_is_instead_may_be_nothing_that_we_repair(talk: Begin) -> None:
    """ "A microwave, not an oven" is refused with a way on, and is no oven."""
    ruled_out = [{"entity": "product", "value": "oven", "start": 19, "end": 23}]
    conversation = talk(form=FORM, slots={"product": "oven", "requested_slot": "problem"})
    conversation.customer("it's a microwave, not an oven", ruled_out=ruled_out)
    answer = conversation.mapped(problem="it's a microwave, not an oven").run(ValidateBookTechnicianForm())
    assert answer.said == ["utter_product_unknown"]
    assert (answer.slots["product"], answer.slots["problem"]) == (None, None)
    assert "/ask_for_person" in answer.choices.values()


def test_a_place_without_technicians_is_said_at_once(talk: Begin) -> None:
    """No other question comes first, and the same question does not come again."""
    slots = {"product": "oven", "requested_slot": "problem"}
    conversation = talk(form=FORM, slots=slots).customer("NR3 1AB", entities={"postcode": "NR3 1AB"})
    answer = conversation.mapped(postcode="NR3 1AB").run(ValidateBookTechnicianForm())
    assert (answer.slots["postcode"], answer.slots["uncovered"]) == (None, "NR3 1AB")
    assert answer.slots["requested_slot"] == "postcode"
    assert conversation.run(AskPostcode()).said == ["utter_no_technicians_there"]
    conversation.customer("why not?", "unclear")
    assert conversation.run(AskPostcode()).said == ["utter_no_technicians_there_again"]


def test_a_yes_where_no_technician_comes_is_a_yes_to_a_person(talk: Begin) -> None:
    """With the reason, for the person."""
    slots = {"product": "oven", "uncovered": "NR3 1AB", "requested_slot": "postcode"}
    conversation = talk(form=FORM, slots=slots).customer("yes please", "affirm")
    assert conversation.run(ValidateBookTechnicianForm()).slots["requested_slot"] is None
    request = conversation.run(BookTechnician()).handoff
    assert request is not None
    assert "NR3 1AB" in str(request)


def test_the_place_and_the_day_are_asked_for_at_once(talk: Begin) -> None:
    """Unless the day is known."""
    assert talk(slots={}).customer("x").run(AskPostcode()).said == ["utter_ask_place_and_day_of_visit"]
    assert talk(slots={"wanted_time": "morning"}).customer("x").run(AskPostcode()).said == ["utter_ask_place_of_visit"]


def test_order_and_postcode_are_asked_for_at_once(talk: Begin) -> None:
    """Unless the postcode is known."""
    for action, response in (
        (AskTrackedOrder(), "utter_ask_tracked_order"),
        (AskReturnedOrder(), "utter_ask_returned_order"),
    ):
        assert talk(slots={}).customer("x").run(action).said == [f"{response}_and_postcode"]
        assert talk(slots={"postcode": "LS6 2AB"}).customer("x").run(action).said == [response]


def test_other_words_for_the_fault_at_the_summary(talk: Begin) -> None:
    """ "No, both rings are dead" changes it, and what is to be changed is not asked."""
    slots = {"product": "hob", "problem": "one ring is dead", "requested_slot": "confirm_booking"}
    conversation = talk(form=FORM, slots=slots).customer("no, both rings are dead", "deny")
    answer = conversation.mapped(confirm_booking=False).run(ValidateBookTechnicianForm())
    assert "both rings are dead" in answer.slots["problem"]
    assert answer.slots.get("change_asked") is None


def test_a_return_takes_its_reason_and_its_way_from_the_opening(talk: Begin) -> None:
    """Neither is asked for again."""
    text = "I want to return LF-4300240, LS8 1NT, it's too loud. I'll bring it to a store"
    conversation = talk(slots={}).customer(text, "return_item")
    conversation.latest["entities"] = _found(text, order_number="LF-4300240=LF-4300240", postcode="LS8 1NT=LS8 1NT")
    conversation.form = "return_item_form"
    conversation.events.append({"event": "active_loop", "name": "return_item_form"})
    answer = conversation.mapped(order_number="LF-4300240", postcode="LS8 1NT").run(ValidateReturnItemForm())
    assert answer.slots["return_reason"] == "it's too loud"
    assert answer.slots["return_method"] == "store"


def test_how_it_goes_back_is_no_reason(talk: Begin) -> None:
    """ "I'll bring it to a store" at the question why; the way is kept."""
    conversation = talk(
        form="return_item_form", slots={"order_number": "LF-4300240", "requested_slot": "return_reason"}
    )
    conversation.customer("I'll bring it to a store")
    answer = conversation.mapped(return_reason="I'll bring it to a store").run(ValidateReturnItemForm())
    assert (answer.slots["return_reason"], answer.slots["return_method"]) == (None, "store")


def test_the_day_that_was_chosen_is_the_one_that_is_given_up(talk: Begin, shop: SqliteShop) -> None:
    """ "Make it Friday, I have the dentist on Tuesday" leaves no choice between the two."""
    tuesday, friday = date(2026, 11, 24), date(2026, 11, 27)
    chosen = shop.free_appointments("LS6 2AB", date(2026, 11, 22), tuesday)[0]
    known = {"product": "oven", "problem": "It hums.", "postcode": "LS6 2AB", "email": "ada@example.com"}
    conversation = talk(form=FORM, slots={**known, "appointment": chosen.id, "requested_slot": "confirm_booking"})
    text = "make it friday, I have the dentist on tuesday, still a morning"
    conversation.customer(text)
    conversation.latest["entities"] = [
        *_found(text, date=f"friday={friday}"),
        *_found(text, date=f"tuesday={tuesday}", time="morning=morning"),
    ]
    answer = conversation.mapped(confirm_booking="morning").run(ValidateBookTechnicianForm())
    assert answer.slots["wanted_date"] == friday.isoformat()
    assert answer.slots["confirm_booking"] is None


def test_a_booking_that_is_taken_up_takes_the_day_with_it(talk: Begin, shop: SqliteShop) -> None:
    """ "Let's go on with the booking, Friday morning"."""
    known = {"product": "oven", "problem": "It hums.", "postcode": "LS6 2AB", "requested_slot": "appointment"}
    conversation = talk(form=FORM, slots=known)
    text = "let's go on with the booking, friday morning"
    conversation.customer(text, "resume_form")
    conversation.latest["entities"] = _found(text, date="friday=2026-11-27", time="morning=morning")
    conversation.events += [{"event": "action", "name": "action_resume_form"}, {"event": "active_loop", "name": FORM}]
    answer = conversation.run(ValidateBookTechnicianForm())
    visit = shop.appointment_slot(answer.slots["appointment"])
    assert visit is not None
    assert (visit.day, visit.window.value) == (date(2026, 11, 27), "morning")


def test_a_model_is_known_by_its_first_word(talk: Begin) -> None:
    """ "My Plover" is the only one of that name; a fault may be what still works."""
    answer = _opened(talk, "Only the grill does owt on my Plover. Need a repair visit", {})
    assert answer.slots["product"] == "plover 4"
    assert answer.slots["problem"]
    assert _opened(talk, "A repair visit please, only the morning works", {}).slots.get("problem") is None
    assert _opened(talk, "I need a swift visit", {}).slots.get("product") is None
    assert _opened(talk, "I need a visit at 5 Plover Close", {}).slots.get("product") is None
    assert _opened(talk, "I need a visit for my plover", {}).slots["product"] == "plover 4"


def test_an_age_is_no_fault(talk: Begin) -> None:
    """What is wrong is asked again."""
    conversation = talk(slots={"product": "oven", "requested_slot": "problem"}, form=FORM)
    conversation.customer("its 3 months old", "inform")
    answer = conversation.mapped(problem="its 3 months old").run(ValidateBookTechnicianForm())
    assert answer.slots["problem"] is None
