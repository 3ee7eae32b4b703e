"""Rules and stories that contradict each other, shown as the short conversation in which they do.

Rasa finds these too, by playing everything through after training, and names no file. Here only what surely
contradicts is named: two rules that, after exactly the same, go on differently, and a story that goes on differently
from the one rule there is for an intent. What is finer is left to Rasa (`bot/brain/train.py` adds the places).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.errors import Place
from bot.teaching.checks.conversations import Branch, Conversation, Step
from bot.teaching.checks.domain import Domain
from bot.teaching.checks.findings import Findings

LISTEN = "action_listen"
"""What Rasa calls waiting for the customer."""

State = tuple[object, ...]


@dataclass(frozen=True)
class Turning:
    """A point of a rule at which it says what to do next."""

    rule: Conversation
    heard: str
    """What the customer said, as an intent; empty where a form ended."""
    before: tuple[str, ...]
    """What the assistant did since."""
    action: str
    place: Place


def check_contradictions(conversations: Sequence[Conversation], domain: Domain, found: Findings) -> None:
    """Note rules that contradict rules, and stories that contradict rules."""
    rules = [one for one in conversations if one.kind == "rule"]
    _check_rules(rules, domain, found)
    plain = _plain_rules(rules)
    for story in conversations:
        if story.kind == "story":
            _check_story(story, plain, domain, found)


def _check_rules(rules: Sequence[Conversation], domain: Domain, found: Findings) -> None:
    known: dict[tuple[State, ...], Turning] = {}
    told: set[frozenset[Place]] = set()
    for rule in rules:
        for branch in rule.branches():
            for history, turning in _turnings(rule, branch, domain):
                other = known.setdefault(history, turning)
                pair = frozenset({other.rule.place, rule.place})
                if _goes_on_with_its_form(history, other, turning):
                    continue
                if other.action != turning.action and pair not in told:
                    told.add(pair)
                    found.wrong(
                        turning.place, _both(turning, other), "Merge the two, or give one of them a `condition`."
                    )


def _goes_on_with_its_form(history: tuple[State, ...], *turnings: Turning) -> bool:
    """Whether one of them goes on with the form that is open: that Rasa weighs otherwise, and may allow."""
    loop = history[-1][-1]
    return isinstance(loop, tuple) and loop[0] and any(one.action == loop[1] for one in turnings)


def _both(here: Turning, there: Turning) -> str:
    done = "".join(f"{name}, then " for name in here.before)
    customer = here.heard or f"(the end of {here.before[-1] if here.before else 'a form'})"
    return (
        f"rule “{here.rule.name}” contradicts rule “{there.rule.name}” in {there.place}:\n"
        f"    Customer:  {customer}\n"
        f"    Assistant: {done}{_said(there.action)} in “{there.rule.name}”, "
        f"{_said(here.action)} in “{here.rule.name}”.\n   "
    )


def _said(action: str) -> str:
    return "wait for the customer" if action == LISTEN else action


def _turnings(rule: Conversation, branch: Branch, domain: Domain) -> Iterator[tuple[tuple[State, ...], Turning]]:
    """What the rule says to do next at each of its points, with all that was before, as Rasa's rules see it."""
    if any(step.name == "..." or step.kind in ("checkpoint", "unknown") for step in branch):
        return  # a snippet leaves out what happens between: only Rasa's own play can compare it
    slots: dict[str, object] = {}
    loop: object = None
    for step in rule.condition:
        loop = _take(step, slots, loop, domain)
    history: list[State] = [("start", rule.at_start)]
    said: object = None
    last: object = None
    heard, before = "", list[str]()
    place = rule.place
    for step in branch:
        if step.kind in ("intent", "user"):
            said, last, heard = _said_by_customer(step, domain), LISTEN, step.name
        elif step.kind in ("action", "bot"):
            history.append((said, last, frozenset(slots.items()), loop))
            # The first thing that a rule does by itself is what it begins with, not what it says to do.
            if last is not None:
                yield tuple(history), Turning(rule, heard, tuple(before), step.name, step.place)
            last = step.name
            before.append(step.name)
            place = step.place
        else:
            loop = _take(step, slots, loop, domain)
    if rule.waits and before:
        history.append((said, last, frozenset(slots.items()), loop))
        yield tuple(history), Turning(rule, heard, tuple(before), LISTEN, place)


def _take(step: Step, slots: dict[str, object], loop: object, domain: Domain) -> object:
    """Change the slots by a step; gives the loop after it."""
    if step.kind == "loop":
        return (step.set, step.name if step.set else "")
    if step.kind == "slot":
        slot = domain.slots.get(step.name)
        if slot is not None and slot.influences:
            # Of a text Rasa's rules see that there is one, not what it says.
            slots[step.name] = (step.set, "" if slot.type == "text" else step.value)
    return loop


def _said_by_customer(step: Step, domain: Domain) -> object:
    seen = frozenset(mark for mark in step.marks if mark[0] not in domain.silent_entities)
    return step.kind, step.name, seen


def _plain_rules(rules: Sequence[Conversation]) -> dict[str, tuple[Conversation, Step]]:
    """The intents for which there is one rule only, without a condition: the rule and what it does first."""
    by_intent: dict[str, list[tuple[Conversation, Branch]]] = {}
    for rule in rules:
        for branch in rule.branches():
            for step in branch:
                if step.kind == "intent":
                    by_intent.setdefault(step.name, []).append((rule, branch))
    found: dict[str, tuple[Conversation, Step]] = {}
    for intent, uses in by_intent.items():
        rule, branch = uses[0]
        free = not rule.at_start and all(step.kind == "loop" and not step.set for step in rule.condition)
        alone = len(uses) == 1 and free and len(branch) > 1
        if alone and _is_only(intent, branch[0]) and branch[1].kind == "action" and branch[1].name != "...":
            found[intent] = (rule, branch[1])
    return found


def _is_only(intent: str, step: Step) -> bool:
    return step.kind == "intent" and step.name == intent and not step.entities


def _check_story(
    story: Conversation, plain: dict[str, tuple[Conversation, Step]], domain: Domain, found: Findings
) -> None:
    if any(step and step[0].kind in ("checkpoint", "unknown") for step in story.steps):
        return  # what stands before a checkpoint may have opened a form
    inside = False
    for step, following in zip(story.steps, story.steps[1:], strict=False):
        first = step[0] if step else None
        if first is None:
            continue
        if first.kind == "loop":
            inside = first.set
        elif first.kind == "action" and first.name in domain.forms:
            inside = True  # until the story says that it is closed
        elif first.kind == "intent" and not inside and len(following) == 1 and following[0].kind in ("action", "bot"):
            for heard in step:
                if heard.name in plain and not heard.entities and following[0].name != plain[heard.name][1].name:
                    rule, action = plain[heard.name]
                    what = (
                        f"story “{story.name}” contradicts rule “{rule.name}” in {action.place}:\n"
                        f"    Customer:  {heard.name}\n"
                        f"    Assistant: {action.name} in the rule, {following[0].name} in the story.\n   "
                    )
                    found.wrong(following[0].place, what, "Do what the rule does, or give the rule a `condition`.")
