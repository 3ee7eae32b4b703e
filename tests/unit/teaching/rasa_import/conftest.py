"""Two companies' Rasa projects, a product to bring them to, and a project that a test writes by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.teaching.rasa_import.product import ProductCore, read_core
from bot.teaching.rasa_import.project import import_project
from bot.teaching.rasa_import.report import ImportReport, Outcome

COMPANIES = Path(__file__).resolve().parents[3] / "companies"

CORE_DOMAIN = """
version: "3.1"
intents: [greet, goodbye, thanks, affirm, deny, inform, stop, ask_for_person, out_of_scope, unclear, knowledge_question]
slots:
  action_outcome: {type: any, influence_conversation: false, mappings: [{type: custom}]}
actions: [action_answer_offer, action_not_understood, action_hand_to_human]
responses:
  utter_not_understood: [{text: "Sorry?"}]
  utter_greet: [{text: "Hello."}]
  utter_goodbye: [{text: "Goodbye."}]
  utter_what_for: [{text: "What is it for?"}]
  utter_nothing_to_stop: [{text: "Nothing to stop."}]
"""

CORE_RULES = """
version: "3.1"
rules:
  - rule: Greet back
    steps: [{intent: greet}, {action: utter_greet}]
  - rule: Yes, with nothing asked
    steps: [{intent: affirm}, {action: action_answer_offer}]
  - rule: No, with nothing asked
    steps: [{intent: deny}, {action: action_answer_offer}]
  - rule: A detail
    steps: [{intent: inform}, {action: utter_what_for}]
  - rule: A person
    steps: [{intent: ask_for_person}, {action: action_hand_to_human}]
  - rule: Not ours
    steps: [{intent: out_of_scope}, {action: action_not_understood}]
  - rule: Goodbye
    condition: [{active_loop: null}]
    steps: [{intent: goodbye}, {action: utter_goodbye}]
  - rule: Stop
    condition: [{active_loop: null}]
    steps: [{intent: stop}, {action: utter_nothing_to_stop}]
"""

CORE_EXAMPLES = """
version: "3.1"
nlu:
  - intent: thanks
    examples: |
      - thank you so much
      - thanks a lot
"""

OWN_DOMAIN = """
version: "3.1"
# The company's own.
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""


class Imported:
    """A project, the company's folder to which it came, and what was said of it."""

    def __init__(self, project: Path, folder: Path, core: ProductCore) -> None:
        self.project = project
        self.folder = folder
        self.report: ImportReport = import_project(project, folder, core)

    def text(self, name: str) -> str:
        """A file of the company's folder."""
        return (self.folder / name).read_text(encoding="utf-8")

    def notes(self, outcome: Outcome) -> list[str]:
        """What was said of one kind, with file and line."""
        return [str(note) for note in self.report.of(outcome)]

    def said(self, outcome: Outcome, *parts: str) -> bool:
        """Whether one note of this kind has all these parts."""
        return any(all(part in note for part in parts) for note in self.notes(outcome))


@pytest.fixture
def core(tmp_path: Path) -> ProductCore:
    """A product that greets, hands over, and answers yes and no by itself."""
    folder = tmp_path / "product"
    folder.mkdir()
    texts = {"domain.yml": CORE_DOMAIN, "rules.yml": CORE_RULES, "nlu.yml": CORE_EXAMPLES}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_core(*(folder / name for name in texts))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A company's folder that has just been made."""
    made = tmp_path / "company"
    made.mkdir()
    (made / "domain.yml").write_text(OWN_DOMAIN, encoding="utf-8")
    return made


@pytest.fixture
def restaurant(folder: Path, core: ProductCore) -> Imported:
    """Rasa 3, a domain in many files, roles and groups, conditions, lookup tables."""
    return Imported(COMPANIES / "restaurant", folder, core)


@pytest.fixture
def bank(folder: Path, core: ProductCore) -> Imported:
    """Rasa 2, forms with mappings, checkpoints, or, whole sentences, retrieval intents, two stages."""
    return Imported(COMPANIES / "bank", folder, core)


@pytest.fixture
def written(tmp_path: Path, folder: Path, core: ProductCore) -> Callable[[dict[str, str | bytes]], Imported]:
    """Import a project of these files."""

    def bring(files: dict[str, str | bytes]) -> Imported:
        project = tmp_path / "project"
        for name, content in files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Imported(project, folder, core)

    return bring
