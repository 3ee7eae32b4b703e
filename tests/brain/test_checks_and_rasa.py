"""What the checks say without Rasa, and what Rasa says: names, settings, and which rules contradict."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rasa.core.policies.rule_policy import RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core import constants as core
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrainingDataGenerator
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException

from bot.contract.names import SET_BY_THE_PRODUCT
from bot.dialogue.arbiter import SEEN_BY_RULES
from bot.dialogue.open_question import FORM_ANSWER
from bot.teaching.checks.check_config import rasas_components
from bot.teaching.checks.check_contradictions import check_contradictions
from bot.teaching.checks.conversations import read_conversations
from bot.teaching.checks.domain import (
    RASAS_ACTIONS,
    RASAS_INTENTS,
    RASAS_SLOTS,
    read_domain,
)
from bot.teaching.checks.findings import Findings
from bot.teaching.checks.written import read_document

DOMAIN = """
version: "3.1"
intents: [a, b]
entities: [seen, {unseen: {influence_conversation: false}}]
slots:
  loud: {type: text, mappings: [{type: custom}]}
  quiet: {type: text, influence_conversation: false, mappings: [{type: custom}]}
forms: {f: {required_slots: []}}
responses: {utter_x: [{text: x}], utter_y: [{text: y}]}
"""


def test_rasas_own_names_are_known() -> None:
    """A newer Rasa with other names would make this fail."""
    assert set(core.DEFAULT_INTENTS) | {DEFAULT_NLU_FALLBACK_INTENT_NAME} == RASAS_INTENTS
    assert set(core.DEFAULT_ACTION_NAMES) <= RASAS_ACTIONS
    assert set(core.DEFAULT_SLOT_NAMES) == RASAS_SLOTS


def test_the_intents_that_the_arbiter_sets_are_known() -> None:
    """None of them needs examples."""
    assert {*SEEN_BY_RULES.values(), FORM_ANSWER} <= SET_BY_THE_PRODUCT


def test_the_settings_of_rasas_components_are_known() -> None:
    """Those of its policies for rules and stories, of which every company has one, key by key."""
    from rasa.core.policies.memoization import AugmentedMemoizationPolicy, MemoizationPolicy
    from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
    from rasa.nlu.extractors.regex_entity_extractor import RegexEntityExtractor
    from rasa.nlu.tokenizers.whitespace_tokenizer import WhitespaceTokenizer

    for component in (
        RulePolicy,
        MemoizationPolicy,
        AugmentedMemoizationPolicy,
        FallbackClassifier,
        RegexEntityExtractor,
        WhitespaceTokenizer,
    ):
        assert set(component.get_default_config()) == rasas_components()[component.__name__]


def _rasa_objects(folder: Path, rules: str) -> str | None:
    """What Rasa's own policy says of the rules, which takes a training of it; None when it takes them."""
    domain = Domain.from_yaml(DOMAIN)
    steps = YAMLStoryReader(domain).read_from_string(rules)
    trackers = TrainingDataGenerator(
        StoryGraph(steps), domain, augmentation_factor=0, use_story_concatenation=False
    ).generate()
    storage = LocalModelStorage.create(folder)
    policy = RulePolicy.create(
        RulePolicy.get_default_config(), storage, Resource("rules"), ExecutionContext(GraphSchema({}))
    )
    try:
        policy.train(trackers, domain)
    except RasaException as error:
        return str(error)
    return None


def _we_object(folder: Path, rules: str) -> list[str]:
    (folder / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (folder / "rules.yml").write_text(rules, encoding="utf-8")
    found = Findings()
    document = read_document(folder / "rules.yml", Path("rules.yml"))
    domain = read_domain([read_document(folder / "domain.yml", Path("domain.yml"))])
    check_contradictions(list(read_conversations(document)), domain, found)
    return list(map(str, found.mistakes))


_CONDITIONS = (
    "",
    "  condition: [{active_loop: f}]\n",
    "  condition: [{active_loop: null}]\n",
    "  condition: [{slot_was_set: [{loud: x}]}]\n",
    "  condition: [{slot_was_set: [{loud: null}]}]\n",
    "  condition: [{slot_was_set: [{quiet: x}]}]\n",
    "  conversation_start: true\n",
)
_HEARD = (
    "{intent: a}",
    "{intent: a, entities: [seen]}",
    "{intent: a, entities: [unseen]}",
    "{or: [{intent: a}, {intent: b}]}",
)
_DONE = (
    "{action: utter_x}",
    "{action: utter_y}",
    "{action: utter_x}, {action: utter_y}",
    "{action: utter_x}, {slot_was_set: [{loud: z}]}, {action: utter_y}",
    "{action: f}, {active_loop: f}",
)
_WAITS = ("", "  wait_for_user_input: false\n")


@st.composite
def _rules(draw: st.DrawFn) -> str:
    rules = [
        f"- rule: rule {number}\n{draw(st.sampled_from(_CONDITIONS))}{draw(st.sampled_from(_WAITS))}"
        f"  steps: [{draw(st.sampled_from(_HEARD))}, {draw(st.sampled_from(_DONE))}]\n"
        for number in range(draw(st.integers(2, 3)))
    ]
    return 'version: "3.1"\nrules:\n' + "".join(rules)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(
    rules="""version: "3.1"
rules:
- rule: rule 0
  condition: [{active_loop: f}]
  steps: [{intent: a, entities: [seen]}, {action: utter_x}]
- rule: rule 1
  steps: [{intent: a}, {action: utter_x}]
- rule: rule 2
  condition: [{active_loop: f}]
  steps: [{intent: a, entities: [seen]}, {action: f}, {active_loop: f}]
"""
)
@given(rules=_rules())
def test_what_we_call_a_contradiction_rasa_refuses_too(tmp_path_factory: pytest.TempPathFactory, rules: str) -> None:
    """D19, kind 8, no false alarm: whatever is stopped before training would have been stopped after it."""
    told = _we_object(tmp_path_factory.mktemp("ours"), rules)
    if told:
        assert _rasa_objects(tmp_path_factory.mktemp("rasa"), rules) is not None, (rules, told)


def test_rasa_refuses_and_takes_what_we_do(tmp_path: Path) -> None:
    """The comparison above is worth what this one is worth."""
    both = 'version: "3.1"\nrules:\n- rule: one\n  steps: [{intent: a}, {action: utter_x}]\n'
    other = both + "- rule: two\n  steps: [{intent: a}, {action: utter_y}]\n"
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    assert _rasa_objects(tmp_path / "one", both) is None
    assert "rule 'two'" in (_rasa_objects(tmp_path / "two", other) or "")
    assert _we_object(tmp_path, both) == []
    assert _we_object(tmp_path, other)
