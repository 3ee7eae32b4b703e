"""Mistakes inside the domain: what slots are filled from, what forms ask for and how, where buttons lead."""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml

from bot.contract.names import REQUESTED_SLOT
from bot.errors import Place
from bot.nlu.intents.written import family_of
from bot.teaching.checks.domain import Domain, Form
from bot.teaching.checks.findings import Findings, did_you_mean
from bot.teaching.checks.written import Document, is_null, items, member, text

MAPPINGS = frozenset({"from_entity", "from_intent", "from_trigger_intent", "from_text", "custom"})
"""What a slot can be filled from (`rasa.shared.core.constants.SlotMappingType`)."""

# A button's payload: /intent, perhaps with a confidence and entities behind.
_PAYLOAD = re.compile(r"/([^{@\s]+)")


def check_domain(domain: Domain, found: Findings) -> None:
    """Note every mistake that the domain has by itself."""
    for name, slot in domain.slots.items():
        for document, mapping in slot.mappings:
            _check_mapping(domain, name, document, mapping, found)
    for name, form in domain.forms.items():
        _check_form(domain, name, form, found)
    for intent, place in domain.intents.items():
        if "/" in intent:
            found.wrong(
                place,
                f"{intent} is a retrieval intent, of which the domain lists only the part before the slash.",
                f"Write {family_of(intent)} instead; what follows the slash stands in the training data.",
            )
    for response in domain.responses.values():
        for payload, place in response.payloads:
            _check_payload(domain, payload, place, found)


def payload_intents(domain: Domain) -> Iterator[str]:
    """The intents that buttons of the domain's responses send."""
    for response in domain.responses.values():
        for payload, _ in response.payloads:
            if named := _PAYLOAD.match(payload.strip()):
                yield named[1].split("/")[0]


def questions(form: str, slot: str) -> tuple[str, str, str, str]:
    """The names under which Rasa looks for a form's question, in its order."""
    return (f"action_ask_{form}_{slot}", f"utter_ask_{form}_{slot}", f"action_ask_{slot}", f"utter_ask_{slot}")


def mapped_intents(domain: Domain) -> Iterator[str]:
    """The intents that fill a slot, or keep one from being filled."""
    for slot in domain.slots.values():
        for _, mapping in slot.mappings:
            for key in ("intent", "not_intent"):
                yield from (name for name, _ in _one_or_more(member(mapping, key)))


def _check_mapping(domain: Domain, slot: str, document: Document, mapping: yaml.Node, found: Findings) -> None:
    kind = member(mapping, "type")
    if isinstance(kind, yaml.ScalarNode) and kind.value not in MAPPINGS:
        found.wrong(
            document.place(kind),
            f"slot {slot} has a mapping of the unknown type {kind.value}.",
            did_you_mean(kind.value, MAPPINGS, f"Use one of {', '.join(sorted(MAPPINGS))}."),
        )
    entity = member(mapping, "entity")
    if isinstance(entity, yaml.ScalarNode) and entity.value not in domain.entities:
        found.wrong(
            document.place(entity),
            f"slot {slot} is filled from the entity {entity.value}, which the domain does not have.",
            did_you_mean(entity.value, domain.entities, f"Add {entity.value} to `entities`, or map another one."),
        )
    for key in ("intent", "not_intent"):
        for intent, node in _one_or_more(member(mapping, key)):
            if intent.split("/")[0] not in domain.all_intents:
                found.wrong(
                    document.place(node),
                    f"slot {slot} depends on the intent {intent}, which the domain does not have.",
                    did_you_mean(intent, domain.intents, f"Add {intent} to `intents`."),
                )
    for condition in items(member(mapping, "conditions")):
        _check_condition(domain, slot, document, condition, found)


def _check_condition(domain: Domain, slot: str, document: Document, condition: yaml.Node, found: Findings) -> None:
    loop, asked = member(condition, "active_loop"), member(condition, REQUESTED_SLOT)
    if isinstance(loop, yaml.ScalarNode) and not is_null(loop) and loop.value not in _loops(domain):
        found.wrong(
            document.place(loop),
            f"slot {slot} is to be filled in {loop.value}, but there is no such form.",
            did_you_mean(loop.value, domain.forms, f"Add {loop.value} to `forms`."),
        )
    if isinstance(asked, yaml.ScalarNode) and not is_null(asked) and asked.value not in domain.all_slots:
        found.wrong(
            document.place(asked),
            f"slot {slot} is to be filled when {asked.value} is asked for, but there is no such slot.",
            did_you_mean(asked.value, domain.slots, f"Add {asked.value} to `slots`."),
        )


def _loops(domain: Domain) -> set[str]:
    # A company's own loop may be an action; Rasa's own is one.
    return {*domain.forms, *domain.actions, "action_two_stage_fallback"}


def _check_form(domain: Domain, name: str, form: Form, found: Findings) -> None:
    for slot, place in form.slots:
        if slot not in domain.slots:
            found.wrong(
                place,
                f"{name} asks for the slot {slot}, which the domain does not have.",
                did_you_mean(slot, domain.slots, f"Add {slot} to `slots`."),
            )
        elif not any(question in domain.responses or question in domain.actions for question in questions(name, slot)):
            found.wrong(
                place,
                f"{name} has no question for the slot {slot}: the customer would not be asked anything.",
                f"Add a response utter_ask_{name}_{slot} or utter_ask_{slot}.",
            )


def _check_payload(domain: Domain, payload: str, place: Place, found: Findings) -> None:
    named = _PAYLOAD.match(payload.strip())
    if named is not None and named[1].split("/")[0] not in domain.all_intents:
        found.wrong(
            place,
            f"this button sends the intent {named[1]}, which the domain does not have.",
            did_you_mean(named[1], domain.intents, f"Add {named[1]} to `intents`."),
        )


def _one_or_more(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """A name, or a list of names."""
    for item in items(node) or ([] if node is None else [node]):
        if not is_null(item) and (name := text(item)):
            yield name, item
