"""When TensorFlow may be stood in for, and when not."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest
import yaml

from bot.brain.rasa_patches.without_tensorflow import config_needs_tensorflow, model_needs_tensorflow

ROOT = Path(__file__).parents[2]
OURS = {"pipeline": [{"name": "WhitespaceTokenizer"}], "policies": [{"name": "RulePolicy"}]}


def model(folder: Path, *uses: str) -> Path:
    """A model's archive with the one file that is looked at."""
    nodes = {str(place): {"uses": name} for place, name in enumerate(uses)}
    text = json.dumps({"predict_schema": {"nodes": nodes}}).encode()
    path = folder / "model.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("metadata.json")
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
    return path


def test_our_own_pipeline_needs_none() -> None:
    """Else the brain would start in twice the time, in twice the memory."""
    assert not config_needs_tensorflow(yaml.safe_load((ROOT / "config.yml").read_text()))


@pytest.mark.parametrize(
    "change",
    [
        {"pipeline": [{"name": "DIETClassifier"}]},
        {"policies": [{"name": "RulePolicy"}, {"name": "TEDPolicy"}]},
        {"pipeline": [{"name": "rasa.nlu.classifiers.diet_classifier.DIETClassifier"}]},
        {"pipeline": [{"name": "our_team.parts.Something"}]},
        {"pipeline": None},
        {"policies": []},
    ],
    ids=str,
)
def test_a_pipeline_that_may_need_it_gets_the_real_one(change: dict[str, object]) -> None:
    """Rasa's TensorFlow components, a project's own, and what Rasa fills in by itself."""
    assert config_needs_tensorflow({**OURS, **change})


def test_a_model_is_judged_by_what_it_was_trained_with(tmp_path: Path) -> None:
    """config.yml may have changed since."""
    ours = ("rasa.core.policies.rule_policy.RulePolicy", "bot.brain.components.intents.WarmlineIntents")
    assert not model_needs_tensorflow(model(tmp_path, *ours))
    assert model_needs_tensorflow(model(tmp_path, *ours, "rasa.core.policies.ted_policy.TEDPolicy"))
    assert model_needs_tensorflow(model(tmp_path, "our_team.parts.Something"))
