"""Tracking an order: the form's check and the action behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.shop.seed import DEMO_ORDERS
from actions.shop.sqlite_shop import SqliteShop
from actions.track_order import TrackOrder
from actions.validate_track_order_form import ValidateTrackOrderForm
from tests.unit.kit.talk import Talk

DEMO = DEMO_ORDERS[0]
pytestmark = pytest.mark.usefixtures("wired")
Begin = Callable[..., Talk]


def _asked_for_postcode(talk: Begin) -> Talk:
    return talk(form="track_order_form", slots={"order_number": DEMO.number, "requested_slot": "postcode"})


def test_a_mistyped_order_number_is_explained(talk: Begin) -> None:
    """Its check digit gives it away; the form asks again."""
    conversation = talk(form="track_order_form", slots={"requested_slot": "order_number"})
    conversation.customer("LF-1000016", entities={"order_number": "LF-1000016"})
    answer = conversation.mapped(order_number="LF-1000016").run(ValidateTrackOrderForm())
    assert answer.said == ["utter_order_number_wrong"]
    assert answer.slots["order_number"] is None


def test_a_postcode_that_matches_is_kept(talk: Begin) -> None:
    """The form is filled, and nothing needs saying."""
    conversation = _asked_for_postcode(talk).customer("ls6 2ab", entities={"postcode": "LS6 2AB"})
    answer = conversation.mapped(postcode="LS6 2AB").run(ValidateTrackOrderForm())
    assert answer.said == []
    assert answer.slots["postcode"] == "LS6 2AB"


@pytest.mark.parametrize("number", [DEMO.number, "LF-9999993"])
def test_a_wrong_postcode_sounds_the_same_whether_or_not_the_order_exists(talk: Begin, number: str) -> None:
    """Nobody learns from us which numbers exist."""
    conversation = _asked_for_postcode(talk)
    conversation.slots["order_number"] = number
    conversation.customer("M1 1AE", entities={"postcode": "M1 1AE"})
    answer = conversation.mapped(postcode="M1 1AE").run(ValidateTrackOrderForm())
    assert answer.said == ["utter_order_and_postcode_differ"]
    assert (answer.slots["postcode"], len(answer.slots["track_order_tries"])) == (None, 1)


def test_after_three_wrong_tries_the_form_ends_and_a_person_takes_over(talk: Begin) -> None:
    """Also for somebody who then gets it right, or begins again."""
    conversation = _asked_for_postcode(talk)
    for _ in range(3):
        conversation.customer("M1 1AE", entities={"postcode": "M1 1AE"})
        answer = conversation.mapped(postcode="M1 1AE").run(ValidateTrackOrderForm())
    assert answer.events[-1] == {"event": "slot", "name": "requested_slot", "value": None, "timestamp": None}
    ended = conversation.run(TrackOrder())
    assert ended.said == ["utter_order_not_matched_final"]
    assert ended.handoff is not None
    assert ended.handoff["reason"]["code"] == "repeated_failure"
    conversation.slots.update(order_number=DEMO.number, postcode=DEMO.postcode)
    assert conversation.run(TrackOrder()).said == ["utter_order_not_matched_final"]


def test_a_postcode_from_earlier_that_does_not_match_is_no_try(talk: Begin) -> None:
    """It was our guess, not the customer's."""
    conversation = talk(form="track_order_form", slots={"postcode": "M1 1AE"})
    conversation.customer(DEMO.number, "track_order", {"order_number": DEMO.number})
    answer = conversation.mapped(order_number=DEMO.number, postcode="M1 1AE").run(ValidateTrackOrderForm())
    assert answer.said == []
    assert answer.slots["postcode"] is None
    assert "track_order_tries" not in answer.slots


def test_another_order_is_not_the_one_before(talk: Begin) -> None:
    """ "Any news of my order?" still is."""
    known = {"order_number": DEMO.number, "postcode": DEMO.postcode}
    conversation = talk(form="track_order_form", slots=dict(known)).customer("track another order", "track_order")
    assert conversation.mapped(**known).run(ValidateTrackOrderForm()).slots["order_number"] is None
    conversation = talk(form="track_order_form", slots=dict(known)).customer("any news of my order?", "track_order")
    assert conversation.mapped(**known).run(ValidateTrackOrderForm()).slots["order_number"] == DEMO.number


@pytest.mark.parametrize("demo", DEMO_ORDERS, ids=lambda demo: demo.state.value)
def test_each_state_has_its_own_sentence(talk: Begin, demo: object) -> None:
    """With the day that matters and, for a pick-up, the store."""
    answer = talk(slots={"order_number": demo.number, "postcode": demo.postcode}).customer("x").run(TrackOrder())  # type: ignore[attr-defined]
    assert answer.said == [f"utter_order_{demo.state.value}"]  # type: ignore[attr-defined]
    assert answer.messages[0]["day"]
    assert answer.messages[0]["store"] == (demo.store or "")  # type: ignore[attr-defined]
    assert answer.outcome == {"name": "action_track_order", "ok": True, "error": None}


def test_an_interruption_goes_to_the_rules_and_leaves_the_slots_alone(talk: Begin) -> None:
    """The form steps aside for a question, and keeps what it knew."""
    conversation = talk(form="track_order_form", slots={"requested_slot": "postcode"})
    conversation.events.append({"event": "slot", "name": "order_number", "value": DEMO.number})
    conversation.customer("what about LF-1234566?", "knowledge_question", {"order_number": "LF-1234566"})
    answer = conversation.mapped(order_number="LF-1234566").run(ValidateTrackOrderForm())
    assert answer.kinds[-1] == "action_execution_rejected"
    assert answer.slots["order_number"] == DEMO.number
    assert answer.said == []


def test_the_forms_own_wish_said_again_only_asks_again(talk: Begin) -> None:
    """Rejecting it would let the rules open the form that is open, for ever."""
    conversation = _asked_for_postcode(talk).customer("track my order", "track_order").mapped()
    answer = conversation.run(ValidateTrackOrderForm())
    assert "action_execution_rejected" not in answer.kinds
    assert answer.slots == {"postcode": None}


def test_an_answer_of_the_wrong_kind_is_met_with_a_hint(talk: Begin) -> None:
    """What we were looking for, with an example."""
    conversation = _asked_for_postcode(talk).customer("it is red").mapped()
    assert conversation.run(ValidateTrackOrderForm()).said == ["utter_hint_postcode"]


def test_a_shop_that_fails_is_said_and_handed_over(
    talk: Begin, wired: SqliteShop, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """In the same turn, without a word of the customer's in the log."""

    def broken(number: str, postcode: str, *more: object) -> None:
        raise OSError(f"cannot find {postcode}")

    monkeypatch.setattr(wired, "find_order", broken)
    conversation = talk(slots={"order_number": DEMO.number, "postcode": DEMO.postcode}).customer("where is it?")
    answer = conversation.run(TrackOrder())
    assert answer.said == ["utter_technical_failure"]
    assert answer.handoff is not None
    assert answer.handoff["reason"]["code"] == "technical_failure"
    assert answer.outcome == {"name": "action_track_order", "ok": False, "error": "OSError"}
    assert "action_track_order failed with OSError" in caplog.text
    assert DEMO.postcode not in caplog.text


def test_after_a_failure_in_a_forms_check_nothing_contradicts_it(
    talk: Begin, wired: SqliteShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The form ends and its action is called; it must not say that the order was not found."""
    monkeypatch.setattr(wired, "find_order", lambda *pair: 1 / 0)
    conversation = _asked_for_postcode(talk).customer("LS6 2AB", entities={"postcode": "LS6 2AB"})
    answer = conversation.mapped(postcode="LS6 2AB").run(ValidateTrackOrderForm())
    assert answer.said == ["utter_technical_failure"]
    assert conversation.form is None
    assert conversation.run(TrackOrder()).said == []
