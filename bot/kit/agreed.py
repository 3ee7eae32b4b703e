"""Say what was agreed, and keep it, so that it can be said again ("what day did we say?") and changed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from bot.contract.names import AGREEMENTS
from bot.dialogue.agreements import Agreement, Changes, read_agreements, with_agreement
from bot.dialogue.form_input import wish_of_form
from bot.kit.turn import Event, Turn, set_slot


def agree(
    turn: Turn,
    response: str,
    changes: Changes | None = None,
    of: Mapping[str, str] | None = None,
    **values: Any,
) -> Event:
    """Say what has been booked, registered or found out, and return the event that keeps it.

    A company's action calls it in place of ``turn.say``. ``changes`` says how what was done can be changed, ``of`` by
    which values of which entities it differs from another of its kind.
    """
    turn.say(response, **values)
    wish = _wish(turn) if changes is not None else ""
    new = Agreement(response, values, changes, time.time(), wish, of or {})
    return set_slot(AGREEMENTS, with_agreement(turn.slot(AGREEMENTS), new))


def _wish(turn: Turn) -> str:
    """The intent that opened the form that has led here."""
    opened = [event.get("name") for event in turn.tracker.events if event.get("event") == "active_loop"]
    return next((wish_of_form(str(name)) for name in reversed(opened) if name), "")


def agreements(turn: Turn) -> Sequence[Agreement]:
    """What was agreed, the latest first."""
    return read_agreements(turn.slot(AGREEMENTS))
