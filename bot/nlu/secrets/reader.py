"""Hides what nobody may keep: the one door through which a customer's words go before anything stores them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.nlu.reading.normalise import normalise
from bot.nlu.secrets.cards import OwnNumbers, cards_in
from bot.nlu.secrets.passwords import answers_with_password, passwords_in

Kind = Literal["card", "password"]

HIDDEN_PASSWORD = "••••••••"  # noqa: S105 - what stands in its place
"""Always as long: not even a password's length is kept."""


@dataclass(frozen=True)
class Hidden:
    """A text without its secrets, and which kinds were hidden in it."""

    text: str
    kinds: frozenset[Kind] = frozenset()


class SecretReader:
    """Hides secrets; ``forms`` are the company's own numbers (``LF-0000000``), which stay as they are."""

    def __init__(self, forms: Iterable[str] = ()) -> None:
        self._own = OwnNumbers(forms)

    def hidden(self, typed: str, *, asked_for_password: bool = False) -> Hidden:
        """Return the text without its secrets; after the question for a password a single word is one."""
        normalised = normalise(typed)
        text = normalised.text
        found: list[tuple[int, int, str, Kind]] = [(*place, "card") for place in cards_in(text, self._own)]
        named = [(start, end) for start, end, letters in self._own.places(text) if letters]
        spans = [
            (start, end)
            for start, end in passwords_in(text)
            if not any(begins <= start and end <= ends for begins, ends in named)
        ]
        if asked_for_password and not spans and (span := answers_with_password(text)) is not None:
            spans = [span]
        found += [(start, end, HIDDEN_PASSWORD, "password") for start, end in spans]
        if not found:
            return Hidden(typed)
        pieces: list[str] = []
        last = reached = 0
        kinds: set[Kind] = set()
        for start, end, shown, kind in sorted(found):
            if start < reached:
                continue  # it stands in what is hidden already
            reached = end
            first = normalised.typed_start(start)
            pieces += [typed[last:first], shown]
            last = normalised.typed_end(end - 1)
            kinds.add(kind)
        return Hidden("".join([*pieces, typed[last:]]), frozenset(kinds))
