"""A new article answers its own title in the running assistant, without a restart and without a training."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.processes import process_plans
from tests.e2e.installation import ROOT, Installation, private_settings
from tests.processes import Brain

PATIENCE = 60.0
"""Seconds until a built index must be in use; it takes about one."""

NEW_ARTICLES = {
    "What does delivery to the moorland villages cost?": "Delivery to the moorland villages costs £19. The lorry goes "
    "there on Thursdays.",
    "Can I hire a pressure washer?": "You can hire a pressure washer at our store in Leeds for £25 a day.",
    "What happens to my order during the warehouse move in January?": "Orders placed from 11 to 15 January leave two "
    "days later than usual.",
    "Carpet cleaner hire prices": "Hiring a carpet cleaner costs £18 for a day and £60 for a week.",
    "How do I track my order by carrier pigeon?": "Carrier pigeons bring word of your order every Friday.",
}
"""The cases D5 first, then others of their kind: a title without a question, and one that sounds like a thing to do."""


@pytest.fixture(scope="module")
def editing(tmp_path_factory: pytest.TempPathFactory, brain: Brain) -> Iterator[tuple[Path, Brain]]:
    """A folder whose articles may be changed, with a brain and an action server of its own over the trained model."""
    root = tmp_path_factory.mktemp("editing")
    for name in ("bot", "actions", "data", "models", "config.yml", "domain.yml", "endpoints.yml", ".venv-brain"):
        (root / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "knowledge_index", root / "knowledge_index")
    installation = Installation(private_settings(root / "var", WARMLINE_ROOT=str(root)))
    # The same shop: nothing here looks into it.
    shutil.copytree(brain.installation.settings.var, root / "var", dirs_exist_ok=True)
    try:
        installation.start("actions", "brain")
        yield root, Brain(installation.settings.brain_url, installation.settings.brain_secret, installation)
    finally:
        installation.close()


def test_a_new_article_answers_its_own_title(editing: tuple[Path, Brain]) -> None:
    """D5, kind 4: whatever intent its words are read as, and whatever that intent's own articles say."""
    root, brain = editing
    for number, (title, body) in enumerate(NEW_ARTICLES.items()):
        _write(root / "knowledge_index" / "articles" / f"new-{number}.md", f"new-{number}", title, body)
    plan = next(plan for plan in process_plans(brain.installation.settings) if plan.name == "brain")
    command = [plan.command[0], "-m", "bot.knowledge.index.build"]
    subprocess.run(command, cwd=root, env=dict(plan.environment), check=True, capture_output=True)
    _wait_until_found(brain, "new-0")
    cited = {title: brain.talk().say(title).citations for title in NEW_ARTICLES}
    assert cited == {title: [f"new-{number}"] for number, title in enumerate(NEW_ARTICLES)}


def _write(path: Path, name: str, title: str, body: str) -> None:
    head = f"id: {name}\ntitle: {title}\naudience: [public]\nlanguage: en\nupdated: 2026-11-01\nreview_by: 2027-05-01\n"
    path.write_text(f"---\n{head}url: https://help.example/{name}\nproducts: []\n---\n\n{body}\n", encoding="utf-8")


def _wait_until_found(brain: Brain, article: str) -> None:
    """Until the brain searches the new index: no customer's turn is needed for that."""
    deadline = time.monotonic() + PATIENCE
    query = {"schema": "search/1", "query": "moorland villages", "limit": 5}
    headers = {"Authorization": f"Bearer {brain.secret}"}
    while time.monotonic() < deadline:
        found = httpx.post(f"{brain.url}/webhooks/warmline/search", json=query, headers=headers, trust_env=False)
        if article in {one["article"] for one in found.json()["results"]}:
            return
        time.sleep(0.1)
    raise AssertionError(f"{article} is not found {PATIENCE} s after it was built")
