"""One small project for each feature of Rasa: what becomes of it, and that it is said with its line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import yaml

from bot.teaching.rasa_import.report import Outcome
from tests.unit.teaching.rasa_import.conftest import Imported

NLU = """nlu:
- intent: ask_hours
  examples: |
    - when are you open
    - opening hours
"""
DOMAIN = "intents: [ask_hours]\nresponses:\n  utter_hours: [{text: At nine.}]\n"


@dataclass(frozen=True)
class Case:
    """A project, what is said of it, and what stands in the company's folder then."""

    files: dict[str, str]
    outcome: Outcome
    said: tuple[str, ...]
    made: dict[str, Any]
    """Of each file, some top-level keys with their values; None where there is no such file."""


def domain(text: str) -> dict[str, str]:
    """A project with this domain."""
    return {"domain.yml": text, "data/nlu.yml": NLU}


def rules(text: str) -> dict[str, str]:
    """A project with these rules, and whatever else."""
    return {"domain.yml": DOMAIN, "data/nlu.yml": NLU, "data/rules.yml": text}


CASES = {
    "a domain in one file": Case(
        domain(DOMAIN), Outcome.TAKEN, ("domain.yml:2: 1 response.",), {"domain/domain.yml": {"intents": ["ask_hours"]}}
    ),
    "responses under their old name": Case(
        domain("intents: [ask_hours]\ntemplates:\n  utter_hours: [{text: At nine.}]\n"),
        Outcome.CHANGED,
        ("domain.yml:2: `templates` is called `responses`",),
        {"domain/domain.yml": {"responses": {"utter_hours": [{"text": "At nine."}]}}},
    ),
    "a form without slots": Case(
        domain("intents: [ask_hours]\nforms:\n  a_form:\n"),
        Outcome.CHANGED,
        ("domain.yml:3: the form a_form asks for no slot by itself",),
        {"domain/domain.yml": {"forms": {"a_form": {"required_slots": []}}}},
    ),
    "forms as a list of names": Case(
        domain("intents: [ask_hours]\nforms: [a_form]\n"),
        Outcome.TO_DO,
        ("domain.yml:2: the form a_form names no slots", "Write its slots"),
        {"domain/domain.yml": {"forms": {"a_form": {"required_slots": []}}}},
    ),
    "forms with their slots right below them": Case(
        domain(
            "intents: [ask_hours]\nentities: [day]\nslots:\n  day: {type: text, auto_fill: false}\n"
            "forms:\n  a_form:\n    day:\n    - {type: from_entity, entity: day}\n"
        ),
        Outcome.CHANGED,
        ("domain.yml:4: the slot day has mappings now", "a_form"),
        {
            "domain/domain.yml": {
                "forms": {"a_form": {"required_slots": ["day"]}},
                "slots": {
                    "day": {
                        "type": "text",
                        "mappings": [
                            {"type": "from_entity", "entity": "day", "conditions": [{"active_loop": "a_form"}]}
                        ],
                    }
                },
            }
        },
    ),
    "a slot that a form asks for and nobody declared": Case(
        domain("intents: [ask_hours]\nforms:\n  a_form:\n    required_slots:\n      day:\n      - {type: from_text}\n"),
        Outcome.TO_DO,
        ("domain.yml:5: the slot day is asked for by a form", "Add it under `slots`"),
        {},
    ),
    "entities that fill no slots by themselves": Case(
        domain(
            "intents: [ask_hours]\nentities: [day]\nslots:\n  day: {type: text}\n"
            "config:\n  store_entities_as_slots: false\n"
        ),
        Outcome.LEFT_OUT,
        ("domain.yml:5: config is left out",),
        {"domain/domain.yml": {"slots": {"day": {"type": "text", "mappings": [{"type": "custom"}]}}, "config": None}},
    ),
    "a type of slot of the project's own": Case(
        domain("intents: [ask_hours]\nslots:\n  a: {type: my.slots.Mood, mappings: [{type: custom}]}\n"),
        Outcome.TO_DO,
        ("domain.yml:3: the slot a has a type of the project's own (my.slots.Mood)",),
        {"domain/domain.yml": {"slots": {"a": {"type": "any", "mappings": [{"type": "custom"}]}}}},
    ),
    "a variable of the environment in a text": Case(
        domain("intents: [ask_hours]\nresponses:\n  utter_hours:\n  - text: ${HOURS}\n"),
        Outcome.TO_DO,
        ("domain.yml:4: a value holds ${", "Training refuses it"),
        {},
    ),
    "an action without Python": Case(
        domain("intents: [ask_hours]\nactions: [action_gone]\n"),
        Outcome.TO_DO,
        ("domain.yml:2: no class in actions/ is called action_gone",),
        {},
    ),
    "a form of Rasa 1 in Python": Case(
        {
            **domain(DOMAIN),
            "actions.py": "from rasa_sdk.forms import FormAction\n\n\nclass A(FormAction):\n    pass\n",
        },
        Outcome.TO_DO,
        ("actions.py:4: FormAction is used here", "FormValidationAction"),
        {},
    ),
    "Python that cannot be read": Case(
        {**domain(DOMAIN), "actions/a.py": "def broken(:\n"},
        Outcome.TO_DO,
        ("actions/a.py:1: this is not Python",),
        {},
    ),
    "an action that bears a name of the product's": Case(
        {
            **domain(DOMAIN),
            "actions/a.py": "class A:\n    def name(self):\n        return 'action_answer_question'\n",
        },
        Outcome.TO_DO,
        ("actions/a.py:3: action_answer_question is also an action of the product",),
        {},
    ),
    "a check of slots outside of forms": Case(
        {
            **domain("intents: [ask_hours]\nactions: [action_validate_slot_mappings]\n"),
            "actions/a.py": "from rasa_sdk import ValidationAction\n\n\nclass A(ValidationAction):\n    pass\n",
        },
        Outcome.TAKEN,
        ("domain.yml:2: 1 action.",),
        {"domain/domain.yml": {"actions": ["action_validate_slot_mappings"]}},
    ),
    "reminders": Case(
        {
            **domain(DOMAIN),
            "actions/a.py": "from rasa_sdk import Action\nfrom rasa_sdk.events import ReminderScheduled\n",
        },
        Outcome.TAKEN,
        ("actions/a.py: copied as it is to actions/a.py",),
        {},
    ),
    "an intent that the domain lacks": Case(
        {"domain.yml": "responses: {}\nintents: []\n", "data/nlu.yml": NLU},
        Outcome.CHANGED,
        ("data/nlu.yml:2: the intent ask_hours has examples and was not in the domain",),
        {"domain/from_rasa.yml": {"intents": ["ask_hours"]}},
    ),
    "an entity that the domain lacks": Case(
        {"domain.yml": DOMAIN, "data/nlu.yml": NLU.replace("opening hours", "hours on [Monday](day)")},
        Outcome.CHANGED,
        ("data/nlu.yml:5: the entity day is marked and was not in the domain",),
        {"domain/from_rasa.yml": {"entities": ["day"]}},
    ),
    "a sentence under two intents": Case(
        {
            "domain.yml": DOMAIN.replace("[ask_hours]", "[ask_hours, other]"),
            "data/nlu.yml": f"{NLU}- intent: other\n  examples: |\n    - Opening  HOURS\n    - x\n    - y\n",
        },
        Outcome.LEFT_OUT,
        ("data/nlu.yml:8: “Opening  HOURS” stands under ask_hours in data/nlu.yml:5 too",),
        {},
    ),
    "a sentence that the product has under another intent": Case(
        {"domain.yml": DOMAIN, "data/nlu.yml": f"{NLU}    - thank you\n"},
        Outcome.LEFT_OUT,
        ("data/nlu.yml:6: “thank you” stands under thanks of the product too",),
        {"data/nlu.yml": {}},
    ),
    "an intent with one example": Case(
        {"domain.yml": DOMAIN, "data/nlu.yml": NLU.replace("    - opening hours\n", "")},
        Outcome.TO_DO,
        ("data/nlu.yml:2: ask_hours has 1 example here", "15 or more"),
        {},
    ),
    "an intent that leads nowhere": Case(
        domain(DOMAIN),
        Outcome.TO_DO,
        ("data/nlu.yml:2: ask_hours has the title “Hours”; no rule or story goes on from it, so articles answer it",),
        {},
    ),
    "metadata that are no mapping": Case(
        {"domain.yml": DOMAIN, "data/nlu.yml": NLU.replace("  examples", "  metadata: from the shop\n  examples")},
        Outcome.TAKEN,
        ("data/nlu.yml:2: 2 examples of 1 intents",),
        {"data/nlu.yml": {"title": "Hours"}},
    ),
    "a rule after an intent that the product answers by an action": Case(
        rules("rules:\n- rule: no\n  steps: [{intent: deny}, {action: utter_hours}]\n"),
        Outcome.LEFT_OUT,
        ("data/rules.yml:2: the rule “no” is left out after deny", "action_answer_offer"),
        {"data/rules.yml": None},
    ),
    "a rule that would take the place of one of the product's by its name": Case(
        rules("rules:\n- rule: Goodbye\n  steps: [{intent: ask_hours}, {action: utter_hours}]\n"),
        Outcome.CHANGED,
        ("data/rules.yml:2: the rule “Goodbye” has another name now", "for goodbye"),
        {"data/rules.yml": {}},
    ),
    "an or with one intent of the product": Case(
        rules(
            "rules:\n- rule: either\n  steps:\n  - or:\n    - intent: deny\n    - intent: ask_hours\n"
            "  - action: utter_hours\n"
        ),
        Outcome.LEFT_OUT,
        ("data/rules.yml:2: the rule “either” is left out after deny",),
        {
            "data/rules.yml": {
                "rules": [{"rule": "either", "steps": [{"or": [{"intent": "ask_hours"}]}, {"action": "utter_hours"}]}]
            }
        },
    ),
    "a rule with a condition": Case(
        rules(
            "rules:\n- rule: within\n  condition: [{active_loop: a_form}]\n"
            "  steps: [{intent: deny}, {action: utter_hours}]\n"
        ),
        Outcome.TAKEN,
        ("data/rules.yml:1: 1 rule, with active_loop.",),
        {},
    ),
    "a story that begins with a greeting of its own": Case(
        rules(
            "stories:\n- story: hello\n  steps:\n  - intent: greet\n  - action: utter_hours\n"
            "  - intent: ask_hours\n  - action: utter_hours\n"
        ),
        Outcome.CHANGED,
        (
            "data/rules.yml:4: after greet the product does utter_greet, and so does the story “hello” now.",
            "Your utter_hours is said as utter_greet",
        ),
        {
            "data/rules.yml": {
                "stories": [
                    {
                        "story": "hello",
                        "steps": [
                            {"intent": "greet"},
                            {"action": "utter_greet"},
                            {"intent": "ask_hours"},
                            {"action": "utter_hours"},
                        ],
                    }
                ]
            },
            "domain/from_rasa.yml": {"responses": {"utter_greet": [{"text": "At nine."}]}},
        },
    ),
    "a story in which a form is left": Case(
        rules(
            "stories:\n- story: stop\n  steps:\n  - intent: ask_hours\n  - action: a_form\n  - active_loop: a_form\n"
            "  - intent: ask_hours\n  - action: utter_hours\n  - intent: deny\n  - action: action_deactivate_loop\n"
            "  - active_loop: null\n"
        ),
        Outcome.CHANGED,
        ("data/rules.yml:9: deny after utter_hours has a rule of its own now",),
        {
            "data/rules/from_rasa.yml": {
                "rules": [
                    {
                        "rule": "After utter_hours, deny in a_form",
                        "condition": [{"active_loop": "a_form"}],
                        "steps": [
                            {"action": "utter_hours"},
                            {"intent": "deny"},
                            {"action": "action_deactivate_loop"},
                            {"active_loop": None},
                        ],
                    }
                ]
            }
        },
    ),
    "a story with a question in a form that the product answers alike": Case(
        rules(
            "stories:\n- story: help\n  steps:\n  - intent: ask_hours\n  - action: a_form\n  - active_loop: a_form\n"
            "  - intent: help\n  - action: utter_help\n  - action: a_form\n  - active_loop: null\n"
        ),
        Outcome.TAKEN,
        ("data/rules.yml:1: 1 story, with active_loop.",),
        {"data/rules/from_rasa.yml": None},
    ),
    "a story after what is out of scope": Case(
        rules(
            "stories:\n- story: elsewhere\n  steps:\n  - intent: ask_hours\n  - action: utter_hours\n"
            "  - intent: out_of_scope\n  - action: utter_hours\n"
        ),
        Outcome.CHANGED,
        ("data/rules.yml:6: after out_of_scope the product does action_not_understood", "said as utter_out_of_scope"),
        {"data/rules/from_rasa.yml": None},
    ),
    "a story for which the project has a rule already": Case(
        rules(
            "rules:\n- rule: after\n  steps: [{action: utter_hours}, {intent: affirm}, {action: utter_hours}]\n"
            "stories:\n- story: yes\n  steps:\n  - intent: ask_hours\n  - action: utter_hours\n"
            "  - intent: affirm\n  - action: utter_hours\n"
        ),
        Outcome.TAKEN,
        ("data/rules.yml:4: 1 story.",),
        {"data/rules/from_rasa.yml": None},
    ),
    "a member of a retrieval intent in a story": Case(
        rules("stories:\n- story: one\n  steps:\n  - intent: faq/a\n  - action: utter_faq\n"),
        Outcome.CHANGED,
        ("data/rules.yml:4: faq/a is faq in the story “one”",),
        {"data/rules.yml": {"stories": [{"story": "one", "steps": [{"intent": "faq"}, {"action": "utter_faq"}]}]}},
    ),
    "a slot of Rasa's own": Case(
        domain("intents: [ask_hours]\nslots:\n  requested_slot: {type: unfeaturized}\n"),
        Outcome.CHANGED,
        ("domain.yml:3: requested_slot is a slot of Rasa's own",),
        {"domain/domain.yml": {"slots": None}},
    ),
    "stories that go on differently after the same": Case(
        rules(
            "stories:\n"
            + "".join(
                f"- story: {name}\n  steps: [{{intent: ask_hours}}, {{slot_was_set: [{{a: {name}}}]}}, "
                f"{{action: utter_hours}}, {{intent: affirm}}, {{action: {action}}}]\n"
                for name, action in (("x", "utter_x"), ("y", "utter_y"))
            )
        ),
        Outcome.TO_DO,
        ("data/rules.yml:5: after utter_hours and affirm, the story “y” goes on in another way",),
        {},
    ),
    "names that YAML would read as something else": Case(
        {
            "domain.yml": "intents: []\n",
            "data/nlu.yml": NLU.replace("ask_hours", '"yes]: [x"').replace("opening", "[opening](no)"),
        },
        Outcome.CHANGED,
        ("data/nlu.yml:5: the entity no is marked",),
        {"domain/from_rasa.yml": {"intents": ["yes]: [x"], "entities": ["no"]}},
    ),
    "examples in JSON": Case(
        {**domain(DOMAIN), "data/old.json": '{"rasa_nlu_data": {"common_examples": []}}'},
        Outcome.LEFT_OUT,
        ("data/old.json: examples in JSON", "rasa data convert"),
        {"data/old.json": None},
    ),
    "stories in Markdown": Case(
        {**domain(DOMAIN), "data/stories.md": "## one\n* ask_hours\n  - utter_hours\n"},
        Outcome.LEFT_OUT,
        ("data/stories.md: stories in Markdown",),
        {},
    ),
    "examples outside of data/": Case(
        {"domain.yml": DOMAIN, "training/deep/nlu.yml": NLU},
        Outcome.TAKEN,
        ("training/deep/nlu.yml:2: 2 examples of 1 intents.",),
        {"data/training/deep/nlu.yml": {}},
    ),
    "everything in one file": Case(
        {
            "domain.yml": f"{DOMAIN}{NLU}rules:\n- rule: hours\n  steps:\n"
            "  - intent: ask_hours\n  - action: utter_hours\n"
        },
        Outcome.TAKEN,
        ("domain.yml:9: 1 rule.",),
        {
            "domain/domain.yml": {"intents": ["ask_hours"], "nlu": None, "rules": None},
            "data/domain.yml": {"intents": None, "responses": None},
        },
    ),
    "a domain that is not the default one": Case(
        {**domain(DOMAIN), "old/domain.yml": "intents: [gone]\n"},
        Outcome.LEFT_OUT,
        ("old/domain.yml: Rasa reads domain.yml",),
        {"domain/old/domain.yml": None},
    ),
    "Duckling, for an entity that a slot is filled from": Case(
        {
            **domain("intents: [ask_hours]\nentities: [phone-number]\n"),
            "config.yml": "pipeline:\n- name: DucklingEntityExtractor\n  dimensions:\n  - phone-number\n",
        },
        Outcome.TO_DO,
        ("config.yml:4: DucklingEntityExtractor read phone-number", "by itself as phone"),
        {},
    ),
    "names read by spaCy": Case(
        {
            **domain("intents: [ask_hours]\nentities: [PERSON]\n"),
            "config.yml": "pipeline:\n- name: SpacyEntityExtractor\n",
        },
        Outcome.LEFT_OUT,
        ("config.yml:2: SpacyEntityExtractor", "Mark PERSON"),
        {},
    ),
    "a pipeline by the name of a template": Case(
        {**domain(DOMAIN), "config.yml": "language: de\npipeline: supervised_embeddings\n"},
        Outcome.LEFT_OUT,
        ("config.yml:2: the pipeline supervised_embeddings is a template of Rasa 1",),
        {},
    ),
    "another language": Case(
        {**domain(DOMAIN), "config.yml": "language: de\npipeline: []\n"},
        Outcome.TO_DO,
        ("config.yml:1: the project's language is de, and this folder's is en",),
        {},
    ),
    "end-to-end actions": Case(
        domain("intents: [ask_hours]\ne2e_actions:\n- Hello there\n"),
        Outcome.LEFT_OUT,
        ("domain.yml:2: e2e_actions are said by end-to-end stories alone",),
        {"domain/domain.yml": {"e2e_actions": None}},
    ),
    "a file in which none of Rasa's keys stands": Case(
        {**domain(DOMAIN), "docker-compose.yml": "services: {}\n"},
        Outcome.LEFT_OUT,
        ("docker-compose.yml: none of the keys of this file is Rasa's",),
        {},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_feature(written: Callable[[dict[str, str | bytes]], Imported], name: str) -> None:
    """It is said what became of it, with the line of the original, and so it is."""
    case = CASES[name]
    imported = written(dict(case.files))
    assert imported.said(case.outcome, *case.said), list(imported.report.sentences())
    for file, keys in case.made.items():
        path = imported.folder / file
        if keys is None:
            assert not path.exists()
            continue
        made = yaml.safe_load(path.read_text(encoding="utf-8"))
        for key, value in keys.items():
            found = made["nlu"][0]["metadata"]["title"] if key == "title" else made.get(key)
            assert found == value, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["a check of slots outside of forms", "reminders"])
def test_what_works_is_not_complained_of(written: Callable[[dict[str, str | bytes]], Imported], name: str) -> None:
    """Nothing is to be done about it."""
    told = [note for note in written(dict(CASES[name].files)).notes(Outcome.TO_DO) if not note.startswith("data/nlu")]
    assert told == []


def test_a_change_is_made_or_said_to_be_made_by_hand(written: Callable[[dict[str, str | bytes]], Imported]) -> None:
    """An anchor in what changes is used further down; the file comes as it is, and it is said."""
    text = (
        "intents: [ask_hours]\nsession_config: &s\n  session_expiration_time: 0\nslots: {}\nresponses: {}\nother: *s\n"
    )
    imported = written(domain(text))
    assert imported.text("domain/domain.yml") == text
    assert imported.said(Outcome.TO_DO, "domain.yml:", "could not be changed in its place", "by hand")
