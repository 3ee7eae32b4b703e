"""Tickets: a conversation's way from the bot to a human and back; every step tells the customer.

Each function runs in the caller's transaction and locks the conversation first, so that two agents, a worker and an
impatient customer take turns. Taken twice, each does its work once.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import WarmlineError
from bot.gateway.conversations import inbox, owner, transcript
from bot.gateway.identity import new_id
from bot.gateway.queue import line, notices
from bot.gateway.queue.packaging import package_of
from bot.gateway.signals import announce
from bot.gateway.tables import Agent, Conversation, Ticket
from bot.handoff.request import HandoffRequest

RETURNED_BY_HUMAN = "returned_by_human"


class UnknownTicketError(WarmlineError):
    """There is no such ticket."""


class AlreadyClaimedError(WarmlineError):
    """Another agent was first."""


class NotWaitingError(WarmlineError):
    """The ticket is closed: the customer left the line, or it was finished."""


class NotYoursError(WarmlineError):
    """Only the agent who has the conversation may write, return or resolve."""


def open_ticket(session: Session, conversation: Conversation, request: HandoffRequest, now: datetime) -> Ticket:
    """Put a conversation into the line, with its ``handoff/1`` package, and tell the customer.

    A conversation that is in the line, or with a human, already keeps the ticket that it has.
    """
    ticket = _open_ticket_of(session, conversation)
    if ticket is not None:
        return ticket
    ticket = Ticket(id=new_id(now), conversation_id=conversation.id, state="queued", package={}, created_at=now)
    place = line.position(session, ticket)
    ticket.package = package_of(session, conversation, request, ticket_id=ticket.id, position=place, now=now)
    session.add(ticket)
    owner.change_owner(
        session, conversation, owner.QUEUE, expected_version=conversation.owner_version, now=now, position=place
    )
    notices.say(session, conversation, notices.queued(place), now)
    return ticket


def abandon(session: Session, conversation: Conversation, now: datetime) -> Ticket | None:
    """Take a conversation out of the line because its customer wants the bot back; none when it is in no line."""
    ticket = _open_ticket_of(session, conversation)
    if ticket is None or ticket.state != "queued" or conversation.owner != owner.QUEUE:
        return None
    ticket.state, ticket.closed_at = "abandoned", now
    announce(session, line.MOVED)
    owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    notices.say(session, conversation, notices.abandoned(), now)
    return ticket


def claim(session: Session, ticket_id: str, agent: Agent, now: datetime) -> Ticket:
    """Give a waiting conversation to an agent: one of any number who try gets it.

    Raises :class:`UnknownTicketError`, :class:`NotWaitingError` or :class:`AlreadyClaimedError`, whose message names
    the winner.
    """
    ticket, conversation = _locked(session, ticket_id)
    if ticket.state == "accepted" and ticket.agent_id == agent.id:
        return ticket
    if ticket.state == "accepted":
        winner = session.get_one(Agent, ticket.agent_id)
        raise AlreadyClaimedError(f"{winner.name} was faster and has this conversation.")
    if ticket.state != "queued":
        raise NotWaitingError("This customer is no longer waiting.")
    ticket.state, ticket.agent_id, ticket.accepted_at = "accepted", agent.id, now
    announce(session, line.MOVED)
    owner.change_owner(
        session,
        conversation,
        owner.human(agent.id),
        expected_version=conversation.owner_version,
        now=now,
        agent_name=agent.name,
    )
    notices.say(session, conversation, notices.claimed(agent.name), now)
    return ticket


def give_back(session: Session, ticket_id: str, agent: Agent, note: str, now: datetime) -> Ticket:
    """Give a conversation back to the bot, and tell the bot that a human was here, and what they noted."""
    ticket, conversation = _locked(session, ticket_id)
    if ticket.state == "returned" and ticket.agent_id == agent.id:
        return ticket
    _check_owner(ticket, conversation, agent)
    ticket.state, ticket.closed_at, ticket.note = "returned", now, note
    _write_note(session, conversation, agent, note, now)
    owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    notices.say(session, conversation, notices.returned(agent.name), now)
    data = {"agent": agent.name, "note": note, "outcome": "returned"}
    inbox.put_event(session, conversation, RETURNED_BY_HUMAN, data, now=now)
    return ticket


def resolve(session: Session, ticket_id: str, agent: Agent, outcome: str, note: str, now: datetime) -> Ticket:
    """Finish a conversation; what the customer writes next starts afresh with the bot."""
    ticket, conversation = _locked(session, ticket_id)
    if ticket.state == "completed" and ticket.agent_id == agent.id:
        return ticket
    _check_owner(ticket, conversation, agent)
    ticket.state, ticket.closed_at, ticket.note, ticket.outcome = "completed", now, note, outcome
    _write_note(session, conversation, agent, note, now)
    # A half-filled form from before would be the first thing that the bot asks about.
    conversation.dialogue_state = None
    owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    notices.say(session, conversation, notices.resolved(agent.name, outcome), now)
    return ticket


def held_by(session: Session, ticket_id: str, agent: Agent) -> tuple[Ticket, Conversation]:
    """The ticket and its locked conversation, if this agent has it; else :class:`NotYoursError`."""
    ticket, conversation = _locked(session, ticket_id)
    _check_owner(ticket, conversation, agent)
    return ticket, conversation


def _open_ticket_of(session: Session, conversation: Conversation) -> Ticket | None:
    return session.scalar(
        select(Ticket).where(Ticket.conversation_id == conversation.id, Ticket.state.in_(("queued", "accepted")))
    )


def _locked(session: Session, ticket_id: str) -> tuple[Ticket, Conversation]:
    conversation_id = session.scalar(select(Ticket.conversation_id).where(Ticket.id == ticket_id))
    conversation = None if conversation_id is None else transcript.lock(session, conversation_id)
    if conversation is None:
        raise UnknownTicketError("There is no such ticket.")
    # Read after the lock: what the one before us did to it must be seen.
    return session.get_one(Ticket, ticket_id, populate_existing=True), conversation


def _check_owner(ticket: Ticket, conversation: Conversation, agent: Agent) -> None:
    if ticket.state != "accepted" or conversation.owner != owner.human(agent.id):
        raise NotYoursError("You do not have this conversation. Claim it first, or ask who has it.")


def _write_note(session: Session, conversation: Conversation, agent: Agent, note: str, now: datetime) -> None:
    if note:
        transcript.append(
            session, conversation, type="note", author="human", author_name=agent.name, text=note, now=now
        )
