"""A small project of its own, trained once for all tests that need a model; only where Rasa is installed."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# The gateway's environment has no Rasa; what needs it runs in the other one (`make test` runs both).
if importlib.util.find_spec("rasa") is None:
    collect_ignore = [
        "test_action_calls.py",
        "test_channel.py",
        "test_checks_and_rasa.py",
        "test_component_contract.py",
        "test_components.py",
        "test_core.py",
        "test_cut_off.py",
        "test_dialogue_state.py",
        "test_done_once.py",
        "test_imported_projects.py",
        "test_foreign_project.py",
        "test_memoization.py",
        "test_newer_model.py",
        "test_patches_are_up_to_date.py",
        "test_quiet.py",
        "test_rasa_patches.py",
        "test_reminders.py",
        "test_reply_collector.py",
        "test_responses.py",
        "test_slot_validation.py",
        "test_stories_with_patches.py",
        "test_tracker_store.py",
        "test_training.py",
        "test_two_stages.py",
        "test_untaught_company.py",
        "test_without_tensorflow_in_rasa.py",
    ]
else:
    from bot.brain.rasa_patches import without_tensorflow

    # Before any test file imports Rasa: the real one costs seconds and half a gigabyte.
    without_tensorflow.install()


@pytest.fixture(scope="session")
def small_project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with data, articles, an index and settings that point at it; a stand-in encodes."""
    from bot.brain import artefacts
    from bot.knowledge.index.index import KnowledgeIndex
    from bot.knowledge.sources.articles import load_articles
    from tests.brain.small_project import WordEncoder, write_project

    root = tmp_path_factory.mktemp("project")
    write_project(root)
    encoder = WordEncoder()
    KnowledgeIndex.build(load_articles(root / "knowledge_index" / "articles"), encoder).save(
        root / "knowledge_index" / "built"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WARMLINE_ROOT", str(root))
        patch.delenv("WARMLINE_MODELS", raising=False)
        patch.setattr(artefacts, "encoder", lambda: encoder)
        patch.setattr(artefacts, "encoder_fingerprint", lambda: encoder.fingerprint)
        artefacts._living.cache_clear()
        yield root
        artefacts._living.cache_clear()


@pytest.fixture(scope="session")
def model(small_project: Path) -> Path:
    """The small project's model, trained once."""
    from rasa.model_training import train

    before = Path.cwd()
    os.chdir(small_project)
    try:
        result = train("domain.yml", "config.yml", ["data"], output=str(small_project / "models"))
    finally:
        os.chdir(before)
    assert result.code == 0
    return Path(result.model)


@pytest.fixture(scope="session")
def served(model: Path) -> Iterator[object]:
    """A brain that serves the small project on a free port; Sanic makes one server a process."""
    from tests.brain.served_brain import Served

    with Served(model) as serving:
        yield serving
