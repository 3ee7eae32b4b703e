"""Which role and group a mention has: "from Oslo to Rome", "a large pizza and a small salad".

The mentions of a sentence are read as a row, as the words are (`bot/nlu/entities/sequence_model.py`): what stands
before each, and what came before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.entities.near_names import Word
from bot.nlu.entities.sequence_model import Labels, Sentence, SequenceModel, train
from bot.nlu.entities.word_features import EDGE, tokens_of, without_digits

_NEAR = 4
"""Words before a mention that may tell its role: "to pay it into my savings" has three."""

Place = tuple[str, int, int]
"""A mention's name, where it begins and where it ends."""
Part = tuple[str, str]
"""Role and group, each empty where there is none."""


@dataclass(frozen=True)
class RoleModel:
    """What was learnt of roles and groups."""

    parts: tuple[Part, ...]
    of_names: dict[str, tuple[Part, ...]]
    """What each name has been marked with."""
    model: SequenceModel

    def find(self, text: str, mentions: Sequence[Place]) -> list[Part]:
        """The role and group of each mention of a text, which come in their order."""
        if not any(self._has_parts(name) for name, _, _ in mentions):
            return [("", "")] * len(mentions)
        path = self.model.best(_seen(tokens_of(text), mentions), self._possible(mentions))
        return [self.parts[label] for label in path]

    def _has_parts(self, name: str) -> bool:
        return self.of_names.get(name, (("", ""),)) != (("", ""),)

    def _possible(self, mentions: Sequence[Place]) -> list[list[bool]]:
        """For each mention which parts its name has."""
        known = [self.of_names.get(name, (("", ""),)) for name, _, _ in mentions]
        return [[part in own for part in self.parts] for own in known]


def learn_roles(sentences: Sequence[tuple[str, Sequence[Place], Sequence[Part]]]) -> RoleModel | None:
    """Learn from texts, their mentions, and the role and group of each; None where there is none."""
    of_names: dict[str, set[Part]] = {}
    for _, mentions, parts in sentences:
        for (name, _, _), part in zip(mentions, parts, strict=True):
            of_names.setdefault(name, set()).add(part)
    known = tuple(sorted({("", "")}.union(*of_names.values())))
    if len(known) == 1:
        return None
    marked = [each for each in sentences if each[1]]
    seen = [_seen(tokens_of(text), mentions) for text, mentions, _ in marked]
    truth = [[known.index(part) for part in parts] for _, _, parts in marked]
    names = {name: tuple(sorted(parts)) for name, parts in of_names.items()}
    return RoleModel(known, names, train(seen, truth, labels_of(known)))


def labels_of(parts: Sequence[Part]) -> Labels:
    """A label for each pair of role and group; pairs that share one have it in common."""
    shared: dict[str, list[int]] = {}
    for label, (role, group) in enumerate(parts):
        for part in (f"role {role}", f"group {group}", f"both {role}/{group}"):
            shared.setdefault(part, []).append(label)
    matrix = np.zeros((len(shared), len(parts)))
    for row, labels in enumerate(shared.values()):
        matrix[row, labels] = 1.0
    every = np.ones((len(parts), len(parts)), dtype=bool)
    return Labels(tuple(f"{role}/{group}" for role, group in parts), matrix, every, every[0])


def _seen(words: Sequence[Word], mentions: Sequence[Place]) -> Sentence:
    low = [without_digits(word.text) for word in words]
    word_ends, word_starts = [word.end for word in words], [word.start for word in words]
    begins = [bisect_right(word_ends, start) for _, start, _ in mentions]
    ends = [bisect_left(word_starts, end) for _, _, end in mentions]
    totals = Counter(name for name, _, _ in mentions)
    passed: Counter[str] = Counter()
    features = []
    for place, (name, _, _) in enumerate(mentions):
        first, last = begins[place], ends[place]
        since = ends[place - 1] if place else 0
        between = low[max(since, first - _NEAR) : first]
        before, after = (low[first - 1] if first else EDGE), (low[last] if last < len(low) else EDGE)
        earlier = mentions[place - 1][0] if place else EDGE
        later = mentions[place + 1][0] if place + 1 < len(mentions) else EDGE
        found = {
            "always",
            f"first {min(passed[name], 2)} of {min(totals[name], 3)}",
            f"before {before}",
            f"before both {low[first - 2] if first > 1 else EDGE} {before}",
            f"after {after}",
            f"earlier {earlier}",
            f"later {later}",
            f"words {' '.join(low[first:last])}",
            *(f"near {word}" for word in between),
            *(f"begins {word}" for word in low[: min(2, first)]),
        }
        passed[name] += 1
        features.append(sorted({*found, *(f"{name}: {one}" for one in found)}))
    return Sentence(features, np.zeros((len(mentions), 0), dtype=np.float32))
