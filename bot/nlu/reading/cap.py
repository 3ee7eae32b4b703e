"""What of a message is read, and how: the one door before every reader, and the way back to what was typed.

The text is normalised (`bot/nlu/reading/normalise.py`) and cut off.

People are shown the whole message; only what a machine reads is cut off. Readers that run in C (regular expressions,
spaCy, tokenizers) grow with the square of a row of the same kind of sign, so rows are shortened too: what is handed on
has at most :data:`MOST_CHARACTERS` characters in at most :data:`MOST_WORDS` words, none of them longer than
:data:`LONGEST_WORD`, and no longer row of blanks or marks than the constants below say.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, islice

from bot.nlu.reading.normalise import Normalised, normalise

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
_GAP = re.compile(r"\s{2,}")
_WORD = re.compile(r"\S+")


_AS_TYPED = Normalised("")
"""Where nothing was normalised: every place is its own."""


@dataclass(frozen=True)
class Readable:
    """What readers get of a message, and where it stands in what was typed."""

    text: str
    _here: tuple[int, ...] = (0,)
    """Where each stretch that was taken over begins in ``text``, ascending."""
    _there: tuple[int, ...] = (0,)
    """Where it begins in the normalised text."""
    _normalised: Normalised = _AS_TYPED
    """What of that was typed where."""

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the typed message of ``text[start:end]``."""
        first = self._normalised.typed_start(self._whole(start))
        return (first, self._normalised.typed_end(self._whole(end - 1))) if start < end else (first, first)

    def _whole(self, place: int) -> int:
        stretch = bisect_right(self._here, place) - 1
        return self._there[stretch] + place - self._here[stretch]

    def broken_at(self, places: Sequence[int]) -> Readable:
        """Return the same with a blank before each of the places, which ascend."""
        pieces = [self.text[start:end] for start, end in zip([0, *places], [*places, None], strict=True)]
        begins = [
            (place + bisect_right(places, place), there) for place, there in zip(self._here, self._there, strict=True)
        ]
        begins += [(place + number, self._whole(place)) for number, place in enumerate(places, start=1)]
        all_here, all_there = zip(*sorted(begins), strict=True)
        return Readable(" ".join(pieces), all_here, all_there, self._normalised)

    def with_single_blanks(self) -> Readable:
        """Return the same with one sign between two words: a line break where there was one, else a blank."""
        kept: list[tuple[int, int]] = []
        last = 0
        for match in _GAP.finditer(self.text):
            line = match.group().find("\n")
            kept += [(last, match.start()), (match.start() + max(0, line), match.start() + max(0, line) + 1)]
            last = match.end()
        return self._keeping([*kept, (last, len(self.text))]) if kept else self

    def _keeping(self, kept: Sequence[tuple[int, int]]) -> Readable:
        """Return what stands in the stretches, which ascend."""
        begins: list[tuple[int, int]] = []
        length = 0
        for start, end in kept:
            begins.append((length, self._whole(start)))
            inside = range(bisect_right(self._here, start), bisect_left(self._here, end))
            begins += [(length + self._here[one] - start, self._there[one]) for one in inside]
            length += end - start
        all_here, all_there = zip(*begins, strict=True)
        text = "".join(self.text[start:end] for start, end in kept)
        return Readable(text, all_here, all_there, self._normalised)

    def until(self, end: int) -> Readable:
        """Return what stands before ``end``."""
        if end >= len(self.text):
            return self
        return Readable(self.text[:end], self._here, self._there, self._normalised)


def readable(typed: str) -> Readable:
    """Return what is read of a message: of an ordinary one all, normalised."""
    read = _without_long_rows(normalise(typed[:MOST_CHARACTERS]))
    giant = [match.end() for match in _GIANT.finditer(read.text)]
    if giant:
        read = read.broken_at(giant)
    last = next(islice(_WORD.finditer(read.text), MOST_WORDS - 1, None), None)
    return read.until(min(MOST_CHARACTERS, last.end() if last else MOST_CHARACTERS))


def read_of(typed: str) -> str:
    """Return the text of :func:`readable`, for readers that tell no places."""
    return readable(typed).text


def _without_long_rows(normalised: Normalised) -> Readable:
    text = normalised.text[:MOST_CHARACTERS]  # a ligature may be eighteen letters
    kept: list[tuple[int, int]] = []
    last = 0
    for match in _TOO_LONG.finditer(text):
        kept.append((last, match.start()))
        kept += _of_gap(text, *match.span()) if match["gap"] else [(match.start(), match.start() + LONGEST_ROW)]
        last = match.end()
    if not kept:
        return Readable(text, _normalised=normalised)
    kept = [(start, end) for start, end in [*kept, (last, len(text))] if start < end]
    lengths = accumulate((end - start for start, end in kept), initial=0)
    here = tuple(islice(lengths, len(kept)))
    there = tuple(start for start, _ in kept)
    return Readable("".join(text[start:end] for start, end in kept), here, there, normalised)


def _of_gap(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """What is kept of a long gap: its first line breaks, else its first blanks."""
    breaks: list[tuple[int, int]] = []
    place = text.find("\n", start, end)
    while place >= 0 and len(breaks) < MOST_BREAKS:
        breaks.append((place, place + 1))
        place = text.find("\n", place + 1, end)
    return breaks or [(start, start + LONGEST_GAP)]
