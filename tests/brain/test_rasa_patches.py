"""What is quicker than Rasa's own comes to the same, on dialogues of all kinds."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.exceptions import GraphRunError
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.slots import BooleanSlot, Slot
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.rasa_patches import (
    applied_events,
    copies_for_log_lines,
    copies_of_slots,
    empty_domain,
    past_states,
    rules_by_step,
)
from bot.brain.rasa_patches.straight_line import StraightLineRunner
from tests.brain.dialogues import Moment, moments, small_domain

SOME = settings(max_examples=60, deadline=None)
KINDS: list[dict[str, Any]] = [
    {},
    {"ignore_rule_only_turns": True},
    {"ignore_rule_only_turns": True, "rule_only_data": {"rule_only_slots": ["mood"], "rule_only_loops": []}},
    {"ignore_rule_only_turns": True, "rule_only_data": {"rule_only_slots": [], "rule_only_loops": ["repair_form"]}},
    {"omit_unset_slots": True},
]
"""How policies ask for states, in training and after it."""

DOMAIN = small_domain()
KEYS = [
    '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}]',
    '[{"prev_action": {"action_name": "utter_greet"}, "user": {"intent": "greet"}}]',
    '[{}, {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "repair"}}]',
    '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "repair"}, "slots": {"mood": [1.0, 0.0]}}]',
    '[{"prev_action": {"action_name": "action_listen"}, "slots": {"mood": "should_not_be_set"}}]',
    '[{"prev_action": {"action_name": "action_listen"}, "active_loop": {"name": "should_not_be_set"}}]',
    '[{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}, '
    '{"prev_action": {"action_name": "utter_greet"}}]',
    "[{}]",
]
"""Rules as `RulePolicy` keeps them: with and without a beginning, a slot, an intent, an open form."""


def told(domain: Domain) -> DialogueStateTracker:
    """A dialogue in which nothing has happened."""
    return DialogueStateTracker("c", domain.slots)


@SOME
@given(moments())
def test_states_are_rasas_own_while_a_dialogue_goes_on(happens: list[Moment]) -> None:
    """After each thing that happens, however the policies ask, and though callers change what they get."""
    tracker = told(DOMAIN)
    for moment in happens:
        for event in moment():
            tracker.update(event)
        for kind in KINDS:
            ours = past_states.states_for_tracker_history(DOMAIN, tracker, **kind)
            assert ours == past_states._RASAS_OWN(DOMAIN, tracker, **kind)
            spoil(ours)


def spoil(states: list[State]) -> None:
    """Change states as a featurizer does."""
    for state in states:
        state.get("user", {}).pop("intent", None)
        state.get("slots", {}).clear()


@SOME
@given(moments())
def test_what_counts_of_a_dialogue_is_rasas_own(happens: list[Moment]) -> None:
    """What was taken back, restarted or repeated inside a form."""
    tracker = told(DOMAIN)
    for moment in happens:
        for event in moment():
            tracker.update(event)
        assert applied_events.applied_events(tracker) == applied_events.RASAS_OWN(tracker)


@SOME
@given(moments())
def test_the_rules_that_fit_are_rasas_own(happens: list[Moment]) -> None:
    """By Rasa's own question to each rule."""
    policy = RulePolicy.__new__(RulePolicy)
    lookup = dict.fromkeys(KEYS, "utter_greet")
    tracker = told(DOMAIN)
    for moment in happens:
        for event in moment():
            tracker.update(event)
        states = past_states._RASAS_OWN(DOMAIN, tracker)
        expected = rules_by_step._RASAS_OWN(policy, lookup, states)
        assert rules_by_step.get_possible_keys(policy, lookup, states) == expected


def test_a_dialogue_at_its_beginning_fits_the_rules_that_may_begin_one() -> None:
    """Not by accident of an empty state: one rule says that it is the beginning, most do not."""
    policy = RulePolicy.__new__(RulePolicy)
    assert rules_by_step.get_possible_keys(policy, dict.fromkeys(KEYS, "utter_greet"), [{}]) == {"[{}]"}
    assert rules_by_step.get_possible_keys(policy, {}, [{}]) == set()


def test_a_slots_copy_is_one_of_its_own() -> None:
    """Of the same kind, with the same content, and free to change."""
    slot = BooleanSlot("urgent", [{"type": "custom"}], initial_value=True)
    slot.value = False
    copied = copies_of_slots.copy_of_slot(slot)
    assert type(copied) is BooleanSlot
    assert vars(copied) == vars(slot) == vars(copy.copy(slot))
    copied.value = True
    assert slot.value is False
    assert copied.mappings is slot.mappings


def test_a_domain_is_as_empty_as_rasa_says() -> None:
    """Asked once and asked again."""
    for domain in (Domain.empty(), DOMAIN):
        assert empty_domain.is_empty(domain) == empty_domain.is_empty(domain) == empty_domain._RASAS_OWN(domain)


@pytest.fixture(scope="module")
def agent(model: Path) -> Agent:
    """The small project's model, with dask."""
    return Agent.load(str(model))


@pytest.mark.parametrize("text", ["hello there", "my oven is broken", "/greet"])
async def test_the_straight_line_answers_what_dask_answers(agent: Agent, text: str) -> None:
    """A message that is read, and the action that follows."""
    ours = StraightLineRunner.of(agent.processor.graph_runner)
    by_dask = await agent.processor.parse_message(UserMessage(text))
    told_by_dask = prediction(agent)
    runner, agent.processor.graph_runner = agent.processor.graph_runner, ours
    try:
        assert await agent.processor.parse_message(UserMessage(text)) == by_dask
        assert prediction(agent) == told_by_dask
    finally:
        agent.processor.graph_runner = runner


def prediction(agent: Agent) -> tuple[str | None, list[float]]:
    """What the policies say at the beginning of a dialogue."""
    found = agent.processor._predict_next_with_tracker(told_nothing(agent))
    return found.policy_name, found.probabilities


def told_nothing(agent: Agent) -> DialogueStateTracker:
    """A dialogue that has begun; by its first event Rasa does not choose an action without asking the policies."""
    tracker = DialogueStateTracker("c", agent.domain.slots)
    tracker.clear_followup_action()
    return tracker


def test_a_graph_that_lacks_an_input_says_so(agent: Agent) -> None:
    """Rather than run half of it."""
    ours = StraightLineRunner.of(agent.processor.graph_runner)
    with pytest.raises(GraphRunError, match="Nothing provides"):
        ours.run({}, [agent.processor.model_metadata.core_target])


def test_rasa_copies_nothing_else_where_copies_are_left_out() -> None:
    """A version of Rasa that copies for another reason must not lose that copy."""
    for module in copies_for_log_lines.COPY_FOR_LINES:
        source = Path(module.__file__).read_text(encoding="utf-8")
        used = {line.strip() for line in source.splitlines() if "copy." in line.replace("tracker.copy()", "")}
        assert all("copy.deepcopy(" in line for line in used), used
        assert source.count("copy.deepcopy(") == len([line for line in source.splitlines() if names_a_detail(line)])


def names_a_detail(line: str) -> bool:
    """Whether a copy is the value of a detail of a log line (``states=copy.deepcopy(states)``)."""
    return "=copy.deepcopy(" in line and " = copy.deepcopy(" not in line


def test_slots_are_copied_with_copy() -> None:
    """The one place that the quicker copy is for."""
    assert "copy.copy(slot)" in Path(DialogueStateTracker.__init__.__code__.co_filename).read_text(encoding="utf-8")
    assert Slot.__reduce_ex__ is object.__reduce_ex__
