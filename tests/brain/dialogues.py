"""Dialogues at random, for comparing a quicker way of ours with Rasa's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

DOMAIN = """
version: "3.1"
intents: [greet, affirm, repair]
entities: [product]
slots:
  mood: {type: categorical, values: [good, bad], mappings: [{type: custom}]}
  urgent: {type: bool, initial_value: true, mappings: [{type: custom}]}
  note: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms:
  repair_form: {required_slots: [note]}
actions: [action_answer]
responses:
  utter_greet: [{text: "Hello."}]
"""

SLOTS: dict[str, list[Any]] = {"mood": ["good", "bad", None], "urgent": [True, False], "note": ["it leaks", None]}

Moment = Callable[[], list[Event]]


def small_domain() -> Domain:
    """Slots that stories see and one that they do not, and a form."""
    return Domain.from_yaml(DOMAIN)


def heard(intent: str, text: str, product: bool) -> Moment:
    """The customer says something, after the bot has listened."""
    entities = [{"entity": "product", "value": "oven", "start": 0, "end": 1}] if product else []
    return lambda: [ActionExecuted("action_listen"), UserUttered(text, {"name": intent}, list(entities))]


def done(action: str, hidden: bool) -> Moment:
    """The bot does something, in a turn that stories may not see."""
    return lambda: [DefinePrevUserUtteredFeaturization(False), ActionExecuted(action, hide_rule_turn=hidden)]


def _happened() -> strategies.SearchStrategy[Moment]:
    """What else there is; made anew each time, since some events change others."""
    slots = [
        (lambda name=name, value=value: [SlotSet(name, value)]) for name, values in SLOTS.items() for value in values
    ]
    return strategies.sampled_from(
        [
            *slots,
            lambda: [ActiveLoop("repair_form")],
            lambda: [ActiveLoop(None)],
            lambda: [ActionExecutionRejected("repair_form")],
            lambda: [LoopInterrupted(True)],
            lambda: [BotUttered("Hello.")],
            lambda: [FollowupAction("utter_greet")],
            lambda: [UserUtteranceReverted()],
            lambda: [ActionReverted()],
            lambda: [AllSlotsReset()],
            lambda: [Restarted()],
        ]
    )


def moments() -> strategies.SearchStrategy[list[Moment]]:
    """What happens in a dialogue, one thing after the other."""
    says = strategies.builds(
        heard, strategies.sampled_from(["greet", "affirm", "repair"]), strategies.just("…"), strategies.booleans()
    )
    acts = strategies.builds(
        done, strategies.sampled_from(["utter_greet", "action_answer", "repair_form"]), strategies.booleans()
    )
    return strategies.lists(strategies.one_of(says, acts, says, acts, _happened()), max_size=14)
