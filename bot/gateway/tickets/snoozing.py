"""A conversation that an agent sets aside for a while, and takes up again."""

from __future__ import annotations

from datetime import datetime

from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.holding import held_by
from bot.gateway.tickets.tables import Agent, Ticket


def snooze(session: Transaction, ticket_id: str, agent: Agent, until: datetime, now: datetime) -> Ticket:
    """Set a conversation aside until then, or until its customer writes; it takes no place of the agent's meanwhile."""
    ticket, conversation = held_by(session, ticket_id, agent)
    if until > now and ticket.snoozed_until != until:
        ticket.snoozed_until = until
        _tell_desk(session, conversation, agent, now, snoozed_until=until)
    return ticket


def wake(session: Transaction, ticket: Ticket, conversation: Conversation, now: datetime) -> None:
    """End a snooze: its time has come, the customer wrote, or the agent wants it back."""
    if ticket.snoozed_until is not None:
        ticket.snoozed_until = None
        agent = None if ticket.agent_id is None else session.get(Agent, ticket.agent_id)
        if agent is not None:
            _tell_desk(session, conversation, agent, now, snoozed_until=None)


def _tell_desk(
    session: Transaction, conversation: Conversation, agent: Agent, now: datetime, *, snoozed_until: datetime | None
) -> None:
    """Write a state that only desks see: their streams carry a ticket's changes by its states."""
    detail = {
        "owner": owner.kind(conversation.owner),
        "agent_name": agent.name,
        "position": None,
        "snoozed_until": None if snoozed_until is None else snoozed_until.isoformat(),
    }
    transcript.append(
        session, conversation, type="state", author="system", now=now, detail=detail, visible_to_customer=False
    )
