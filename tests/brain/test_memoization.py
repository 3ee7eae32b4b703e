"""The quicker memoization remembers what Rasa's own remembers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from rasa.core.agent import Agent
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.shared.core.events import ActionExecuted, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.components.memoization import WarmlineMemoization
from tests.brain.dialogues import Moment, moments


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


@pytest.fixture(scope="module")
def policy(agent: Agent) -> WarmlineMemoization:
    """Ours, as it was trained."""
    return next(
        node._component
        for node in agent.processor.graph_runner._instantiated_nodes.values()
        if isinstance(node._component, WarmlineMemoization)
    )


@pytest.fixture(scope="module")
def rasas_own(policy: WarmlineMemoization) -> AugmentedMemoizationPolicy:
    """Rasa's, that knows the same stories."""
    own = AugmentedMemoizationPolicy.__new__(AugmentedMemoizationPolicy)
    own.__dict__.update(policy.__dict__)
    return own


@pytest.mark.parametrize("events", DIALOGUES.values(), ids=DIALOGUES)
def test_it_predicts_what_rasas_own_predicts(
    agent: Agent, policy: WarmlineMemoization, rasas_own: AugmentedMemoizationPolicy, events: list[Event]
) -> None:
    """With a story, inside one, and without."""
    tracker = DialogueStateTracker.from_events("c", events, agent.domain.slots)
    ours = policy.predict_action_probabilities(tracker, agent.domain).probabilities
    assert ours == rasas_own.predict_action_probabilities(tracker, agent.domain).probabilities


def test_a_story_is_found_inside_a_dialogue(agent: Agent, policy: WarmlineMemoization) -> None:
    """So that the comparisons compare something."""
    tracker = DialogueStateTracker.from_events("c", DIALOGUES["a story after something else"], agent.domain.slots)
    assert any(policy.predict_action_probabilities(tracker, agent.domain).probabilities)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happens=moments())
def test_its_search_finds_what_rasas_own_finds(
    agent: Agent, policy: WarmlineMemoization, rasas_own: AugmentedMemoizationPolicy, happens: list[Moment]
) -> None:
    """After whatever happened, and with the story's own beginning last."""
    events = [event for moment in happens for event in moment()]
    tracker = DialogueStateTracker.from_events("c", [*events, *STORY], agent.domain.slots)
    found = policy._recall_using_truncation([], tracker, agent.domain, None)
    assert found == rasas_own._recall_using_truncation([], tracker, agent.domain, None)
