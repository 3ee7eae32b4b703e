"""A new model is taken without a restart: it is loaded beside the one that serves, and the next turn begins with it.

A turn that is being taken ends with the model it began with. What cannot be loaded is said once in the log, and the
model that serves goes on serving (`docs/decisions/0057-a-new-model-between-two-turns.md`).
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from bot.brain.turn_budget import LONGEST_TURN
from bot.errors import WarmlineError
from bot.nlu.intents.trained_models import Trained, newest_trained

logger = logging.getLogger(__name__)

T = TypeVar("T")

LOOK_EVERY = 1.0
"""Seconds between two looks at the folder of models; what looked the same twice is no longer being written. Beside
the seconds that loading takes nobody notices them."""


class NotTakenError(WarmlineError):
    """A new model must not be loaded into this process; its text says why, and what to do."""


class NewerModel(Generic[T]):
    """Watches the folder of models for one process that serves."""

    def __init__(self, models: Path, serves: Path, load: Callable[[Path], T]) -> None:
        """``load`` makes of a model what serves, ready for its first turn; it runs in a thread of its own.

        It raises :class:`NotTakenError`, or whatever a damaged model makes Rasa raise.
        """
        self._models = models
        self._load = load
        self._known = _stamp_of(serves)
        """The model that serves, or the last one that could not be loaded: neither is looked at again."""
        self._seen: Trained | None = None

    async def watch(self, take: Callable[[T], None], every: float = LOOK_EVERY) -> None:
        """Look for as long as the process serves; ``take`` puts what was loaded in the place of what serves."""
        while True:
            await asyncio.sleep(every)
            loaded = await self.look()
            if loaded is not None:
                take(loaded)
                del loaded  # else it would stay when it is replaced itself
                await asyncio.sleep(LONGEST_TURN)  # the last turn with the old one has ended by then
                forget_what_was_replaced()

    async def look(self) -> T | None:
        """Load a model that is new since the last look, and that was the same then already."""
        try:
            found = newest_trained(self._models)
        except OSError:
            found = None  # a disk that is away for a moment must not end the watch
        if found is None or found == self._known:
            self._seen = None
            return None
        if found != self._seen:
            self._seen = found
            return None
        self._known = found
        try:
            # A thread, not a process: what it makes is handed over as it is. Turns go on beside it, a little slower.
            loaded = await asyncio.to_thread(self._load, found.path)
        except NotTakenError as error:
            logger.warning("The new model %s is not taken. %s", found.path.name, error)
            return None
        except Exception as error:
            logger.error(
                "The new model %s cannot be loaded (%s); the old one goes on serving. Train again.",
                found.path.name,
                type(error).__name__,
            )
            return None
        logger.info("The model %s is in use now.", found.path.name)
        return loaded


def forget_what_was_replaced() -> None:
    """Give the old model's memory back: what was frozen at the start is nobody's business for the collector else."""
    gc.unfreeze()
    let_the_collector_rest()


def let_the_collector_rest() -> None:
    """Keep what is loaded out of the collector's way: it stays, and need not be walked through again and again."""
    gc.collect()
    gc.freeze()
    # The next full collection comes when a quarter as many objects have gathered as the last one has left: now few.
    gc.collect()


def _stamp_of(model: Path) -> Trained | None:
    try:
        return Trained.at(model)
    except OSError:
        return None


class RunningCode:
    """The Python files that this process was started from: a model that newer ones have made needs a new process."""

    def __init__(self, folders: Iterable[Path]) -> None:
        """Look at what is loaded now from below these folders."""
        self._files: Mapping[Path, bytes] = {
            path: _content(path) for path in _loaded() if any(path.is_relative_to(folder) for folder in folders)
        }

    def refuse_if_changed(self) -> None:
        """Raise :class:`NotTakenError` where a file is another one than at the start."""
        for path, content in self._files.items():
            if _content(path) != content:
                raise NotTakenError(f"{path.name} has changed since this brain was started: restart the brain.")


def _loaded() -> set[Path]:
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {Path(name) for name in files if name and name.endswith(".py") and "site-packages" not in name}


def _content(path: Path) -> bytes:
    # Not the time: a checkout that brings the same content is no other program.
    try:
        return hashlib.sha256(path.read_bytes()).digest()
    except OSError:
        return b""
