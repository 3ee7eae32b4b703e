"""What agents at an outside desk do, carried out here: each event once, through the same steps as our own desk's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.external_desks.protocol import AgentStep, ExternalAgent
from bot.gateway.external_desks.tables import ExternalCase, ExternalEvent
from bot.gateway.platform.database import insert_if_absent
from bot.gateway.platform.identity import new_id, whole
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets import line
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import EXTERNAL_ROLE, Agent, Ticket

# What the column holds.
_LONGEST_ID = 128
# No hash: nobody signs in as an agent of another desk.
_NO_PASSWORD = "!"  # noqa: S105 - that there is none
# Their own desk says how much they can take.
_CAPACITY = 1_000_000


def take(session: Transaction, services: TicketServices, desk: str, step: AgentStep, now: datetime) -> bool:
    """Carry out one step; answers whether it did anything: a repeat, or what concerns a closed case, does not.

    A human's words that come too late, because our own desk or the bot has the conversation by now, are kept as a note:
    whoever has it should know of them.
    """
    conversation_id = _conversation_of(session, desk, step)
    conversation = None if conversation_id is None else transcript.lock(session, conversation_id)
    if conversation is None:
        return False
    event_id = whole(step.event_id, _LONGEST_ID)
    if not insert_if_absent(session, ExternalEvent, {"desk": desk, "event_id": event_id, "at": now}):
        return False
    agent = _agent(session, desk, step.agent, now)
    ticket = _ticket(session, desk, conversation)
    if step.kind == "noted":
        tickets.write_note(session, conversation, agent, step.text, now)
        return True
    if ticket is None or not _holds(session, services, ticket, agent, now):
        if step.kind == "said":
            tickets.write_note(session, conversation, agent, f"(too late, not sent) {step.text}", now)
        return False
    if step.kind == "said":
        transcript.append(session, conversation, author="human", author_name=agent.name, text=step.text, now=now)
    elif step.kind == "returned":
        tickets.give_back(session, services, ticket.id, agent, step.text, now)
    elif step.kind == "resolved":
        tickets.resolve(session, services, ticket.id, agent, "solved", step.text, now)
    return True


def _conversation_of(session: Transaction, desk: str, step: AgentStep) -> str | None:
    known = select(ExternalCase.conversation_id).where(ExternalCase.desk == desk).limit(1)
    if step.ticket_id is not None:
        return session.scalar(known.where(ExternalCase.ticket_id == step.ticket_id))
    return session.scalar(known.where(ExternalCase.conversation_id == step.conversation_id))


def _ticket(session: Transaction, desk: str, conversation: Conversation) -> Ticket | None:
    """The conversation's open ticket, if the outside desk has it: also while we wait to hear that it arrived there."""
    ticket = line.open_ticket_of(session, conversation)
    if ticket is None:
        return None
    case = session.get(ExternalCase, ticket.id, populate_existing=True)
    return ticket if case is not None and case.desk == desk and case.state in ("opening", "open") else None


def _holds(session: Transaction, services: TicketServices, ticket: Ticket, agent: Agent, now: datetime) -> bool:
    """Make this agent the one who has the conversation, unless somebody at our own desk has it."""
    if ticket.state == "accepted" and ticket.agent_id != agent.id:
        holder = session.get_one(Agent, ticket.agent_id)
        if holder.role != EXTERNAL_ROLE:
            return False
        tickets.transfer(session, services, ticket.id, holder, now, to_agent_id=agent.id)
    else:
        tickets.claim(session, services, ticket.id, agent, now)
    return True


def _agent(session: Transaction, desk: str, known: ExternalAgent, now: datetime) -> Agent:
    """The row that stands for an agent of the outside desk; whoever acts is at work."""
    username = f"{desk}:{known.id}"
    agent = session.scalar(select(Agent).where(Agent.username == username))
    if agent is not None and agent.role != EXTERNAL_ROLE:
        # An account from before such names were reserved: it stays its owner's.
        username += ":outside"
        agent = session.scalar(select(Agent).where(Agent.username == username))
    if agent is None:
        agent = Agent(
            id=new_id(now),
            username=username,
            name=known.name,
            role=EXTERNAL_ROLE,
            password_hash=_NO_PASSWORD,
            capacity=_CAPACITY,
        )
        session.add(agent)
    agent.name, agent.presence, agent.seen_at = known.name, "online", now
    session.flush()
    return agent
