"""What an action tells the human who takes over: the brain's part of a handoff, from the conversation as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import wiring
from actions.languages import language_of
from actions.return_methods import collection_day
from actions.turn import Event, Turn
from actions.wording import spoken_day, spoken_visit
from bot.contract.names import ACTION_OUTCOME
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest, Intent, KnowledgeTried, OpenForm, Reading, Slot
from bot.handoff.words import worth_telling

CUSTOMER_SLOTS = (
    "order_number",
    "product",
    "problem",
    "return_reason",
    "return_method",
    "postcode",
    "appointment",
    "email",
    "phone",
)
"""What customers tell us, in the order that an agent wants to read it."""

SENSITIVE_SLOTS = frozenset({"email", "phone", "postcode"})
"""What the desk shows masked until an agent asks for it."""

FORM_SLOTS: Mapping[str, tuple[str, ...]] = {
    "track_order_form": ("order_number", "postcode"),
    "book_technician_form": ("product", "problem", "postcode", "appointment", "email", "confirm_booking"),
    "return_item_form": ("order_number", "postcode", "return_reason", "return_method", "confirm_return"),
}
"""What each form asks for; `tests/unit/actions/test_domain.py` holds it against ``domain.yml``."""

GIVING_UP = frozenset(
    {
        "action_hand_to_human",
        "action_not_understood",
        "action_other_language",
        "action_upset_customer",
        "action_welcome_back",
    }
)
"""Actions that only talk: that they went well is no attempt to help."""

# More readings than these tell an agent nothing.
MOST_ALTERNATIVES = 3

NOT_A_QUESTION = frozenset(
    {"ask_for_person", "greet", "thanks", "goodbye", "affirm", "deny", "inform", "stop", "none_of_these", "complain"}
)
"""Intents behind which an earlier question still stands; what a form asked for is an answer, not a question."""


def handoff_request(turn: Turn, code: ReasonCode, evidence: str | None = None) -> Event:
    """The ``handoff-request/1`` for this turn; ``evidence`` is the customer's own words unless it is given."""
    return HandoffRequest(
        code=code,
        evidence=_typed(turn) if evidence is None else evidence,
        last_question=last_question(turn),
        intent=_intent(turn),
        slots={
            name: Slot(turn.slot(name), name in SENSITIVE_SLOTS, *_in_words(name, turn.slot(name)))
            for name in CUSTOMER_SLOTS
            if turn.slot(name) is not None
        },
        open_form=_open_form(turn),
        knowledge_tried=_knowledge_tried(turn),
        actions_tried=_actions_tried(turn),
        language=language_of(turn),
    ).to_json()


def last_question(turn: Turn) -> str:
    """What the customer last wanted to know, in their own words; empty when they only pressed buttons."""
    for said, _ in turn.earlier():
        text = str(said.get("text") or "")
        if text and not text.startswith("/") and _intent_name(said) not in NOT_A_QUESTION:
            return text
    return ""


def _intent_name(said: Mapping[str, Any]) -> str | None:
    name = ((said.get("parse_data") or {}).get("intent") or {}).get("name")
    return None if name is None else str(name)


def _typed(turn: Turn) -> str:
    return "" if turn.is_choice else turn.text


def _intent(turn: Turn) -> Intent | None:
    readings = [Reading(str(read["name"]), float(read.get("confidence") or 0.0)) for read in turn.ranking]
    if not readings:
        return None
    first, *others = readings
    return Intent(first.name, first.confidence, tuple(others[:MOST_ALTERNATIVES]))


def _in_words(name: str, value: Any) -> tuple[str | None, str | None]:
    """Title and text of a slot whose value is an id or a code."""
    if name == "appointment":
        try:
            visit = wiring.shop().appointment_slot(str(value))
        except Exception:  # the shop may be the very thing that failed: a hand-over without the day is better than none
            visit = None
        return "Technician's visit", None if visit is None else spoken_visit(visit)
    if name == "return_method":
        day = collection_day(value)
        return "How it goes back", "to a store" if day is None else f"collected on {spoken_day(day)}"
    return None, None


def _open_form(turn: Turn) -> OpenForm | None:
    if turn.open_form is None:
        return None
    missing = tuple(name for name in FORM_SLOTS.get(turn.open_form, ()) if turn.slot(name) is None)
    return OpenForm(turn.open_form, missing)


def _knowledge_tried(turn: Turn) -> tuple[KnowledgeTried, ...]:
    """The passages of the turns at hand, latest first; of each heading only its best."""
    tried: dict[tuple[str, str], KnowledgeTried] = {}
    for said, followed in turn.earlier():
        if _intent_name(said) in NOT_A_QUESTION:
            continue  # whatever passage came nearest to "thanks" says nothing
        knowledge = (said.get("parse_data") or {}).get("knowledge") or {}
        answered = any(event.get("name") == "action_answer_question" for event in followed)
        shown = (knowledge.get("answer") or {}).get("id") if answered else None
        for passage in knowledge.get("passages") or []:
            place = (str(passage["article"]), str(passage["heading"]))
            found = KnowledgeTried(*place, float(passage["score"]), shown is not None and passage["id"] == shown)
            if place not in tried or found.shown:
                tried[place] = found
    return tuple(tried.values())


def _actions_tried(turn: Turn) -> tuple[ActionTried, ...]:
    tried = []
    for event in turn.tracker.events:
        ended: Any = event.get("value") if event.get("name") == ACTION_OUTCOME else None
        if event.get("event") == "slot" and isinstance(ended, dict):
            if ended.get("ok") and ended.get("name") in GIVING_UP:
                continue
            tried.append(ActionTried(str(ended.get("name")), bool(ended.get("ok")), ended.get("error")))
    return worth_telling(tried)
