"""Trainers' own regular expressions, which may be written so that a hostile text keeps them busy for ever."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import regex

from bot.errors import WarmlineError

logger = logging.getLogger(__name__)

MOST_SECONDS = 0.05
"""That one pattern may take for one message: a thousand times what a good one takes. It is a time and no count because
`regex` counts nothing else; a quarter of what a message may cost in all (.2 s)."""


class TrainersPattern:
    """A regular expression of ``data/nlu``; the library `regex` runs it, which alone can be told to give up."""

    def __init__(self, name: str, compiled: regex.Pattern[str]) -> None:
        self._name = name
        self._compiled = compiled

    @classmethod
    def of(cls, name: str, pattern: str) -> TrainersPattern:
        """Compile it; what Python's own `re` does not take is a :class:`WarmlineError`."""
        try:
            re.compile(pattern)
            return cls(name, regex.compile(pattern))
        except (re.error, regex.error) as error:
            raise WarmlineError(
                f"data/nlu: the regex {name!r} is not a regular expression: {pattern!r} ({error}). Correct it there."
            ) from error

    def finditer(self, text: str) -> Iterator[regex.Match[str]]:
        """Yield what is found; a pattern that takes too long finds no more in this text, and the log names it."""
        try:
            yield from self._compiled.finditer(text, timeout=MOST_SECONDS)
        except TimeoutError:
            logger.warning(
                "data/nlu: the regex %r took too long for a message: in %r something is repeated within what is "
                "repeated itself. Write it without that.",
                self._name,
                self._compiled.pattern,
            )
