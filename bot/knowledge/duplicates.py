"""Near-duplicates: passages that say the same thing are folded; one is shown, all are kept as sources."""

from __future__ import annotations

import re
import zlib
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.words import stems_of

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


def folded(texts: Sequence[str]) -> NDArray[np.int64]:
    """Return for each text the number of the first one that says the same: itself, where there is none before it.

    Texts with other numbers or another negation never say the same, however alike they are.
    """
    owners = np.arange(len(texts), dtype=np.int64)
    runs = [_runs(text) for text in texts]
    hashes = np.random.RandomState(_SEED).randint(1, _PRIME, size=(2, _BANDS * _PER_BAND)).astype(np.int64)
    meeting: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, own in enumerate(runs):
        if not own:
            continue
        numbers = np.fromiter(own, dtype=np.int64, count=len(own)) & 0x7FFFFFFF
        smallest = ((numbers[:, None] * hashes[0] + hashes[1]) % _PRIME).min(axis=0)
        for band in range(_BANDS):
            met = meeting[(band, *smallest[band * _PER_BAND : (band + 1) * _PER_BAND].tolist())]
            if owners[place] == place:
                owners[place] = _first_like(place, met, runs, texts, owners)
            met.append(place)
    return owners


def _first_like(
    place: int, others: Sequence[int], runs: Sequence[frozenset[int]], texts: Sequence[str], owners: NDArray[np.int64]
) -> int:
    for other in others:
        if other == place or owners[other] != other:
            continue
        shared = len(runs[place] & runs[other])
        if shared >= _ALIKE * len(runs[place] | runs[other]) and telling(texts[place]) == telling(texts[other]):
            return other
    return place


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
