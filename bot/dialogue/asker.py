"""Who asks, as far as it matters to what is found: what they may read, own, spoke of, and were told before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.dialogue.context import Context
from bot.dialogue.form_input import OpenForm
from bot.dialogue.statements import has_shape_of_question
from bot.knowledge.answering.follow_up import LastQuestion
from bot.nlu.reading.done_already import DoneAlready


@dataclass(frozen=True)
class Asker:
    """Who asks, as far as it matters to what is found."""

    readers: frozenset[str]
    """The audiences that they belong to."""
    locale: str = ""
    owned: tuple[str, ...] = ()
    """What they own or speak of, as articles name products."""
    context: Context = Context()  # noqa: RUF009 - frozen
    """What they were answered and asked lately."""
    under_way: LastQuestion | None = None
    """What the open form does, for a question within it."""
    named: tuple[str, ...] = ()
    """The products that the message names."""
    days: tuple[date, ...] = ()
    """The days that the message names or means."""
    told: DoneAlready | None = None
    """What the message tells as done or as not so of what was just answered."""
    no_help: bool = False
    """Whether it says that the answer did not help."""


def under_way(form: OpenForm | None, text: str) -> LastQuestion | None:
    """Return what "is it free?" is about within a form: what the form does, by the name of the intent that opens it."""
    if form is None or not has_shape_of_question(text):
        return None
    return LastQuestion(form.opener.replace("_", " "), "")


def owned_by(customer: Mapping[str, Any] | None, spoken_of: object) -> tuple[str, ...]:
    """Return what a customer owns, by their attributes, or speaks of, as articles name products."""
    attributes = (customer or {}).get("attributes") or {}
    owned = attributes.get("products") or ()
    named = [spoken_of, *(owned if isinstance(owned, list) else [owned])]
    return tuple(name.lower().replace(" ", "-") for name in named if isinstance(name, str))


def days_of(values: Iterable[object]) -> tuple[date, ...]:
    """Return the days among the values of an entity; a company may have its own words for days, which are none."""
    found: list[date] = []
    for value in values:
        try:
            found.append(date.fromisoformat(str(value)))
        except ValueError:
            continue
    return tuple(found)
