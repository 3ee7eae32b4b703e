"""Errors that a user can fix: each says what happened, where, and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class WarmlineError(Exception):
    """A mistake or a fault that a person can act on; its text is shown as it is, without a stack trace."""


@dataclass(frozen=True)
class Place:
    """Where in a trainer's file something is wrong; ``line`` counts from 1, 0 means the whole file."""

    path: Path
    line: int = 0

    def __str__(self) -> str:
        """``data/nlu/orders.yml:12``, the form that editors turn into a link."""
        return f"{self.path}:{self.line}" if self.line else str(self.path)


class ContentError(WarmlineError):
    """Something in a trainer's file is wrong: ``data/``, ``domain.yml`` or ``knowledge_index/articles/``."""

    def __init__(self, place: Place, what: str, remedy: str) -> None:
        super().__init__(f"{place}: {what} {remedy}")
        self.place = place
        self.what = what
        self.remedy = remedy


class ArtefactError(WarmlineError):
    """A built file (encoder, index, model) is missing, damaged or built with something else."""

    def __init__(self, path: Path, what: str, command: str) -> None:
        super().__init__(f"{path}: {what} Run `{command}` to build it again.")
        self.path = path
        self.command = command


class SettingError(WarmlineError):
    """A setting of the environment or of a configuration file is missing or wrong."""


class SettingMistakesError(SettingError):
    """All that is wrong in a setting file, a line each; ``found`` has them one by one."""

    def __init__(self, found: Sequence[SettingError]) -> None:
        super().__init__("\n".join(map(str, found)))
        self.found = tuple(found)
