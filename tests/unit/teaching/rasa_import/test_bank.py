"""A Rasa 2 project comes over: its forms, its checkpoints, its sentences written out."""

from __future__ import annotations

from typing import Any

import yaml

from bot.teaching.rasa_import.report import Outcome
from tests.unit.teaching.rasa_import.conftest import Imported


def _domain(bank: Imported) -> dict[str, Any]:
    return dict(yaml.safe_load(bank.text("domain/domain.yml")))


def test_a_forms_mappings_stand_with_the_slots(bank: Imported) -> None:
    """Rasa 3 takes none from a form; from_entity holds all the form long, the others only where the slot is asked."""
    domain = _domain(bank)
    assert domain["forms"] == {
        "block_card_form": {"required_slots": ["card_kind", "wants_letter"], "ignored_intents": ["greet"]},
        "transfer_form": {"required_slots": ["payee", "amount"]},
    }
    asked = [{"active_loop": "block_card_form", "requested_slot": "wants_letter"}]
    assert domain["slots"]["wants_letter"]["mappings"] == [
        {"type": "from_intent", "intent": "affirm", "value": True, "conditions": asked},
        {"type": "from_intent", "intent": "deny", "value": False, "conditions": asked},
    ]
    assert domain["slots"]["card_kind"]["mappings"] == [
        {"type": "from_entity", "entity": "card_kind"},
        {"type": "from_entity", "entity": "card_kind", "conditions": [{"active_loop": "block_card_form"}]},
    ]
    assert bank.said(Outcome.CHANGED, "domain.yml:36: the form block_card_form lists its slots")


def test_an_intent_that_was_renamed_is_renamed_in_a_forms_mappings_too(bank: Imported) -> None:
    """`not_intent` of a form, buttons, rules, stories and the domain's list."""
    domain = _domain(bank)
    (mapping,) = domain["slots"]["payee"]["mappings"]
    assert mapping["not_intent"] == ["faq", "ask_for_person"]
    assert {"goodbye", "ask_for_person"} <= set(domain["intents"])
    assert domain["responses"]["utter_ask_card_kind"][0]["buttons"][1]["payload"] == "/goodbye"
    assert bank.said(Outcome.TO_DO, "actions.py:28: this speaks of bye", "goodbye")


def test_slots_that_filled_themselves_say_so_now(bank: Imported) -> None:
    """Rasa 2 filled a slot from the entity of its name unless it was told not to."""
    slots = _domain(bank)["slots"]
    assert {"type": "from_entity", "entity": "amount"} in slots["amount"]["mappings"]
    assert "auto_fill" not in slots["payee"]
    assert slots["case_number"] == {"type": "any", "mappings": [{"type": "custom"}]}


def test_sessions_are_the_gateways(bank: Imported) -> None:
    """A conversation does not expire."""
    assert "session_config" not in _domain(bank)
    assert bank.said(Outcome.LEFT_OUT, "domain.yml:97: session_config")


def test_sentences_written_out_stand_for_the_intent_and_the_response_that_have_them(bank: Imported) -> None:
    """Nothing here learns from whole sentences; what they mean is known."""
    stories = {one["story"]: one["steps"] for one in yaml.safe_load(bank.text("data/stories.yml"))["stories"]}
    assert stories["In whole sentences"] == [
        {"intent": "faq"},
        {"action": "utter_faq"},
        {"intent": "affirm"},
        {"action": "utter_glad"},
    ]
    assert "In sentences that nobody taught" not in stories
    assert bank.said(Outcome.LEFT_OUT, "data/stories.yml:38:", "my grandmother used to bank here")


def test_a_story_behind_a_checkpoint_knows_what_came_before_it(bank: Imported) -> None:
    """The yes after "did that help?" is answered by the story, any other by the product."""
    rules = {one["rule"]: one for one in yaml.safe_load(bank.text("data/rules/from_rasa.yml"))["rules"]}
    assert rules["After utter_ask_helped, affirm"]["steps"][-1] == {"action": "utter_glad"}
    assert rules["After utter_ask_helped, deny"]["steps"][2:] == [
        {"action": "utter_sorry"},
        {"action": "utter_transfer"},
    ]
    assert "checkpoint: asked whether it helped" in bank.text("data/stories.yml")


def test_two_stages_are_left_out_with_what_does_it_here(bank: Imported) -> None:
    """In a rule and in a story."""
    assert bank.said(Outcome.LEFT_OUT, "data/rules.yml:19:", "asks back between likely readings")
    assert bank.said(Outcome.LEFT_OUT, "data/stories.yml:43:", "asks back by itself")
    everything = bank.text("data/rules.yml") + bank.text("data/stories.yml") + bank.text("data/rules/from_rasa.yml")
    assert "two_stage" not in everything


def test_retrieval_intents_and_their_answers_come_as_they_are(bank: Imported) -> None:
    """The family in the domain, the answers among the training data."""
    assert "- intent: faq/fees" in bank.text("data/nlu/faq.yml")
    assert "utter_faq/fees:" in bank.text("data/responses.yml")
    assert bank.said(Outcome.TAKEN, "data/nlu/faq.yml:4: 6 examples of 2 intents (2 of them retrieval intents)")


def test_examples_in_a_format_that_rasa_has_given_up_are_named(bank: Imported) -> None:
    """And how they become YAML."""
    assert bank.said(Outcome.LEFT_OUT, "data/old_examples.md: examples in Markdown", "rasa data convert")


def test_a_component_of_the_projects_own_is_neither_copied_nor_run(bank: Imported) -> None:
    """It would raise an error if anybody imported it."""
    assert bank.said(Outcome.LEFT_OUT, "config.yml:3: components.sentiment.SentimentReader")
    assert not (bank.folder / "components").exists()


def test_actions_come_as_they_are_and_what_they_need_is_said(bank: Imported) -> None:
    """Packages, events that do harm here, names that nothing has."""
    assert bank.text("actions/actions.py") == (bank.project / "actions.py").read_text(encoding="utf-8")
    assert (bank.folder / "actions" / "__init__.py").exists()
    assert bank.said(Outcome.TO_DO, "actions.py:3: an action imports requests")
    assert bank.said(Outcome.TO_DO, "actions.py:18: AllSlotsReset is sent here")
    assert bank.said(Outcome.TO_DO, "domain.yml:95: no class in actions/ is called action_show_balance")


def test_every_file_of_the_project_is_spoken_of(bank: Imported) -> None:
    """Nothing is dropped silently."""
    spoken = {str(note.place.path) for note in bank.report.notes}
    files = {path.relative_to(bank.project).as_posix() for path in bank.project.rglob("*") if path.is_file()}
    assert files <= spoken
