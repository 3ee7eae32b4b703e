"""The quicker memoization remembers what Rasa's own remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.components.memoization import WarmlineMemoization


def heard(intent: str) -> list[Event]:
    """The customer says something of this intent."""
    return [ActionExecuted("action_listen"), UserUttered("…", {"name": intent, "confidence": 1.0})]


STORY = [*heard("greet"), ActionExecuted("utter_greet"), *heard("affirm")]
DIALOGUES = {
    "a story": STORY,
    "a story after something else": [*heard("repair"), ActionExecuted("utter_booked"), *STORY],
    "a story with a slot more": [SlotSet("product", "oven"), *STORY],
    "the first step": heard("greet"),
    "no story": [*heard("repair"), ActionExecuted("utter_booked"), *heard("affirm")],
    "nothing yet": [],
}


@pytest.fixture(scope="module")
def agent(model: Path) -> Agent:
    """The small project's model, loaded."""
    return Agent.load(str(model))


@pytest.mark.parametrize("events", DIALOGUES.values(), ids=DIALOGUES)
def test_it_predicts_what_rasas_own_predicts(agent: Agent, events: list[Event]) -> None:
    """With a story, inside one, and without."""
    policy = next(
        node._component
        for node in agent.processor.graph_runner._instantiated_nodes.values()
        if isinstance(node._component, WarmlineMemoization)
    )
    tracker = DialogueStateTracker.from_events("c", events, agent.domain.slots)
    ours = policy.predict_action_probabilities(tracker, agent.domain).probabilities
    own = AugmentedMemoizationPolicy.recall
    states = policy._prediction_states(tracker, agent.domain)
    expected = own(policy, states, tracker, agent.domain, None)
    name = agent.domain.action_names_or_texts[ours.index(max(ours))] if any(ours) else None
    assert name == expected
