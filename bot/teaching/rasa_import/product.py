"""What the product brings to every company: names that a project meets, and rules that it cannot contradict."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot import core
from bot.teaching.checks.conversations import Conversation, read_conversations
from bot.teaching.checks.domain import read_domain
from bot.teaching.checks.examples import read_intents
from bot.teaching.checks.written import Document, read_document


@dataclass(frozen=True)
class ProductCore:
    """The product's own domain, rules and examples, as far as an import has to know them."""

    intents: frozenset[str] = frozenset()
    responses: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)
    """What a rule of the product does after an intent, whatever was said before."""
    outside_forms: frozenset[str] = frozenset()
    """Those of these intents to which that happens only while no form is open."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """The name of the rule for each of these intents: a company's rule of the same name counts in its place."""
    sentences: Mapping[str, str] = field(default_factory=dict)
    """Each example (as :func:`same`), and the intent under which it stands."""


def same(sentence: str) -> str:
    """Two sentences that the checks of examples take for one have this in common."""
    return " ".join(sentence.casefold().split())


def spoken(sentence: str) -> str:
    """As :func:`same`, without the marks of entities: what a customer would really say."""
    return same(_MARKED.sub(r"\1", sentence))


# [words](entity), [words]{"entity": …}, [words][{"entity": …}, …]
_MARKED = re.compile(r"\[([^\]]+?\]?)\](?:\([^)]+\)|\{[^}]+\}|\[.*?\])")


def product_core(language: str = "en") -> ProductCore:
    """Read the product's own files (`bot/core`)."""
    domain_file, rules_file = core.domain_file(language), core.rules_file(language)
    examples_file = core.examples_file(language)
    domain = read_domain([read_document(domain_file, domain_file)])
    rules = list(_single_rules(read_document(rules_file, rules_file)))
    return ProductCore(
        intents=frozenset(domain.intents),
        responses=frozenset(domain.responses),
        actions=frozenset(domain.actions),
        slots=frozenset(domain.slots),
        answers={one.intent: one.answer for one in rules},
        outside_forms=frozenset(one.intent for one in rules if one.outside_forms),
        rules={one.intent: one.name for one in rules},
        sentences={
            same(example.text): intent.name
            for intent in read_intents(read_document(examples_file, examples_file))
            for example in intent.examples
        },
    )


@dataclass(frozen=True)
class _SingleRule:
    name: str
    intent: str
    answer: str
    outside_forms: bool


def _single_rules(document: Document) -> Iterator[_SingleRule]:
    """The rules that hold after an intent alone."""
    for one in read_conversations(document):
        if one.kind == "rule" and is_unconditional(one):
            actions = [step.name for group in one.steps[1:] for step in group if step.kind == "action"]
            for step in one.steps[0]:
                if actions and not step.entities:
                    yield _SingleRule(one.name, step.name, actions[0], bool(one.condition))


def is_unconditional(rule: Conversation) -> bool:
    """Whether a rule holds wherever its intent is heard, at least where no form is open."""
    in_any_form = all(step.kind == "loop" and not step.set for step in rule.condition)
    heard_first = bool(rule.steps) and all(step.kind == "intent" for step in rule.steps[0])
    return in_any_form and not rule.at_start and heard_first
