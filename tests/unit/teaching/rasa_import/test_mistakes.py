"""What would stop a training is told at the import, with the place in the original."""

from __future__ import annotations

from pathlib import Path

from bot.teaching.rasa_import.report import Outcome
from tests.unit.teaching.rasa_import.conftest import Imported, new_folder

FILES = {
    "domain.yml": "intents: [ask_hours]\nresponses:\n  utter_hours: [{text: At nine.}]\n",
    "data/all.yml": """nlu:
- intent: ask_hours
  examples: |
    - when are you open
    - opening hours
rules:
- rule: no
  steps:
  - intent: deny
  - action: utter_hours
- rule: hours
  steps:
  - intent: ask_hours
  - action: utter_hour
""",
}


def test_a_mistake_is_told_with_the_line_of_the_original(tmp_path: Path) -> None:
    """A line was put in above it, and a rule of four was taken out."""
    for name, text in FILES.items():
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text(text, encoding="utf-8")
    imported = Imported(tmp_path / "project", new_folder(tmp_path / "company", config=True))
    told = [note for note in imported.notes(Outcome.TO_DO) if "utter_hour" in note]
    assert len(told) == 1
    assert told[0].startswith("data/all.yml:14: rule “hours” uses the unknown response utter_hour.")
    assert "action: utter_hour\n" not in imported.text("data/all.yml").split("\n")[13:14]
