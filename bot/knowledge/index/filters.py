"""Filters: who asks, in which language, about what; worked out once each, before anything is searched."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.knowledge.index.passages import Passage
from bot.knowledge.index.vectors import Allowed

# A filter of 100,000 passages takes 1 MB; more combinations than these are a sign of a caller that makes them up.
_MOST_KEPT = 64


@dataclass(frozen=True)
class Filter:
    """What a passage must be: for one of the audiences; in the language, and about one of the products, if named."""

    audiences: frozenset[str]
    language: str | None = None
    """A language such as ``en``; ``en-GB`` finds ``en`` as well, and the other way round."""
    products: frozenset[str] = frozenset()
    """Passages without products are about all of them."""


class Filters:
    """The filters that were asked for lately."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self._passages = passages
        self._kept: OrderedDict[Filter, Allowed] = OrderedDict()
        self.languages = frozenset(_main(passage.language) for passage in passages if passage.language)

    def allowed(self, wanted: Filter) -> Allowed:
        """Return the passages that pass."""
        kept = self._kept.get(wanted)
        if kept is None:
            kept = Allowed.of(np.asarray([_passes(passage, wanted) for passage in self._passages], dtype=bool))
            self._kept[wanted] = kept
            while len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
        return kept


def _passes(passage: Passage, wanted: Filter) -> bool:
    return (
        bool(wanted.audiences.intersection(passage.audience))
        and (wanted.language is None or not passage.language or _main(passage.language) == _main(wanted.language))
        and (not wanted.products or not passage.products or bool(wanted.products.intersection(passage.products)))
    )


def _main(language: str) -> str:
    return language.partition("-")[0].lower()
