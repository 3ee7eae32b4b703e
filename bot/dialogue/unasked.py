"""What a message is read as where it reads as an answer, and nothing was asked: the wish beside the value."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.contract.names import DENY, INFORM
from bot.dialogue.replies import says_more_than_no
from bot.dialogue.weighed import EntityFound
from bot.nlu.intents.classifier import Reading

NOTHING_BUT = 0.9
"""From this share on the entities are all that a message says: a value, and what it is for is to be asked."""
SPEAKS = 0.25
"""How probable everything else must be for a message to be more than a value: "change my e-mail to ann@example.org"."""


def covered(text: str, entities: Collection[EntityFound]) -> float:
    """The share of the text that entities take up; two that overlap count once."""
    places = {place for entity in entities for place in range(entity.start, entity.end)}
    return len(places) / max(1, len(text.strip()))


def without_answer(text: str, readings: Sequence[Reading], entities: Collection[EntityFound]) -> tuple[Reading, ...]:
    """The readings of a message that answers nothing, without "an answer" where something else speaks as well."""
    others = [reading for reading in readings if reading.name != INFORM]
    left = sum(reading.confidence for reading in others)
    if not readings or readings[0].name != INFORM or left < SPEAKS or covered(text, entities) >= NOTHING_BUT:
        return tuple(readings)
    return tuple(Reading(reading.name, reading.confidence / left) for reading in others)


def is_no_refusal(text: str, readings: Sequence[Reading]) -> bool:
    """Whether a message that was read as a no turns nothing down: "not in the box either" tells of the matter."""
    return bool(readings) and readings[0].name == DENY and says_more_than_no(text)


def without_refusal(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """What else such a message may be, as probable as it is among that; nothing where hardly anything speaks for it."""
    others = [reading for reading in readings if reading.name != DENY]
    left = sum(reading.confidence for reading in others)
    return tuple(Reading(reading.name, reading.confidence / left) for reading in others) if left >= SPEAKS else ()
