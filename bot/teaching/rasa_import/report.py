"""What became of each part of an imported project, with its place in the original."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from bot.errors import Place


class Outcome(str, Enum):
    """What became of something; in the order in which a person wants to read it."""

    TO_DO = "to do"
    """It is here, and does not work before somebody does something about it."""
    LEFT_OUT = "left out"
    """It is not here: the product does it in another way, or it cannot work."""
    CHANGED = "changed"
    """It works, after a change."""
    TAKEN = "taken"
    """It works as it is."""


@dataclass(frozen=True)
class Note:
    """One thing that is said of the original; ``place`` is relative to its folder."""

    outcome: Outcome
    place: Place
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        """The sentence with its file and line, as editors turn into a link."""
        return " ".join(part for part in (f"{self.place}:", self.what, self.remedy) if part)


@dataclass(frozen=True)
class ImportReport:
    """All notes, and the files that were written, relative to the company's folder."""

    notes: tuple[Note, ...]
    written: tuple[Path, ...]

    def of(self, outcome: Outcome) -> tuple[Note, ...]:
        """The notes of one kind, by file and line."""
        found = [note for note in self.notes if note.outcome is outcome]
        return tuple(sorted(found, key=lambda note: (str(note.place.path), note.place.line)))

    def sentences(self) -> Iterator[str]:
        """Every note as a sentence, what is to be done first."""
        for outcome in Outcome:
            yield from map(str, self.of(outcome))


@dataclass
class Notes:
    """Collects what is to be said; the same sentence is said once."""

    _found: dict[Note, None] = field(default_factory=dict)

    def taken(self, place: Place, what: str, remedy: str = "") -> None:
        """It works as it is."""
        self._add(Outcome.TAKEN, place, what, remedy)

    def changed(self, place: Place, what: str, remedy: str = "") -> None:
        """It works, after this change."""
        self._add(Outcome.CHANGED, place, what, remedy)

    def left_out(self, place: Place, what: str, remedy: str = "") -> None:
        """It is not taken, and this is why, or what does it instead."""
        self._add(Outcome.LEFT_OUT, place, what, remedy)

    def to_do(self, place: Place, what: str, remedy: str) -> None:
        """It needs a person's hand."""
        self._add(Outcome.TO_DO, place, what, remedy)

    def all(self) -> tuple[Note, ...]:
        """What was said so far."""
        return tuple(self._found)

    def _add(self, outcome: Outcome, place: Place, what: str, remedy: str) -> None:
        self._found.setdefault(Note(outcome, place, what, remedy), None)


def as_markdown(report: ImportReport, project: str) -> str:
    """The report as a page that stays in the company's folder."""
    lines = [f"# What became of {project}", ""]
    for outcome, heading in _HEADINGS.items():
        notes = report.of(outcome)
        if notes:
            lines += [f"## {heading}", "", *(f"- `{note.place}` {_escaped(note)}" for note in notes), ""]
    return "\n".join(lines)


_HEADINGS = {
    Outcome.TO_DO: "For you to do",
    Outcome.LEFT_OUT: "Left out",
    Outcome.CHANGED: "Changed",
    Outcome.TAKEN: "Taken as it is",
}


def heading_of(outcome: Outcome) -> str:
    """What a person reads above the notes of one kind."""
    return _HEADINGS[outcome]


def _escaped(note: Note) -> str:
    return " ".join(f"{note.what} {note.remedy}".split()).replace("<", "&lt;")
