"""Near-duplicates: passages that say the same thing are folded; one is shown, all are kept as sources."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.index.words import stems_of

# Runs of three words, as Broder's resemblance ("On the resemblance and containment of documents", 1997).
_RUN = 3
# Passages that share this much of their runs differ in a word here and there.
_ALIKE = 0.8
# A sentence that has this much of its words in another one, and no number that the other has not, adds nothing to it.
_CONTAINED = 0.8
# Sixteen hashes in eight bands of two: two passages that are 80 % alike meet in a band with 99.97 %.
_BANDS, _PER_BAND = 8, 2
_PRIME = (1 << 31) - 1
_SEED = 97

_WORD = re.compile(r"[^\W_]+(?:[.,']\d+)?")
# What makes two sentences that look alike say something else.
_NOT = frozenset({"no", "not", "never", "none", "cannot", "without", "neither", "nor"})


def prints_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return (texts, hashes): the smallest hashes of each text's runs, by which texts that are alike meet; -1 for none.

    Kept with an index, so that the next build reads only what is new.
    """
    hashes = np.random.RandomState(_SEED).randint(1, _PRIME, size=(2, _BANDS * _PER_BAND)).astype(np.int64)
    prints = np.full((len(texts), _BANDS * _PER_BAND), -1, dtype=np.int64)
    for place, text in enumerate(texts):
        own = _runs(text)
        if own:
            numbers = np.fromiter(own, dtype=np.int64, count=len(own)) & 0x7FFFFFFF
            prints[place] = ((numbers[:, None] * hashes[0] + hashes[1]) % _PRIME).min(axis=0)
    return prints


def folded(prints: NDArray[np.int64], text_at: Callable[[int], str]) -> NDArray[np.int64]:
    """Return for each text the number of the first one that says the same: itself, where there is none before it.

    Texts with other numbers or another negation never say the same, however alike they are. ``text_at`` gives a text
    by its number: only those that meet are read.
    """
    owners = np.arange(len(prints), dtype=np.int64)
    runs, tells = cache(lambda place: _runs(text_at(place))), cache(lambda place: telling(text_at(place)))
    for place, others in sorted(_meeting(prints).items()):
        for other in sorted(set(others)):
            alike = owners[other] == other and _alike(runs(place), runs(other))
            if alike and tells(place) == tells(other):
                owners[place] = other
                break
    return owners


def _meeting(prints: NDArray[np.int64]) -> dict[int, list[int]]:
    """Return for each text the ones before it with which it shares a band."""
    meeting: dict[int, list[int]] = defaultdict(list)
    some = np.flatnonzero((prints >= 0).all(axis=1))
    for band in range(_BANDS):
        bands = prints[some, band * _PER_BAND : (band + 1) * _PER_BAND]
        order = np.lexsort((some, *bands.T))
        same = (bands[order[1:]] == bands[order[:-1]]).all(axis=1)
        group: list[int] = []
        last = -1
        for at in np.flatnonzero(same).tolist():
            # One that follows the pair before it is of the same group.
            group = [*group, int(some[order[at]])] if at == last + 1 and last >= 0 else [int(some[order[at]])]
            meeting[int(some[order[at + 1]])] += group
            last = at
    return meeting


def _alike(one: frozenset[int], other: frozenset[int]) -> bool:
    return len(one & other) >= _ALIKE * len(one | other)


def repeats(one: str, other: str) -> bool:
    """Tell whether who has read one of two texts learns nothing from the other: one is contained in it, nearly."""
    (numbers, denials), (others, other_denials) = telling(one), telling(other)
    words, more = set(stems_of(one)), set(stems_of(other))
    if len(words) > len(more):
        words, more, numbers, others = more, words, others, numbers
    same = denials == other_denials and set(numbers) <= set(others)
    return same and len(words & more) >= _CONTAINED * len(words)


def telling(text: str) -> tuple[tuple[str, ...], int]:
    """Return a text's numbers, sorted, and how many negations it has."""
    words = [word.lower() for word in _WORD.findall(text.replace("n't", " not"))]
    return tuple(sorted(word for word in words if word[0].isdigit())), sum(word in _NOT for word in words)


def _runs(text: str) -> frozenset[int]:
    words = [word.lower() for word in _WORD.findall(text)]
    last = max(1, len(words) - _RUN + 1)
    return frozenset(zlib.crc32(" ".join(words[first : first + _RUN]).encode()) for first in range(last) if words)
