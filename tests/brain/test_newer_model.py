"""R16: a model that is trained while the brain serves is taken between two turns; no turn is lost or refused by it."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.brain.action_server import ActionServerForTests
from tests.brain.other_company import change, train_again
from tests.brain.served_brain import texts
from tests.brain.test_cut_off import Brain

CHANGES = {"domain.yml": (("Hello from the small project.", "Hello from the new model."),)}
LONGEST_WAIT = 60.0
"""Seconds; a safety net: a new model is there within a few."""
OLD, NEW = ["Hello from the small project."], ["Hello from the new model."]


@pytest.fixture
def root(small_project: Path, model: Path, tmp_path: Path) -> Path:
    """The small project in a folder of its own, with its model."""
    shutil.copytree(small_project, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
async def brain(root: Path, model: Path) -> AsyncIterator[Brain]:
    """A brain that serves it."""
    serving = Brain(root, root / "models" / model.name)
    actions = ActionServerForTests()
    actions.answers["validate_repair_form"] = lambda body: {"events": [], "responses": []}
    await actions.start(serving.actions_port)
    serving.start()
    try:
        await serving.wait_until_ready()
        yield serving
    finally:
        serving.end()
        await actions.stop()


async def greeted(brain: Brain, state: Any = None) -> tuple[int, list[str]]:
    """What the brain answers to a greeting."""
    status, result = await brain.say("hello", state)
    return status, texts(result) if status == 200 else []


async def test_a_new_model_answers_without_a_restart_and_no_turn_is_lost(brain: Brain, root: Path) -> None:
    """Customers write all the time, also while it is loaded; a conversation that has begun goes on with it."""
    _, first = await brain.say("book a repair")
    change(root, CHANGES)
    trained = await asyncio.to_thread(train_again, root)
    answers = []
    end = time.monotonic() + LONGEST_WAIT
    while (not answers or answers[-1] != (200, NEW)) and time.monotonic() < end:
        answers.append(await greeted(brain))
    assert answers[-1] == (200, NEW), brain.log.read_text()[-4000:]
    assert {status for status, _ in answers} == {200}
    assert [said for _, said in answers] == sorted((said for _, said in answers), key=lambda said: said == NEW)
    assert (await brain.ready())[1]["model"] == trained.name
    status, later = await brain.say("the oven", first["state"])
    assert (status, texts(later)) == (200, ["What is wrong?"])


async def test_a_damaged_model_changes_nothing_and_is_said_in_the_log(brain: Brain, root: Path, model: Path) -> None:
    """Half of a file, as a copy that broke off leaves it."""
    whole = (root / "models" / model.name).read_bytes()
    (root / "models" / "later.tar.gz").write_bytes(whole[: len(whole) // 2])
    end = time.monotonic() + LONGEST_WAIT
    while "later.tar.gz cannot be loaded" not in brain.log.read_text() and time.monotonic() < end:
        assert await greeted(brain) == (200, OLD)
    assert await greeted(brain) == (200, OLD)
    assert brain.log.read_text().count("later.tar.gz") == 1
