"""The open question: what a form asks for in a dialogue state, and so what the choices under it belong to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from bot.contract.reading import MalformedMessageError, checked

OPEN_FORM = "open_form"
"""The field of a dialogue state that anyone may read; the rest of the state is the brain's own."""

OPENED_BY = "opened_by"
"""The field of an open form that the gateway writes: the id of the message that opened it."""


class OpenForm(msgspec.Struct, frozen=True):
    """``open_form`` of a dialogue state."""

    name: str
    requested_slot: str | None = None
    opened_by: str | None = None


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked, and in which opening of the form: one that was left and begun anew asks another question."""

    form: str
    slot: str
    opened_by: str | None = None
    """Absent in conversations from before it was noted."""


def open_form_in(state: Mapping[str, Any] | None) -> OpenForm | None:
    """The form that is open in a dialogue state; None too where the state says it in no way that we know."""
    form = (state or {}).get(OPEN_FORM)
    try:
        return None if form is None else checked(form, OpenForm)
    except MalformedMessageError:
        return None


def question_in(state: Mapping[str, Any] | None) -> Question | None:
    """What the form that is open in a dialogue state asks for."""
    form = open_form_in(state)
    if form is None or not form.name or not form.requested_slot:
        return None
    return Question(form.name, form.requested_slot, form.opened_by or None)
