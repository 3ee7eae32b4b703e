"""Measure the understanding on the project's own held-out sets (`tests/understanding/README.md` says how to count)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import yaml

from bot.nlu.encoder import Vectors
from bot.nlu.intents import IntentModel
from bot.nlu.scope import ScopeModel
from bot.nlu.wishes import Look, WishSplitter

SETS = Path(__file__).parent.parent / "tests" / "understanding"


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

    def __call__(self, texts: Sequence[str]) -> list[Look]:
        """One look a text."""
        looks = []
        for text, vector in zip(texts, self.encoder.encode(list(texts)), strict=True):
            readings = self.intents.read(text, vector)
            looks.append(Look.at(readings, self.scope.judge(text, vector, readings).score, vector, self.out_of_scope))
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


def wishes(splitter: WishSplitter, reader: Reader) -> dict[str, Any]:
    """``wishes.yml``: shares of one-wish messages split wrongly and of parts found, and the counts behind them."""
    messages = yaml.safe_load((SETS / "wishes.yml").read_text(encoding="utf-8"))
    single = wrong = parts = found = 0
    for message in messages:
        came_out = [wish.text for wish in splitter.split(message["text"], reader)]
        labelled = [part["text"] for part in message["parts"]]
        if len(labelled) == 1:
            single, wrong = single + 1, wrong + (len(came_out) > 1)
        else:
            parts, found = parts + len(labelled), found + parts_found(labelled, came_out)
    return {
        "one_wish": single,
        "split_wrongly": wrong / single,
        "parts": parts,
        "parts_found": found / parts,
    }


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
