"""The words by which customers name a wish that is offered with answers: "technician", "send", "repair visit".

"Technician for my hob, one ring is dead" reads as a fault, since most of its words are of the fault; but a word that
stands in the examples of the wish and hardly in those of the faults says what is wanted. The words are counted in the
trainers' own examples.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.nlu.reading.cap import read_of

FEWEST_EXAMPLES = 3
"""Examples of the wish that a word or an entity must stand in: one or two may be chance."""

OFTENER_THAN_FAULTS = 40.0
"""How many times as often a word must stand in the wish's examples as in those of the intents that offer it. Of the
reference assistant's words this leaves "technician", "engineer", "repair", "book", "send", "someone" and "somebody"."""

OFTENER_THAN_OTHERS = 10.0
"""And as in all other examples: "please" and "need" go with every wish."""

DETAIL_OFTENER = 4.0
"""How many times as often an entity must: a day and a postcode belong to a visit, a product to a fault as well."""

_Found = Mapping[str, Sequence[frozenset[str]]]

# "No technician", "without having to book": a wish that is refused is none.
_REFUSES = frozenset({"no", "not", "don't", "dont", "without", "never", "won't", "wont", "avoid", "before"})
_LOOKED_BACK = 5
"""Words before a naming one among which a refusal stands: "I do not want to book" has four."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")


@dataclass(frozen=True)
class WishWords:
    """For each intent that is offered with answers, the words that name it."""

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    details: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """And the entities that belong to it, and not to what it is offered with."""

    def name(self, intent: str, text: str) -> bool:
        """Whether a message names the wish by its own words, and does not refuse it."""
        naming = self.words.get(intent)
        if not naming:
            return False
        words = _in_order(text)
        return any(
            word in naming and not _REFUSES.intersection(words[max(0, place - _LOOKED_BACK) : place])
            for place, word in enumerate(words)
        )

    def settles(self, intent: str, entities: Iterable[str]) -> bool:
        """Whether one of the entities belongs to the wish: who names a day has decided."""
        return not self.details.get(intent, frozenset()).isdisjoint(entities)

    def as_json(self) -> dict[str, dict[str, list[str]]]:
        """Plain values, in order."""
        return {
            kind: {intent: sorted(found) for intent, found in sorted(by_intent.items())}
            for kind, by_intent in (("words", self.words), ("details", self.details))
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Mapping[str, Sequence[str]]]) -> WishWords:
        """From what :meth:`as_json` gave."""
        words, details = (
            {intent: frozenset(found) for intent, found in kept[kind].items()} for kind in ("words", "details")
        )
        return cls(words, details)


NO_WISHES = WishWords()
"""Where nothing is offered with answers."""


@dataclass(frozen=True)
class Labelled:
    """An example of the trainers: its text, its intent, and the entities that are marked in it."""

    text: str
    intent: str
    entities: frozenset[str] = frozenset()


def learn(examples: Iterable[Labelled], offers: Mapping[str, str]) -> WishWords:
    """Count words and entities; ``offers`` says of an intent which one is offered with its answers."""
    words: dict[str, list[frozenset[str]]] = {}
    entities: dict[str, list[frozenset[str]]] = {}
    for example in examples:
        words.setdefault(example.intent, []).append(frozenset(_in_order(example.text)))
        entities.setdefault(example.intent, []).append(example.entities)
    wishes = {wish: [name for name, offered in offers.items() if offered == wish] for wish in offers.values()}
    known = {wish: faults for wish, faults in wishes.items() if wish in words}
    return WishWords(
        {wish: _naming(words, wish, faults) for wish, faults in known.items()},
        {wish: _details(entities, wish, faults) for wish, faults in known.items()},
    )


def _naming(by_intent: _Found, wish: str, faults: Collection[str]) -> frozenset[str]:
    wished, told = _shares(by_intent[wish]), _shares(_of(by_intent, faults))
    others = _shares(_of(by_intent, by_intent.keys() - {wish}))
    return frozenset(
        word
        for word in _often(by_intent[wish])
        if wished(word) >= OFTENER_THAN_FAULTS * told(word) and wished(word) >= OFTENER_THAN_OTHERS * others(word)
    )


def _details(by_intent: _Found, wish: str, faults: Collection[str]) -> frozenset[str]:
    wished, told = _shares(by_intent[wish]), _shares(_of(by_intent, faults))
    marked = {name for found in by_intent[wish] for name in found}
    return frozenset(name for name in marked if wished(name) >= DETAIL_OFTENER * told(name))


def _of(by_intent: _Found, names: Collection[str]) -> Iterable[frozenset[str]]:
    return (found for name in names for found in by_intent.get(name, ()))


def _often(examples: Sequence[frozenset[str]]) -> list[str]:
    count = Counter(word for found in examples for word in found)
    return [word for word, times in count.items() if times >= FEWEST_EXAMPLES]


def _shares(examples: Iterable[frozenset[str]]) -> Callable[[str], float]:
    """The share of examples that a word stands in; half an example is added for what may be chance."""
    kept = list(examples)
    count = Counter(word for words in kept for word in words)
    return lambda word: (count[word] + 0.5) / (len(kept) + 1)


def _in_order(text: str) -> list[str]:
    straight = read_of(text).lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return _WORD.findall(straight)
