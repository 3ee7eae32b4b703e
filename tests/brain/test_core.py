"""What Warmline brings is joined with a company's own files, and the company's own words count."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.training_data.structures import RuleStep
from rasa.shared.importers.importer import TrainingDataImporter

from bot import core
from bot.brain.components.message_keys import intent_metadata
from bot.environment import environment_of

ROOT = Path(__file__).parents[2]

CONFIG = """
recipe: default.v1
language: en
importers:
  - name: bot.brain.content.TrainersData
    core: {core}
pipeline: []
policies: []
"""
DOMAIN = """
version: "3.1"
intents: [greet, book]
responses:
  utter_greet: [{text: "Ahoy."}]
  utter_booked: [{text: "Booked."}]
"""
DATA = """
version: "3.1"
nlu:
  - intent: greet
    metadata: {title: Ahoy, kind: act}
    examples: |
      - ahoy there
      - ahoy captain
  - intent: book
    metadata: {title: Book, kind: act}
    examples: |
      - book it for me
      - a booking please
rules:
  - rule: Greet back
    steps:
      - intent: greet
      - action: utter_booked
stories:
  - story: Take thanks
    steps:
      - intent: book
      - action: utter_booked
"""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """A company that says one sentence, one rule and one title of Warmline's in its own way."""
    (tmp_path / "domain.yml").write_text(DOMAIN, encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "all.yml").write_text(DATA, encoding="utf-8")
    return tmp_path


def _importer(company: Path, joined: bool = True) -> Any:
    (company / "config.yml").write_text(CONFIG.format(core=str(joined).lower()), encoding="utf-8")
    files = (str(company / "config.yml"), str(company / "domain.yml"), [str(company / "data")])
    return TrainingDataImporter.load_from_config(*files)


def test_every_assistant_has_what_warmline_brings(company: Path) -> None:
    """Intents, slots, actions, sentences, rules and examples that the company never wrote."""
    importer = _importer(company)
    domain = importer.get_domain()
    assert {"ask_for_person", "danger", "book"} <= set(domain.intents)
    assert {"action_hand_to_human", "utter_thanks", "utter_booked"} <= set(domain.action_names_or_texts)
    assert not domain.session_config.are_sessions_enabled()
    assert {"stop", "greet", "book"} <= {message.get("intent") for message in importer.get_nlu_data().intent_examples}


def test_the_companys_own_sentence_rule_and_title_count(company: Path) -> None:
    """Under Warmline's names; examples add up."""
    importer = _importer(company)
    assert importer.get_domain().responses["utter_greet"] == [{"text": "Ahoy."}]
    rules = [step for step in importer.get_stories().story_steps if step.block_name == "Greet back"]
    assert len(rules) == 1
    done = [event.action_name for event in rules[0].events if hasattr(event, "action_name")]
    assert "utter_booked" in done
    assert "utter_greet" not in done
    data = importer.get_nlu_data()
    assert intent_metadata(data)["greet"]["title"] == "Ahoy"
    greetings = [message.get("text") for message in data.intent_examples if message.get("intent") == "greet"]
    assert {"ahoy there", "good morning"} <= set(greetings)


def test_a_story_of_the_same_name_replaces_no_rule(company: Path) -> None:
    """Names of stories are free."""
    steps = [step for step in _importer(company).get_stories().story_steps if step.block_name == "Take thanks"]
    assert sorted(isinstance(step, RuleStep) for step in steps) == [False, True]


def test_a_company_may_do_without(company: Path) -> None:
    """For whoever writes all of it."""
    importer = _importer(company, joined=False)
    assert "danger" not in importer.get_domain().intents
    assert {message.get("intent") for message in importer.get_nlu_data().intent_examples} == {"greet", "book"}


def test_every_language_has_all_files() -> None:
    """A folder that lacks one would stop a training in the middle."""
    for language in core.LANGUAGES:
        for file in (core.domain_file(language), core.rules_file(language), core.examples_file(language)):
            assert file.is_file()


def test_rasas_own_validation_has_nothing_to_say_of_the_reference_assistant() -> None:
    """Among a hundred warnings that are none, the true one drowned."""
    without_ours = {name: value for name, value in os.environ.items() if not name.startswith("WARMLINE_")}
    done = subprocess.run(
        [str(Path(sys.executable).with_name("rasa")), "data", "validate", "--fail-on-warnings"],
        cwd=ROOT,
        # Other tests of this process may have set another company's folder.
        env={**environment_of("build", without_ours), "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "UserWarning" not in done.stderr + done.stdout
