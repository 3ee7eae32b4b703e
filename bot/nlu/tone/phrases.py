"""Phrases that trainers write, and where a message has one: words in their order, alternatives, short gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.nlu.reading.cap import read_of

MOST_BETWEEN = 4
"""Words that ``...`` passes over."""
MOST_GAPS = 3
"""In one phrase: each multiplies what is tried."""
MOST_PARTS = 12

END = "."
"""Stands for a sentence's end among the words: no gap passes over it."""
_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?;\n]+")
_PLAIN = re.compile(r"[^\W_]+")
_NAMED = re.compile(r"\{([a-z_]+)\}(s?\*?)")


class PhraseError(ValueError):
    """A phrase that means nothing; its text says why."""


@dataclass(frozen=True)
class _Part:
    """One word of a phrase, a gap, or a sentence's begin or end."""

    words: frozenset[str] = frozenset()
    beginnings: tuple[str, ...] = ()
    optional: bool = False
    gap: bool = False
    bound: bool = False

    def fits(self, word: str) -> bool:
        return word in self.words or any(word.startswith(one) for one in self.beginnings)


@dataclass(frozen=True)
class Phrase:
    """One of a trainer's phrases, ready to be looked for."""

    written: str
    _parts: tuple[_Part, ...]

    @classmethod
    def read(cls, written: str, words: Mapping[str, Sequence[str]]) -> Phrase:
        """Read a phrase; ``words`` are the lists that it may name. Raises :class:`PhraseError`."""
        parts = tuple(_part(token, words) for token in written.lower().replace("'", "").split())
        solid = [part for part in parts if not (part.gap or part.optional or part.bound)]
        if not solid:
            raise PhraseError("it has no word that must be there")
        if sum(part.gap for part in parts) > MOST_GAPS or len(parts) > MOST_PARTS:
            raise PhraseError(f"it has more than {MOST_PARTS} words or {MOST_GAPS} gaps")
        if parts[0].gap or parts[-1].gap:
            raise PhraseError("it begins or ends with a gap")
        return cls(written, parts)

    def stands_in(self, tokens: Sequence[str]) -> bool:
        """Whether the words of a message (:func:`tokens_of`) have it."""
        return any(self.stands_at(tokens, place) for place in range(len(tokens)))

    def stands_at(self, tokens: Sequence[str], place: int) -> bool:
        """Whether they have it from this place on."""
        return self._goes_on(0, tokens, place)

    def openings(self) -> tuple[frozenset[str], frozenset[str]]:
        """The words with one of which it begins, and the beginnings of words."""
        words: set[str] = set()
        beginnings: set[str] = set()
        for part in self._parts:
            words |= part.words
            beginnings.update(part.beginnings)
            if not (part.optional or part.bound):
                break
        return frozenset(words), frozenset(beginnings)

    def _goes_on(self, part: int, tokens: Sequence[str], place: int) -> bool:
        if part == len(self._parts):
            return True
        one = self._parts[part]
        if one.bound:
            # The first part is looked for at every place: there it must be a beginning.
            beside = (
                tokens[place - 1] if part == 0 and place else tokens[place] if part and place < len(tokens) else END
            )
            return beside == END and self._goes_on(part + 1, tokens, place)
        if one.gap:
            for passed in range(MOST_BETWEEN + 1):
                if self._goes_on(part + 1, tokens, place + passed):
                    return True
                if place + passed >= len(tokens) or tokens[place + passed] == END:
                    return False
            return False
        if place < len(tokens) and one.fits(tokens[place]) and self._goes_on(part + 1, tokens, place + 1):
            return True
        return one.optional and self._goes_on(part + 1, tokens, place)


class Phrases:
    """Many phrases, looked for in one go: only those are tried whose first word stands there."""

    def __init__(self, labelled: Iterable[tuple[str, Phrase]]) -> None:
        self._by_word: dict[str, list[tuple[str, Phrase]]] = {}
        self._by_beginning: dict[str, list[tuple[str, Phrase]]] = {}
        for label, phrase in labelled:
            words, beginnings = phrase.openings()
            for word in words:
                self._by_word.setdefault(word, []).append((label, phrase))
            for beginning in beginnings:
                self._by_beginning.setdefault(beginning, []).append((label, phrase))
        self._beginnings = tuple(self._by_beginning)

    def found_in(self, tokens: Sequence[str]) -> dict[str, str]:
        """The labels that stand in the words of a message, each with the first phrase of it as it is written."""
        found: dict[str, str] = {}
        for place, token in enumerate(tokens):
            tried = self._by_word.get(token, [])
            if token.startswith(self._beginnings):
                fitting = [one for one in self._by_beginning if token.startswith(one)]
                tried = [*tried, *(phrase for one in fitting for phrase in self._by_beginning[one])]
            for label, phrase in tried:
                if label not in found and phrase.stands_at(tokens, place):
                    found[label] = phrase.written
        return found


def tokens_of(text: str) -> list[str]:
    """The words of a message in small letters without apostrophes, with :data:`END` where a sentence ends."""
    tokens = _TOKEN.findall(read_of(text).lower())
    return [token.replace("'", "") if token[0].isalnum() else END for token in tokens]


def _part(written: str, words: Mapping[str, Sequence[str]]) -> _Part:
    if written == "...":
        return _Part(gap=True)
    if written in ("^", "$"):
        return _Part(bound=True)
    optional = written.endswith("?")
    exact: set[str] = set()
    beginnings: set[str] = set()
    for one in written.removesuffix("?").split("|"):
        named = _NAMED.fullmatch(one)
        if named is not None:
            if named[1] not in words:
                raise PhraseError(f"there is no list of words {named[1]!r}")
            listed = [word.lower().replace("'", "") for word in words[named[1]]]
            (beginnings if named[2].endswith("*") else exact).update(listed)
            if named[2].startswith("s"):
                exact.update(f"{word}s" for word in listed)
        elif one.endswith("*") and _PLAIN.fullmatch(one[:-1]):
            beginnings.add(one[:-1])
        elif _PLAIN.fullmatch(one):
            exact.add(one)
        else:
            raise PhraseError(f"{written!r} is no word of a phrase")
    return _Part(frozenset(exact), tuple(sorted(beginnings)), optional)
