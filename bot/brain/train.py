"""``python -m bot.brain.train``: what ``rasa train`` does, without loading TensorFlow where no component needs it."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

import yaml

from bot import settings
from bot.brain import variables_in_files
from bot.brain.rasa_patches import without_tensorflow
from bot.environment import environment_of
from bot.errors import SettingError, WarmlineError
from bot.knowledge.sources.articles import known_ids
from bot.teaching.checks.places import with_places
from bot.teaching.checks.project import check_project, domain_path
from bot.untrusted.control_characters import visible

KEPT_MODELS = 5
"""Trained models that stay in ``models/``: enough to go back, few enough not to fill a disk."""


def main() -> int:
    """Train with the project's own files and say what it took; 1 when a trainer's file is wrong."""
    _forget_secrets()
    where = settings.load()
    started = time.perf_counter()
    try:
        # Everything that can be seen without training, at once; Rasa itself stops at the first.
        check_project(where.root, known_ids(where.articles)).raise_if_wrong()
        # The importer looks too, for `rasa train`; this comes before the config is read, and at once.
        variables_in_files.refuse(where.root / name for name in ("config.yml", "domain.yml", "data"))
        config = _config(where.root / "config.yml")
        if not without_tensorflow.config_needs_tensorflow(config):
            without_tensorflow.install()
        model = _train(where)
    except WarmlineError as error:
        print(visible(str(error)), file=sys.stderr)
        return 1
    if model is None:
        return 1
    _remove_old(where.models)
    print(f"Trained {model.name} in {time.perf_counter() - started:.1f} s.")
    return 0


def _forget_secrets() -> None:
    """Keep what training may know, however it was started: trainers' files and a company's components run here."""
    kept = environment_of("build", os.environ)
    for name in set(os.environ) - set(kept):
        del os.environ[name]


def _config(path: Path) -> dict[str, object]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SettingError(f"{path} cannot be read: {error}") from error
    return found or {}


def _train(where: settings.Settings) -> Path | None:
    """Run Rasa's training; returns the model's file."""
    os.environ["SQLALCHEMY_SILENCE_UBER_WARNING"] = "1"
    # Rasa's progress bars are written over one another where a log is kept; ours are lines.
    os.environ["LOG_LEVEL"] = "WARNING"
    from bot.brain.progress import report_training
    from bot.brain.quiet import configure_logging, sentence_of
    from bot.brain.rasa_patches import apply

    configure_logging(logging.WARNING)
    report_training()
    # Rasa finds its cache folder, and a project's own classes, from the current folder.
    os.chdir(where.root)
    sys.path.insert(0, str(where.root))
    from rasa.model_training import train

    apply.for_training()
    try:
        result = train(
            domain=str(domain_path(where.root)),
            config="config.yml",
            training_files=["data"],
            output=str(where.models),
            # Gluing stories together at random helps policies that generalise; ours learn by heart.
            core_additional_arguments={"augmentation_factor": 0},
        )
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        print(visible(with_places(sentence, where.root)), file=sys.stderr)
        return None
    return Path(result.model) if result.model and result.code == 0 else None


def _remove_old(models: Path) -> None:
    trained = sorted(models.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in trained[KEPT_MODELS:]:
        path.unlink()


if __name__ == "__main__":
    sys.exit(main())
