"""A message as it is read after corrections, and where each stretch of it was typed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """``text[start:end]`` reads ``put`` instead."""

    start: int
    end: int
    put: str


@dataclass(frozen=True)
class Rewritten:
    """A text in place of the one that was typed; each place of it has its place in what was typed."""

    text: str
    _here: tuple[int, ...] = (0,)
    """Where each stretch begins in ``text``, ascending; stretches that were taken over and put in take turns."""
    _there: tuple[int, ...] = (0,)
    """Where it begins in what was typed."""
    _ends: tuple[int, ...] = (-1,)
    """Where a stretch that was put in ends in what was typed; -1 for one that was taken over letter by letter."""

    def typed_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the place in the typed message of ``text[start:end]``; a word that was put in counts as a whole."""
        first = self._start(start)
        return first, max(first, self._end(end - 1)) if start < end else first

    def until(self, end: int) -> Rewritten:
        """Return what stands before ``end``."""
        return self if end >= len(self.text) else Rewritten(self.text[:end], self._here, self._there, self._ends)

    def _start(self, place: int) -> int:
        stretch = bisect_right(self._here, place) - 1
        if self._ends[stretch] >= 0:
            return self._there[stretch]
        return self._there[stretch] + place - self._here[stretch]

    def _end(self, place: int) -> int:
        stretch = bisect_right(self._here, place) - 1
        if self._ends[stretch] >= 0:
            return self._ends[stretch]
        return self._there[stretch] + place - self._here[stretch] + 1

    def edited(self, edits: Sequence[Edit]) -> Rewritten:
        """Return the same with edits of ``text``, which ascend and do not overlap."""
        pieces: list[str] = []
        stretches: list[tuple[int, int, int]] = []
        length = last = 0
        for edit in edits:
            length = self._take(last, edit.start, length, pieces, stretches)
            if edit.put:
                stretches.append((length, *self.typed_span(edit.start, edit.end)))
                pieces.append(edit.put)
                length += len(edit.put)
            last = edit.end
        self._take(last, len(self.text), length, pieces, stretches)
        if not stretches:
            return Rewritten("")
        here, there, ends = zip(*stretches, strict=True)
        return Rewritten("".join(pieces), here, there, ends)

    def _take(self, start: int, end: int, length: int, pieces: list[str], stretches: list[tuple[int, int, int]]) -> int:
        """Take over ``text[start:end]``; return how long the new text is with it."""
        while start < end:
            stretch = bisect_right(self._here, start) - 1
            begins = self._here[stretch + 1] if stretch + 1 < len(self._here) else len(self.text)
            until = min(end, begins)
            if self._ends[stretch] >= 0:
                stretches.append((length, self._there[stretch], self._ends[stretch]))
            else:
                stretches.append((length, self._there[stretch] + start - self._here[stretch], -1))
            pieces.append(self.text[start:until])
            length += until - start
            start = until
        return length
