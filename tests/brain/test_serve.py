"""What keeps a brain from starting is said in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.brain.serve import main
from bot.brain.train import KEPT_MODELS, _remove_old
from bot.errors import ArtefactError
from bot.nlu.intents.trained_models import newest_model


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of models, and settings that point at it."""
    folder = tmp_path / "models"
    folder.mkdir()
    monkeypatch.setenv("WARMLINE_ROOT", str(tmp_path))
    monkeypatch.setenv("WARMLINE_MODELS", str(folder))
    monkeypatch.setenv("WARMLINE_BRAIN_SECRET", "0123456789abcdef0123456789abcdef")
    monkeypatch.setenv("WARMLINE_ACTIONS_SECRET", "fedcba9876543210fedcba9876543210")
    return folder


def trained(models: Path, count: int) -> list[Path]:
    """Some models, the last one the newest, whatever their names."""
    made = []
    for number in range(count):
        path = models / f"{chr(ord('z') - number)}.tar.gz"
        path.write_bytes(b"")
        os.utime(path, (1_000_000 + number, 1_000_000 + number))
        made.append(path)
    return made


@pytest.mark.parametrize("secret", ["WARMLINE_BRAIN_SECRET", "WARMLINE_ACTIONS_SECRET"])
def test_a_brain_without_a_secret_does_not_start(
    models: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], secret: str
) -> None:
    """It would let nobody in, or no action would let it in."""
    monkeypatch.delenv(secret)
    assert main() == 1
    assert f"{secret} is not set" in capsys.readouterr().err


def test_a_brain_without_a_model_says_which_command_makes_one(models: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A newcomer's first mistake."""
    assert main() == 1
    assert "`make train`" in capsys.readouterr().err


def test_the_model_that_was_trained_last_is_served(models: Path) -> None:
    """By its time, not by its name."""
    made = trained(models, 3)
    assert newest_model(models) == made[-1]
    with pytest.raises(ArtefactError):
        newest_model(models / "elsewhere")


def test_old_models_make_room(models: Path) -> None:
    """The newest stay."""
    made = trained(models, KEPT_MODELS + 3)
    _remove_old(models)
    assert sorted(models.iterdir()) == sorted(made[3:])
