"""How much of a message is read: the one cap before every reader, and the way back to what was typed.

People are shown the whole message; only what a machine reads is cut off. Readers that run in C (regular expressions,
spaCy, tokenizers) grow with the square of a row of the same kind of sign, so rows are shortened too: what is handed on
has at most :data:`MOST_CHARACTERS` characters in at most :data:`MOST_WORDS` words, none of them longer than
:data:`LONGEST_WORD`, and no longer row of blanks or marks than the constants below say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

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

_PIECE = re.compile(r"(?P<gap>\s+)|(?P<row>[^\w\s]+)|(?P<word>\w+)")
_TOO_LONG = re.compile(rf"\s{{{LONGEST_GAP + 1}}}|[^\w\s]{{{LONGEST_ROW + 1}}}|\S{{{LONGEST_WORD + 1}}}")


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
        if start >= end:
            place = self._typed(start)
            return place, place
        return self._typed(start), self._typed(end - 1) + 1

    def _typed(self, place: int) -> int:
        stretch = bisect_right(self._here, place) - 1
        return self._there[stretch] + place - self._here[stretch]


def readable(typed: str) -> Readable:
    """Return what is read of a message: of an ordinary one all, as it was typed."""
    text = typed[:MOST_CHARACTERS]
    if _TOO_LONG.search(text) is None and len(text.split()) <= MOST_WORDS:
        return Readable(text)
    pieces: list[str] = []
    here: list[int] = []
    there: list[int] = []
    length = 0
    for start, piece in _kept(text):
        piece = piece[: MOST_CHARACTERS - length]
        if not piece:
            break
        pieces.append(piece)
        here.append(length)
        there.append(start)
        length += len(piece)
    return Readable("".join(pieces), tuple(here) or (0,), tuple(there) or (0,))


def read_of(typed: str) -> str:
    """Return the text of :func:`readable`, for readers that tell no places."""
    return readable(typed).text


def _kept(text: str) -> Iterator[tuple[int, str]]:
    """Yield what is kept with its place in the text, and blanks where a giant word is taken apart."""
    words = 0
    wide = 0  # characters since the last blank
    for match in _PIECE.finditer(text):
        start, piece = match.start(), match.group()
        if match.lastgroup == "gap":
            wide = 0
            yield from _gap(start, piece)
            continue
        piece = piece[:LONGEST_ROW] if match.lastgroup == "row" else piece
        for place, sign in enumerate(piece):
            if wide == LONGEST_WORD:
                yield start + place, " "
                wide = 0
            if wide == 0:
                words += 1
                if words > MOST_WORDS:
                    return
            wide += 1
            yield start + place, sign


def _gap(start: int, gap: str) -> Iterator[tuple[int, str]]:
    if len(gap) <= LONGEST_GAP:
        yield start, gap
        return
    breaks = [place for place, character in enumerate(gap) if character == "\n"][:MOST_BREAKS]
    if not breaks:
        yield start, gap[:LONGEST_GAP]
    for place in breaks:
        yield start + place, "\n"
