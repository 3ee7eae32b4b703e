"""Tickets: a conversation's way from the bot to a human and back; every step tells the customer.

Each function runs in the caller's transaction and locks the conversation first, so that two agents, a worker and an
impatient customer take turns. Taken twice, each does its work once. Whatever desk people sit at, ours or another
system's, acts through these functions alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.contract.names import RETURNED_BY_HUMAN
from bot.gateway.conversations import inbox, owner, transcript
from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.identity import new_id
from bot.gateway.platform.signals import announce
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import availability, by_email, dangers, line, notices, presence, routing, waiting_time
from bot.gateway.tickets.commitments import Commitment, remind_of
from bot.gateway.tickets.holding import check_owner, held_by, locked, locked_agent
from bot.gateway.tickets.packaging import URGENCY, package_of
from bot.gateway.tickets.refusals import (
    AlreadyClaimedError,
    AtCapacityError,
    NotWaitingError,
    UnknownColleagueError,
)
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent, Ticket
from bot.handoff.limits import storable_value
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest


def open_ticket(
    session: Transaction, services: TicketServices, conversation: Conversation, request: HandoffRequest, now: datetime
) -> Ticket:
    """Put a conversation into the line, with its ``handoff/1`` package, and tell the customer.

    A conversation that is in the line, or with a human, already keeps the ticket that it has.
    """
    ticket = line.open_ticket_of(session, conversation)
    if ticket is not None:
        if request.code is ReasonCode.DANGER:
            dangers.make_urgent(session, services, ticket, request.evidence)
        if ticket.state == "queued" and conversation.owner == owner.BOT:
            by_email.wait_here_again(session, services, ticket, conversation, now)
        return ticket
    settings = services.desk
    wish = None if request.intent is None else request.intent.name
    ticket = Ticket(
        id=new_id(now),
        conversation_id=conversation.id,
        state="queued",
        package={},
        created_at=now,
        queued_at=now,
        reason=request.code.value,
        skill=settings.skill_for(wish),
        language=request.language or conversation.locale.replace("_", "-").partition("-")[0].lower(),
        priority=URGENCY.get(request.code, "normal"),
    )
    ticket.rank_at = routing.rank_of(settings, now, ticket.priority)
    place = line.position(session, ticket)
    load = waiting_time.load_of(session, services, ticket, place, now)
    expected = waiting_time.forecast(session, services, load)
    waiting_time.promise(ticket, load, expected)
    found = availability.of(session, services, ticket, now)
    # Minutes of open time say nothing to somebody who has to wait until the desk opens: they hear when that is.
    wait = None if expected is None or not found.somebody else waiting_time.shown(settings, expected)
    ticket.told = {"position": place, "p90_minutes": None if wait is None else wait["p90_minutes"]}
    ticket.package = package_of(session, conversation, request, ticket=ticket, position=place, wait=wait, now=now)
    session.add(ticket)
    owner.change_owner(
        session,
        conversation,
        owner.QUEUE,
        expected_version=conversation.owner_version,
        now=now,
        position=place,
        wait=wait,
    )
    said = notices.queued(place, wait, found.said(settings, now))
    # Who is in danger has something else to do than to choose.
    said = said.without_choices() if request.code is ReasonCode.DANGER else said
    notices.say(session, services, conversation, said, now)
    announce(session, line.MOVED)
    return ticket


def abandon(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    now: datetime,
    notice: notices.Notice | None = None,
) -> Ticket | None:
    """Take a conversation out of the line because its customer wants the bot back; none when it is in no line."""
    ticket = line.open_ticket_of(session, conversation)
    if ticket is None or ticket.state != "queued" or conversation.owner != owner.QUEUE:
        return None
    ticket.state, ticket.closed_at = "abandoned", now
    announce(session, line.MOVED)
    owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    notices.say(session, services, conversation, notice or notices.abandoned(), now)
    return ticket


def claim(session: Transaction, services: TicketServices, ticket_id: str, agent: Agent, now: datetime) -> Ticket:
    """Give a waiting conversation to an agent: one of any number who try gets it.

    Raises :class:`UnknownTicketError`, :class:`NotWaitingError`, :class:`AtCapacityError` or
    :class:`AlreadyClaimedError`, whose message names the winner.
    """
    agent = locked_agent(session, agent.id)
    ticket, conversation = locked(session, ticket_id)
    if ticket.state == "accepted" and ticket.agent_id == agent.id:
        return ticket
    if ticket.state == "accepted":
        winner = session.get_one(Agent, ticket.agent_id)
        raise AlreadyClaimedError(f"{winner.name} was faster and has taken this conversation.")
    if ticket.state != "queued":
        raise NotWaitingError("This customer is no longer waiting.")
    if presence.free_places(session, agent, now) <= 0:
        raise AtCapacityError(f"You have {agent.capacity} conversations. Finish or snooze one first.")
    _accept(session, services, ticket, conversation, agent, now)
    _say_who_joined(session, services, conversation, ticket, agent, now)
    return ticket


def _say_who_joined(
    session: Transaction,
    services: TicketServices,
    conversation: Conversation,
    ticket: Ticket,
    agent: Agent,
    now: datetime,
) -> None:
    """Tell the customer who is here; one who left an e-mail address and is gone is answered there."""
    if not by_email.is_gone(session, conversation, ticket):
        notices.say(session, services, conversation, notices.claimed(agent.name), now)


def claim_next(session: Transaction, services: TicketServices, agent: Agent, now: datetime) -> Ticket | None:
    """Give an agent the ticket whose turn it is (:mod:`bot.gateway.tickets.routing`); none when there is none for them.

    Any number of agents who ask at once get different tickets. Raises :class:`AtCapacityError`.
    """
    agent = locked_agent(session, agent.id)
    if presence.free_places(session, agent, now) <= 0:
        raise AtCapacityError(f"You have {agent.capacity} conversations. Finish or snooze one first.")
    for ticket_id in line.for_agent(session, services, agent, now):
        # Another agent's transaction may just be taking this one: leave it to them, take the next.
        if not line.lock_if_free(session, ticket_id):
            continue
        ticket, conversation = locked(session, ticket_id)
        if ticket.state == "queued":
            _accept(session, services, ticket, conversation, agent, now)
            _say_who_joined(session, services, conversation, ticket, agent, now)
            return ticket
    return None


def transfer(
    session: Transaction,
    services: TicketServices,
    ticket_id: str,
    agent: Agent,
    now: datetime,
    *,
    to_agent_id: str | None = None,
    skill: str | None = None,
    note: str = "",
) -> Ticket:
    """Give a conversation to a colleague, or back into the line for a skill; the customer is told.

    A colleague who is online and has room gets it at once; else it waits for them in the line, before those who came
    later, and for as long as they are at work. Raises :class:`NotYoursError` and :class:`UnknownColleagueError`.
    """
    colleague = None if to_agent_id is None else session.get(Agent, to_agent_id, with_for_update=True)
    if to_agent_id is not None and colleague is None:
        raise UnknownColleagueError("There is no such colleague.")
    ticket, conversation = held_by(session, ticket_id, agent)
    if colleague is not None and colleague.id == agent.id:
        return ticket
    write_note(session, conversation, agent, note, now)
    there = colleague is not None and presence.presence_of(colleague, now) == "online"
    if colleague is not None and there and presence.free_places(session, colleague, now) > 0:
        _accept(session, services, ticket, conversation, colleague, now)
        notices.say(session, services, conversation, notices.transferred(agent.name, colleague.name), now)
        return ticket
    ticket.skill = skill or ticket.skill
    ticket.assigned_to = None if colleague is None else colleague.id
    requeue(session, services, ticket, conversation, lambda _place: notices.sent_on(agent.name), now)
    return ticket


def requeue(
    session: Transaction,
    services: TicketServices,
    ticket: Ticket,
    conversation: Conversation,
    notice: Callable[[int], notices.Notice],
    now: datetime,
) -> None:
    """Put a conversation back into the line, by the time at which it first came: who has waited must not wait again."""
    settings = services.desk
    if settings.head_start[ticket.priority] < settings.head_start["high"]:
        ticket.priority = "high"
    ticket.state, ticket.agent_id, ticket.snoozed_until = "queued", None, None
    ticket.queued_at, ticket.rank_at = now, routing.rank_of(settings, ticket.created_at, ticket.priority)
    session.flush()
    place = line.position(session, ticket)
    owner.change_owner(
        session,
        conversation,
        owner.QUEUE,
        expected_version=conversation.owner_version,
        now=now,
        position=place,
    )
    ticket.told = {"position": place, "p90_minutes": None}
    notices.say(session, services, conversation, notice(place), now)
    announce(session, line.MOVED)


def give_back(
    session: Transaction,
    services: TicketServices,
    ticket_id: str,
    agent: Agent,
    note: str,
    now: datetime,
    *,
    outcome: str = "returned",
    commitments: Sequence[Commitment] = (),
    changed_slots: Mapping[str, Any] | None = None,
) -> Ticket:
    """Give a conversation back to the bot, and tell the bot that a human was here: outcome, promises, corrections.

    ``commitments`` are kept: each with a time becomes a reminder. ``changed_slots`` are what the human corrected, by
    the slot's name; the bot takes them over.
    """
    ticket, conversation = locked(session, ticket_id)
    if ticket.state == "returned" and ticket.agent_id == agent.id:
        return ticket
    check_owner(ticket, conversation, agent)
    ticket.state, ticket.closed_at, ticket.note, ticket.outcome = "returned", now, note, outcome
    ticket.changed_slots = storable_value(dict(changed_slots or {}))
    _keep(session, ticket, agent, commitments)
    write_note(session, conversation, agent, note, now)
    owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    notices.say(session, services, conversation, notices.returned(agent.name), now)
    data = {
        "agent": agent.name,
        "note": note,
        "outcome": outcome,
        "commitments": [{"text": one["text"], "due_at": one["due_at"]} for one in ticket.commitments],
        "changed_slots": ticket.changed_slots,
    }
    inbox.put_event(session, conversation, RETURNED_BY_HUMAN, data, now=now)
    return ticket


def resolve(
    session: Transaction,
    services: TicketServices,
    ticket_id: str,
    agent: Agent,
    outcome: str,
    note: str,
    now: datetime,
    *,
    commitments: Sequence[Commitment] = (),
) -> Ticket:
    """Finish a conversation; what the customer writes next starts afresh with the bot."""
    ticket, conversation = locked(session, ticket_id)
    if ticket.state == "completed" and ticket.agent_id == agent.id:
        return ticket
    check_owner(ticket, conversation, agent)
    _keep(session, ticket, agent, commitments)
    write_note(session, conversation, agent, note, now)
    complete(session, services, ticket, conversation, outcome, note, notices.resolved(agent.name, outcome), now)
    return ticket


def complete(
    session: Transaction,
    services: TicketServices,
    ticket: Ticket,
    conversation: Conversation,
    outcome: str,
    note: str,
    notice: notices.Notice,
    now: datetime,
) -> None:
    """Close an accepted ticket and give its customer a fresh start with the bot."""
    ticket.state, ticket.closed_at, ticket.note, ticket.outcome = "completed", now, note, outcome
    # A half-filled form from before would be the first thing that the bot asks about.
    conversation.dialogue_state = None
    owner.change_owner(session, conversation, owner.BOT, expected_version=conversation.owner_version, now=now)
    notices.say(session, services, conversation, notice, now)


def write_note(session: Transaction, conversation: Conversation, agent: Agent, note: str, now: datetime) -> None:
    """Write a note that colleagues read and the customer does not; an empty one is none."""
    if note:
        transcript.append(
            session, conversation, type="note", author="human", author_name=agent.name, text=note, now=now
        )


def _accept(
    session: Transaction,
    services: TicketServices,
    ticket: Ticket,
    conversation: Conversation,
    agent: Agent,
    now: datetime,
) -> None:
    waiting_time.note_end(session, services, ticket, now)
    ticket.state, ticket.agent_id, ticket.accepted_at = "accepted", agent.id, now
    ticket.assigned_to = ticket.snoozed_until = ticket.reminded_at = None
    announce(session, line.MOVED)
    owner.change_owner(
        session,
        conversation,
        owner.human(agent.id),
        expected_version=conversation.owner_version,
        now=now,
        agent_name=agent.name,
    )


def _keep(session: Transaction, ticket: Ticket, agent: Agent, commitments: Sequence[Commitment]) -> None:
    ticket.commitments = [one.to_json() for one in commitments]
    remind_of(session, ticket, agent, commitments)
