"""Golden questions: how customers ask, and which sentence of which article answers, or that nothing does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.errors import ContentError, Place
from bot.knowledge.sources.readers.files import text_of

_MOST_BYTES = 4 * 1024 * 1024
_FIELDS = {"question", "article", "sentence", "internal"}


@dataclass(frozen=True)
class GoldenQuestion:
    """A question; ``article`` is None where nothing that customers may read answers it."""

    text: str
    article: str | None
    sentence: str | None
    internal: bool = False
    """Whether an internal article would answer it."""


def read_golden(path: Path) -> tuple[GoldenQuestion, ...]:
    """Read a YAML list of ``{question, article, sentence}``; :class:`ContentError` names the entry that is wrong."""
    if not path.exists():
        raise ContentError(Place(path), "there is no such file.", "Name one with --questions.")
    try:
        items = yaml.load(text_of(path, _MOST_BYTES), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
    except yaml.YAMLError as error:
        raise ContentError(Place(path), "it is not YAML.", "Check colons, quotes and indents.") from error
    if not isinstance(items, list):
        raise ContentError(Place(path), "it is not a list.", "Write entries that start with `- question:`.")
    return tuple(_question(path, number, item) for number, item in enumerate(items, start=1))


def _question(path: Path, number: int, item: Any) -> GoldenQuestion:
    if not isinstance(item, dict) or not isinstance(item.get("question"), str) or not set(item) <= _FIELDS:
        raise ContentError(Place(path), f"entry {number} is not a question.", "Write question, article and sentence.")
    article, sentence = item.get("article"), item.get("sentence")
    return GoldenQuestion(item["question"], article, sentence, bool(item.get("internal")))
