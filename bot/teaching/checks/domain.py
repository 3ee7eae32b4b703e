"""What a company's domain says there is: names, each with the line on which it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import yaml

from bot.contract.names import OUT_OF_SCOPE, REQUESTED_SLOT, VALIDATES_SLOTS
from bot.errors import Place
from bot.teaching.checks.written import Document, is_false, items, member, members, text

RASAS_INTENTS = frozenset({"restart", "back", OUT_OF_SCOPE, "session_start", "nlu_fallback"})
"""Those that every domain has (`rasa.shared.core.constants.DEFAULT_INTENTS`)."""

RASAS_ACTIONS = frozenset(
    {
        "action_listen",
        "action_restart",
        "action_session_start",
        "action_default_fallback",
        "action_deactivate_loop",
        "action_revert_fallback_events",
        "action_default_ask_affirmation",
        "action_default_ask_rephrase",
        "action_two_stage_fallback",
        "action_unlikely_intent",
        "action_back",
        "action_extract_slots",
        VALIDATES_SLOTS,
        "action_send_text",
        "...",
    }
)
"""Those that Rasa brings itself (`rasa.shared.core.constants.DEFAULT_ACTION_NAMES`)."""

RASAS_SLOTS = frozenset(
    {
        REQUESTED_SLOT,
        "session_started_metadata",
        "knowledge_base_listed_objects",
        "knowledge_base_last_object",
        "knowledge_base_last_object_type",
    }
)
"""Those that every domain may speak of (`rasa.shared.core.constants.DEFAULT_SLOT_NAMES`)."""


@dataclass(frozen=True)
class Slot:
    """A slot, and what it is filled from."""

    place: Place
    type: str | None
    influences: bool
    """Whether rules and stories see it."""
    mappings: tuple[tuple[Document, yaml.Node], ...]


@dataclass(frozen=True)
class Form:
    """A form, and what it asks for."""

    place: Place
    slots: tuple[tuple[str, Place], ...]


@dataclass(frozen=True)
class Response:
    """A text that the assistant says, with its buttons' payloads."""

    place: Place
    payloads: tuple[tuple[str, Place], ...]
    variations: tuple[tuple[Document, yaml.Node], ...] = ()


@dataclass
class Domain:
    """All files of a domain together."""

    intents: dict[str, Place] = field(default_factory=dict)
    entities: dict[str, Place] = field(default_factory=dict)
    silent_entities: set[str] = field(default_factory=set)
    """Those that rules and stories do not see (``influence_conversation: false``)."""
    slots: dict[str, Slot] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    actions: dict[str, Place] = field(default_factory=dict)
    responses: dict[str, Response] = field(default_factory=dict)
    ignored_intents: set[str] = field(default_factory=set)

    @property
    def all_intents(self) -> set[str]:
        """The company's and Rasa's."""
        return {*self.intents, *RASAS_INTENTS}

    @property
    def all_actions(self) -> set[str]:
        """Whatever a rule may do next."""
        return {*self.actions, *self.responses, *self.forms, *RASAS_ACTIONS, *self.retrieval_actions}

    @property
    def retrieval_actions(self) -> set[str]:
        """Those that say what answers the retrieval intent that was read: ``utter_faq`` of ``utter_faq/opening``."""
        return {name.split("/")[0] for name in self.responses if "/" in name}

    @property
    def all_slots(self) -> set[str]:
        """The company's and Rasa's."""
        return {*self.slots, *RASAS_SLOTS}


def read_domain(documents: Iterable[Document]) -> Domain:
    """Join the files of a domain, as Rasa does."""
    domain = Domain()
    for document in documents:
        for name, node, _ in _listed(document, "intents"):
            domain.intents.setdefault(name, document.place(node))
        for name, node, options in _listed(document, "entities"):
            domain.entities.setdefault(name, document.place(node))
            if is_false(member(options, "influence_conversation")):
                domain.silent_entities.add(name)
        for section in ("actions", "e2e_actions"):
            for name, node, _ in _listed(document, section):
                domain.actions.setdefault(name, document.place(node))
        for key, value in members(member(document.root, "slots")):
            domain.slots.setdefault(key.value, _slot(document, key, value))
        for key, value in members(member(document.root, "forms")):
            domain.forms.setdefault(key.value, _form(document, key, value))
            domain.ignored_intents.update(name for name in map(text, items(member(value, "ignored_intents"))) if name)
        add_responses(domain, document)
    return domain


def add_responses(domain: Domain, document: Document) -> None:
    """Take the responses of a file, which may also stand among the training data."""
    for key, value in members(member(document.root, "responses")):
        payloads = [
            (payload.value, document.place(payload))
            for variation in items(value)
            for button in items(member(variation, "buttons"))
            if isinstance(payload := member(button, "payload"), yaml.ScalarNode)
        ]
        variations = tuple((document, variation) for variation in items(value))
        domain.responses.setdefault(key.value, Response(document.place(key), tuple(payloads), variations))


def _listed(document: Document, key: str) -> Iterable[tuple[str, yaml.Node, yaml.Node | None]]:
    """The names of a list, each alone or as a key with its options."""
    for item in items(member(document.root, key)):
        if isinstance(item, yaml.ScalarNode):
            yield item.value, item, None
        for name, options in members(item):
            yield name.value, name, options


def _slot(document: Document, key: yaml.Node, value: yaml.Node) -> Slot:
    kind = text(member(value, "type"))
    influences = kind != "any" and not is_false(member(value, "influence_conversation"))
    mappings = tuple((document, mapping) for mapping in items(member(value, "mappings")))
    return Slot(document.place(key), kind, influences, mappings)


def _form(document: Document, key: yaml.Node, value: yaml.Node) -> Form:
    slots = tuple(
        (item.value, document.place(item))
        for item in items(member(value, "required_slots"))
        if isinstance(item, yaml.ScalarNode)
    )
    return Form(document.place(key), slots)
