"""What customers say: titles and kinds for intents, names that the domain lacks, sentences that stand twice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import yaml

from bot.errors import Place
from bot.teaching.checks.check_examples import KINDS, LEAST_EXAMPLES
from bot.teaching.checks.domain import Domain
from bot.teaching.checks.examples import WrittenExample, WrittenIntent, read_intents
from bot.teaching.checks.written import items, member, members, text
from bot.teaching.rasa_import.classify import YamlFile
from bot.teaching.rasa_import.flow import entries, on_one_line
from bot.teaching.rasa_import.names import quoted, title_of
from bot.teaching.rasa_import.product import ProductCore, same
from bot.teaching.rasa_import.report import Notes

_OTHER_BLOCKS = {"synonym": "synonym", "lookup": "lookup table", "regex": "regular expression"}


@dataclass
class Additions:
    """What the project means and nowhere declares: goes into a file of the domain's own."""

    intents: list[str] = field(default_factory=list)
    entities: list[str] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    """Each with its type and mappings, as YAML."""
    responses: dict[str, str] = field(default_factory=dict)
    """The name, and its variations as YAML on one line."""


def adapt_examples(
    files: Sequence[YamlFile],
    domain: Domain,
    acting: Collection[str],
    core: ProductCore,
    additions: Additions,
    notes: Notes,
) -> None:
    """Gather the changes that a project's examples need.

    Args:
        files: The training data.
        domain: What the project's domain names.
        acting: The intents from which a rule, a story, a form or a slot goes on.
        core: What the product brings.
        additions: Where to note intents and entities that the domain lacks.
        notes: Where to say it.
    """
    sentences: dict[str, tuple[str, Place | None]] = {key: (name, None) for key, name in core.sentences.items()}
    counts: dict[str, int] = {}
    first: dict[str, Place] = {}
    for file in files:
        section = file.section("nlu")
        read = 0
        blocks = [item for item in items(section) if isinstance(member(item, "intent"), yaml.ScalarNode)]
        # Both walk through the same blocks.
        for item, intent in zip(blocks, read_intents(file.document) if section is not None else (), strict=True):
            kept = _without_repeats(file, item, intent, sentences, notes)
            read += kept
            counts[intent.name] = counts.get(intent.name, 0) + kept
            first.setdefault(intent.name, intent.place)
            _declare(intent, domain, core, additions, notes)
            if "/" not in intent.name and intent.name not in core.intents:
                _add_metadata(file, item, intent, acting, notes)
        _note_taken(file, section, read, notes)
    for known, count in counts.items():
        if count < LEAST_EXAMPLES and known not in core.intents:
            what = f"{known} has {count} example{'' if count == 1 else 's'} here."
            notes.to_do(first[known], what, "Write 15 or more, as customers would say them.")


def _without_repeats(
    file: YamlFile,
    item: yaml.Node,
    intent: WrittenIntent,
    sentences: dict[str, tuple[str, Place | None]],
    notes: Notes,
) -> int:
    """Leave out sentences that stand under another intent already; returns how many are left."""
    left = 0
    elsewhere: dict[str, list[tuple[WrittenExample, Place | None]]] = {}
    for example in intent.examples:
        other, place = sentences.setdefault(same(example.text), (intent.name, example.place))
        if other == intent.name:
            left += 1
        else:
            elsewhere.setdefault(other, []).append((example, place))
            _cut(file, item, example)
    for other, repeated in elsewhere.items():
        example, place = repeated[0]
        where = f"in {place}" if place is not None else "of the product"
        what = f"“{example.text}” stands under {other} {where} too, and is left out of {intent.name}"
        more = f", as are {len(repeated) - 1} more" if len(repeated) > 1 else ""
        notes.left_out(example.place, f"{what}{more}.", "A sentence has one intent: move it if the other one is wrong.")
    return left


def _cut(file: YamlFile, item: yaml.Node, example: WrittenExample) -> None:
    examples = member(item, "examples")
    if isinstance(examples, yaml.SequenceNode):
        for entry in examples.value:
            if file.document.place(member(entry, "text") or entry) == example.place:
                file.edits.cut_item(examples, entry)
    elif example.text in file.edits.line(example.place.line):
        file.edits.cut_line(example.place.line)


def _declare(intent: WrittenIntent, domain: Domain, core: ProductCore, additions: Additions, notes: Notes) -> None:
    family = intent.name.split("/")[0]
    if family not in domain.all_intents | core.intents | set(additions.intents):
        additions.intents.append(family)
        notes.changed(intent.place, f"the intent {family} has examples and was not in the domain; it is now.")
    for example in intent.examples:
        for entity in example.entities():
            if entity not in domain.entities and entity not in additions.entities:
                additions.entities.append(entity)
                notes.changed(example.place, f"the entity {entity} is marked and was not in the domain; it is now.")


def _add_metadata(
    file: YamlFile, item: yaml.Node, intent: WrittenIntent, acting: Collection[str], notes: Notes
) -> None:
    acts = intent.name in acting
    title = intent.title or title_of(intent.name)
    new = {} if intent.title else {"title": quoted(title)}
    if intent.kind not in KINDS and acts:
        new["kind"] = "act"
    if acts:
        if new:
            what = f"{intent.name} has the title “{title}” and the kind act; customers read the title."
            notes.changed(intent.place, what)
    elif intent.kind is None:
        what = f"{intent.name} has the title “{title}”; no rule or story goes on from it, so articles answer it."
        notes.to_do(intent.place, what, "Write such an article, or a rule.")
    if not new:
        return
    metadata = member(item, "metadata")
    if isinstance(metadata, yaml.MappingNode):
        for key, value in reversed(new.items()):
            file.edits.add_entry(metadata, key, value)
    elif metadata is not None:
        file.edits.put(metadata, entries({**new, "before": on_one_line(metadata)}))
    elif isinstance(item, yaml.MappingNode) and item.flow_style:
        file.edits.add_entry(item, "metadata", entries(new))
    else:
        begins, named = next((key, value) for key, value in members(item) if key.value == "intent")
        file.edits.add_line_below(named, f"metadata: {entries(new)}", begins.start_mark.column)


def _note_taken(file: YamlFile, section: yaml.Node | None, read: int, notes: Notes) -> None:
    found = items(section)
    intents = {text(member(item, "intent")) for item in found if member(item, "intent") is not None}
    retrieval = {name for name in intents if name and "/" in name}
    others = [
        (f"{number} {what}{'s' if number > 1 else ''}", key)
        for key, what in _OTHER_BLOCKS.items()
        if (number := sum(1 for item in found if member(item, key) is not None))
    ]
    parts = [f"{read} examples of {len(intents)} intents"] if intents else []
    if retrieval:
        parts[0] += f" ({len(retrieval)} of them retrieval intents)"
    parts += [said for said, _ in others]
    if parts and section is not None:
        notes.taken(Place(file.shown, section.start_mark.line + 1), f"{', '.join(parts)}.")
    for item in found:
        if all(member(item, key) is None for key in ("intent", *_OTHER_BLOCKS)):
            what = "this is neither an intent nor a synonym, a lookup table or a regular expression; Rasa skips it."
            notes.left_out(file.document.place(item), what)
