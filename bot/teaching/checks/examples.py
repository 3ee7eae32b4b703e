"""What stands under the intents of the training data: examples with annotations, and their metadata."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

import yaml

from bot.errors import Place
from bot.teaching.checks.written import Document, items, member, text

# Rasa's annotations: [words](entity), [words](entity:value), [words]{"entity": …}, [words][{"entity": …}, …]
# (rasa.shared.nlu.training_data.entities_parser.ENTITY_REGEX).
_ANNOTATION = re.compile(r"\[[^\]]+?\](?:\(([^:)]+?)(?::[^)]+)?\)|\{([^}]+?)\}|\[(.*?)\])")


@dataclass(frozen=True)
class WrittenExample:
    """A sentence as a trainer wrote it, entities marked."""

    text: str
    place: Place

    def entities(self) -> Iterator[str]:
        """The names of the entities that are marked in it."""
        for name, one, several in _ANNOTATION.findall(self.text):
            if name:
                yield name.strip()
            elif one or several:
                # What is no JSON there, Rasa takes for the customer's own brackets.
                with suppress(ValueError):
                    read = json.loads(f"[{{{one}}}]" if one else f"[{several}]")
                    yield from (mark["entity"] for mark in read if isinstance(mark, dict) and "entity" in mark)


@dataclass(frozen=True)
class WrittenIntent:
    """One ``- intent:`` block of a file."""

    name: str
    place: Place
    title: str | None
    kind: str | None
    articles: tuple[tuple[str, Place], ...]
    offers: tuple[str, Place] | None
    """The intent that is offered under an answer, and where that stands."""
    leads_to: tuple[str, Place] | None
    """The intent with which one can go on after an answer, and where that stands."""
    examples: tuple[WrittenExample, ...]


def read_intents(document: Document) -> Iterator[WrittenIntent]:
    """Yield the intents of a training file."""
    for item in items(member(document.root, "nlu")):
        name = member(item, "intent")
        if isinstance(name, yaml.ScalarNode):
            yield _intent(document, item, name)


def _intent(document: Document, item: yaml.Node, name: yaml.ScalarNode) -> WrittenIntent:
    metadata = member(item, "metadata")
    offers, leads_to = member(metadata, "offers"), member(metadata, "leads_to")
    return WrittenIntent(
        name=name.value,
        place=document.place(name),
        title=text(member(metadata, "title")),
        kind=text(member(metadata, "kind")),
        articles=tuple(
            (node.value, document.place(node))
            for node in items(member(metadata, "articles"))
            if isinstance(node, yaml.ScalarNode)
        ),
        offers=(offers.value, document.place(offers)) if isinstance(offers, yaml.ScalarNode) else None,
        leads_to=(leads_to.value, document.place(leads_to)) if isinstance(leads_to, yaml.ScalarNode) else None,
        examples=tuple(_examples(document, member(item, "examples"))),
    )


def _examples(document: Document, node: yaml.Node | None) -> Iterator[WrittenExample]:
    if isinstance(node, yaml.ScalarNode):
        # A block scalar (`examples: |`) begins on the line after its mark.
        first = node.start_mark.line + (2 if node.style in ("|", ">") else 1)
        # By line feeds alone, as the file's lines are counted: a pasted form feed or U+2028 begins no new line.
        for offset, line in enumerate(node.value.split("\n")):
            if line.startswith("-") and line[1:].strip():
                yield WrittenExample(line[1:].strip(), Place(document.path, first + offset))
    for entry in items(node):
        written = member(entry, "text")
        if isinstance(written, yaml.ScalarNode) and written.value.strip():
            yield WrittenExample(written.value.strip().removeprefix("-").strip(), document.place(written))
