"""A company that has articles and a week's examples, and not one asked question, answers what its articles say.

The whole assistant is trained as it ships, in a process of its own, and takes the set of `tests/companies/harakeke`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.conftest import not_there

ROOT = Path(__file__).resolve().parents[2]
# What holds of both halves together; docs/decisions/0058-an-untaught-knowledge-base.md has what was aimed at.
LEAST_RIGHT = {"questions": 19, "unanswerable": 9, "messages": 46}
MOST_WRONG = {"questions": 2, "unanswerable": 1, "messages": 10}


@pytest.fixture(scope="module")
def figures() -> dict[str, dict[str, int]]:
    """How each part of the set went."""
    models = Path(os.environ.get("WARMLINE_MODELS", ROOT / "models"))
    if not (models / "encoder" / "manifest.json").is_file():
        not_there("The encoder is not built: run `python -m bot.nlu.encoder.build` in .venv.")
    command = [sys.executable, "-m", "tests.companies.untaught", "harakeke", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.returncode == 0, done.stderr
    last = done.stdout.strip().rsplit("\n", 1)[-1]
    return json.loads(last)  # type: ignore[no-any-return]


@pytest.mark.parametrize("part", ["questions", "unanswerable", "messages"])
def test_what_the_articles_say_is_answered_and_little_else(figures: dict[str, dict[str, int]], part: str) -> None:
    """Of each part, so many are right and no more than so many wrong."""
    assert figures[part]["right"] >= LEAST_RIGHT[part]
    assert figures[part]["wrong"] <= MOST_WRONG[part]


def test_another_base_trains_the_component_anew(
    small_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rasa looks at source alone, and the base is a file of numbers beside it."""
    from bot.brain.components.knowledge import WarmlineKnowledge
    from bot.knowledge.answering import base

    before = WarmlineKnowledge.files_fingerprint()
    other = tmp_path / base.FILE.name
    other.write_bytes(base.FILE.read_bytes() + b"other")
    monkeypatch.setattr(base, "FILE", other)
    assert WarmlineKnowledge.files_fingerprint() != before
