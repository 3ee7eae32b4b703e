"""What customers type badly or in their own way reaches forms and the handoff package in its canonical form."""

from __future__ import annotations

from datetime import timedelta

from actions.shop.seed import today_in_the_shop
from tests.processes import Brain


def test_a_misspelt_appliance_is_the_appliance(brain: Brain) -> None:
    """One or two letters off; the form does not ask for it again."""
    talk = brain.talk().say("please book a technician for my dishwaser")
    assert talk.open_form == "book_technician_form"
    assert talk.slot("product") == "dishwasher"
    assert brain.talk().press_payload("/book_technician").say("washin mashine").slot("product") == "washing machine"


def test_a_day_in_words_is_a_day(brain: Brain) -> None:
    """ "A week on Tuesday", in the shop's time zone."""
    talk = brain.talk().press_payload("/book_technician").say("oven").say("it does not heat").say("LS6 2AB")
    talk.say("a week on Tuesday")
    today = today_in_the_shop()
    coming = today + timedelta(days=(1 - today.weekday()) % 7 or 7)
    assert talk.slot("wanted_date") == (coming + timedelta(days=7)).isoformat()


def test_a_telephone_number_reaches_the_human_in_one_form(brain: Brain) -> None:
    """E.164, and masked at the desk."""
    talk = brain.talk().say("I want to talk to a person, ring me on 07700 900142 please")
    assert talk.handoff is not None
    assert talk.handoff["slots"]["phone"] == {"value": "+447700900142", "sensitive": True}


def test_an_order_number_in_any_shape_reaches_the_form(brain: Brain) -> None:
    """ "LF 100 0017" is LF-1000017; a wrong check digit is said."""
    talk = brain.talk().say("track my order").say("it's LF 100 0017")
    assert talk.slot("order_number") == "LF-1000017"
    talk = brain.talk().say("I want to send something back").say("LF1000018")
    assert "isn't a valid order number" in talk.said
    assert talk.slot("order_number") is None


def test_an_address_that_is_none_is_asked_for_again(brain: Brain) -> None:
    """As the standard has it, without asking a server."""
    talk = brain.talk().press_payload("/book_technician").say("oven").say("it does not heat").say("LS6 2AB")
    talk.press(talk.titles[0]).say("ann..lee@example.com")
    assert talk.slot("email") is None
    assert talk.say("Ann.Lee@Example.com").slot("email") == "ann.lee@example.com"
