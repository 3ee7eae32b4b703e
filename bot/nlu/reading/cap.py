"""How much of a message is read: the one cap before every reader, and the way back to what was typed.

People are shown the whole message; only what a machine reads is cut off. Readers that run in C (regular expressions,
spaCy, tokenizers) grow with the square of a row of the same kind of sign, so rows are shortened too: what is handed on
has at most :data:`MOST_CHARACTERS` characters in at most :data:`MOST_WORDS` words, none of them longer than
:data:`LONGEST_WORD`, and no longer row of blanks or marks than the constants below say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

MOST_CHARACTERS = 4000
"""As many as the gateway takes of a customer (``LONGEST_TEXT`` of its inbox); who calls a reader directly may give
more."""

MOST_WORDS = 800
"""4,000 characters of English are some 700 words; more are single letters and digits, which cost most and say least."""

LONGEST_WORD = 100
"""Characters between blanks; what is longer is read in pieces of this length. The encoder's tokenizer looks up no
longer word either (``max_input_chars_per_word``)."""

LONGEST_ROW = 32
"""Marks, emoji and other signs that follow one another: a divider in a forwarded letter says no more when longer."""

LONGEST_GAP = 8
"""Blanks between two words; of line breaks only :data:`MOST_BREAKS` are kept in a longer gap."""

MOST_BREAKS = 2
"""An empty line says that a new paragraph begins; two say the same."""

_TOO_LONG = re.compile(rf"(?P<gap>\s{{{LONGEST_GAP + 1},}})|[^\w\s]{{{LONGEST_ROW + 1},}}")
_GIANT = re.compile(rf"\S{{{LONGEST_WORD}}}(?=\S)")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Readable:
    """What readers get of a message, and where it stands in what was typed."""

    text: str
    _here: tuple[int, ...] = (0,)
    """Where each stretch that was taken over begins in ``text``, ascending."""
    _there: tuple[int, ...] = (0,)
    """Where it begins in what was typed."""

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the typed message of ``text[start:end]``."""
        first = self._typed(start)
        return (first, self._typed(end - 1) + 1) if start < end else (first, first)

    def _typed(self, place: int) -> int:
        stretch = bisect_right(self._here, place) - 1
        return self._there[stretch] + place - self._here[stretch]

    def broken_at(self, places: Sequence[int]) -> Readable:
        """Return the same with a blank before each of the places, which ascend."""
        pieces = [self.text[start:end] for start, end in zip([0, *places], [*places, None], strict=True)]
        begins = [
            (place + bisect_right(places, place), there) for place, there in zip(self._here, self._there, strict=True)
        ]
        begins += [(place + number, self._typed(place)) for number, place in enumerate(places, start=1)]
        all_here, all_there = zip(*sorted(begins), strict=True)
        return Readable(" ".join(pieces), all_here, all_there)

    def until(self, end: int) -> Readable:
        """Return what stands before ``end``."""
        return Readable(self.text[:end], self._here, self._there) if end < len(self.text) else self


def readable(typed: str) -> Readable:
    """Return what is read of a message: of an ordinary one all, as it was typed."""
    read = _without_long_rows(typed[:MOST_CHARACTERS])
    giant = [match.end() for match in _GIANT.finditer(read.text)]
    if giant:
        read = read.broken_at(giant)
    last = next(islice(_WORD.finditer(read.text), MOST_WORDS - 1, None), None)
    return read.until(min(MOST_CHARACTERS, last.end() if last else MOST_CHARACTERS))


def read_of(typed: str) -> str:
    """Return the text of :func:`readable`, for readers that tell no places."""
    return readable(typed).text


def _without_long_rows(text: str) -> Readable:
    kept: list[tuple[int, int]] = []
    last = 0
    for match in _TOO_LONG.finditer(text):
        kept.append((last, match.start()))
        kept += _of_gap(text, *match.span()) if match["gap"] else [(match.start(), match.start() + LONGEST_ROW)]
        last = match.end()
    if not kept:
        return Readable(text)
    kept = [(start, end) for start, end in [*kept, (last, len(text))] if start < end]
    lengths = accumulate((end - start for start, end in kept), initial=0)
    here = tuple(islice(lengths, len(kept)))
    return Readable("".join(text[start:end] for start, end in kept), here, tuple(start for start, _ in kept))


def _of_gap(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What is kept of a long gap: its first line breaks, else its first blanks."""
    breaks: list[tuple[int, int]] = []
    place = text.find("\n", start, end)
    while place >= 0 and len(breaks) < MOST_BREAKS:
        breaks.append((place, place + 1))
        place = text.find("\n", place + 1, end)
    return breaks or [(start, start + LONGEST_GAP)]
