"""What trainers teach of entities, and what is found of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.nlu.entities.recogniser import Annotated


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
    role: str = ""
    group: str = ""


@dataclass(frozen=True)
class Understood:
    """The entities that may fill something, and those that are mentioned as what is not wanted."""

    wanted: tuple[Entity, ...]
    ruled_out: tuple[Entity, ...]


@dataclass(frozen=True)
class Settings:
    """What config.yml says about entities."""

    timezone: str = "Europe/London"
    country: str = "GB"
    """Where a telephone number without a country code belongs (ISO 3166)."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """An entity's one form by an example in which 0 stands for a typed digit: ``{"order_number": "LF-0000000"}``."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """The check that an entity's last digit must pass: ``{"order_number": "luhn"}``."""


@dataclass(frozen=True)
class Taught:
    """What trainers wrote in ``data/nlu``."""

    lookups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    regexes: Sequence[tuple[str, str]] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    examples: Sequence[Annotated] = ()
    spellings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of entities without a list: the marked words that were written with capitals."""


def spellings_in(examples: Iterable[Annotated], lists: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The marked words that trainers wrote with capitals, of entities without a list: "new york" is "New York"."""
    found: dict[str, Counter[str]] = {}
    for example in examples:
        for mention in example.mentions:
            typed = example.text[mention.start : mention.end]
            if typed != typed.lower() and mention.name not in lists:
                found.setdefault(mention.name, Counter())[typed] += 1
    return {name: tuple(each for each, _ in sorted(counts.items(), key=_often)) for name, counts in found.items()}


def _often(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
