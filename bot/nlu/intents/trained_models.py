"""Which of the trained models is the one that serves: the newest, whoever looks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ArtefactError


@dataclass(frozen=True)
class Trained:
    """A model's file as it stands: whoever writes it anew, or goes on writing it, makes it another one."""

    changed: int
    """When it was written last, in nanoseconds."""
    size: int
    path: Path

    @classmethod
    def at(cls, path: Path) -> Trained:
        """Look at a file; :class:`OSError` where it is gone."""
        found = path.stat()
        return cls(found.st_mtime_ns, found.st_size, path)


def newest_trained(models: Path) -> Trained | None:
    """The model that was trained last, which is the one that serves; None without one."""
    trained = []
    for path in models.glob("*.tar.gz"):
        with suppress(OSError):  # training removes the oldest
            trained.append(Trained.at(path))
    return max(trained, key=lambda one: (one.changed, one.path.name), default=None)


def newest_model(models: Path) -> Path:
    """The file of the model that was trained last; :class:`ArtefactError` without one."""
    newest = newest_trained(models)
    if newest is None:
        raise ArtefactError(models, "there is no trained model.", "make train")
    return newest.path
