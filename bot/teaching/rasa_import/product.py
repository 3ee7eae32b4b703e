"""What the product brings to every company: names that a project meets, and rules that it cannot contradict."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.teaching.checks.conversations import Conversation, read_conversations
from bot.teaching.checks.domain import read_domain
from bot.teaching.checks.examples import read_intents
from bot.teaching.checks.written import Document, read_document

ENDINGS = frozenset({".yml", ".yaml"})


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


def read_core(folder: Path) -> ProductCore:
    """Read the product's files: its domain (``domain.yml`` or ``domain/``) and whatever stands in ``data/``."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in ENDINGS and path.is_file())
    documents = [read_document(path, path.relative_to(folder)) for path in files]
    domain = read_domain(one for one in documents if one.path.parts[0] in ("domain", "domain.yml"))
    answers = _answers(documents)
    return ProductCore(
        intents=frozenset(domain.intents),
        responses=frozenset(domain.responses),
        actions=frozenset(domain.actions),
        slots=frozenset(domain.slots),
        answers={name: action for name, (action, _) in answers.items()},
        outside_forms=frozenset(name for name, (_, outside) in answers.items() if outside),
        sentences={
            same(example.text): intent.name
            for document in documents
            for intent in read_intents(document)
            for example in intent.examples
        },
    )


def _answers(documents: Iterable[Document]) -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = {}
    for document in documents:
        for one in read_conversations(document):
            if one.kind == "rule" and is_unconditional(one):
                actions = [step.name for group in one.steps[1:] for step in group if step.kind == "action"]
                for step in one.steps[0]:
                    if actions and not step.entities:
                        found.setdefault(step.name, (actions[0], bool(one.condition)))
    return found


def is_unconditional(rule: Conversation) -> bool:
    """Whether a rule holds wherever its intent is heard, at least where no form is open."""
    in_any_form = all(step.kind == "loop" and not step.set for step in rule.condition)
    heard_first = bool(rule.steps) and all(step.kind == "intent" for step in rule.steps[0])
    return in_any_form and not rule.at_start and heard_first
