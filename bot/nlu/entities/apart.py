"""Entities that share a place: which of them counts, and what is left of a text without them."""

from __future__ import annotations

from collections.abc import Iterable

from bot.nlu.entities.taught import Entity
from bot.nlu.reading.places import Taken


def taken_by(text: str, entities: Iterable[Entity]) -> Taken:
    """The places of a text that entities take."""
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


def masked(text: str, taken: Iterable[Entity]) -> str:
    """Return a text of the same length in which taken places are filled with a sign that no date contains."""
    characters = list(text)
    for entity in taken:
        characters[entity.start : entity.end] = "\N{REPLACEMENT CHARACTER}" * (entity.end - entity.start)
    return "".join(characters)
