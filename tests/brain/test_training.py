"""A trainer's mistake stops the training with a sentence, by whichever command it was started."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.model_training import train

from bot.brain import artefacts
from bot.brain.quiet import sentence_of
from tests.brain.small_project import NLU, RULES, write_project


@pytest.fixture
def complaint(small_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], str]:
    """Train a copy of the small project with one file changed; what a person is told."""
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(artefacts, "articles_folder", lambda: tmp_path / "knowledge_index" / "articles")

    def told(name: str, text: str) -> str:
        Path(name).write_text(text, encoding="utf-8")
        with pytest.raises((Exception, SystemExit)) as stopped:
            train("domain.yml", "config.yml", ["data"], output="models")
        return (sentence_of(stopped.value) or "").replace(f"{os.getcwd()}/", "")

    return told


def test_a_mistake_in_an_intents_metadata_names_file_and_line(complaint: Callable[[str, str], str]) -> None:
    """Rasa itself would not notice it."""
    text = NLU.replace("articles: [opening-hours]", "articles: [opening-times]")
    assert complaint("data/nlu.yml", text).startswith("data/nlu.yml:41: there is no article 'opening-times'.")


def test_broken_yaml_in_data_names_file_and_line(complaint: Callable[[str, str], str]) -> None:
    """The first thing that goes wrong in an editor."""
    text = NLU.replace("metadata: {title: Say hello, kind: act}", "metadata: {title: Say hello, kind: act")
    sentence = complaint("data/nlu.yml", text)
    assert "data/nlu.yml" in sentence
    assert any(f"{line}" in sentence for line in range(5, 8))


def test_broken_yaml_in_rules_names_file_and_line(complaint: Callable[[str, str], str]) -> None:
    """Rules and stories are read by Rasa, which names them itself."""
    sentence = complaint("data/rules.yml", RULES.replace("steps: [{intent: greet}, ", "steps: [{intent: greet, "))
    assert "data/rules.yml" in sentence
    assert "line 5" in sentence
