"""Which file is a new model, when it is read, and why one is not taken."""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

import pytest

from bot.brain.newer_model import NewerModel, NotTakenError, RunningCode


class Models:
    """A folder of models, and what of it was loaded."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.loaded: list[str] = []
        self.problem: Exception | None = None
        self._clock = 0
        self.watched = NewerModel(folder, self.write("first"), self._load)

    def write(self, name: str, text: str = "") -> Path:
        """Train a model, or go on writing it."""
        path = self.folder / f"{name}.tar.gz"
        path.write_text(text)
        self._clock += 1
        os.utime(path, (self._clock, self._clock))
        return path

    def _load(self, path: Path) -> str:
        self.loaded.append(path.name.partition(".")[0])
        if self.problem is not None:
            raise self.problem
        return path.name


@pytest.fixture
def models(tmp_path: Path) -> Models:
    """One model, which serves."""
    return Models(tmp_path)


async def test_the_model_that_serves_is_not_loaded_again(models: Models) -> None:
    """However often one looks."""
    assert [await models.watched.look() for _ in range(3)] == [None] * 3
    assert models.loaded == []


async def test_a_model_is_read_once_it_is_no_longer_being_written(models: Models) -> None:
    """Rasa writes the archive where it will lie."""
    models.write("second", "half")
    assert await models.watched.look() is None
    models.write("second", "half and")
    assert await models.watched.look() is None
    assert await models.watched.look() == "second.tar.gz"
    assert await models.watched.look() is None
    assert models.loaded == ["second"]


async def test_of_several_new_models_the_last_is_taken(models: Models) -> None:
    """Those between serve nobody."""
    models.write("second")
    models.write("third")
    await models.watched.look()
    assert await models.watched.look() == "third.tar.gz"
    assert models.loaded == ["third"]


async def test_who_removes_the_newest_model_goes_back_to_the_one_before(models: Models) -> None:
    """The way back from a bad training."""
    newest = models.write("second")
    await models.watched.look()
    await models.watched.look()
    newest.unlink()
    await models.watched.look()
    assert await models.watched.look() == "first.tar.gz"


@pytest.mark.parametrize("problem", [NotTakenError("Restart the brain."), EOFError("half a file")])
async def test_what_cannot_be_loaded_is_tried_once_until_it_is_written_again(
    models: Models, problem: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so in one line."""
    models.write("second")
    models.problem = problem
    assert [await models.watched.look() for _ in range(4)] == [None] * 4
    assert (models.loaded, len(caplog.records)) == (["second"], 1)
    models.problem = None
    models.write("second", "whole")
    await models.watched.look()
    assert await models.watched.look() == "second.tar.gz"


async def test_a_folder_that_is_gone_for_a_moment_ends_nothing(models: Models) -> None:
    """Somebody moves another one into its place."""
    for path in list(models.folder.iterdir()):
        path.unlink()
    models.folder.rmdir()
    assert await models.watched.look() is None


def test_a_brain_whose_program_was_changed_takes_no_model_of_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The new model was made by code that is not in this process; the same content, written anew, is the same code."""
    source = tmp_path / "component_of_a_company.py"
    source.write_text("POINT = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module(source.stem)
    code = RunningCode((tmp_path,))
    source.write_text("POINT = 1\n")
    code.refuse_if_changed()
    source.write_text("POINT = 2\n")
    with pytest.raises(NotTakenError, match=r"component_of_a_company\.py has changed .* restart the brain"):
        code.refuse_if_changed()
    monkeypatch.delitem(sys.modules, source.stem)
