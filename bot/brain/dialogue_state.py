"""The dialogue state that travels with each turn, as ``dialogue-state/1``.

Rasa rebuilds a dialogue from its events. Kept are the events of the last few user turns, led by events that set what
was true before them: slots and an open form. So a turn costs the same after two hundred turns as after ten.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_TWO_STAGE_FALLBACK_NAME, REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.contract.names import AGREEMENTS, ANSWERS, ASK_FOR_PERSON, COURTESIES, INFORM, SET_BY_THE_PRODUCT
from bot.contract.question import OPEN_FORM
from bot.contract.schemas import CITATION, DIALOGUE_STATE
from bot.contract.trace import ACT
from bot.dialogue import offers
from bot.dialogue.agreements import read_agreements
from bot.dialogue.context import first_sentence
from bot.dialogue.form_input import wish_of_form
from bot.dialogue.shown import shown_in
from bot.dialogue.talk import Stands
from bot.dialogue.talk_memory import reason_of, response_of

KEPT_TURNS = 6
"""User turns: more than the policies look back (config.yml), few enough to keep a turn flat (5 to 8 did in a trial)."""

LARGEST_STATE = 64 * 1024
"""Bytes of the state as JSON (turn.md)."""

KEPT_READINGS = 3
"""Readings of an earlier message that are still worth keeping, for a hand-off's package."""

# Rasa's own slots that say something about a session only, and would be wrong in the next turn.
_PASSING_SLOTS = frozenset({"session_started_metadata"})
# What Rasa adds to a message that is no result of reading it.
_PASSING_DATA = frozenset({"metadata", "message_id", "text_tokens"})
# Written on each event, the same on all, and read by none of our parts.
_REPEATED_METADATA = frozenset({"model_id", "assistant_id"})


NO_FORM = frozenset({None, ACTION_TWO_STAGE_FALLBACK_NAME})
"""What may be open instead of a form: Rasa's two-stage fallback asks for no slot, and any message answers it."""


class BadStateError(Exception):
    """The state that was sent is not one that this brain has answered."""


def restore(state: Mapping[str, Any], sender_id: str, domain: Domain) -> DialogueStateTracker:
    """Rebuild the dialogue; what the domain no longer knows (the model may be newer) is left out."""
    tracker = DialogueStateTracker(sender_id, domain.slots)
    tracker.events.extend(_events(state, domain))
    tracker.replay_events()
    return tracker


def snapshot(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Write the dialogue down; the result is at most :data:`LARGEST_STATE` bytes of JSON."""
    events = list(tracker.events)
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    head = _head(tracker)
    for start in _starts(tracker, events, turns):
        led_in = _lead_in(tracker, events[:start]) if start else []
        state = {**head, "events": [_written(event) for event in (*led_in, *events[start:])]}
        # JSON in ASCII: as many bytes as characters.
        if len(json.dumps(state)) <= LARGEST_STATE:
            return state
    raise ValueError("The dialogue's slots alone are larger than a dialogue state may be.")


def buttons_last_offered(tracker: DialogueStateTracker) -> list[dict[str, str]]:
    """The buttons under what was said since the customer's last message: ``{title, payload}``."""
    offered: list[dict[str, str]] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, BotUttered):
            choices = shown_in(event.data).choices
            offered = [{"title": choice.title, "payload": choice.payload} for choice in choices] + offered
    return offered


def asks_at_the_end(tracker: DialogueStateTracker) -> bool:
    """Whether what the assistant said last is a question."""
    said = next((event for event in reversed(tracker.events) if isinstance(event, BotUttered)), None)
    return said is not None and (said.text or "").rstrip().endswith("?")


def stands_of(tracker: DialogueStateTracker, responses: Collection[str] = ()) -> Stands:
    """What the assistant has said since the customer's last message."""
    said = answered = told = refused = False
    leads_to = ""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            # Who goes on about what was told still means that.
            told = told or ((event.parse_data.get("talk") or {}).get("act") == "disputed")
            leads_to = str((event.parse_data.get("decision") or {}).get("leads_to") or "")
            break
        if isinstance(event, BotUttered):
            said = True
            answered = answered or (event.data.get("custom") or {}).get("schema") == CITATION
            refused = refused or reason_of(response_of(event.metadata), responses) is not None
        if isinstance(event, SlotSet) and event.key == AGREEMENTS:
            latest = next(iter(read_agreements(event.value)), None)
            told = told or (latest is not None and latest.changes is None)
    offered = any(_names_wish(button["payload"]) for button in buttons_last_offered(tracker))
    return Stands(said, answered, offered, told, leads_to if answered else "", refused)


def _names_wish(payload: str) -> bool:
    """Whether a button begins something to do: a person, an article or a yes is none."""
    return offers.intent_of(payload) not in (SET_BY_THE_PRODUCT | COURTESIES | ANSWERS | {ASK_FOR_PERSON, ""})


def done_last(tracker: DialogueStateTracker) -> str:
    """What was done for the customer's last message, and what was said of it at once; empty for an answer or open form.

    "Can my nephew get it?" belongs to "track order, Your order is ready for pick-up", and not to an earlier answer.
    """
    said, ended = "", False
    events = list(tracker.events)
    last = next((place for place in reversed(range(len(events))) if isinstance(events[place], UserUttered)), None)
    if last is None or tracker.active_loop_name:
        return ""
    for event in events[last + 1 :]:
        if isinstance(event, BotUttered):
            if (event.data.get("custom") or {}).get("schema") == CITATION:
                return ""
            said = said or (event.text or "")
        ended = ended or (isinstance(event, ActiveLoop) and event.name is None)
    at_once = _form_before(events[last + 1 :])
    if ended and said and not at_once:
        # What a form has done bears its day and its reference, which no article speaks of.
        return _form_before(events[:last]).replace("_", " ")
    if not at_once and _gives_values(events[last]) and not asks_at_the_end(tracker):
        return first_sentence(said)  # the wish was told before: "LF-1000025 is the one, M14 5TP"
    wish = at_once or _wish_of(events[last])
    return f"{wish.replace('_', ' ')}, {first_sentence(said)}" if wish and said else ""


def _form_before(events: Sequence[Event]) -> str:
    """The wish of the form that was open."""
    opened = next((event for event in reversed(events) if isinstance(event, ActiveLoop) and event.name), None)
    return wish_of_form(opened.name) if opened is not None else ""


def _gives_values(message: Event) -> bool:
    """Whether a message was read as nothing but values, and something was done with them."""
    decided = (getattr(message, "parse_data", {}).get("decision") or {}).get("kind")
    return decided == ACT and str(getattr(message, "intent_name", "") or "") == INFORM


def _wish_of(message: Event) -> str:
    """What a message was read to want, where that was done at once; a courtesy wants nothing."""
    decided = (getattr(message, "parse_data", {}).get("decision") or {}).get("kind")
    intent = str(getattr(message, "intent_name", "") or "")
    return intent if decided == ACT and intent not in (COURTESIES | ANSWERS | {ASK_FOR_PERSON}) else ""


def only_offer(tracker: DialogueStateTracker) -> str | None:
    """The intent of the one thing that was offered last; None where there was none, or a choice."""
    payloads = [button["payload"] for button in buttons_last_offered(tracker)]
    place = offers.only_offer(payloads)
    return offers.intent_of(payloads[place]) if place is not None else None


def last_decision(tracker: DialogueStateTracker) -> str:
    """What was decided about the customer's last message; an empty text for a button, and where there was none."""
    said = tracker.latest_message
    return str(((said.parse_data if said is not None else {}).get("decision") or {}).get("kind") or "")


def _head(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What a reader without Rasa wants to know; :func:`restore` reads the events only."""
    slots = {name: value for name, value in tracker.current_slot_values().items() if value is not None}
    form = tracker.active_loop_name
    return {
        "schema": DIALOGUE_STATE,
        "slots": {name: value for name, value in slots.items() if name not in _PASSING_SLOTS},
        OPEN_FORM: {"name": form, REQUESTED_SLOT: tracker.get_slot(REQUESTED_SLOT)} if form not in NO_FORM else None,
    }


def _starts(tracker: DialogueStateTracker, events: Sequence[Event], turns: Sequence[int]) -> Iterator[int]:
    """Yield where the kept events may start, the best first: each later one leaves one more turn out."""
    wanted = turns[-KEPT_TURNS] if len(turns) > KEPT_TURNS else 0
    if tracker.active_loop_name:
        opened = max(
            place for place, event in enumerate(events) if isinstance(event, ActiveLoop) and event.name is not None
        )
        # The turn that opened the form, or the very beginning when a lead-in had opened it.
        wanted = min(wanted, max((place for place in turns if place < opened), default=0))
    yield wanted
    yield from (place for place in turns if place > wanted)
    yield len(events)


def _lead_in(tracker: DialogueStateTracker, before: Sequence[Event]) -> list[Event]:
    """The shortest events after which the dialogue is where ``before`` had brought it."""
    past = tracker.init_copy()
    past.events.extend(before)
    past.replay_events()
    led: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in past.slots.items()
        if slot.value != slot.initial_value and name not in _PASSING_SLOTS
    ]
    if past.active_loop_name:
        led.append(ActiveLoop(past.active_loop_name))
    led.append(ActionExecuted(ACTION_LISTEN_NAME))
    # Times must not run backwards: Rasa copies a dialogue up to a point in time.
    for event in led:
        event.timestamp = before[-1].timestamp if before else event.timestamp
    return led


def _written(event: Event) -> dict[str, Any]:
    data: dict[str, Any] = event.as_dict()
    metadata = {key: value for key, value in (data.get("metadata") or {}).items() if key not in _REPEATED_METADATA}
    if isinstance(event, UserUttered):
        # What came with a message (customer, shadow) is sent with each turn anew.
        metadata = {}
        parse_data = {key: value for key, value in data["parse_data"].items() if key not in _PASSING_DATA}
        parse_data["intent_ranking"] = parse_data.get("intent_ranking", [])[:KEPT_READINGS]
        data["parse_data"] = parse_data
    if metadata:
        data["metadata"] = metadata
    else:
        data.pop("metadata", None)
    return {key: value for key, value in data.items() if value is not None or key == "value"}


@lru_cache(maxsize=1)
def _event_types() -> dict[str, type[Event]]:
    # Rasa walks all subclasses for each event that it reads.
    return {kind.type_name: kind for kind in all_subclasses(Event)}


def _events(state: Mapping[str, Any], domain: Domain) -> list[Event]:
    written = state.get("events")
    if not isinstance(written, list):
        raise BadStateError("The state holds no events.")
    slots = {slot.name for slot in domain.slots}
    # A loop may be an action too: a company's own, or Rasa's two-stage fallback.
    loops = {*domain.form_names, *domain.action_names_or_texts}
    events = []
    for data in written:
        kind = _event_types().get(data.get("event", "")) if isinstance(data, dict) else None
        if kind is None:
            raise BadStateError("The state holds an event of an unknown kind.")
        try:
            event = kind._from_parameters(dict(data))
        except Exception as error:
            raise BadStateError(f"The state holds a damaged {kind.type_name} event.") from error
        if isinstance(event, SlotSet) and event.key not in slots:
            continue
        if isinstance(event, ActiveLoop) and event.name is not None and event.name not in loops:
            continue
        events.append(event)
    return events
