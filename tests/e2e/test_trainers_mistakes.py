"""A mistake in a trainer's or an editor's file ends the build with the file, the line and what to do."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge.index.build import SOME_REJECTED
from tests.e2e.installation import ROOT, environment_without_ours

BRAIN_PYTHON = ROOT / ".venv-brain" / "bin" / "python"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what trainers edit and of the code that reads it, with the encoder that is already built."""
    for name in ("bot", "actions", "data", "knowledge_index"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "models" / "encoder", tmp_path / "models" / "encoder")
    if (ROOT / "models" / "cache").is_dir():  # sentences that were encoded before are not what these tests are about
        shutil.copytree(ROOT / "models" / "cache", tmp_path / "models" / "cache")
    return tmp_path


def _run(project: Path, module: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BRAIN_PYTHON), "-m", module],
        cwd=project,
        env={**environment_without_ours(), "WARMLINE_ROOT": str(project), "PYTHONPATH": str(project), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def _line_of(path: Path, text: str) -> int:
    return next(n for n, line in enumerate(path.read_text().splitlines(), start=1) if text in line)


def _break(path: Path, old: str, new: str) -> int:
    """Replace the first line that holds ``old``; gives its number."""
    line = _line_of(path, old)
    lines = path.read_text().splitlines(keepends=True)
    lines[line - 1] = new + "\n"
    path.write_text("".join(lines))
    return line


def _unknown_kind(nlu: Path) -> int:
    return _break(nlu, "kind: fact", "      kind: facts")


def _unknown_article(nlu: Path) -> int:
    return _break(nlu, "articles: [store-hours", "    articles: [no-such-article]")


def _broken_yaml(nlu: Path) -> int:
    return _break(nlu, "examples: |", "  examples: [unclosed")


@pytest.mark.parametrize("mistake", [_unknown_kind, _unknown_article, _broken_yaml])
def test_a_broken_line_in_the_training_data_is_named(project: Path, mistake: Callable[[Path], int]) -> None:
    """File and line, without a stack trace, and no new model."""
    nlu = project / "data" / "nlu" / "stores.yml"
    mistake(nlu)
    finished = _run(project, "bot.brain.train")
    said = finished.stdout + finished.stderr
    assert finished.returncode != 0, said
    assert "data/nlu/stores.yml" in said
    assert "Traceback" not in said
    assert not list((project / "models").glob("*.tar.gz"))


def test_x8_a_variable_of_the_environment_in_a_trainers_file_is_named_and_not_trained(project: Path) -> None:
    """As a slot's first value the bot would say it on "hello"; the secret's value is said nowhere."""
    domain = project / "domain.yml"
    domain.write_text(domain.read_text() + "\n# the last lines\nsession_config: ${WARMLINE_PAYLOAD_KEY}\n")
    line = _line_of(domain, "${")
    finished = _run(project, "bot.brain.train", WARMLINE_PAYLOAD_KEY="k" * 43)
    said = finished.stdout + finished.stderr
    assert finished.returncode != 0, said
    assert f"domain.yml:{line}: " in said
    assert "k" * 43 not in said
    assert "Traceback" not in said
    assert not list((project / "models").glob("*.tar.gz"))


def test_x8_training_forgets_secrets_whoever_started_it(project: Path) -> None:
    """A company's own component is loaded there: a mistake in it must not print the company's keys."""
    (project / "nosy.py").write_text("import os\nraise RuntimeError(sorted(os.environ))\n")
    config = project / "config.yml"
    trainers = "  - name: bot.brain.content.TrainersData"
    config.write_text(config.read_text().replace(trainers, f"  - name: nosy.Importer\n{trainers}", 1))
    keys = {"WARMLINE_PAYLOAD_KEY": "k" * 43, "WARMLINE_TELEGRAM_TOKEN": "1:t", "PGPASSWORD": "p"}
    finished = _run(project, "bot.brain.train", **keys)
    said = finished.stdout + finished.stderr
    assert "WARMLINE_ROOT" in said, said
    assert [name for name in keys if name in said] == []


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("updated:", "updated: yesterday", "updated"),
        ("title:", "", "title"),
        ("audience:", "audience: [public", ""),
    ],
)
def test_broken_front_matter_is_named_with_its_line(project: Path, old: str, new: str, complaint: str) -> None:
    """The other articles are built all the same, and the exit status says that one is not."""
    article = project / "knowledge_index" / "articles" / "store-hours.md"
    _break(article, old, new)
    finished = _run(project, "bot.knowledge.index.build")
    said = finished.stdout + finished.stderr
    assert finished.returncode == SOME_REJECTED, said
    assert "store-hours.md:" in said
    assert complaint in said
    assert "Traceback" not in said
    versions = (project / "knowledge_index" / "built" / "versions").glob("*/content.json")
    content = max(versions, key=os.path.getmtime)
    built = {row[1] for row in json.loads(content.read_text())["passages"]["rows"]}
    assert "store-locations" in built
    assert "store-hours" not in built


@pytest.mark.parametrize("command", ["run", "build", "check", "shell"])
def test_five_mistakes_in_five_files_are_on_the_screen_before_anything_is_built(project: Path, command: str) -> None:
    """D19, kind 8: file and line of each, in one run, and nothing was trained or started."""
    for name in ("channels.yml", "desk.yml"):
        shutil.copy(ROOT / name, project / name)
    places = [
        f"{name}:{_break(project / name, old, new)}: "
        for name, old, new in (
            ("data/rules/orders.yml", "action: action_track_order", "      - action: action_trak_order"),
            ("domain.yml", "entity: postcode}", "      - {type: from_entity, entity: post_code}"),
            ("config.yml", "max_wrong_answers: 0.08", "    max_wrong_answer: 0.08"),
            ("desk.yml", "timezone: Europe/London", "  timezone: Europe/Londn"),
            ("actions/track_order.py", "class ", "class TrackOrder(CompanyAction"),
        )
    ]
    finished = subprocess.run(
        [sys.executable, "-m", "bot.commands.main", command],
        cwd=project,
        env={**environment_without_ours(), "WARMLINE_ROOT": str(project), "PYTHONPATH": str(project), "COLUMNS": "80"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )
    said = finished.stdout + finished.stderr
    assert finished.returncode == 1, said
    assert [place for place in places if f"✗ {place}" not in said] == [], said
    assert "Did you mean action_track_order?" in said
    assert "Did you mean postcode?" in said
    assert "nothing was built or started" in said
    assert "Traceback" not in said
    assert not list((project / "models").glob("*.tar.gz"))
    assert not (project / "var" / "logs").exists()


def test_a_model_of_another_encoder_is_refused_at_start_with_the_command_that_mends_it(project: Path) -> None:
    """A brain whose vectors mean something else must not answer customers."""
    model = max((ROOT / "models").glob("*.tar.gz"), key=os.path.getmtime)
    shutil.copy(model, project / "models")
    manifest = project / "models" / "encoder" / "manifest.json"
    built = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**built, "fingerprint": "0" * len(built["fingerprint"])}))
    keys = {"WARMLINE_BRAIN_SECRET": "x" * 43, "WARMLINE_ACTIONS_SECRET": "y" * 43}
    finished = _run(project, "bot.brain.serve", **keys, WARMLINE_BRAIN_PORT="1")
    said = finished.stdout + finished.stderr
    assert finished.returncode != 0, said
    assert "make train" in said
    assert "Traceback" not in said
