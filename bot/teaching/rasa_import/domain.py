"""A domain as Rasa 2 or 3 wrote it, as this Rasa reads it: forms, slots, and what the product does itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import yaml

from bot.contract.names import REQUESTED_SLOT
from bot.teaching.checks.domain import RASAS_SLOTS, Domain, read_domain
from bot.teaching.checks.written import is_false, is_null, items, member, members
from bot.teaching.rasa_import.classify import YamlFile
from bot.teaching.rasa_import.flow import entries, on_one_line
from bot.teaching.rasa_import.flow import name as safe
from bot.teaching.rasa_import.product import ProductCore
from bot.teaching.rasa_import.report import Notes

VERSION = "3.1"
"""The format that Rasa 3.6 reads (`rasa.shared.constants.LATEST_TRAINING_DATA_FORMAT_VERSION`)."""

IGNORED_INTENTS = "ignored_intents"
REQUIRED_SLOTS = "required_slots"

SLOT_TYPES = frozenset({"text", "bool", "float", "list", "categorical", "any"})
"""Those that Rasa brings (`rasa.shared.core.slots`)."""

UNASKED = frozenset({"from_entity", "from_trigger_intent"})
"""By these a form filled a slot that it was not asking for; by the others only the slot that it asked for."""


@dataclass
class FormSlots:
    """What Rasa 2's forms say of how their slots are filled, by slot."""

    mappings: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[str, list[str]] = field(default_factory=dict)


def adapt_domain(files: Sequence[YamlFile], core: ProductCore, notes: Notes) -> Domain:
    """Gather the changes that a project's domain needs; returns what the domain names."""
    domain = read_domain(file.document for file in files)
    of_forms = FormSlots()
    for file in files:
        adapt_version(file, notes)
        _adapt_top(file, notes)
        _adapt_forms(file, of_forms, notes)
    fills_slots = not any(
        is_false(member(member(file.document.root, "config"), "store_entities_as_slots")) for file in files
    )
    declared: set[str] = set()
    for file in files:
        section = member(file.document.root, "slots")
        _leave_out_rasas_slots(file, section, notes)
        for key, value in members(section):
            declared.add(key.value)
            if key.value not in RASAS_SLOTS:
                _adapt_slot(file, key, value, domain, of_forms, fills_slots, notes)
        _note_taken(file, core, notes)
    _note_undeclared(files, declared, of_forms, notes)
    return domain


def _leave_out_rasas_slots(file: YamlFile, section: yaml.Node | None, notes: Notes) -> None:
    root = file.document.root
    found = [key for key, _ in members(section)]
    rasas = [key for key in found if key.value in RASAS_SLOTS]
    for key in rasas:
        notes.changed(file.document.place(key), f"{key.value} is a slot of Rasa's own, and need not be declared.")
        if isinstance(section, yaml.MappingNode) and len(rasas) < len(found):
            file.edits.cut_entry(section, key)
    if rasas and len(rasas) == len(found) and isinstance(root, yaml.MappingNode):
        file.edits.cut_entry(root, next(key for key, value in members(root) if value is section))


def adapt_version(file: YamlFile, notes: Notes) -> None:
    """Say that a file is written in today's format, which it is once it has been changed."""
    node = member(file.document.root, "version")
    if isinstance(node, yaml.ScalarNode) and node.value != VERSION:
        file.edits.put(node, f'"{VERSION}"')
        what = f"the format's version {node.value} is now {VERSION}."
        notes.changed(file.document.place(node), what)


def _adapt_top(file: YamlFile, notes: Notes) -> None:
    root = file.document.root
    for key, value in members(root):
        if key.value == "templates":
            file.edits.rename(key, "responses")
            notes.changed(file.document.place(key), "`templates` is called `responses` by now.")
        elif key.value == "session_config":
            file.edits.cut_entry(root, key)  # type: ignore[arg-type]  # what has members is a mapping
            what = "session_config is left out: a conversation belongs to the gateway and does not expire."
            notes.left_out(file.document.place(key), what)
        elif key.value == "config":
            file.edits.cut_entry(root, key)  # type: ignore[arg-type]
            what = "config is left out: slots are filled by their mappings, which stand with each slot now."
            notes.left_out(file.document.place(key), what)
        elif key.value == "e2e_actions" and items(value):
            what = "e2e_actions are said by end-to-end stories alone, which nothing here learns from."
            notes.left_out(
                file.document.place(key), what, "Write them as responses, and stories or rules that use them."
            )
            file.edits.cut_entry(root, key)  # type: ignore[arg-type]


def _adapt_forms(file: YamlFile, of_forms: FormSlots, notes: Notes) -> None:
    section = member(file.document.root, "forms")
    for item in items(section):  # a list of names: Rasa 1 and 2.0
        if isinstance(item, yaml.ScalarNode):
            what = f"the form {item.value} names no slots: in Rasa 2 its class in Python asked for them."
            remedy = f"Write its slots under `forms: {item.value}: {REQUIRED_SLOTS}`, and a rule that opens it."
            notes.to_do(file.document.place(item), what, remedy)
    if isinstance(section, yaml.SequenceNode):
        names = [item.value for item in items(section) if isinstance(item, yaml.ScalarNode)]
        file.edits.put(section, f"{{{', '.join(f'{safe(one)}: {{{REQUIRED_SLOTS}: []}}' for one in names)}}}")
        return
    for key, value in members(section):
        _adapt_form(file, key, value, of_forms, notes)


def _adapt_form(file: YamlFile, key: yaml.ScalarNode, value: yaml.Node, of_forms: FormSlots, notes: Notes) -> None:
    asked = member(value, REQUIRED_SLOTS)
    if isinstance(asked, yaml.SequenceNode):
        return  # as Rasa 3 writes it
    if is_null(value) or (not members(value) and isinstance(value, yaml.MappingNode)):
        file.edits.put(value, f"{{{REQUIRED_SLOTS}: []}}")
        what = f"the form {key.value} asks for no slot by itself; its action in Python may add them."
        notes.changed(file.document.place(key), what)
        return
    ignored = member(value, IGNORED_INTENTS)
    listed = asked if asked is not None else value
    slots = [(slot, mappings) for slot, mappings in members(listed) if slot.value != IGNORED_INTENTS]
    for slot, mappings in slots:
        of_forms.forms.setdefault(slot.value, []).append(key.value)
        for mapping in items(mappings) or ([mappings] if members(mappings) else []):
            written = _with_condition(mapping, key.value, slot.value)
            found = of_forms.mappings.setdefault(slot.value, [])
            if written not in found:
                found.append(written)
    names = ", ".join(safe(slot.value) for slot, _ in slots)
    kept = f", {IGNORED_INTENTS}: {on_one_line(ignored)}" if ignored is not None else ""
    file.edits.put(value, f"{{{REQUIRED_SLOTS}: [{names}]{kept}}}")
    what = f"the form {key.value} lists its slots; how each is filled stands with the slot, as Rasa 3 wants it."
    notes.changed(file.document.place(key), what)


def _with_condition(mapping: yaml.Node, form: str, slot: str) -> str:
    """A mapping of a form as one of a slot: it holds in that form, and mostly only where the slot is asked for."""
    written = {
        key.value: on_one_line(value)
        for key, value in members(mapping)
        if not is_null(value) and not (key.value in ("intent", "not_intent") and on_one_line(value) == "[]")
    }
    condition = {"active_loop": safe(form)}
    if written.get("type") not in UNASKED:
        condition[REQUESTED_SLOT] = safe(slot)
    return entries({**written, "conditions": f"[{entries(condition)}]"})


def _adapt_slot(
    file: YamlFile,
    key: yaml.ScalarNode,
    value: yaml.Node,
    domain: Domain,
    of_forms: FormSlots,
    fills_slots: bool,
    notes: Notes,
) -> None:
    place, name = file.document.place(key), key.value
    _adapt_type(file, name, value, notes)
    told_not_to = False
    for option, said in members(value):
        if option.value == "auto_fill":
            file.edits.cut_entry(value, option)  # type: ignore[arg-type]  # what has members is a mapping
            told_not_to = is_false(said)
    added = list(of_forms.mappings.get(name, ()))
    existing = member(value, "mappings")
    if existing is not None and items(existing):
        if added and isinstance(existing, yaml.SequenceNode):
            for mapping in reversed(added):
                file.edits.add_item(existing, mapping)
            notes.changed(place, f"the slot {name} is also filled as its forms said ({_listed(of_forms, name)}).")
        return
    from_entity = fills_slots and not told_not_to and name in domain.entities
    if from_entity:
        added.insert(0, entries({"type": "from_entity", "entity": safe(name)}))
    mappings = f"[{', '.join(added or [entries({'type': 'custom'})])}]"
    if isinstance(existing, yaml.Node):
        file.edits.put(existing, mappings)
    elif isinstance(value, yaml.MappingNode):
        file.edits.add_entry(value, "mappings", mappings)
    else:
        file.edits.put(value, f"{{type: any, mappings: {mappings}}}")
    ways = [
        *(["from the entity of its name, as Rasa 2 did by itself"] if from_entity else []),
        *([f"as its forms said ({_listed(of_forms, name)})"] if of_forms.mappings.get(name) else []),
    ]
    how = " and ".join(ways) or "by actions alone (`type: custom`), since nothing else filled it"
    notes.changed(place, f"the slot {name} has mappings now: it is filled {how}.")


def _adapt_type(file: YamlFile, name: str, value: yaml.Node, notes: Notes) -> None:
    kind = member(value, "type")
    if not isinstance(kind, yaml.ScalarNode) or kind.value in SLOT_TYPES:
        return
    place = file.document.place(kind)
    file.edits.rename(kind, "any")
    for option, _ in members(value):
        if option.value == "influence_conversation":
            file.edits.cut_entry(value, option)  # type: ignore[arg-type]  # a slot of type any never does
    if kind.value == "unfeaturized":
        notes.changed(
            place, f"the slot {name} is of the type any: unfeaturized is gone, and neither was seen by stories."
        )
        return
    what = (
        f"the slot {name} has a type of the project's own ({kind.value}), which would run in training; it is any now."
    )
    notes.to_do(place, what, "Keep what is seen by stories in a slot of the type text, bool or categorical beside it.")


def _note_undeclared(files: Sequence[YamlFile], declared: set[str], of_forms: FormSlots, notes: Notes) -> None:
    """Slots that a form asks for and nobody declared: Rasa 2 let that pass."""
    for file in files:
        for _, form in members(member(file.document.root, "forms")):
            for slot, _ in members(member(form, REQUIRED_SLOTS)):
                if slot.value not in declared and slot.value in of_forms.mappings:
                    what = f"the slot {slot.value} is asked for by a form, and the domain does not have it."
                    notes.to_do(file.document.place(slot), what, "Add it under `slots`, with its type and mappings.")


def _note_taken(file: YamlFile, core: ProductCore, notes: Notes) -> None:
    root = file.document.root
    for section, name in _COUNTED:
        node = member(root, section) or (member(root, "templates") if section == "responses" else None)
        found = [key.value for key, _ in members(node)] or list(_names(node))
        if not found or node is None:
            continue
        place = file.document.place(next(key for key, value in members(root) if value is node))
        notes.taken(place, f"{_count(len(found), name)}{_extras(section, node)}.")
        shared = sorted(set(found) & getattr(core, section, frozenset()))
        if shared and section in ("intents", "responses"):
            said = "add to the product's examples" if section == "intents" else "are said instead of the product's"
            notes.taken(place, f"{', '.join(shared)}: the product has these too; yours {said}.")


_COUNTED = (
    ("intents", "intent"),
    ("entities", "entity"),
    ("slots", "slot"),
    ("forms", "form"),
    ("responses", "response"),
    ("actions", "action"),
)


def _extras(section: str, node: yaml.Node) -> str:
    if section == "entities":
        marked = [name for name in ("roles", "groups") for item in items(node) if _has(item, name)]
        return f", with {' and '.join(dict.fromkeys(marked))}" if marked else ""
    if section != "responses":
        return ""
    variations = [one for _, value in members(node) for one in items(value)]
    found = {
        "variations": any(len(items(value)) > 1 for _, value in members(node)),
        "conditions": any(member(one, "condition") for one in variations),
        "buttons": any(member(one, "buttons") for one in variations),
        "a channel of their own": any(member(one, "channel") for one in variations),
        "custom payloads": any(member(one, "custom") for one in variations),
        "pictures": any(member(one, "image") for one in variations),
    }
    said = [name for name, there in found.items() if there]
    return f", with {', '.join(said)}" if said else ""


def _has(item: yaml.Node, name: str) -> bool:
    return any(member(options, name) is not None for _, options in members(item))


def _names(node: yaml.Node | None) -> Iterator[str]:
    for item in items(node):
        if isinstance(item, yaml.ScalarNode):
            yield item.value
        yield from (key.value for key, _ in members(item))


def _count(number: int, noun: str) -> str:
    several = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"1 {noun}" if number == 1 else f"{number} {several}"


def _listed(of_forms: FormSlots, slot: str) -> str:
    return ", ".join(of_forms.forms[slot])
