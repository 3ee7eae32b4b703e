"""Stories come out the same, whether Rasa is patched or not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def predicted(model: Path, stories: Path, how: str, root: Path) -> list[list[dict[str, Any]]]:
    """Each story's steps, as a process of its own predicts them."""
    finished = subprocess.run(
        [sys.executable, "-m", "tests.brain.predicted_stories", str(model), str(stories), how],
        cwd=ROOT,
        env={**os.environ, "WARMLINE_ROOT": str(root), "RASA_TELEMETRY_ENABLED": "false"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr[-2000:]
    steps: list[list[dict[str, Any]]] = json.loads(finished.stdout.rstrip("\n").rpartition("\n")[2])
    return steps


def test_the_small_projects_stories_come_out_the_same(model: Path, small_project: Path) -> None:
    """The same actions, as sure, with the same slots, at each step."""
    plain, patched = (predicted(model, small_project / "data", how, small_project) for how in ("plain", "patched"))
    assert patched == plain
    assert sum(map(len, plain)) > 10


def test_the_reference_assistants_stories_come_out_the_same(tmp_path: Path) -> None:
    """Its rules, its stories and its test stories: forms, hand-offs, several policies."""
    trained = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not trained:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("No model is trained: run `make train`.")
    for folder in ("data/rules", "data/stories", "tests/stories"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    plain, patched = (predicted(trained[-1], tmp_path, how, ROOT) for how in ("plain", "patched"))
    assert patched == plain
    steps = [step for story in plain for step in story if step.get("told")]
    assert {step["policy"] for step in steps} >= {"RulePolicy", "WarmlineMemoization"}
    assert any(step["form"] for step in steps)
    assert [step for step in steps if step["action"] != step["told"]] == []
