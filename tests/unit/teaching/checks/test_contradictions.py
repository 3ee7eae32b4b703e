"""D19, kind 8: what contradicts is shown as the short conversation in which it does, with both places."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.teaching.checks.places import with_places
from tests.unit.teaching.checks.conftest import Company

Add = Callable[[str], Company]


def test_two_rules_for_one_intent_are_shown_as_a_conversation(with_rules: Add) -> None:
    """Both by name, file and line; Rasa names no file."""
    company = with_rules("rules:\n- rule: say bye\n  steps:\n  - intent: greet\n  - action: utter_booked\n")
    (told,) = company.mistakes()
    assert told == (
        "data/rules.yml:5: rule “greet” contradicts rule “say bye” in data/more.yml:5:\n"
        "    Customer:  greet\n"
        "    Assistant: utter_booked in “say bye”, utter_greet in “greet”.\n"
        "    Merge the two, or give one of them a `condition`."
    )


CONTRADICTIONS = {
    "one goes on, the other waits": """
- rule: more
  steps: [{intent: greet}, {action: utter_greet}, {action: utter_booked}]
""",
    "hidden in an or": """
- rule: many
  steps: [{or: [{intent: inform}, {intent: greet}]}, {action: utter_booked}]
""",
    "told apart by an entity that rules do not see": """
- rule: a
  steps: [{intent: affirm, entities: [quiet]}, {action: utter_booked}]
- rule: b
  steps: [{intent: affirm}, {action: utter_greet}]
""",
    "told apart by a slot that rules do not see": """
- rule: a
  condition: [{slot_was_set: [{problem: broken}]}]
  steps: [{intent: affirm}, {action: utter_booked}]
- rule: b
  steps: [{intent: affirm}, {action: utter_greet}]
""",
    "the same condition in another order": """
- rule: a
  condition: [{active_loop: repair_form}, {slot_was_set: [{loud: x}]}]
  steps: [{intent: affirm}, {action: utter_booked}]
- rule: b
  condition: [{slot_was_set: [{loud: y}]}, {active_loop: repair_form}]
  steps: [{intent: affirm}, {action: utter_greet}]
""",
    "after a form": """
- rule: other close
  condition: [{active_loop: repair_form}]
  steps: [{action: repair_form}, {active_loop: null}, {action: utter_greet}]
""",
}  # fmt: skip

AGREEMENTS = {
    "another condition": """
- rule: inside
  condition: [{active_loop: repair_form}]
  steps: [{intent: greet}, {action: utter_booked}]
""",
    "an entity that rules see": """
- rule: product named
  steps: [{intent: greet, entities: [product]}, {action: utter_booked}]
""",
    "a slot that rules see, set and not set": """
- rule: a
  condition: [{slot_was_set: [{loud: x}]}]
  steps: [{intent: affirm}, {action: utter_booked}]
- rule: b
  condition: [{slot_was_set: [{loud: null}]}]
  steps: [{intent: affirm}, {action: utter_greet}]
""",
    "at the beginning only": """
- rule: first
  conversation_start: true
  steps: [{intent: greet}, {action: utter_booked}]
""",
    "goes on where nobody waits": """
- rule: first
  wait_for_user_input: false
  steps: [{intent: affirm}, {action: utter_booked}]
- rule: second
  steps: [{intent: affirm}, {action: utter_booked}, {action: utter_greet}]
""",
    "the same, twice": """
- rule: again
  steps: [{intent: greet}, {action: utter_greet}]
""",
    "the form ended at once, or not": """
- rule: at once
  steps: [{intent: repair}, {action: repair_form}, {active_loop: null}, {action: utter_booked}]
""",
}  # fmt: skip


def _with_eyes(company: Company) -> Company:
    """The company with a slot that rules see, and an entity that they do not."""
    company.change("domain.yml", "entities: [product]", "entities: [product, {quiet: {influence_conversation: false}}]")
    company.change("domain.yml", "\nslots:", "\nslots:\n  loud: {type: text, mappings: [{type: custom}]}")
    return company


@pytest.mark.parametrize("rules", CONTRADICTIONS.values(), ids=CONTRADICTIONS.keys())
def test_rules_that_go_on_differently_after_the_same_are_named(with_rules: Add, rules: str) -> None:
    """Whatever makes Rasa see them as the same."""
    (told,) = _with_eyes(with_rules(f"rules:{rules}")).mistakes()
    assert "contradicts rule" in told
    assert "    Customer:  " in told


@pytest.mark.parametrize("rules", AGREEMENTS.values(), ids=AGREEMENTS.keys())
def test_rules_that_something_tells_apart_are_let_through(with_rules: Add, rules: str) -> None:
    """A false alarm would stop a company that is right."""
    assert _with_eyes(with_rules(f"rules:{rules}")).mistakes() == []


def test_a_story_that_goes_on_differently_from_a_rule_is_named(with_rules: Add) -> None:
    """Rasa finds it after training, by their names."""
    company = with_rules(
        "stories:\n- story: other greeting\n  steps:\n  - intent: affirm\n  - action: utter_booked\n"
        "  - intent: greet\n  - action: utter_welcome_back\n"
    )
    (told,) = company.mistakes()
    assert told.startswith("data/more.yml:7: story “other greeting” contradicts rule “greet” in data/rules.yml:5:")
    assert "    Assistant: utter_greet in the rule, utter_welcome_back in the story." in told


def test_a_story_inside_a_form_may_answer_otherwise(with_rules: Add) -> None:
    """What a rule without a condition says there, Rasa decides."""
    company = with_rules(
        "stories:\n- story: interrupted\n  steps:\n  - intent: repair\n  - action: repair_form\n"
        "  - active_loop: repair_form\n  - intent: greet\n  - action: utter_welcome_back\n"
    )
    assert company.mistakes() == []


@pytest.mark.parametrize(
    "line",
    ["\n    check_for_contradictions: false", "\n    restrict_rules: false\n    check_for_contradictions: false"],
)
def test_who_tells_rasa_not_to_look_is_not_told_here_either(with_rules: Add, line: str) -> None:
    """It is a setting of Rasa's policy."""
    company = with_rules("rules:\n- rule: say bye\n  steps: [{intent: greet}, {action: utter_booked}]\n")
    company.change("config.yml", "- name: RulePolicy", f"- name: RulePolicy{line}")
    assert company.mistakes() == []


def test_rasas_own_sentence_gets_the_places(company: Company) -> None:
    """What is too fine to be seen by reading, Rasa finds; where it stands is added."""
    sentence = (
        "- the prediction of the action 'utter_greet' in rule 'greet' is contradicting with rule(s) 'back, person'."
    )
    told = with_places(sentence, company.root)
    assert told.splitlines() == [
        sentence,
        "Where they are:",
        "  data/rules.yml:4: rule “greet”",
        "  data/rules.yml:6: rule “person”",
        "  data/rules.yml:14: rule “back”",
    ]
