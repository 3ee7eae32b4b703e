"""Values that speak for one reading and against another: whoever writes an order number seldom asks about error codes.

Only values with a shape of their own count (`regex` in `data/nlu`): no recogniser has guessed them. How often each
stands in the examples of each intent is counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.contract.names import INFORM
from bot.dialogue.wish_words import Labelled
from bot.nlu.intents.classifier import Reading

OFTEN = 0.1
"""From which share of an intent's examples on a value belongs to it."""
FEWEST_EXAMPLES = 15
"""Examples that an intent must have for a value that is in none of them to be strange to it."""
FARTHEST_BEHIND = 4.0
"""How many times as probable a reading to which the value is strange may be, and still lose."""


@dataclass(frozen=True)
class TellingValues:
    """By entity, the intents to which it belongs and those to which it is strange."""

    belongs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    strange: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def weigh(
        self, readings: Sequence[Reading], entities: Collection[str], wishes: Collection[str] = ()
    ) -> tuple[Reading, ...]:
        """The readings, the best first; one to which a value of the message is strange gives way to one of its own.

        What gives way leaves its probability to the other: it was read because of the words around the value. One of
        the ``wishes`` gives way to no mere answer: "sending it back. LF-1000025, M14 5TP" wants something.
        """
        kept = tuple(readings)
        for entity in sorted(entities):
            kept = self._weigh(kept, entity, wishes)
        return kept

    def _weigh(self, readings: tuple[Reading, ...], entity: str, wishes: Collection[str]) -> tuple[Reading, ...]:
        if not readings or readings[0].name not in self.strange.get(entity, ()):
            return readings
        first, *others = readings
        own = next((one for one in others if one.name in self.belongs.get(entity, ())), None)
        if own is None or own.confidence * FARTHEST_BEHIND < first.confidence:
            return readings
        if own.name == INFORM and first.name in wishes:
            both = first._replace(confidence=first.confidence + own.confidence)
            return (both, *(one for one in others if one is not own), own._replace(confidence=0.0))
        left = [one for one in others if one is not own]
        return (own._replace(confidence=own.confidence + first.confidence), *left, first._replace(confidence=0.0))

    def as_json(self) -> dict[str, dict[str, list[str]]]:
        """Plain values, in order."""
        return {
            kind: {entity: sorted(intents) for entity, intents in sorted(by_entity.items())}
            for kind, by_entity in (("belongs", self.belongs), ("strange", self.strange))
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Mapping[str, Sequence[str]]]) -> TellingValues:
        """From what :meth:`as_json` gave."""
        belongs, strange = (
            {entity: frozenset(intents) for entity, intents in kept[kind].items()} for kind in ("belongs", "strange")
        )
        return cls(belongs, strange)


NO_VALUES = TellingValues()
"""Where no value has a shape of its own."""


def learn(examples: Iterable[Labelled], shaped: Collection[str]) -> TellingValues:
    """Count in which intents' examples the values stand."""
    marked: dict[str, Counter[str]] = {entity: Counter() for entity in shaped}
    size: Counter[str] = Counter()
    for example in examples:
        size[example.intent] += 1
        for entity in example.entities & marked.keys():
            marked[entity][example.intent] += 1
    return TellingValues(
        {
            entity: frozenset(name for name in size if count[name] >= OFTEN * size[name])
            for entity, count in marked.items()
        },
        {
            entity: frozenset(name for name in size if not count[name] and size[name] >= FEWEST_EXAMPLES)
            for entity, count in marked.items()
        },
    )
