"""What trainers and config.yml say of entities."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.nlu.entities.recogniser import Annotated


@dataclass(frozen=True)
class Settings:
    """What config.yml says about entities."""

    timezone: str
    """Where "tomorrow" is, a name of the IANA database such as ``America/New_York``."""
    country: str
    """Where the customers are (ISO 3166): the order of their dates, their postcodes and telephone numbers."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """An entity's one form by an example in which 0 stands for a typed digit: ``{"order_number": "LF-0000000"}``."""
    checks: Mapping[str, str] = field(default_factory=dict)
    """The check that an entity's last digit must pass: ``{"order_number": "luhn"}``."""
    kinds: Mapping[str, str] = field(default_factory=dict)
    """What kind of value an entity holds that has another name: ``{"zip": "postcode"}``."""


@dataclass(frozen=True)
class Taught:
    """What trainers wrote in ``data/nlu``."""

    lookups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    regexes: Sequence[tuple[str, str]] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    examples: Sequence[Annotated] = ()
    spellings: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Of entities without a list: the marked words that were written with capitals."""

    def to_json(self) -> dict[str, Any]:
        """As a dictionary that JSON can keep; the examples are not needed any more."""
        return {
            "lookups": {name: list(values) for name, values in self.lookups.items()},
            "regexes": [list(pair) for pair in self.regexes],
            "synonyms": dict(self.synonyms),
            "spellings": {name: list(values) for name, values in self.spellings.items()},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Taught:
        """Read what :meth:`to_json` wrote."""
        regexes = [(name, pattern) for name, pattern in kept["regexes"]]
        return cls(kept["lookups"], regexes, kept["synonyms"], spellings=kept["spellings"])


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
