"""What training promised is read out of the model's archive, or the archive is refused."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from bot.errors import ArtefactError
from bot.nlu.intents import promise as promised
from bot.nlu.intents.promise import Promised
from bot.nlu.intents.trained_models import newest_model

BUDGET = Promised(0.08, 0.1, 0.95, proven=True, by_hand=False, wrong=0.071, covered=0.868)


def archive(path: Path, files: dict[str, bytes]) -> Path:
    """A trained model with these files among its components."""
    with tarfile.open(path, "w:gz") as model:
        for name, content in files.items():
            member = tarfile.TarInfo(f"components/train_Arbiter8/{name}")
            member.size = len(content)
            model.addfile(member, io.BytesIO(content))
    return path


@pytest.mark.parametrize("kept", [BUDGET, None])
def test_what_was_saved_is_read_again(tmp_path: Path, kept: Promised | None) -> None:
    """Whether there is a budget or none."""
    promised.save(kept, tmp_path)
    model = archive(tmp_path / "m.tar.gz", {"a.json": b"{}", promised.FILE: (tmp_path / promised.FILE).read_bytes()})
    assert promised.of_model(model) == kept


@pytest.mark.parametrize(
    "files",
    [{}, {promised.FILE: b"{}"}, {promised.FILE: b"\xff"}, {promised.FILE: b"[1]"}, {promised.FILE: b"0" * 70_000}],
)
def test_a_model_that_does_not_say_is_refused_with_the_command_that_mends_it(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    """An older one, or a damaged one."""
    with pytest.raises(ArtefactError, match="make train"):
        promised.of_model(archive(tmp_path / "m.tar.gz", files))


def test_what_is_no_archive_is_refused_too(tmp_path: Path) -> None:
    """Cut off, or never one."""
    whole = archive(tmp_path / "m.tar.gz", {promised.FILE: b"null"}).read_bytes()
    for content in (b"", b"no archive", whole[: len(whole) // 2]):
        (tmp_path / "m.tar.gz").write_bytes(content)
        with pytest.raises(ArtefactError):
            promised.of_model(tmp_path / "m.tar.gz")


def test_the_newest_model_is_the_one_that_was_trained_last(tmp_path: Path) -> None:
    """By its time, not by its name."""
    for number, name in enumerate(("b", "a")):
        (tmp_path / f"{name}.tar.gz").write_bytes(b"")
        os.utime(tmp_path / f"{name}.tar.gz", (number, number))
    assert newest_model(tmp_path).name == "a.tar.gz"
    with pytest.raises(ArtefactError, match="make train"):
        newest_model(tmp_path / "nowhere")
