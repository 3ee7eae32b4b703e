"""Several values of one kind in a message: none is dropped unsaid."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from actions.shop.seed import DEMO_ORDERS
from tests.processes import Brain, Dialogue


@pytest.fixture(autouse=True)
def _nothing_is_returned_yet(brain: Brain) -> None:
    """Dialogues before these have sent the same orders back."""
    with closing(sqlite3.connect(brain.shop_database, timeout=10)) as connection, connection:
        connection.execute("DELETE FROM returns")


def _asked_for_a_day(brain: Brain) -> Dialogue:
    talk = brain.talk().say("I need to book a technician for my oven").say("it stays cold").say("LS6 2AB")
    assert "visits are available" in talk.said
    return talk


def _asked_how(brain: Brain) -> Dialogue:
    talk = brain.talk().say("I want to return LF-4300315, postcode SK4 3GN").say("too loud")
    assert "How would you like to return it" in talk.said
    return talk


@pytest.mark.parametrize("numbers", ["LF-1000017 and LF-1000025", "LF-1000025 and LF-1000017"])
def test_the_order_of_the_postcode_is_told_and_the_other_named(brain: Brain, numbers: str) -> None:
    """D10, kind 2: whichever is named first; no try is spent, and the other is found by its own postcode."""
    talk = brain.talk().say(f"where are my orders {numbers}? postcode LS6 2AB")
    assert "LF-1000017 (Tern 60 dishwasher) is out for delivery" in talk.said
    assert "LF-1000025 doesn't match that postcode" in talk.said
    assert not talk.slot("track_order_tries")
    assert "LF-1000025 (Heron 9 washing machine) is on its way" in talk.say("M14 5TP").said
    assert talk.open_form is None


def test_three_orders_are_told_one_after_another(brain: Brain) -> None:
    """D10, kind 2: each by the postcode that goes with it."""
    talk = brain.talk().say("where are LF-1000017, LF-1000025 and LF-1000033? postcode LS6 2AB")
    assert "LF-1000025 and LF-1000033 don't match that postcode" in talk.said
    talk.say("YO10 4DD")
    assert "LF-1000033 (Snipe 180 fridge)" in talk.said
    assert "LF-1000025 doesn't match that postcode" in talk.said
    assert "is on its way" in talk.say("M14 5TP").said
    assert not talk.slot("track_order_tries")


def test_more_orders_than_are_looked_up_at_once_are_named(brain: Brain) -> None:
    """D10, kind 2: five are looked at, and the sixth is not dropped unsaid."""
    numbers = [order.number for order in DEMO_ORDERS[:6]]
    talk = brain.talk().say(f"where are {', '.join(numbers)}? postcode LS6 2AB")
    assert f"Please send me {numbers[5]} again after these." in talk.said
    assert "LF-1000017 (Tern 60 dishwasher) is out for delivery" in talk.said


def test_orders_and_postcodes_in_pairs_are_all_told(brain: Brain) -> None:
    """D10, kind 2: each number with the postcode behind it."""
    talk = brain.talk().say("track LF-1000017 at LS6 2AB and LF-1000025 at M14 5TP")
    assert "is out for delivery" in talk.said
    assert "is on its way" in talk.said


def test_the_same_number_twice_is_one_order(brain: Brain) -> None:
    """D10, kind 2: told once, nothing else named."""
    talk = brain.talk().say("where are my orders LF-1000017 and LF-1000017? postcode LS6 2AB")
    assert talk.said.count("LF-1000017") == 1


def test_a_corrected_number_stays_one(brain: Brain) -> None:
    """D10, kind 2: what was taken back is not asked about."""
    talk = brain.talk().say("where is my order LF-1000017, no, LF-1000025").say("M14 5TP")
    assert "is on its way" in talk.said
    assert "LF-1000017" not in talk.said


def test_of_two_postcodes_for_one_order_the_customer_chooses(brain: Brain) -> None:
    """D10, kind 2: neither is guessed."""
    talk = brain.talk().say("track LF-1000017, LS6 2AB or M14 5TP")
    assert talk.titles == ["LS6 2AB", "M14 5TP"]
    assert "is out for delivery" in talk.press("LS6 2AB").said


def test_the_second_return_comes_after_the_first(brain: Brain) -> None:
    """D10, kind 2: it is said at once, and taken up when the first is done."""
    talk = brain.talk().say("i want to return two orders LF-4300240 and LF-4300315")
    assert "begin with LF-4300240, and then do LF-4300315" in talk.said
    talk.say("LS8 1NT").say("I changed my mind").say("to a store").say("yes")
    assert [order for order, *_ in brain.returned()] == ["LF-4300240"]
    assert "Now your other order, LF-4300315" in talk.said
    assert talk.open_form == "return_item_form"
    assert "Why would you" in talk.say("SK4 3GN").said


@pytest.mark.parametrize(
    "days", ["tuesday or wednesday", "either Wednesday or Tuesday", "tuesday and wednesday are fine"]
)
def test_of_two_days_visits_on_both_are_offered(brain: Brain, days: str) -> None:
    """D10, kind 2: nothing is booked at once."""
    talk = _asked_for_a_day(brain).say(days)
    assert any(title.startswith("Tuesday") for title in talk.titles)
    assert any(title.startswith("Wednesday") for title in talk.titles)
    assert not any(title.startswith(("Monday", "Thursday", "Friday")) for title in talk.titles)
    assert talk.slot("appointment") is None


def test_a_day_or_the_week_after_are_both_offered(brain: Brain) -> None:
    """D10, kind 2: the second day is named without its name."""
    talk = _asked_for_a_day(brain).say("wednesday or the week after")
    assert len({title.partition(",")[0] for title in talk.titles if title.startswith("Wednesday")}) == 2


def test_of_two_collection_days_both_are_offered(brain: Brain) -> None:
    """D10, kind 2: beside the store, and none is chosen."""
    talk = _asked_how(brain).say("tuesday or wednesday")
    days = [title for title in talk.titles if title.startswith("Collect")]
    assert [title.split()[2] for title in days] == ["Tuesday", "Wednesday"]
    assert talk.slot("return_method") is None


def test_of_two_e_mail_addresses_the_customer_chooses(brain: Brain) -> None:
    """D10, kind 2: no confirmation goes to the one that was said last."""
    talk = _asked_for_a_day(brain)
    talk.press(talk.titles[0]).say("ada@example.com or bob@example.com")
    assert talk.titles == ["ada@example.com", "bob@example.com"]
    assert "goes to ada@example.com" in talk.press("ada").said


def test_of_two_appliances_the_customer_chooses(brain: Brain) -> None:
    """D10, kind 2: a visit is for one of them; a model beside its kind is no second one."""
    talk = brain.talk().say("I need a technician for my oven and my hob")
    assert "oven or hob. Which one" in talk.said
    assert "What is wrong" in talk.say("the hob").said
    assert talk.slot("product") == "hob"
    assert "What is wrong" in brain.talk().say("I need a technician for my dishwasher, a Tern 45").said
