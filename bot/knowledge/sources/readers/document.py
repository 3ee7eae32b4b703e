"""What every reader gives back: a title, a Markdown body, and where in the source its parts stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import ContentError, Place

# A manual of some 150 pages; a longer text is several articles, whatever its format.
_LONGEST_BODY = 512 * 1024


@dataclass(frozen=True)
class Mark:
    """From ``body[start]`` up to the next mark the text stands at ``name`` in the source: ``page 3``, ``row 12``."""

    start: int
    name: str


@dataclass(frozen=True)
class Document:
    """A file that was read; ``title`` is its own, empty where it has none."""

    title: str
    body: str
    marks: tuple[Mark, ...] = ()
    links: tuple[str, ...] = ()
    """Where its links lead, as written."""


def mark_at(marks: Sequence[Mark], offset: int) -> str:
    """Return the name of the place in which ``body[offset]`` stands, empty where none is known."""
    place = bisect_right([mark.start for mark in marks], offset) - 1
    return marks[place].name if place >= 0 else ""


def too_many_words(path: Path, body: str) -> ContentError | None:
    """Return the error for a text that is longer than an article may be."""
    if len(body) <= _LONGEST_BODY:
        return None
    what = f"its text has {len(body):,} characters ({len(body.split()):,} words), {_LONGEST_BODY:,} at most."
    return ContentError(Place(path), what, "Split it into several articles.")
