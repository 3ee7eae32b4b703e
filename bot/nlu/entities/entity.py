"""Something named in a text, and several of them: each in one place, none within another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.nlu.reading.places import Taken


class Found(Protocol):
    """A value in its canonical form, and where it stands: a telephone number, a moment, an address, a postcode."""

    @property
    def value(self) -> str:
        """In its canonical form."""

    @property
    def start(self) -> int:
        """Its first character."""

    @property
    def end(self) -> int:
        """The one behind its last."""


@dataclass(frozen=True)
class Entity:
    """Something named in a text: ``text[start:end]`` as typed, ``value`` in its one canonical form."""

    name: str
    value: str
    text: str
    start: int
    end: int
    valid: bool = True
    """False where the value's own check (a check digit, an address's syntax) says that it cannot exist."""
    ruled_out: bool = False
    """Whether it is mentioned as what the customer does not want, or took back."""
    ambiguous: bool = False
    """Whether its shape may be something else here; counts only where it was asked for and the text is little else."""
    kind: str = ""
    """What kind of value it is (`bot.contract.kinds`); empty for a company's own."""
    role: str = ""
    group: str = ""
    """As trainers mark them in examples; empty where they do not."""

    @classmethod
    def at(cls, name: str, found: Found, text: str, *, ambiguous: bool = False) -> Entity:
        """What was found in a text, as an entity of that name."""
        return cls(name, found.value, text[found.start : found.end], found.start, found.end, ambiguous=ambiguous)


@dataclass(frozen=True)
class Understood:
    """The entities that may fill something, and those that are mentioned as what is not wanted."""

    wanted: tuple[Entity, ...]
    ruled_out: tuple[Entity, ...]


def taken_by(text: str, entities: Iterable[Entity]) -> Taken:
    """The places of a text that belong to entities."""
    taken = Taken(len(text))
    for entity in entities:
        taken.take(entity.start, entity.end)
    return taken


def apart(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Keep the longest of entities that share a place (the first named among equals), and sort by place."""
    longest_first = sorted(entities, key=lambda entity: entity.start - entity.end)
    taken = Taken(max((entity.end for entity in longest_first), default=0))
    kept: list[Entity] = []
    for entity in longest_first:
        if not taken.touches(entity.start, entity.end):
            taken.take(entity.start, entity.end)
            kept.append(entity)
    return tuple(sorted(kept, key=lambda entity: entity.start))


def masked(text: str, entities: Iterable[Entity]) -> str:
    """Return a text of the same length in which taken places are filled with a sign that no date contains."""
    characters = list(text)
    for entity in entities:
        characters[entity.start : entity.end] = "\N{REPLACEMENT CHARACTER}" * (entity.end - entity.start)
    return "".join(characters)
