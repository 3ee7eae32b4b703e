"""Sending an order back: what the form hears, what it offers, and what is registered or handed over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.ask_confirm_return import AskConfirmReturn
from actions.ask_return_method import AskReturnMethod
from actions.return_item import ReturnItem
from actions.return_methods import collection
from actions.return_reasons import OFFERED, read_reason
from actions.shop.model import ReturnReason, ReturnRequest, Visitor
from actions.shop.seed import DEMO_ORDERS
from actions.shop.sqlite_shop import SqliteShop
from actions.validate_return_item_form import ValidateReturnItemForm
from tests.unit.actions.conftest import Clock
from tests.unit.kit.talk import Talk

pytestmark = pytest.mark.usefixtures("wired")
Begin = Callable[..., Talk]

MONDAY, FRIDAY, SATURDAY = date(2026, 11, 23), date(2026, 11, 27), date(2026, 11, 28)
BY_SIX = {demo.six: demo for demo in DEMO_ORDERS}
SHIPPED, DEAR, CANCELLED = BY_SIX["100002"], BY_SIX["310007"], BY_SIX["420015"]
ON_THE_VAN = BY_SIX["100001"]
IN_TIME, FRIDGE, LATE = BY_SIX["430024"], BY_SIX["430031"], BY_SIX["430048"]
ORDER = {"order_number": IN_TIME.number, "postcode": IN_TIME.postcode}
DOMAIN = Path(__file__).resolve().parents[3] / "domain.yml"


def _opened(talk: Begin, demo: Any) -> Talk:
    """A form that opens with order and postcode in one sentence."""
    known = {"order_number": demo.number, "postcode": demo.postcode}
    conversation = talk(form="return_item_form").customer("return it", "return_item", known)
    return conversation.mapped(**known)


@pytest.fixture
def asked_how(talk: Begin) -> Talk:
    """A return that has come to the way, with three days and the store on offer."""
    slots = {**ORDER, "return_reason": "I changed my mind", "requested_slot": "return_method"}
    conversation = talk(form="return_item_form", slots=slots)
    conversation.customer("I changed my mind").run(AskReturnMethod())
    return conversation


@pytest.fixture
def summed_up(talk: Begin) -> Talk:
    """A return that only wants a yes."""
    known = {**ORDER, "return_reason": "it hums", "return_method": collection(MONDAY)}
    return talk(form="return_item_form", slots={**known, "requested_slot": "confirm_return"})


def test_the_buttons_of_the_question_are_the_reasons_that_are_known() -> None:
    """What a button says is what it sends, and none is only another word for "other"."""
    (question,) = yaml.safe_load(DOMAIN.read_text())["responses"]["utter_ask_return_item_form_return_reason"]
    assert [button["title"] for button in question["buttons"]] == list(OFFERED)
    for button in question["buttons"]:
        assert button["payload"] == f'/inform{{{{"return_reason": "{button["title"]}"}}}}'


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("It is faulty", ReturnReason.FAULTY),
        ("it doesn't work any more", ReturnReason.FAULTY),
        ("The door is BROKEN", ReturnReason.FAULTY),
        ("it came dented", ReturnReason.DAMAGED),
        ("it arrived broken", ReturnReason.DAMAGED),
        ("you sent the wrong model", ReturnReason.WRONG_ITEM),
        ("I've changed my mind", ReturnReason.CHANGED_MIND),
        ("I don't want it, it leaks", ReturnReason.FAULTY),
        ("too loud for our kitchen", ReturnReason.CHANGED_MIND),
        ("nothing is broken, we just don't need it", ReturnReason.OTHER),
        ("my landlord has bought one", ReturnReason.OTHER),
    ],
)
def test_own_words_amount_to_a_reason(words: str, reason: ReturnReason) -> None:
    """Only what is our fault is collected free of charge."""
    assert read_reason(words) is reason


@pytest.mark.parametrize("demo", [SHIPPED, CANCELLED, LATE, DEAR], ids=lambda demo: demo.six)
def test_an_order_that_cannot_go_back_ends_the_form_at_once(talk: Begin, demo: Any) -> None:
    """Nobody explains their reasons in vain."""
    answer = _opened(talk, demo).run(ValidateReturnItemForm())
    assert answer.events[-1] == {"event": "slot", "name": "requested_slot", "value": None, "timestamp": None}
    assert answer.said == []


def test_an_order_that_can_go_back_goes_on(talk: Begin) -> None:
    """And nothing of an earlier return is left."""
    conversation = _opened(talk, IN_TIME)
    conversation.slots.update(return_reason="old", return_method="store")
    answer = conversation.run(ValidateReturnItemForm())
    assert answer.slots["order_number"] == IN_TIME.number
    assert (conversation.slots["return_reason"], conversation.slots["return_method"]) == (None, None)
    assert "requested_slot" not in answer.slots


def test_wrong_postcodes_count_across_the_forms(talk: Begin, clock: Clock) -> None:
    """Returning is no way around the three tries of tracking."""
    tried = [int(clock()), int(clock())]
    slots = {"order_number": IN_TIME.number, "track_order_tries": tried, "requested_slot": "postcode"}
    conversation = talk(form="return_item_form", slots=slots).customer("M1 1AE", entities={"postcode": "M1 1AE"})
    conversation.mapped(postcode="M1 1AE").run(ValidateReturnItemForm())
    ended = conversation.run(ReturnItem())
    assert ended.said == ["utter_order_not_matched_final"]
    assert ended.handoff is not None
    assert ended.handoff["reason"]["code"] == "repeated_failure"


@pytest.mark.parametrize(
    ("text", "taken"),
    [("no reason", True), ("no, we just don't use it", True), ("no", False), ("no thanks", False)],
)
def test_a_no_is_a_reason_when_it_says_more(talk: Begin, text: str, taken: bool) -> None:
    """Nobody has to give a reason; a bare "no" may mean anything, and is asked about."""
    conversation = talk(form="return_item_form", slots={**ORDER, "requested_slot": "return_reason"})
    conversation.customer(text, "deny").mapped(return_reason=text)
    answer = conversation.run(ValidateReturnItemForm())
    assert answer.slots["return_reason"] == (text if taken else None)
    assert answer.said == ([] if taken else ["utter_hint_return_reason"])


def test_own_words_are_kept_whole(talk: Begin) -> None:
    """An entity in them is only a part."""
    text = "changed my mind, the colour is awful"
    conversation = talk(form="return_item_form", slots={**ORDER, "requested_slot": "return_reason"})
    conversation.customer(text, entities={"return_reason": "changed my mind"}).mapped(return_reason="changed my mind")
    assert conversation.run(ValidateReturnItemForm()).slots["return_reason"] == text


def test_three_days_and_the_store_are_offered_with_their_price(talk: Begin) -> None:
    """What is our fault is collected free of charge."""
    minded = talk(slots={**ORDER, "return_reason": "I changed my mind"}).customer("x").run(AskReturnMethod())
    assert list(minded.choices) == [
        "Collect on Monday 23 November (£25)",
        "Collect on Tuesday 24 November (£25)",
        "Collect on Wednesday 25 November (£25)",
        "Take it to a store (free)",
    ]
    faulty = talk(slots={**ORDER, "return_reason": "It is faulty"}).customer("x").run(AskReturnMethod())
    assert next(iter(faulty.choices)) == "Collect on Monday 23 November (free)"


@pytest.mark.parametrize(
    ("text", "entities", "method"),
    [
        ("on Friday", {"date": FRIDAY.isoformat()}, collection(FRIDAY)),
        ("the first one please", {}, collection(MONDAY)),
        ("I'll take it to a store", {}, "store"),
        ("the last one", {}, "store"),
    ],
)
def test_a_way_can_be_typed(asked_how: Talk, text: str, entities: dict[str, str], method: str) -> None:
    """A weekday, a place in the list, or a store."""
    asked_how.customer(text, entities=entities).mapped(return_method=text)
    assert asked_how.run(ValidateReturnItemForm()).slots["return_method"] == method


@pytest.mark.parametrize("day", [SATURDAY, date(2026, 11, 22), date(2027, 5, 3)])
def test_a_day_on_which_nobody_drives_is_said(asked_how: Talk, day: date) -> None:
    """A Saturday, today, and next spring."""
    asked_how.customer("then", entities={"date": day.isoformat()}).mapped(return_method=day.isoformat())
    answer = asked_how.run(ValidateReturnItemForm())
    assert answer.said == ["utter_no_collection_then"]
    assert answer.slots["return_method"] is None


def test_what_is_no_way_is_met_with_a_hint(asked_how: Talk) -> None:
    """And asked for again."""
    answer = asked_how.customer("banana").mapped(return_method="banana").run(ValidateReturnItemForm())
    assert answer.said == ["utter_hint_return_method"]
    assert answer.slots["return_method"] is None


def test_yes_with_another_day_is_no_yes(summed_up: Talk) -> None:
    """Nothing is registered that the customer has not seen summed up."""
    summed_up.customer("yes but on Friday", "affirm", {"date": FRIDAY.isoformat()}).mapped(confirm_return=True)
    answer = summed_up.run(ValidateReturnItemForm())
    assert answer.slots["return_method"] == collection(FRIDAY)
    assert answer.slots["confirm_return"] is None


def test_no_and_a_store_changes_the_way(summed_up: Talk) -> None:
    """In the customer's own words."""
    text = "no, I'd rather drop it off"
    answer = summed_up.customer(text, "deny").mapped(confirm_return=False).run(ValidateReturnItemForm())
    assert answer.slots["return_method"] == "store"
    assert summed_up.slots.get("return_change_asked") is None


def test_a_plain_no_asks_what_to_change(summed_up: Talk) -> None:
    """With buttons for what can be."""
    summed_up.customer("no", "deny").mapped(confirm_return=False).run(ValidateReturnItemForm())
    question = summed_up.run(AskConfirmReturn())
    assert question.said == ["utter_what_to_change_in_return"]
    assert list(question.choices) == ["Another day or way", "Another reason", "Don't return it"]


@pytest.mark.parametrize("slot", ["return_reason", "return_method"])
def test_another_one_asks_for_it_again(summed_up: Talk, slot: str) -> None:
    """The old value is gone, the rest stays."""
    summed_up.customer(f'/inform{{"{slot}": "again"}}', entities={slot: "again"})
    summed_up.mapped(**{slot: "again", "confirm_return": "again"}).run(ValidateReturnItemForm())
    assert summed_up.slots[slot] is None
    assert summed_up.slots["order_number"] == IN_TIME.number
    assert summed_up.slots["confirm_return"] is None


def test_what_must_be_unused_is_said_unless_it_is_our_fault(summed_up: Talk) -> None:
    """Before the yes, not after it."""
    summed_up.customer("x")
    assert summed_up.run(AskConfirmReturn()).said == ["utter_return_must_be_unused", "utter_confirm_return_collection"]
    summed_up.slots.update(return_reason="It is faulty", return_method="store")
    assert summed_up.run(AskConfirmReturn()).said == ["utter_confirm_return_store"]


def test_a_return_is_registered_once_and_says_what_happens_next(summed_up: Talk, shop: SqliteShop) -> None:
    """The same turn again finds its own return."""
    summed_up.slots["confirm_return"] = True
    summed_up.customer("yes", "affirm")
    before = dict(summed_up.slots), list(summed_up.events)
    first = summed_up.run(ReturnItem())
    summed_up.slots, summed_up.events = before
    second = summed_up.run(ReturnItem())
    assert first.said == second.said == ["utter_return_registered", "utter_return_collected"]
    assert first.messages == second.messages
    registered = shop.find_return(IN_TIME.number)
    assert registered is not None
    assert registered.collect_on == MONDAY
    assert first.messages[0]["reference"] == registered.reference
    assert first.slots["return_reason"] is None


def test_a_fridge_has_to_be_defrosted(talk: Begin) -> None:
    """Only when somebody carries it out of the house."""
    slots = {"order_number": FRIDGE.number, "postcode": FRIDGE.postcode, "return_reason": "too big"}
    slots |= {"return_method": collection(MONDAY), "confirm_return": True}
    assert talk(slots=slots).customer("yes", "affirm").run(ReturnItem()).said[-1] == "utter_return_defrost"


def test_an_order_with_a_return_gets_its_number_again(talk: Begin, shop: SqliteShop) -> None:
    """Not a second return."""
    shop.register_return(ReturnRequest(IN_TIME.number, ReturnReason.OTHER, "too big", None), Visitor("bob"), "earlier")
    conversation = _opened(talk, IN_TIME)
    assert conversation.run(ValidateReturnItemForm()).slots["requested_slot"] is None
    assert conversation.run(ReturnItem()).said == ["utter_return_exists", "utter_return_to_store"]


def test_a_day_that_filled_up_meanwhile_is_said_and_others_are_offered(
    summed_up: Talk, shop: SqliteShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has to be said again but the day."""
    monkeypatch.setattr("actions.shop.sqlite_returns.COLLECTIONS_A_DAY", 0)
    summed_up.slots["confirm_return"] = True
    answer = summed_up.customer("yes", "affirm").run(ReturnItem())
    assert answer.said == ["utter_no_collection_then"]
    assert "followup" in answer.kinds
    assert (answer.slots["return_method"], answer.slots["confirm_return"]) == (None, None)
    assert shop.find_return(IN_TIME.number) is None


@pytest.mark.parametrize(
    ("demo", "said", "why"),
    [(LATE, "utter_return_too_late", "return period"), (DEAR, "utter_return_of_value", "approval")],
    ids=["late", "dear"],
)
def test_what_a_rule_wants_a_person_for_is_handed_over(talk: Begin, demo: Any, said: str, why: str) -> None:
    """The customer hears why; the agent has the facts, and the customer no ceiling and no grade."""
    slots = {"order_number": demo.number, "postcode": demo.postcode}
    answer = talk(slots=slots).customer("return it", "return_item").run(ReturnItem())
    assert answer.said == [said]
    assert answer.handoff is not None
    assert answer.handoff["reason"]["code"] == "policy"
    assert why in answer.handoff["reason"]["evidence"]
    assert answer.handoff["slots"]["order_number"]["value"] == demo.number


@pytest.mark.parametrize(
    ("demo", "said"),
    [
        (SHIPPED, "utter_return_not_delivered"),
        (ON_THE_VAN, "utter_return_on_the_van"),
        (CANCELLED, "utter_return_cancelled"),
    ],
)
def test_what_was_never_delivered_is_said_and_another_order_can_be_named(talk: Begin, demo: Any, said: str) -> None:
    """No person is needed for that."""
    slots = {"order_number": demo.number, "postcode": demo.postcode}
    answer = talk(slots=slots).customer("return it", "return_item").run(ReturnItem())
    assert answer.said == [said]
    assert answer.handoff is None
    assert "Return another order" in answer.choices
    assert answer.slots["order_number"] is None


def test_nobody_is_told_to_cancel_what_is_on_the_van(talk: Begin) -> None:
    """It can be refused at the door, and that is what the button leads to."""
    slots = {"order_number": ON_THE_VAN.number, "postcode": ON_THE_VAN.postcode}
    answer = talk(slots=slots).customer("return it", "return_item").run(ReturnItem())
    assert list(answer.choices) == ["What I can do on the day", "Return another order"]


def test_a_shadow_turn_registers_nothing(summed_up: Talk, shop: SqliteShop) -> None:
    """It only tries what would be said."""
    summed_up.slots["confirm_return"] = True
    summed_up.customer("yes", "affirm", metadata={"message_id": "m", "shadow": True})
    answer = summed_up.run(ReturnItem())
    assert answer.outcome is not None
    assert answer.outcome["ok"] is False
    assert shop.find_return(IN_TIME.number) is None
