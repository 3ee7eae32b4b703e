"""Places of a text that are spoken for; to ask about one costs its own length, however many there are."""

from __future__ import annotations


class Taken:
    """Which characters of a text of ``length`` characters are taken."""

    def __init__(self, length: int) -> None:
        self._taken = bytearray(length)

    def take(self, start: int, end: int) -> None:
        """Mark ``[start, end)``."""
        self._taken[start:end] = b"\1" * len(self._taken[start:end])

    def touches(self, start: int, end: int) -> bool:
        """Whether any character of ``[start, end)`` is taken."""
        return self._taken.find(1, start, end) >= 0
