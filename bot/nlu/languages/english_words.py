"""Ordinary English words: what they cannot be is a misspelt product, and what has many of them is English."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice
from pathlib import Path

from bot.errors import WarmlineError

ORDINARY = 40_000
"""Words, the most frequent first. Behind them the list grows thick with misspellings (``washin``) and names."""

SEEN_OFTEN = 3
"""A word that trainers write so often is one, though no list has it (``kerbside``)."""

_LIST = ("symspellpy", "frequency_dictionary_en_82_765.txt")


@lru_cache(maxsize=3)
def english_words(most: int = ORDINARY) -> frozenset[str]:
    """Return the most frequent words of English, lower case and without apostrophes.

    The list is the one that symspellpy brings (the SCOWL word lists with frequencies of Google's n-grams); only the
    file is read, the package is not imported.
    """
    with _path().open(encoding="utf-8-sig") as lines:
        return frozenset(line.split(" ", 1)[0].lower().replace("'", "") for line in islice(lines, most))


def english_counts(most: int) -> dict[str, int]:
    """Return the most frequent words of English, lower case, with how often each was seen."""
    with _path().open(encoding="utf-8-sig") as lines:
        rows = (line.split() for line in islice(lines, most))
        return {word.lower(): int(count) for word, count in rows}


def _path() -> Path:
    found = importlib.util.find_spec(_LIST[0])
    folders = (found.submodule_search_locations if found is not None else None) or []
    for folder in folders:
        path = Path(folder) / _LIST[1]
        if path.is_file():
            return path
    raise WarmlineError("The word list of symspellpy is missing. Run `make environments`.")


def often_in(sentences: Iterable[str]) -> frozenset[str]:
    """Return the words that stand in at least :data:`SEEN_OFTEN` sentences."""
    counts = Counter(word for sentence in sentences for word in set(words_of(sentence)))
    return frozenset(word for word, count in counts.items() if count >= SEEN_OFTEN)


def words_of(text: str) -> list[str]:
    """Return the words of a text, lower case; ``don't`` is ``dont``, and what has a digit in it is no word."""
    pieces = text.lower().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    separated = "".join(character if character.isalnum() else " " for character in pieces)
    return [word for word in separated.split() if word.isalpha()]
