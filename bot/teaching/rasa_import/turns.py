"""A story's turns: what the customer says, what was said just before, and all that the assistant does then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import yaml

from bot.errors import Place
from bot.teaching.checks.written import Document, is_null, items, member, text
from bot.teaching.rasa_import.flow import name as safe
from bot.teaching.rasa_import.flow import on_one_line
from bot.teaching.rasa_import.names import quoted

Named = Callable[[str, str], str | None]
"""The intent (``user``) or the response (``bot``) that has the words of a step that is written out."""


@dataclass(frozen=True)
class Heard:
    """What the customer says: an intent, perhaps with entities."""

    name: str
    node: yaml.Node
    entities: bool

    def place(self, document: Document) -> Place:
        """Where it stands."""
        return document.place(self.node)


@dataclass(frozen=True)
class Turn:
    """A message of the customer, one of several for an ``or``, and what the assistant does until the next."""

    heard: tuple[Heard, ...]
    before: tuple[str, ...]
    """What the assistant may have done last before it; nothing where the story begins with it."""
    form: str | None
    """The form that is open."""
    then: tuple[yaml.Node, ...]
    """The steps that follow: actions, slots and forms; as far as the open form, which goes on by itself."""
    actions: tuple[str, ...]
    """What is done in them; the open form left out."""
    waits: bool
    """Whether the customer has the word again then; else another story goes on, behind a checkpoint."""


def turns_of(story: yaml.Node, named: Named, entered: Mapping[str, Iterable[str]]) -> Iterator[Turn]:
    """Yield a story's turns; ``entered`` says what came last before each checkpoint."""
    steps = items(member(story, "steps"))
    before: tuple[str, ...] = ()
    form: str | None = None
    at = 0
    while at < len(steps):
        node = steps[at]
        at += 1
        heard = _heard(node, named)
        if not heard:
            if (point := text(member(node, "checkpoint"))) is not None:
                before = before or tuple(sorted(entered.get(point, ())))
            before, form = _after(node, named, before, form)
            continue
        then: list[yaml.Node] = []
        while at < len(steps) and not _heard(steps[at], named) and member(steps[at], "checkpoint") is None:
            then.append(steps[at])
            at += 1
        waits = at == len(steps) or member(steps[at], "checkpoint") is None
        own = then[: next((n for n, step in enumerate(then) if form and _action(step, named) == form), len(then))]
        actions = tuple(name for step in own if (name := _action(step, named)) is not None)
        yield Turn(heard, before, form, tuple(own), actions, waits or not actions)
        for step in then:
            before, form = _after(step, named, before, form)


def entered_by(stories: Sequence[yaml.Node], named: Named) -> dict[str, set[str]]:
    """What the assistant did last before each checkpoint at which a story ends."""
    found: dict[str, set[str]] = {}
    for story in stories:
        last: str | None = None
        for node in items(member(story, "steps")):
            point = text(member(node, "checkpoint"))
            if point is not None and last is not None:
                found.setdefault(point, set()).add(last)
            last = _action(node, named) or last
    return found


def rule_of(name: str, turn: Turn, before: str, heard: Heard, named: Named) -> str:
    """A rule that does what a story does, wherever the assistant has just done ``before``."""
    lines = [f"  - rule: {quoted(name)}"]
    if turn.form:
        lines.append(f"    condition: [{{active_loop: {safe(turn.form)}}}]")
    lines += ["    steps:", f"      - action: {safe(before)}", f"      - intent: {safe(heard.name)}"]
    for node in turn.then:
        action = _action(node, named)
        lines.append(f"      - {f'action: {safe(action)}' if action else on_one_line(node)}")
        if not is_null(member(node, "active_loop")) and member(node, "active_loop") is not None:
            break  # the form goes on by itself
    if not turn.waits:
        lines.append("    wait_for_user_input: false")
    return "\n".join(lines) + "\n"


def action_in(node: yaml.Node) -> yaml.Node | None:
    """The node that names what the assistant does in a step, or says it."""
    return member(node, "action") or member(node, "bot")


def _action(node: yaml.Node, named: Named) -> str | None:
    said = text(member(node, "bot"))
    return text(member(node, "action")) or (None if said is None else named("bot", said))


def _after(
    node: yaml.Node, named: Named, before: tuple[str, ...], form: str | None
) -> tuple[tuple[str, ...], str | None]:
    action = _action(node, named)
    loop = member(node, "active_loop")
    if loop is not None:
        form = None if is_null(loop) else text(loop)
    return ((action,) if action else before), form


def _heard(node: yaml.Node, named: Named) -> tuple[Heard, ...]:
    alternatives = items(member(node, "or")) or [node]
    return tuple(one for alternative in alternatives if (one := _one(alternative, named)) is not None)


def _one(node: yaml.Node, named: Named) -> Heard | None:
    intent, said = member(node, "intent"), member(node, "user")
    name = text(intent)
    if name is None and (words := text(said)) is not None:
        name = named("user", words)
    if name is None:
        return None
    return Heard(name.removeprefix("/"), intent or said or node, bool(items(member(node, "entities"))))
