"""Intents that the product has under another name: called so throughout, on the same lines as before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import yaml

from bot.teaching.checks.examples import read_intents
from bot.teaching.checks.python_actions import PythonActions
from bot.teaching.checks.written import Document, items, member, members
from bot.teaching.rasa_import.classify import Sorted, YamlFile
from bot.teaching.rasa_import.edits import Edits
from bot.teaching.rasa_import.names import SAME_INTENT
from bot.teaching.rasa_import.product import ProductCore
from bot.teaching.rasa_import.report import Notes

_NAMED_BY = frozenset({"intent", "not_intent", "ignored_intents"})
"""Keys whose values are intents, in slots, forms, rules and stories."""

_PAYLOAD = re.compile(r"/([^{@\s/]+)")


def rename_intents(files: Sorted, core: ProductCore, python: PythonActions, notes: Notes) -> None:
    """Give intents the product's name where a project calls the same thing by another one, and has not both."""
    known = {intent.name for file in files.training for intent in read_intents(file.document)}
    renamed: dict[str, str] = {}
    for name in sorted(known):
        new = SAME_INTENT.get(name.lower())
        if new in core.intents and new not in known and new not in renamed.values():
            renamed[name] = str(new)
    if not renamed:
        return
    for file in (*files.domain, *files.training, *files.tests):
        _rename_in(file, renamed, notes)
    for name, new in renamed.items():
        if (place := python.texts.get(name) or python.texts.get(f"/{name}")) is not None:
            what = f"this speaks of {name}, which is the product's intent {new} now."
            notes.to_do(place, what, f"Write {new} there if the intent is meant.")


def _rename_in(file: YamlFile, renamed: Mapping[str, str], notes: Notes) -> None:
    edits = Edits(file.edits.text)
    told: set[str] = set()
    for node in _intents_of(file.document):
        name = node.value.strip().removeprefix("/")
        if name in renamed:
            edits.replace_in(node, name, renamed[name])
            if name not in told:
                told.add(name)
                what = f"the intent {name} is called {renamed[name]}, as the product calls it."
                notes.changed(file.document.place(node), what)
    for node in _payloads_of(file.document):
        named = _PAYLOAD.match(node.value.strip())
        if named and named[1] in renamed:
            edits.replace_in(node, f"/{named[1]}", f"/{renamed[named[1]]}")
    if edits:
        text = edits.done()
        # The same lines as before, so places are still those of the original.
        root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        file.document = Document(file.document.path, root)
        file.edits = Edits(text)


def _intents_of(document: Document) -> Iterator[yaml.ScalarNode]:
    """Every scalar that names an intent."""
    for item in items(member(document.root, "intents")):
        if isinstance(item, yaml.ScalarNode):
            yield item
        yield from (key for key, _ in members(item)[:1])
    for key, value in _entries(document.root):
        if key in _NAMED_BY:
            yield from (one for one in items(value) or [value] if isinstance(one, yaml.ScalarNode))


def _payloads_of(document: Document) -> Iterator[yaml.ScalarNode]:
    for key, value in _entries(document.root):
        if key == "payload" and isinstance(value, yaml.ScalarNode):
            yield value


def _entries(root: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """Every key and value of a file, at any depth, each node once."""
    seen: set[int] = set()
    waiting: list[yaml.Node | None] = [root]
    while waiting:
        node = waiting.pop()
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        below: Iterable[yaml.Node] = items(node)
        if isinstance(node, yaml.MappingNode):
            below = [value for _, value in node.value]
            yield from ((key.value, value) for key, value in node.value if isinstance(key, yaml.ScalarNode))
        waiting.extend(below)
