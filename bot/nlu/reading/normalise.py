"""A message as readers see it: compatible signs made one, what nobody sees removed, and the way back to what was typed.

A number pasted from a PDF, a name typed on a phone and an answer in full-width digits mean what their plain forms mean.
Unicode's NFKC does most of it; the rest are the signs below. Line breaks stay, because they end sentences.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LONGEST_CLUSTER = 31
"""A sign and its marks that are composed together: the Stream-Safe Text Format of Unicode (UAX 15) allows 30 marks;
more would cost their square."""

_STRAIGHT = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
    # The em dash stays: it parts sentences, where the others join the halves of a number.
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\u2043\ufe58\ufe63", "-"),
}
_BREAKS = frozenset("\n\r\f\v\x85\u2028\u2029")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
"""Fillers and variation selectors; every sign of the category Cf (soft hyphen, zero-width blank) is invisible, too."""
_BLANK_LETTER = "\u2800"
"""Braille without a dot: a letter to Unicode, a blank to the eye."""
_AS_IT_IS = frozenset("\u2026")
"""An ellipsis ends a sentence as one sign; NFKC would write three full stops."""

_ODD = re.compile(r"[\n -~]?[^\n -~]+")
_JAMO = ("\u1161", "\u11ff")
"""Vowels and ends of Korean syllables, which compose although they are no marks."""


@dataclass(frozen=True)
class Normalised:
    """A text as readers see it, and where each of its characters was typed."""

    text: str
    _starts: tuple[int, ...] | None = None
    _ends: tuple[int, ...] | None = None
    """Of each character, in what was typed; None where nothing moved."""

    def typed_start(self, place: int) -> int:
        """Where the character at ``place`` begins in what was typed; behind the last one, where that ends."""
        if self._starts is None or self._ends is None:
            return place
        if place < len(self._starts):
            return self._starts[place]
        return self._ends[-1] if self._ends else 0

    def typed_end(self, place: int) -> int:
        """Where the character at ``place`` ends in what was typed."""
        return place + 1 if self._ends is None else self._ends[place]


def normalise(typed: str) -> Normalised:
    """Return a text in NFKC with plain blanks, ASCII digits, straight quotes and hyphens, without invisible signs."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    last = 0
    for match in _ODD.finditer(typed):
        pieces.append(typed[last : match.start()])
        starts.extend(range(last, match.start()))
        ends.extend(range(last + 1, match.start() + 1))
        last = match.end()
        for sign, start, end in _signs(typed, match.start(), last):
            pieces.append(sign)
            starts.extend([start] * len(sign))
            ends.extend([end] * len(sign))
    text = "".join(pieces) + typed[last:]
    if text == typed:
        return Normalised(typed)
    starts.extend(range(last, len(typed)))
    ends.extend(range(last + 1, len(typed) + 1))
    return Normalised(text, tuple(starts), tuple(ends))


def _signs(typed: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """What is seen of ``typed[start:end]``: each sign with its marks, and where it was typed."""
    found: list[tuple[str, int, int]] = []
    cluster, begun, ended = "", start, start
    for place in range(start, end):
        seen = _seen(typed[place])
        if seen == "\n" and typed[place] == "\r" and typed[place + 1 : place + 2] == "\n":
            continue
        for sign in seen:
            if cluster and len(cluster) < _LONGEST_CLUSTER and _goes_on(sign):
                cluster, ended = cluster + sign, place + 1
                continue
            if cluster:
                found.append((_composed(cluster), begun, ended))
            cluster, begun, ended = sign, place, place + 1
    if cluster:
        found.append((_composed(cluster), begun, ended))
    return found


def _goes_on(sign: str) -> bool:
    return unicodedata.combining(sign) > 0 or _JAMO[0] <= sign <= _JAMO[1]


@lru_cache(maxsize=4096)
def _seen(sign: str) -> str:
    """What one typed character looks like; nothing when it is invisible."""
    if sign in _BREAKS:
        return "\n"
    if sign in _STRAIGHT:
        return _STRAIGHT[sign]
    if sign.isspace() or sign == _BLANK_LETTER or unicodedata.category(sign) == "Cc":
        return " "
    if sign in _INVISIBLE or unicodedata.category(sign) == "Cf":
        return ""
    if sign in _AS_IT_IS or unicodedata.decomposition(sign).startswith("<fraction>"):
        return sign  # "2½" is not 21/2
    compatible = unicodedata.normalize("NFKC", sign)
    if compatible[0].isspace():  # a lone accent: NFKC hangs it on a blank
        return sign
    return "".join(_plain(each) for each in compatible)


def _plain(sign: str) -> str:
    if sign in _STRAIGHT:
        return _STRAIGHT[sign]
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def _composed(cluster: str) -> str:
    return cluster if len(cluster) == 1 else unicodedata.normalize("NFC", cluster)
