"""The state that travels with a turn: small, whole, and the same dialogue on the other side."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.dialogue_state import (
    KEPT_TURNS,
    LARGEST_STATE,
    BadStateError,
    done_last,
    restore,
    snapshot,
    stands_of,
)
from tests.brain.small_project import DOMAIN

OPENING: list[Event] = [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


@pytest.fixture(scope="module")
def domain() -> Domain:
    """The small project's."""
    return Domain.from_yaml(DOMAIN)


def turn(text: str, *events: Event) -> list[Event]:
    """A user turn: what was said, what followed, and listening again."""
    heard: dict[str, Any] = {"intent": {"name": "greet", "confidence": 1.0}, "entities": [], "text": text}
    heard["intent_ranking"] = [{"name": f"intent_{place}", "confidence": 0.1} for place in range(10)]
    said = UserUttered(text, heard["intent"], [], heard, metadata={"customer": {"id": "p"}, "shadow": False})
    return [said, *events, ActionExecuted("action_listen")]


def dialogue(domain: Domain, *turns: list[Event]) -> DialogueStateTracker:
    """A dialogue of these turns."""
    return DialogueStateTracker.from_events("c", OPENING + [event for one in turns for event in one], domain.slots)


def through_json(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """The dialogue on the other side of the gateway."""
    return restore(json.loads(json.dumps(snapshot(tracker))), "c", domain)


def texts(tracker: DialogueStateTracker) -> list[str]:
    """What the customer said, as far as it is kept."""
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


def test_a_short_dialogue_comes_back_as_it_was(domain: Domain) -> None:
    """Slots, form, last action and last message."""
    before = dialogue(
        domain,
        turn("hello", ActionExecuted("utter_greet"), BotUttered("Hello")),
        turn("repair", ActionExecuted("repair_form"), ActiveLoop("repair_form"), SlotSet("requested_slot", "product")),
    )
    after = through_json(before, domain)
    assert after.current_slot_values() == before.current_slot_values()
    assert after.active_loop_name == "repair_form"
    assert after.latest_action_name == before.latest_action_name
    assert after.latest_message.text == "repair"
    assert after.past_states(domain) == before.past_states(domain)


def test_old_turns_are_left_out_but_not_what_they_learnt(domain: Domain) -> None:
    """A slot that was filled long ago is still filled."""
    long = [turn(f"message {place}") for place in range(40)]
    after = through_json(dialogue(domain, turn("oven", SlotSet("product", "oven")), *long), domain)
    assert texts(after) == [f"message {place}" for place in range(40 - KEPT_TURNS, 40)]
    assert after.get_slot("product") == "oven"


def test_a_state_grows_no_more_after_the_kept_turns(domain: Domain) -> None:
    """Turn 200 brings as much as turn 10."""
    tracker = dialogue(domain, turn("start", SlotSet("product", "oven")))
    sizes = []
    for place in range(200):
        for event in turn(f"message {place:03}", ActionExecuted("utter_greet"), BotUttered("Hello")):
            tracker.update(event)
        state = snapshot(tracker)
        sizes.append(len(json.dumps(state)))
        tracker = restore(state, "c", domain)
    assert abs(sizes[199] - sizes[10]) < 200
    assert sizes[199] < LARGEST_STATE
    assert tracker.get_slot("product") == "oven"


def test_all_turns_of_an_open_form_are_kept(domain: Domain) -> None:
    """A form looks back to where it was opened."""
    opened = turn(
        "repair", ActionExecuted("repair_form"), ActiveLoop("repair_form"), SlotSet("requested_slot", "product")
    )
    inside = [turn(f"answer {place}", ActionExecuted("repair_form")) for place in range(12)]
    after = through_json(dialogue(domain, *[turn("before")] * 9, opened, *inside), domain)
    assert texts(after) == ["repair", *(f"answer {place}" for place in range(12))]
    assert after.active_loop_name == "repair_form"


def test_a_form_that_has_been_closed_holds_nothing_back(domain: Domain) -> None:
    """Only an open form keeps its turns."""
    opened = turn("repair", ActionExecuted("repair_form"), ActiveLoop("repair_form"))
    closed = turn("the end", ActiveLoop(None), SlotSet("requested_slot", None))
    after = through_json(dialogue(domain, opened, closed, *[turn("later")] * 10), domain)
    assert len(texts(after)) == KEPT_TURNS
    assert after.active_loop is None


def test_a_state_is_never_larger_than_the_gateway_takes(domain: Domain) -> None:
    """The oldest turns go first, those of an open form too; the form stays open."""
    opened = turn(
        "repair", ActionExecuted("repair_form"), ActiveLoop("repair_form"), SlotSet("requested_slot", "problem")
    )
    long = [turn(f"{place} " + "x" * 4000, ActionExecuted("repair_form")) for place in range(30)]
    state = snapshot(dialogue(domain, opened, *long))
    assert len(json.dumps(state).encode()) <= LARGEST_STATE
    after = restore(state, "c", domain)
    assert after.active_loop_name == "repair_form"
    assert after.get_slot("requested_slot") == "problem"
    assert texts(after)[-1].startswith("29 ")


def test_one_enormous_turn_leaves_what_was_learnt(domain: Domain) -> None:
    """Better a short memory than a turn that can never be stored."""
    state = snapshot(dialogue(domain, turn("oven", SlotSet("product", "oven")), turn("x" * 200_000)))
    assert len(json.dumps(state).encode()) <= LARGEST_STATE
    assert restore(state, "c", domain).get_slot("product") == "oven"


def test_what_came_with_a_message_is_not_kept(domain: Domain) -> None:
    """The customer's details are sent with each turn anew, and belong to the gateway."""
    assert '"customer"' not in json.dumps(snapshot(dialogue(domain, turn("hello"))))


def test_what_a_newer_model_no_longer_knows_is_left_out(domain: Domain) -> None:
    """A conversation goes on after a training that removed a slot or a form."""
    state = snapshot(dialogue(domain, turn("hello")))
    state["events"] += [
        {"event": "slot", "name": "gone", "value": 1, "timestamp": 1.0},
        {"event": "active_loop", "name": "gone_form", "timestamp": 1.0},
    ]
    after = restore(state, "c", domain)
    assert "gone" not in after.slots
    assert after.active_loop is None


def test_a_reader_without_rasa_finds_slots_and_form(domain: Domain) -> None:
    """The gateway hands over alone when the brain is gone."""
    opened = turn("repair", ActiveLoop("repair_form"), SlotSet("requested_slot", "problem"), SlotSet("product", "oven"))
    state = snapshot(dialogue(domain, opened))
    assert state["slots"] == {"requested_slot": "problem", "product": "oven"}
    assert state["open_form"] == {"name": "repair_form", "requested_slot": "problem"}


@pytest.mark.parametrize(
    "events",
    [None, "x", [1], [{"event": "explosion"}], [{"event": "user", "parse_data": 7}]],
    ids=str,
)
def test_a_damaged_state_is_refused(domain: Domain, events: Any) -> None:
    """It is the gateway's bug, and no turn is taken with half a memory."""
    with pytest.raises(BadStateError):
        restore({"schema": "dialogue-state/1", "events": events}, "c", domain).past_states(domain)


def decided(intent: str, kind: str, *events: Event) -> list[Event]:
    """A turn in which that was decided."""
    said, *rest = turn("message", *events)
    assert isinstance(said, UserUttered)
    parse = {**said.parse_data, "intent": {"name": intent, "confidence": 1.0}, "decision": {"kind": kind}}
    return [UserUttered("message", parse["intent"], [], parse), *rest]


def test_what_was_done_last_is_the_wish_and_what_was_said_of_it(domain: Domain) -> None:
    """By the form that has ended, whose day no article knows, or by what was done at once; anything else is none."""
    opened = turn("repair", ActionExecuted("repair_form"), ActiveLoop("repair_form"))
    closed = decided("affirm", "act", ActiveLoop(None), BotUttered("Booked: Monday. We shall write."))
    assert done_last(dialogue(domain, opened, closed)) == "repair"
    at_once = decided("repair", "act", BotUttered("Sent. Goodbye."))
    assert done_last(dialogue(domain, at_once)) == "repair, Sent"
    answered = decided("repair", "act", BotUttered("At nine.", {"custom": {"schema": "citation/1"}}))
    greeted, asked = decided("greet", "act", BotUttered("Hello")), decided("repair", "unclear", BotUttered("What?"))
    through = (ActiveLoop("repair_form"), ActiveLoop(None), BotUttered("Order 8 waits in Leeds. Bring the code."))
    assert done_last(dialogue(domain, decided("inform", "act", *through))) == "repair, Order 8 waits in Leeds"
    valued = decided("inform", "act", BotUttered("Order 7 waits in York. Bring the code."))
    assert done_last(dialogue(domain, valued)) == "Order 7 waits in York"
    what_for = decided("inform", "act", BotUttered("Thanks. What shall I do with that?"))
    for other in ([answered], [greeted], [asked], [opened], [at_once, greeted], [what_for], []):
        assert done_last(dialogue(domain, *other)) == ""


def test_only_something_to_do_counts_as_offered(domain: Domain) -> None:
    """A person and a yes are always to be had."""
    for payload, offers in (("/repair", True), ("/ask_for_person", False), ("/affirm", False)):
        said = BotUttered("Shall I?", {"buttons": [{"title": "Yes", "payload": payload}]})
        assert stands_of(dialogue(domain, turn("it leaks", said))).offers is offers
