"""Two companies' Rasa projects, a folder to bring them to, and a project that a test writes by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.teaching.rasa_import.project import import_project
from bot.teaching.rasa_import.report import ImportReport, Outcome

COMPANIES = Path(__file__).resolve().parents[3] / "companies"

OWN_DOMAIN = """
version: "3.1"
# The company's own.
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""


CONFIG = """
recipe: default.v1
importers: [{name: bot.brain.content.TrainersData, core: true}]
pipeline: [{name: WhitespaceTokenizer}]
policies: [{name: RulePolicy}]
"""


class Imported:
    """A project, the company's folder to which it came, and what was said of it."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.project = project
        self.folder = folder
        self.report: ImportReport = import_project(project, folder)

    def text(self, name: str) -> str:
        """A file of the company's folder."""
        return (self.folder / name).read_text(encoding="utf-8")

    def notes(self, outcome: Outcome) -> list[str]:
        """What was said of one kind, with file and line."""
        return [str(note) for note in self.report.of(outcome)]

    def said(self, outcome: Outcome, *parts: str) -> bool:
        """Whether one note of this kind has all these parts."""
        return any(all(part in note for part in parts) for note in self.notes(outcome))


def new_folder(made: Path, config: bool) -> Path:
    """A company's folder that has just been made; without a config.yml nothing is checked at the end."""
    made.mkdir()
    (made / "domain.yml").write_text(OWN_DOMAIN, encoding="utf-8")
    if config:
        (made / "config.yml").write_text(CONFIG, encoding="utf-8")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One for a single test."""
    return new_folder(tmp_path / "company", config=False)


@pytest.fixture(scope="session")
def restaurant(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Rasa 3, a domain in many files, roles and groups, conditions, lookup tables."""
    return Imported(COMPANIES / "restaurant", new_folder(tmp_path_factory.mktemp("made") / "company", config=True))


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Rasa 2, forms with mappings, checkpoints, or, whole sentences, retrieval intents, two stages."""
    return Imported(COMPANIES / "bank", new_folder(tmp_path_factory.mktemp("made") / "company", config=True))


@pytest.fixture
def written(tmp_path: Path, folder: Path) -> Callable[[dict[str, str | bytes]], Imported]:
    """Import a project of these files."""

    def bring(files: dict[str, str | bytes]) -> Imported:
        project = tmp_path / "project"
        for name, content in files.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return Imported(project, folder)

    return bring
