"""What fills a form's slot, read from the ``mappings`` that trainers write in the domain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.contract.names import REQUESTED_SLOT
from bot.dialogue.form_input import Filling


def fillings_of(mappings: Sequence[Mapping[str, Any]], form: str, requested: str | None) -> tuple[Filling, ...]:
    """Return the ways to fill a slot while the form waits for it; mappings of other kinds fill nothing here."""
    return tuple(
        filling
        for mapping in mappings
        if _applies(mapping, form, requested) and (filling := _filling(mapping)) is not None
    )


def entities_of(slots: Iterable[tuple[str, Sequence[Mapping[str, Any]]]], form: str) -> frozenset[str]:
    """The entities that fill any of a form's slots, each by its name and mappings, whichever is asked for."""
    return frozenset(
        filling.entity
        for name, mappings in slots
        for filling in fillings_of(mappings, form, name)
        if filling.entity is not None
    )


def _applies(mapping: Mapping[str, Any], form: str, requested: str | None) -> bool:
    """Whether a mapping's conditions hold while the form waits for this slot; without conditions it always applies."""
    conditions = mapping.get("conditions") or []
    return not conditions or any(
        condition.get("active_loop") == form and condition.get(REQUESTED_SLOT, requested) == requested
        for condition in conditions
    )


def _filling(mapping: Mapping[str, Any]) -> Filling | None:
    intents, not_intents = _names(mapping.get("intent")), _names(mapping.get("not_intent"))
    kind = str(mapping.get("type"))
    if kind == "from_entity":
        return Filling(entity=mapping["entity"], intents=intents, not_intents=not_intents)
    if kind == "from_text":
        return Filling(from_text=True, intents=intents, not_intents=not_intents)
    if kind == "from_intent" and intents:
        return Filling(intents=intents, not_intents=not_intents)
    return None


def _names(value: str | Sequence[str] | None) -> frozenset[str]:
    return frozenset([value] if isinstance(value, str) and value else value or ())
