"""Names that are a letter or two off: ``dishwaser``, ``frige``, ``Herron 9``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.nlu.reading.places import Taken

# By the letters of the name: three letters are too few to be wrong in one ("hob" is near "job", "hub", "hop").
_SHORTEST = 4
_ONE_OFF_UP_TO = 7
_MOST_OFF = 2
_MOST_WORDS = 3
# Characters between the parts of one name: a space, a hyphen, a hyphen with a space.
_WIDEST_GAP = 2
# The share of letters that agree from which on a stretch in the right place counts as a name.
_RESEMBLES = 0.65


@dataclass(frozen=True)
class Word:
    """A word and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Near:
    """A listed name that a stretch of text was probably meant to be."""

    listed: str
    start: int
    end: int


def letters_off(letters: int) -> int:
    """How many letters may be wrong, missing, too many or swapped in a name of so many letters."""
    if letters < _SHORTEST:
        return 0
    return 1 if letters <= _ONE_OFF_UP_TO else _MOST_OFF


class NearNames:
    """Finds listed names in spite of a slip of the finger, and never takes an ordinary word for one."""

    def __init__(self, names: Iterable[str], ordinary: Collection[str]) -> None:
        self._ordinary = ordinary
        self._by_joined = {_joined(name): name for name in sorted(names) if _joined(name)}
        self._joined = sorted(self._by_joined)

    def is_ordinary(self, word: str) -> bool:
        """Whether a word means itself."""
        return word.lower().replace("'", "") in self._ordinary

    def find(self, words: Sequence[Word]) -> list[Near]:
        """Return the names that words of a text come near to; of two in one place the one with more letters right."""
        bare = [_joined(word.text) for word in words]
        odd = {place for place, word in enumerate(words) if not self._means_itself(word)}
        # By how many letters of the name are as they should be.
        found: list[tuple[float, int, Near]] = []
        for first in range(len(words)):
            for last in range(first + 1, min(first + _MOST_WORDS, len(words)) + 1):
                stretch = words[first:last]
                if len(stretch) > 1 and stretch[-1].start - stretch[-2].end > _WIDEST_GAP:
                    break  # something else stands between them
                joined = "".join(bare[first:last])
                exact = self._by_joined.get(joined)
                if exact is not None:
                    found.append((-len(joined), first, Near(exact, stretch[0].start, stretch[-1].end)))
                elif odd.intersection(range(first, last)):
                    found.extend(
                        (off - len(_joined(name)), first, Near(name, stretch[0].start, stretch[-1].end))
                        for name, off in self._nearest(joined)
                    )
        taken = Taken(words[-1].end if words else 0)
        kept: list[Near] = []
        for _, _, near in sorted(found, key=lambda each: each[:2]):
            if not taken.touches(near.start, near.end):
                taken.take(near.start, near.end)
                kept.append(near)
        return sorted(kept, key=lambda near: near.start)

    def closest(self, typed: str) -> str | None:
        """Return the listed name that a stretch resembles, when something else says that it is one; None where none."""
        joined = _joined(typed)
        best = process.extractOne(joined, self._joined, scorer=OSA.normalized_similarity, score_cutoff=_RESEMBLES)
        if best is None or _parts(joined)[1] != _parts(best[0])[1]:
            return None
        return self._by_joined[best[0]]

    def _means_itself(self, word: Word) -> bool:
        # Digits are looked at together with the letters before them.
        return not word.text.isalpha() or self.is_ordinary(word.text)

    def _nearest(self, joined: str) -> list[tuple[str, float]]:
        letters, digits = _parts(joined)
        if len(letters) < _SHORTEST - 1:
            return []
        best = process.extractOne(
            joined, self._joined, scorer=OSA.distance, score_cutoff=letters_off(len(letters) + 1), processor=None
        )
        if best is None:
            return []
        name, off, _ = best
        listed_letters, listed_digits = _parts(name)
        # A digit that is off is another model, and another first letter is mostly another word.
        if digits != listed_digits or letters[0] != listed_letters[0] or off > letters_off(len(listed_letters)):
            return []
        return [(self._by_joined[name], float(off))]


def _joined(name: str) -> str:
    """A name without what people put between its parts: ``Tern-60`` and ``tern 60`` are one."""
    return re.sub(r"[\W_]+", "", name.lower())


def _parts(joined: str) -> tuple[str, str]:
    letters = "".join(character for character in joined if not character.isdigit())
    return letters, "".join(character for character in joined if character.isdigit())
