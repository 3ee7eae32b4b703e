"""How much of a question's words a passage holds, rare words counting most."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
# Endings that English puts on one word and not on another with the same meaning. Crude, and good enough: a wrong
# stem meets itself on both sides.
_ENDING = re.compile(r"(?:'s|ing|ed|es|s|e|y)$")
_SHORTEST_INFLECTED = 4
# Long messages repeat themselves; what they are about stands in their first words.
_MOST_WORDS = 60


def stems_of(text: str) -> list[str]:
    """Return the words of a text in small letters without their endings."""
    words = _WORD.findall(text.lower().replace("\u2019", "'"))
    return [_ENDING.sub("", word) if len(word) >= _SHORTEST_INFLECTED else word for word in words]


class WordCover:
    """An inverted list: word to the passages that hold it, weighed by inverse document frequency."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._passages = len(texts)
        holders: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            for stem in dict.fromkeys(stems_of(text)):
                holders[stem].append(place)
        self._holders = {stem: np.asarray(places, dtype=np.int64) for stem, places in holders.items()}

    def of(self, text: str) -> NDArray[np.float64]:
        """Return (passages,) shares from 0 to 1; a word that no passage holds makes every share smaller."""
        cover = np.zeros(self._passages)
        total = 0.0
        for stem in dict.fromkeys(stems_of(text)[:_MOST_WORDS]):
            places = self._holders.get(stem)
            weight = math.log((self._passages + 1) / ((0 if places is None else len(places)) + 0.5))
            total += weight
            if places is not None:
                cover[places] += weight
        return cover / total if total > 0 else cover
