"""Rules and stories as they are written: steps, each with the line on which it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Literal

import yaml

from bot.errors import Place
from bot.teaching.checks.written import Document, is_false, is_null, items, member, members, text

Kind = Literal["intent", "user", "action", "bot", "slot", "loop", "checkpoint", "unknown"]

MOST_BRANCHES = 64
"""Of a conversation with many ``or``s no more courses are looked at: each doubles them."""


@dataclass(frozen=True)
class Step:
    """One step, or one of the alternatives of an ``or``."""

    kind: Kind
    name: str
    """The intent, action, slot, form or checkpoint; the text of a step that is written out."""
    place: Place
    value: str | None = None
    """What a slot was set to, as it is written; None for null, and where only its name stands."""
    set: bool = True
    """False where a slot or a loop was set to null."""
    entities: tuple[tuple[str, Place], ...] = ()
    marks: frozenset[tuple[str, str, str]] = frozenset()
    """Name, role and group of each entity."""


Branch = tuple[Step, ...]


@dataclass(frozen=True)
class Conversation:
    """A rule or a story."""

    kind: Literal["rule", "story"]
    name: str
    place: Place
    condition: Branch
    steps: tuple[tuple[Step, ...], ...]
    """Each step with its alternatives: one, or those of an ``or``."""
    at_start: bool
    """Holds at a conversation's beginning only."""
    waits: bool
    """Whether the customer has the word when it is over."""

    def all_steps(self) -> Iterator[Step]:
        """Every step and every alternative, the condition's among them."""
        yield from self.condition
        for alternatives in self.steps:
            yield from alternatives

    def branches(self) -> Iterator[Branch]:
        """The ways through it: one for each combination of alternatives."""
        return islice(product(*self.steps), MOST_BRANCHES)


def read_conversations(document: Document) -> Iterator[Conversation]:
    """Yield the rules and stories of a file."""
    kinds: tuple[tuple[str, Literal["rule", "story"]], ...] = (("rules", "rule"), ("stories", "story"))
    for key, kind in kinds:
        for item in items(member(document.root, key)):
            name = member(item, kind)
            if isinstance(name, yaml.ScalarNode):
                yield Conversation(
                    kind=kind,
                    name=name.value,
                    place=document.place(name),
                    condition=tuple(one for group in _steps(document, item, "condition") for one in group),
                    steps=tuple(_steps(document, item, "steps")),
                    at_start=(text(member(item, "conversation_start")) or "").lower() == "true",
                    waits=not is_false(member(item, "wait_for_user_input")),
                )


def _steps(document: Document, item: yaml.Node, key: str) -> Iterator[tuple[Step, ...]]:
    for node in items(member(item, key)):
        alternatives = member(node, "or")
        if alternatives is None:
            for step in _single(document, node):
                yield (step,)
        else:
            yield tuple(step for one in items(alternatives) for step in _single(document, one))


def _single(document: Document, node: yaml.Node) -> Iterator[Step]:
    """One step; a ``slot_was_set`` with several slots is several."""
    if isinstance(node, yaml.ScalarNode):
        yield Step("action" if node.value == "..." else "unknown", node.value, document.place(node))
        return
    found = {key.value: value for key, value in members(node)}
    for kind, key in _NAMED:
        value = found.get(key)
        if isinstance(value, yaml.ScalarNode):
            place = document.place(value)
            name = value.value.strip().removeprefix("/") if kind == "intent" else value.value.strip()
            if kind == "intent":
                yield Step(kind, name, place, entities=_entities(document, found), marks=_marks(found))
            else:
                yield Step(kind, name, place)
            break
    else:
        if isinstance(loop := found.get("active_loop"), yaml.ScalarNode):
            yield Step("loop", loop.value, document.place(loop), set=not is_null(loop))
    if "intent" not in found and "action" not in found:
        for slot in items(found.get("slot_was_set")):
            yield from _slots(document, slot)


# In the order in which Rasa asks for them (YAMLStoryReader._parse_step).
_NAMED: tuple[tuple[Kind, str], ...] = (
    ("intent", "intent"),
    ("user", "user"),
    ("action", "action"),
    ("bot", "bot"),
    ("checkpoint", "checkpoint"),
)


def _slots(document: Document, node: yaml.Node) -> Iterator[Step]:
    if isinstance(node, yaml.ScalarNode):
        yield Step("slot", node.value, document.place(node))
    for key, value in members(node):
        empty = is_null(value)
        written = text(value) if not isinstance(value, yaml.SequenceNode) else "list" if value.value else "empty list"
        yield Step("slot", key.value, document.place(key), None if empty else written, set=not empty)


def _entities(document: Document, found: dict[str, yaml.Node]) -> tuple[tuple[str, Place], ...]:
    return tuple((name.value, document.place(name)) for name, _, _ in _entity_nodes(found))


def _marks(found: dict[str, yaml.Node]) -> frozenset[tuple[str, str, str]]:
    return frozenset((name.value, role, group) for name, role, group in _entity_nodes(found))


def _entity_nodes(found: dict[str, yaml.Node]) -> Iterator[tuple[yaml.ScalarNode, str, str]]:
    for item in items(found.get("entities")):
        if isinstance(item, yaml.ScalarNode):
            yield item, "", ""
        role, group = text(member(item, "role")) or "", text(member(item, "group")) or ""
        for key, _ in members(item):
            if key.value not in {"role", "group"}:
                yield key, role, group
