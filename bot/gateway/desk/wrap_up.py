"""The wrap-up form, already filled by rules: how it seems to have ended, what it was about, what is known by now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.desk.suggestions import SUGGESTION
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import Ticket
from bot.handoff.limits import shortened

# A customer who has not answered for so long is not coming back in this sitting.
GONE_AFTER = timedelta(minutes=10)
# The intents by which customers say that all is well; the names are the assistant's own (`bot/core`).
CONTENT = frozenset({"thanks", "goodbye"})
LONGEST_QUOTE = 200
LONGEST_NOTE = 1000


def filled(session: Transaction, ticket_id: str, now: datetime) -> dict[str, Any] | None:
    """Fill the form for a ticket: ``{outcome, note, reason, slots: {name: {value, sensitive, changed}}}``.

    ``outcome`` is None where nothing tells how it ended. None for a ticket that does not exist.
    """
    ticket = session.get(Ticket, ticket_id)
    if ticket is None:
        return None
    conversation = session.get_one(Conversation, ticket.conversation_id)
    # Not since it was accepted: a colleague who handed it over has said something, too.
    since = ticket.created_at
    story = session.scalars(
        select(Entry)
        .where(Entry.conversation_id == conversation.id, Entry.at >= since, Entry.type.in_(("message", SUGGESTION)))
        .order_by(Entry.seq)
    ).all()
    readings = [(one.detail or {}).get("reading") or {} for one in story if one.type == SUGGESTION]
    said = [one for one in story if one.type == "message" and one.author in ("customer", "human")]
    return {
        "outcome": _outcome(said, readings, now),
        "reason": ticket.package["reason"],
        "note": _note(ticket.package, said),
        "slots": _slots(ticket.package, conversation, readings),
    }


def _outcome(said: Sequence[Entry], readings: Sequence[Mapping[str, Any]], now: datetime) -> str | None:
    if not said or not any(one.author == "human" for one in said):
        return None
    if said[-1].author == "human" and now - said[-1].at >= GONE_AFTER:
        return "no_reply"
    if readings and readings[-1].get("intent") in CONTENT:
        return "solved"
    return None


def _note(package: Mapping[str, Any], said: Sequence[Entry]) -> str:
    """Two or three lines that the next reader understands without the transcript."""
    lines = []
    wish = package.get("last_question") or package["reason"].get("evidence")
    if wish:
        lines.append(f"Wanted: “{shortened(str(wish), LONGEST_QUOTE)}”")
    answers = [one for one in said if one.author == "human"]
    if answers:
        lines.append(f"Last answer: “{shortened(answers[-1].text, LONGEST_QUOTE)}”")
    return shortened("\n".join(lines), LONGEST_NOTE)


def _slots(
    package: Mapping[str, Any], conversation: Conversation, readings: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """What was known when it was handed over, and what the customer has said since."""
    slots = {
        name: {"value": slot.get("value"), "sensitive": bool(slot.get("sensitive")), "changed": False}
        for name, slot in package.get("slots", {}).items()
    }
    form = package.get("open_form") or {}
    state = conversation.dialogue_state or {}
    known = set(slots) | set(form.get("missing") or ()) | set(state.get("slots") or {})
    for reading in readings:
        for name, value in (reading.get("entities") or {}).items():
            if name in known and slots.get(name, {}).get("value") != value:
                slots[name] = {
                    "value": value,
                    "sensitive": bool(slots.get(name, {}).get("sensitive")),
                    "changed": True,
                }
    return slots
