"""Which question takes the whole path once: one that a company's own articles answer."""

from __future__ import annotations

from pathlib import Path

from bot.commands.knowledge import GOLDEN
from bot.knowledge.sources.golden import read_golden


def answered_question(root: Path) -> str | None:
    """The first golden question that a public article answers; None where the company has written none down.

    Raises:
        ContentError: The file cannot be read.
    """
    if not (root / GOLDEN).is_file():
        return None
    return next((one.text for one in read_golden(root / GOLDEN) if one.article and not one.internal), None)
