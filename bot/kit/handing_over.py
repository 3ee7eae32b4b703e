"""What an action tells the human who takes over: the brain's part of a handoff, from the conversation as it stands."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from bot.contract import names
from bot.contract.names import ACTION_OUTCOME
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import ActionTried, HandoffRequest, Intent, KnowledgeTried, OpenForm, Reading, Slot
from bot.handoff.words import worth_telling
from bot.kit.company import company, content
from bot.kit.languages import language_of
from bot.kit.turn import Event, Turn

logger = logging.getLogger(__name__)

GIVING_UP = frozenset(
    {
        "action_answer_feeling",
        "action_danger",
        "action_hand_to_human",
        "action_leave_form",
        "action_not_understood",
        "action_other_language",
        "action_talk_about_conversation",
        names.TAKES_COMPLAINT,
        "action_upset_customer",
        "action_welcome_back",
    }
)
"""Actions that only talk: that they went well is no attempt to help."""

# More readings than these tell an agent nothing.
MOST_ALTERNATIVES = 3

NOT_A_QUESTION = frozenset(
    {
        *(names.ASK_FOR_PERSON, names.GREET, names.THANKS, names.GOODBYE, names.COMPLAIN, names.FEELING),
        *(names.AFFIRM, names.DENY, names.INFORM, names.STOP, names.NONE_OF_THESE, names.TALK_ABOUT_CONVERSATION),
    }
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
            name: Slot(turn.slot(name), name in company().sensitive, *_in_words(name, turn.slot(name)))
            for name in told_slots()
            if turn.slot(name) is not None
        },
        open_form=_open_form(turn),
        knowledge_tried=_knowledge_tried(turn),
        actions_tried=_actions_tried(turn),
        language=language_of(turn),
    ).to_json()


def last_question(turn: Turn) -> str:
    """What the customer last wanted to know, in their own words; empty when they only pressed buttons."""
    if (turn.message.get("talk") or {}).get("person"):
        return turn.text  # it says itself what the person is wanted for
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


def told_slots() -> Sequence[str]:
    """The slots that hold what customers tell; where the company does not say which, those that its forms ask for."""
    asked = (name for slots in content().forms.values() for name in slots)
    return company().told or tuple(dict.fromkeys(asked))


def _in_words(name: str, value: Any) -> tuple[str | None, str | None]:
    """Title and text of a slot whose value is an id or a code."""
    try:
        words = company().in_words(name, value)
    except Exception:  # the company's system may be the very thing that failed: better without words than no hand-over
        logger.warning("What %s stands for could not be put into words.", name)
        return None, None
    return (None, None) if words is None else (words.title, words.text)


def _open_form(turn: Turn) -> OpenForm | None:
    if turn.open_form is None:
        return None
    missing = tuple(name for name in content().forms.get(turn.open_form, ()) if turn.slot(name) is None)
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
