"""What a human promised a customer, and the reminder when its time has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import notices, timers
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent, Ticket, Timer
from bot.handoff.limits import shortened

PROMISE = "promise"
"""The kind of timer that reminds of a commitment."""

LONGEST = 500


@dataclass(frozen=True)
class Commitment:
    """One promise, in the agent's words as the customer may read them."""

    text: str
    due_at: datetime | None = None
    """When to remind of it; none leaves it to the record."""
    remind: Literal["customer", "agent"] = "customer"

    def to_json(self) -> dict[str, Any]:
        """``{text, due_at, remind}``, the time as ISO 8601."""
        due = None if self.due_at is None else self.due_at.isoformat().replace("+00:00", "Z")
        return {"text": shortened(self.text, LONGEST), "due_at": due, "remind": self.remind}


def remind_of(session: Transaction, ticket: Ticket, agent: Agent, commitments: Sequence[Commitment]) -> None:
    """Set a timer for each promise that has a time."""
    for number, one in enumerate(commitments):
        if one.due_at is not None:
            timers.set_timer(
                session,
                f"{PROMISE}:{ticket.id}:{number}",
                PROMISE,
                ticket.conversation_id,
                one.due_at,
                ticket_id=ticket.id,
                data={"agent": agent.name, "agent_id": agent.id, **one.to_json()},
            )


def promise_is_due(session: Transaction, services: TicketServices, timer: Timer, now: datetime) -> None:
    """Tell the customer, or leave the agents a note, that something was promised for now."""
    conversation = session.get_one(Conversation, timer.conversation_id)
    agent, text = str(timer.data["agent"]), str(timer.data["text"])
    if timer.data.get("remind") == "agent":
        transcript.append(
            session,
            conversation,
            type="note",
            author="system",
            now=now,
            text=f"{agent} promised this by now: {text}",
            detail={"promise_due": {"agent_id": timer.data["agent_id"], "text": text}},
        )
    else:
        notices.say(session, services, conversation, notices.promised(agent, text), now)
