"""Places where Rasa does work in every turn that need be done once, or not at all.

Nothing else changes: what Rasa decides, answers and refuses is the same, and tests say so by comparing the two.
"""

from __future__ import annotations

from typing import Any

import rasa.core.actions.forms
import rasa.core.policies.memoization
import rasa.core.policies.rule_policy
import rasa.core.processor
from jsonschema import Draft202012Validator
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain import past_states, rules_by_step
from bot.brain.straight_line import StraightLineRunner

_ANSWER = Draft202012Validator(RemoteAction.action_response_format_spec())

_COPY_FOR_LINES = (
    rasa.core.actions.forms,
    rasa.core.policies.memoization,
    rasa.core.policies.rule_policy,
    rasa.core.processor,
)
"""Rasa's modules that copy events and states for the lines of a debug log, and copy nothing else."""


def install() -> None:
    """Put the quicker ways in place, in this process; for serving, where nobody reads a debug log."""
    RemoteAction._validate_action_result = _validate_action_result
    RulePolicy.format_tracker_states = staticmethod(_no_line)
    Slot.__copy__ = _copy_of_slot
    for module in _COPY_FOR_LINES:
        module.copy = _NoCopies
    Domain.is_empty = _is_empty
    DialogueStateTracker.applied_events = _applied_events
    past_states.install()
    rules_by_step.install()


def straighten(agent: Agent) -> None:
    """Let a loaded model run without dask."""
    agent.processor.graph_runner = StraightLineRunner.of(agent.processor.graph_runner)


def _validate_action_result(self: RemoteAction, result: Any) -> bool:
    """Rasa's check of an action server's answer.

    Rasa checks the schema itself first, each time. It is constant, and that took some 20 ms of each call on two cores;
    a form makes up to three calls for one message.
    """
    _ANSWER.validate(result)
    return True


def _copy_of_slot(self: Slot) -> Slot:
    """What `copy.copy` makes of a slot, without its detour: Rasa copies each slot some twenty times a turn."""
    copied = object.__new__(type(self))
    copied.__dict__.update(self.__dict__)
    return copied


_TAKE_NOTHING_BACK = frozenset({ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, SlotSet, UserUttered})
"""Kinds of events that leave those before them as they are, where no form is among them."""

_APPLIED_EVENTS = DialogueStateTracker.applied_events
_IS_EMPTY = Domain.is_empty


def _applied_events(self: DialogueStateTracker) -> list[Event]:
    """Rasa's search for what was taken back, left out where nothing can have been: asked for some ten times a turn."""
    if _TAKE_NOTHING_BACK.issuperset(map(type, self.events)):
        return list(self.events)
    return _APPLIED_EVENTS(self)


def _is_empty(self: Domain) -> bool:
    """Rasa compares each message's domain with an empty one that it makes for this; a loaded one does not change."""
    if _EMPTY not in self.__dict__:
        self.__dict__[_EMPTY] = _IS_EMPTY(self)
    return self.__dict__[_EMPTY]


_EMPTY = "_warmline_is_empty"


class _NoCopies:
    """Stands for the module `copy` where copies are made for log lines that are left out (`bot/brain/quiet.py`)."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        """The value itself: nothing is written of it."""
        return value


def _no_line(states: list[State]) -> str:
    """A description of the states, for a log line that is left out."""
    return ""
