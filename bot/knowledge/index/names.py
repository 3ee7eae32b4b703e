"""What articles are called: their titles, ids and files, for people who look for an article that they know."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.knowledge.index.words import stems_of

# Endings differ by letters that no list of endings foresees ("cancelling", "deliveries"): two stems of which one
# begins the other are one word, where so many letters are the same and so few are more.
_SHORTEST_BEGINNING = 4
_MOST_MORE = 3
# Where no article is called so, a shorter word ("for", "the", "a") says nothing of what is looked for.
_SHORTEST_TELLING = 4
# Words of a search that count; whoever writes more describes something and names nothing.
_MOST_WORDS = 12


class Names:
    """The names of all articles."""

    def __init__(self, called: Mapping[str, Sequence[str]]) -> None:
        """``called`` has for each article its title, its id and its file, as they are written."""
        self._words = {
            article: frozenset(stem for name in names for stem in stems_of(name)) for article, names in called.items()
        }
        held = Counter(word for words in self._words.values() for word in words)
        # As in a search for words: what many are called tells little.
        count = len(self._words)
        self._weights = {word: math.log(1 + (count - many + 0.5) / (many + 0.5)) for word, many in held.items()}
        self._unknown = math.log(1 + (count + 0.5) / 0.5)

    def fit(self, query: str) -> dict[str, float]:
        """Return how much of a search's words each article's names hold, from above 0 to 1; the others are left out."""
        wanted = list(dict.fromkeys(stems_of(query)))
        if not wanted or len(wanted) > _MOST_WORDS:
            return {}
        # Of each wanted word the forms that names have.
        forms = [{word for word in self._weights if _same(word, one)} for one in wanted]
        weights = [
            max((self._weights[word] for word in found), default=0.0 if len(one) < _SHORTEST_TELLING else self._unknown)
            for one, found in zip(wanted, forms, strict=True)
        ]
        most = sum(weights)
        if not most:
            return {}
        fits = {
            article: sum(weight for found, weight in zip(forms, weights, strict=True) if found & words) / most
            for article, words in self._words.items()
        }
        return {article: fit for article, fit in fits.items() if fit > 0}


def _same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) < _SHORTEST_BEGINNING:
        return short == long
    return long.startswith(short) and len(long) - len(short) <= _MOST_MORE
