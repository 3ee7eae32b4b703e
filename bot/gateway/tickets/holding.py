"""Who holds a ticket: read after its conversation is locked, so that nobody changes it meanwhile."""

from __future__ import annotations

from sqlalchemy import select

from bot.gateway.conversations import owner, transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.refusals import NotYoursError, UnknownTicketError
from bot.gateway.tickets.tables import Agent, Ticket


def held_by(session: Transaction, ticket_id: str, agent: Agent) -> tuple[Ticket, Conversation]:
    """The ticket and its locked conversation, if this agent has it; else :class:`NotYoursError`."""
    ticket, conversation = locked(session, ticket_id)
    check_owner(ticket, conversation, agent)
    return ticket, conversation


def locked(session: Transaction, ticket_id: str) -> tuple[Ticket, Conversation]:
    """A ticket and its conversation, which nobody else changes until this transaction ends."""
    conversation_id = session.scalar(select(Ticket.conversation_id).where(Ticket.id == ticket_id))
    conversation = None if conversation_id is None else transcript.lock(session, conversation_id)
    if conversation is None:
        raise UnknownTicketError("There is no such ticket.")
    # Read after the lock: what the one before us did to it must be seen.
    return session.get_one(Ticket, ticket_id, populate_existing=True), conversation


def locked_agent(session: Transaction, agent_id: str) -> Agent:
    """The agent's row, locked before any conversation: two of their browsers must not fill the last place twice."""
    session.flush()
    return session.get_one(Agent, agent_id, with_for_update=True, populate_existing=True)


def check_owner(ticket: Ticket, conversation: Conversation, agent: Agent) -> None:
    """Refuse whoever does not have the conversation: :class:`NotYoursError`."""
    if ticket.state != "accepted" or conversation.owner != owner.human(agent.id):
        raise NotYoursError("You do not have this conversation. Claim it first, or ask who has it.")
