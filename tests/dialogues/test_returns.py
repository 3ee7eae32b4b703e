"""Sending something back, by buttons, by typing, with corrections, questions, and what only a person may decide."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from actions.return_methods import collection
from actions.shop.model import Order
from actions.shop.return_rules import Verdict, judge
from actions.shop.seed import DEMO_ORDERS, orders, today_in_the_shop
from actions.shop.sqlite_shop import SqliteShop
from actions.wording import spoken_day
from bot.handoff.request import HandoffRequest
from tests.processes import Brain, Dialogue

BY_SIX = {demo.six: demo for demo in DEMO_ORDERS}
SHIPPED, DEAR, CANCELLED, LATE = BY_SIX["100002"], BY_SIX["310007"], BY_SIX["420015"], BY_SIX["430048"]


def _returnable(brain: Brain) -> Order:
    """An order that may go back and has not yet, whatever the other tests have sent back."""
    shop, today = SqliteShop(brain.shop_database), today_in_the_shop()
    return next(
        order
        for order in orders(today)
        if judge(order, today) is Verdict.ALLOWED and shop.find_return(order.number) is None
    )


def _to_the_reason(brain: Brain, order: Order) -> Dialogue:
    """A conversation in which the reason is asked for."""
    talk = brain.talk().say("I want to send something back")
    assert "order number" in talk.said
    talk.say(order.number)
    assert "postcode" in talk.said
    return talk.say(order.postcode)


def _to_the_summary(brain: Brain, order: Order) -> Dialogue:
    talk = _to_the_reason(brain, order)
    talk.press("I changed my mind")
    return talk.press(talk.titles[0])


def test_a_customer_returns_with_buttons(brain: Brain) -> None:
    """Number, postcode, reason, day, yes; and what happens next."""
    order = _returnable(brain)
    day = SqliteShop(brain.shop_database).collection_days(today_in_the_shop())[0]
    talk = brain.talk().press_payload("/return_item").say(order.number).say(order.postcode)
    assert talk.titles[0] == "I changed my mind"
    talk.press("It arrived damaged")
    assert talk.titles[0] == f"Collect on {spoken_day(day)} (free)"
    talk.press(talk.titles[0])
    assert f"returning the {order.product.model} {order.product.kind} from order {order.number}" in talk.said
    assert "(It arrived damaged)" in talk.said
    talk.press("Yes, register it")
    assert re.search(r"Your return number is RT-\d+\.", talk.said)
    assert f"collect it on {spoken_day(day)}, between 7 am and 6 pm" in talk.said
    assert "price of the collection: free" in talk.said
    assert (order.number, "damaged", "It arrived damaged", day.isoformat()) in brain.returned()
    assert talk.open_form is None
    assert talk.last["trace"]["actions"][-1] == {"name": "action_return_item", "ok": True, "error": None}


def test_a_customer_returns_by_typing(brain: Brain) -> None:
    """In their own words all the way."""
    order = _returnable(brain)
    talk = _to_the_reason(brain, order).say("it is far too loud for our kitchen")
    talk.say("I'll take it to a store")
    assert "has all its parts" in talk.said
    assert "it is far too loud for our kitchen" in talk.said
    talk.say("yes please")
    assert "service desk of any of our stores" in talk.said
    assert (order.number, "changed_mind", "it is far too loud for our kitchen", None) in brain.returned()


@pytest.mark.parametrize(
    "reason",
    [
        "I changed my mind",
        "changed our mind",
        "we don't like it",
        "I don't need it any more",
        "it is faulty",
        "it arrived damaged",
        "the door is dented",
        "it is the wrong item",
        "no particular reason",
        "it does not heat up",
        "my sister gave us hers",
    ],
)
def test_a_reason_can_be_typed(brain: Brain, reason: str) -> None:
    """Also one that would mean something else out of the blue: "I changed my mind" is no wish to stop here."""
    talk = _to_the_reason(brain, _returnable(brain)).say(reason)
    assert talk.slot("return_reason") == reason
    assert talk.titles[-1] == "Take it to a store (free)"


def test_changing_ones_mind_about_the_return_itself_leaves_it(brain: Brain) -> None:
    """When more is said than a reason."""
    talk = _to_the_reason(brain, _returnable(brain)).say("please stop, I'd rather not go on with this")
    assert "leave it there" in talk.said
    assert talk.open_form is None


def test_everything_said_at_once_is_not_asked_again(brain: Brain) -> None:
    """Number and postcode with the wish."""
    order = _returnable(brain)
    talk = brain.talk().say(f"I want to return order {order.number}, postcode {order.postcode}")
    assert "Why would you like to send it back?" in talk.said


def test_an_order_just_tracked_is_the_one_that_goes_back(brain: Brain) -> None:
    """Nothing is asked that was said."""
    order = _returnable(brain)
    talk = brain.talk().say(f"track my order {order.number}, postcode {order.postcode}")
    assert "was delivered" in talk.said
    assert "Why would you like to send it back?" in talk.say("I want to send it back").said


def test_another_persons_order_cannot_be_sent_back(brain: Brain) -> None:
    """The postcode must match, and wrong ones count together with those of tracking."""
    order = _returnable(brain)
    talk = brain.talk().say("track my order").say(order.number).say("M1 1AE").say("M1 1AF").say("stop")
    talk.say("I want to send something back")
    talk.say("M1 1AH")
    assert "can't match" in talk.said
    assert talk.handoff["reason"]["code"] == "repeated_failure"
    assert talk.open_form is None


def test_the_same_turn_taken_twice_registers_one_return(brain: Brain) -> None:
    """A turn that the gateway takes again, because an answer was lost, changes nothing and says the same."""
    order = _returnable(brain)
    talk = _to_the_summary(brain, order)
    before, state = brain.returned(), talk.state
    same = {"conversation_id": talk.conversation_id, "message_id": f"the-same-{order.number}"}
    yes = {"type": "choice", "payload": "/affirm", "title": "Yes, register it"}
    first, second = brain.take_turn(yes, state, **same), brain.take_turn(yes, state, **same)
    assert first["replies"] == second["replies"]
    assert "Your return number is RT-" in first["replies"][0]["text"]
    assert len(brain.returned()) == len(before) + 1


def test_an_order_goes_back_once(brain: Brain) -> None:
    """Another conversation gets the number that there is."""
    order = _returnable(brain)
    said = _to_the_summary(brain, order).press("Yes").said
    number = re.search(r"RT-\d+", said)
    assert number is not None
    before = brain.returned()
    talk = brain.talk().say("I want to send something back").say(order.number).say(order.postcode)
    assert f"You already have a return for order {order.number}" in talk.said
    assert f"Its number is {number[0]}" in talk.said
    assert (talk.open_form, brain.returned()) == (None, before)


def test_what_is_not_delivered_yet_cannot_go_back(brain: Brain) -> None:
    """The customer learns how to cancel it instead, and may name another order."""
    talk = brain.talk().say("I want to send something back").say(SHIPPED.number).say(SHIPPED.postcode)
    assert "hasn't been delivered yet" in talk.said
    assert (talk.open_form, talk.handoff) == (None, None)
    state = talk.state
    assert talk.press("How to cancel").citations == ["cancel-order"]
    talk.state = state
    talk.last = {"replies": [{"choices": [{"title": "Return another order", "payload": "/return_item"}]}]}
    assert "order number" in talk.press("Return another order").said


def test_what_was_cancelled_cannot_go_back(brain: Brain) -> None:
    """It never left."""
    talk = brain.talk().say(f"I want to return order {CANCELLED.number}, postcode {CANCELLED.postcode}")
    assert "was cancelled on" in talk.said
    assert (talk.open_form, talk.handoff) == (None, None)


@pytest.mark.parametrize(
    ("demo", "said", "why"),
    [
        (LATE, "The time in which this order could be returned is over", "return period"),
        (DEAR, "A return of this value needs the approval", "approval"),
    ],
    ids=["too late", "dear"],
)
def test_a_rule_of_the_company_wants_a_person(brain: Brain, demo: object, said: str, why: str) -> None:
    """Too late, or worth more than the assistant may decide: handed over, with the facts for the agent alone."""
    before = brain.returned()
    talk = brain.talk().say("I want to send something back").say(demo.number)  # type: ignore[attr-defined]
    talk.say(demo.postcode)  # type: ignore[attr-defined]
    assert talk.handoff is not None
    request = HandoffRequest.from_json(talk.handoff)
    assert request.code == "policy"
    assert why in request.evidence
    assert demo.number in request.evidence  # type: ignore[attr-defined]
    assert len(talk.texts) == 1
    assert talk.said.startswith(said)
    assert "£" not in talk.said
    assert (talk.open_form, brain.returned()) == (None, before)


def test_a_day_can_be_named_and_corrected(brain: Brain) -> None:
    """At the question, and once more at the summary."""
    order = _returnable(brain)
    free = SqliteShop(brain.shop_database).collection_days(today_in_the_shop() + timedelta(days=1))
    first, second = free[0], free[1]
    talk = _to_the_reason(brain, order).press("It doesn't fit").say(f"{first:%A} please")
    assert f"on {spoken_day(first)} (price of the collection: £25" in talk.said
    talk.say(f"no, {second:%A}")
    assert f"on {spoken_day(second)} (price of the collection: £25" in talk.said
    assert talk.slot("return_method") == collection(second)
    talk.press("Yes")
    assert (order.number, "changed_mind", "It doesn't fit or suit us", second.isoformat()) in brain.returned()


def test_the_way_can_be_corrected_in_own_words_at_the_summary(brain: Brain) -> None:
    """A store instead of a collection."""
    talk = _to_the_summary(brain, _returnable(brain)).say("no, I'd rather take it to a store")
    assert "You'll take it to one of our stores" in talk.said
    assert "Shall I register the return?" in talk.said


def test_a_plain_no_asks_what_to_change(brain: Brain) -> None:
    """And another reason is asked for without losing the rest."""
    talk = _to_the_summary(brain, _returnable(brain)).press("No, change something")
    assert "What would you like to change?" in talk.said
    talk.press("Another reason")
    assert "Why would you like to send it back?" in talk.said
    talk.press("It is faulty")
    assert "price of the collection: free" in talk.said


def test_the_order_can_be_corrected_at_the_summary(brain: Brain) -> None:
    """The postcode of the other order proves that it is theirs, too."""
    order = _returnable(brain)
    talk = _to_the_summary(brain, order).say(f"no, the order number is {SHIPPED.number}")
    assert "number and postcode together" in talk.said or "postcode" in talk.said
    assert talk.open_form == "return_item_form"
    assert "hasn't been delivered yet" in talk.say(SHIPPED.postcode).said


def test_a_weekend_is_refused_and_offered_again(brain: Brain) -> None:
    """Crews do not drive then."""
    talk = _to_the_reason(brain, _returnable(brain)).press("It is faulty").say("on Saturday")
    assert "nobody can collect it on Saturday" in talk.said
    assert "Take it to a store (free)" in talk.titles


@pytest.mark.parametrize("place", ["reason", "summary"])
def test_a_question_in_the_middle_is_answered_and_the_return_goes_on(brain: Brain, place: str) -> None:
    """Nothing that was said is lost."""
    order = _returnable(brain)
    talk = _to_the_reason(brain, order) if place == "reason" else _to_the_summary(brain, order)
    asked = talk.texts[-1]
    before = brain.returned()
    talk.say("how long does a refund take?")
    assert talk.citations == ["refund-times"]
    assert talk.texts[-1].endswith(asked.rpartition(". ")[2])
    assert talk.open_form == "return_item_form"
    assert (talk.slot("order_number"), brain.returned()) == (order.number, before)


def test_stop_leaves_the_return(brain: Brain) -> None:
    """Nothing is registered."""
    talk, before = _to_the_summary(brain, _returnable(brain)), brain.returned()
    talk.say("stop")
    assert "leave it there" in talk.said
    assert (talk.open_form, brain.returned()) == (None, before)


def test_asking_for_a_person_in_the_middle_hands_over(brain: Brain) -> None:
    """With everything that was said, and what is still missing."""
    order = _returnable(brain)
    talk = _to_the_reason(brain, order).press("It is faulty").say("can I talk to a real person please")
    assert talk.handoff is not None
    assert talk.handoff["open_form"] == {"name": "return_item_form", "missing": ["return_method", "confirm_return"]}
    assert talk.handoff["slots"]["return_reason"]["value"] == "It is faulty"
    assert talk.open_form is None


def test_a_shadow_turn_registers_nothing(brain: Brain) -> None:
    """It says what it can and changes nothing."""
    talk = _to_the_summary(brain, _returnable(brain))
    before = brain.returned()
    yes = {"type": "choice", "payload": "/affirm", "title": "Yes, register it"}
    result = brain.take_turn(yes, talk.state, shadow=True)
    assert brain.returned() == before
    assert result["state"] == talk.state


def test_asking_whether_one_may_is_a_question_and_not_a_wish(brain: Brain) -> None:
    """ "How long do I have" opens no form."""
    talk = brain.talk().say("how many days do I have to return an item?")
    assert talk.open_form is None
    assert talk.citations == ["returns-policy"]
