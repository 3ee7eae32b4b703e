"""Reads ``data/tone``: what customers wrote, and whether they were upset; mistakes are named with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.errors import ContentError, Place
from bot.nlu.tone.trend import Conversation
from bot.nlu.trainers_yaml import composed

_LABELS = {"upset": True, "calm": False}


def read_conversations(folder: Path) -> list[Conversation]:
    """Return the conversations of a folder's YAML files, each once; :class:`ContentError` for the first mistake."""
    seen: dict[tuple[str, ...], tuple[bool, Place]] = {}
    for path in sorted(folder.glob("*.yml")):
        for messages, upset, place in _written(path):
            known, before = seen.setdefault(messages, (upset, place))
            if known != upset:
                raise ContentError(place, f"the same conversation is labelled otherwise in {before}.", "Keep one.")
    return [Conversation(messages, upset) for messages, (upset, _) in seen.items()]


def _written(path: Path) -> Iterator[tuple[tuple[str, ...], bool, Place]]:
    document = composed(path)
    for name, node in _members(document):
        if name.value != "tone":
            continue
        for label, written in _members(node):
            if label.value not in _LABELS:
                raise ContentError(_place(path, label), f"there is no label {label.value!r}.", "Write upset or calm.")
            for entry in written.value if isinstance(written, yaml.SequenceNode) else []:
                yield _messages(path, entry), _LABELS[label.value], _place(path, entry)


def _messages(path: Path, entry: yaml.Node) -> tuple[str, ...]:
    nodes = entry.value if isinstance(entry, yaml.SequenceNode) else [entry]
    texts = tuple(node.value.strip() for node in nodes if isinstance(node, yaml.ScalarNode))
    if not texts or len(texts) != len(nodes) or not all(texts):
        raise ContentError(
            _place(path, entry), "this is not a list of messages.", 'Write ["first message", "second message"].'
        )
    return texts


def _members(node: yaml.Node | None) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _place(path: Path, node: yaml.Node) -> Place:
    return Place(path, node.start_mark.line + 1)
