"""How an intent reads for a customer: its title and its articles, from the ``metadata`` in ``data/nlu``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot import core
from bot.errors import ContentError, Place


@dataclass(frozen=True)
class IntentTitle:
    """What a trainer wrote beside an intent."""

    title: str
    acts: bool
    articles: tuple[str, ...]


def load_titles(folder: Path) -> Mapping[str, IntentTitle]:
    """Every intent that has ``metadata`` in the YAML files of ``folder``, and Warmline's own.

    A broken file is a :class:`~bot.errors.ContentError`.
    """
    titles: dict[str, IntentTitle] = {}
    for path in (core.examples_file(), *sorted(folder.rglob("*.yml"))):
        try:
            data = yaml.safe_load(path.read_text("utf-8")) or {}
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            raise ContentError(Place(path, line), f"This is not YAML: {error.problem}.", "Mend the line.") from error
        for entry in data.get("nlu") or []:
            if "intent" in entry and "metadata" in entry:
                metadata = entry["metadata"]
                titles[entry["intent"]] = IntentTitle(
                    title=str(metadata["title"]),
                    acts=metadata["kind"] == "act",
                    articles=tuple(metadata.get("articles") or ()),
                )
    return titles
