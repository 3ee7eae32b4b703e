"""How a split of a message into wishes is measured: read as the brain reads, counted as `tests/understanding` says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.nlu.encoder.protocol import Vectors
from bot.nlu.intents.classifier import IntentModel
from bot.nlu.scope.verdict import ScopeModel
from bot.nlu.wishes.splitting import StretchReading


class Encodes(Protocol):
    """An encoder, or a cache before one."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions)"""


@dataclass(frozen=True)
class Reader:
    """Reads stretches as the brain does: encoder, intents, scope."""

    encoder: Encodes
    intents: IntentModel
    scope: ScopeModel
    out_of_scope: str

    def __call__(self, texts: Sequence[str]) -> list[StretchReading]:
        """One look a text."""
        looks = []
        for text, vector in zip(texts, self.encoder.encode(list(texts)), strict=True):
            read = self.intents.classify(text, vector)
            score = self.scope.judge(text, vector, read).score
            looks.append(StretchReading.at(read.readings, score, vector, self.out_of_scope))
        return looks


def parts_found(labelled: Sequence[str], came_out: Sequence[str]) -> int:
    """How many labelled parts share more than half of their words with a part that came out, each used once."""
    if len(came_out) < 2:
        return 0
    left, found = [_words(part) for part in came_out], 0
    for part in map(_words, labelled):
        match = next((one for one in left if 2 * _shared(part, one) > max(len(part), len(one))), None)
        if match is not None:
            left.remove(match)
            found += 1
    return found


def _words(text: str) -> list[str]:
    return [word.strip(".,;:!?()\"'").casefold() for word in text.split() if word.strip(".,;:!?()\"'")]


def _shared(one: Sequence[str], other: Sequence[str]) -> int:
    left = list(other)
    shared = 0
    for word in one:
        if word in left:
            left.remove(word)
            shared += 1
    return shared
