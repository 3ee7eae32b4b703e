"""An agent's routes: see who waits, claim, write, give back, resolve."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field, StrictInt, StrictStr
from sqlalchemy import select

from bot.gateway.channels.open_streams import EventStream
from bot.gateway.channels.streaming import LARGEST_SEQ, resume_point
from bot.gateway.conversations.inbox import LONGEST_TEXT
from bot.gateway.desk import audit, lists, notes, stream, suggestions, views
from bot.gateway.desk.access import COOKIE, Answerer, Reader
from bot.gateway.desk.audit import Action
from bot.gateway.desk.lists import Cursor
from bot.gateway.desk.replies import reply
from bot.gateway.desk.services import DeskServicesOfRequest
from bot.gateway.desk.steps import Strict, TicketId, step, unknown
from bot.gateway.platform.errors import Problem
from bot.gateway.platform.request_values import Moment, RecordNumber
from bot.gateway.platform.signals import typing_topic
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import commitments, snoozing
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.commitments import Commitment
from bot.gateway.tickets.holding import held_by
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent, Ticket
from bot.handoff.limits import storable

# Promises of one conversation, and corrected slots: more is a mistake of the page.
MOST_COMMITMENTS = 10
MOST_SLOTS = 50
LONGEST_SNOOZE = timedelta(days=30)

router = APIRouter()


class Offer(Strict):
    """One of the replies that a suggestion offers."""

    seq: StrictInt = Field(ge=1, le=LARGEST_SEQ)
    """The suggestion's entry."""
    offer: StrictInt = Field(ge=0, le=9)


class Reply(Strict):
    """A message to the customer, with the page's own number for it."""

    client_seq: StrictInt = Field(ge=1, le=LARGEST_SEQ)
    text: StrictStr = Field(min_length=1, max_length=LONGEST_TEXT)
    suggestion: Offer | None = None
    """What it was made of."""


class Note(Strict):
    """Words for colleagues; who is mentioned hears of them."""

    client_seq: StrictInt = Field(ge=1, le=LARGEST_SEQ)
    text: StrictStr = Field(min_length=1, max_length=LONGEST_TEXT)
    mentions: list[Annotated[StrictStr, Field(max_length=36)]] = Field([], max_length=notes.MOST_MENTIONS)


class NewCommitment(Strict):
    """What the agent promises the customer; with a time it becomes a reminder."""

    text: StrictStr = Field(min_length=1, max_length=commitments.LONGEST)
    due_at: Moment | None = None
    remind: Literal["customer", "agent"] = "customer"


class GivenBack(Strict):
    """What the bot and later readers should know."""

    note: StrictStr = Field("", max_length=LONGEST_TEXT)
    outcome: Literal["returned", "solved", "not_solved"] = "returned"
    commitments: list[NewCommitment] = Field([], max_length=MOST_COMMITMENTS)
    changed_slots: dict[Annotated[StrictStr, Field(max_length=64)], Annotated[StrictStr, Field(max_length=200)]] = (
        Field({}, max_length=MOST_SLOTS)
    )
    """What the agent corrected, by the slot's name."""


class Resolved(Strict):
    """How it ended."""

    outcome: Literal["solved", "not_solved", "no_reply"]
    note: StrictStr = Field("", max_length=LONGEST_TEXT)
    commitments: list[NewCommitment] = Field([], max_length=MOST_COMMITMENTS)


class Transferred(Strict):
    """To whom: a colleague, or whoever of the queue has the skill."""

    to_agent_id: StrictStr | None = Field(None, max_length=36)
    skill: StrictStr | None = Field(None, pattern=r"^[a-z][a-z0-9_]{0,63}$")
    note: StrictStr = Field("", max_length=LONGEST_TEXT)


class Snoozed(Strict):
    """Until when; none wakes it."""

    until: Moment | None


@router.get("/tickets")
async def list_tickets(
    agent: Reader,
    services: DeskServicesOfRequest,
    which: Annotated[Literal["waiting", "mine", "team", "closed", "all"], Query(alias="list")] = "waiting",
    cursor: Annotated[str | None, Query(max_length=lists.LONGEST_CURSOR)] = None,
    since: Annotated[Moment | None, Query()] = None,
    until: Annotated[Moment | None, Query()] = None,
) -> dict[str, Any]:
    """List tickets, page by page: who waits in the order of the queue, the others oldest first.

    To look at those that are over is to read history, which is recorded.
    """
    after = None if cursor is None else Cursor.read(cursor)
    now = services.clock()

    if which in lists.HISTORY:
        await services.database.run(
            lambda session: audit.record_reading(session, Action.READ_LIST, agent.agent_id, now)
        )
    return await services.database.read(lists.page, which, agent.agent_id, now, cursor=after, since=since, until=until)


@router.get("/tickets/{ticket_id}")
async def see_ticket(ticket_id: TicketId, agent: Reader, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Show a ticket, its package and its conversation, with notes and traces."""
    now = services.clock()

    def note(session: Transaction) -> None:
        if session.scalar(select(Ticket.id).where(Ticket.id == ticket_id)) is not None:
            notes.looked(session, ticket_id, agent.agent_id, now)
            audit.record_reading(session, Action.READ_TICKET, agent.agent_id, now, ticket_id=ticket_id)

    # Written down before anybody sees it; the look itself is long, and not for the thread that writes. A mention that
    # comes in between stays unseen.
    await services.database.run(note)
    found = await services.database.read(views.ticket_and_story, ticket_id, now)
    if found is None:
        raise unknown()
    return found


@router.post("/tickets/{ticket_id}/claim")
async def claim(ticket_id: TicketId, agent: Answerer, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Take a waiting conversation; of several agents at once, one gets it."""
    return await step(services, agent, Action.CLAIMED, tickets.claim, ticket_id)


@router.post("/tickets/{ticket_id}/messages", status_code=202)
async def write(ticket_id: TicketId, body: Reply, agent: Answerer, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Write to the customer; the same number and text again change nothing."""
    text = storable(body.text)
    if not text.strip():
        raise Problem(400, "bad_request", "The message is empty.")

    def work(session: Transaction) -> int:
        entry = reply(session, ticket_id, session.get_one(Agent, agent.agent_id), body.client_seq, text, now)
        verdict = None
        if body.suggestion is not None:
            made_of, number = body.suggestion.seq, body.suggestion.offer
            verdict = suggestions.used(session, entry.conversation_id, made_of, number, agent.agent_id, entry, now)
        audit.record(session, Action.WROTE, agent.agent_id, now, ticket_id=ticket_id, seq=entry.seq, suggestion=verdict)
        return entry.seq

    now = services.clock()
    return {"seq": await services.database.run(work)}


@router.post("/tickets/{ticket_id}/notes", status_code=202)
async def write_note(
    ticket_id: TicketId, body: Note, agent: Answerer, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Write to colleagues; the same number and text again change nothing."""
    text = storable(body.text).strip()
    if not text:
        raise Problem(400, "bad_request", "The note is empty.")
    now = services.clock()

    def work(session: Transaction) -> int:
        writer = session.get_one(Agent, agent.agent_id)
        entry = notes.write(session, ticket_id, writer, body.client_seq, text, body.mentions, now)
        audit.record(session, Action.NOTED, agent.agent_id, now, ticket_id=ticket_id, mentions=len(body.mentions))
        return entry.seq

    return {"seq": await services.database.run(work)}


@router.post("/tickets/{ticket_id}/typing", status_code=204)
async def typing(ticket_id: TicketId, agent: Answerer, services: DeskServicesOfRequest) -> None:
    """Show the customer, and the colleagues who look on, that its agent is writing."""
    found = await services.database.read(views.writer_of, ticket_id)
    if found is None:
        raise unknown()
    agent_id, conversation_id, channel, address = found
    if agent_id != agent.agent_id:
        raise Problem(409, "not_yours", "You do not have this conversation.")
    await services.database.signal(typing_topic(conversation_id, "human"))
    if channel in services.messaging:
        await services.messaging[channel].show_typing(address)


@router.post("/tickets/{ticket_id}/return")
async def give_back(
    ticket_id: TicketId, body: GivenBack, agent: Answerer, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Give the conversation back to the bot, with a note."""
    return await step(
        services,
        agent,
        Action.RETURNED,
        tickets.give_back,
        ticket_id,
        storable(body.note).strip(),
        outcome=body.outcome,
        commitments=_commitments(body.commitments),
        changed_slots=body.changed_slots,
        detail={"outcome": body.outcome, "commitments": len(body.commitments)},
    )


@router.post("/tickets/{ticket_id}/resolve")
async def resolve(
    ticket_id: TicketId, body: Resolved, agent: Answerer, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Finish the conversation."""
    note = storable(body.note).strip()
    return await step(
        services,
        agent,
        Action.RESOLVED,
        tickets.resolve,
        ticket_id,
        body.outcome,
        note,
        commitments=_commitments(body.commitments),
        detail={"outcome": body.outcome, "commitments": len(body.commitments)},
    )


@router.post("/tickets/{ticket_id}/transfer")
async def transfer(
    ticket_id: TicketId, body: Transferred, agent: Answerer, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Give the conversation to a colleague, or back into the queue."""
    return await step(
        services,
        agent,
        Action.TRANSFERRED,
        tickets.transfer,
        ticket_id,
        to_agent_id=body.to_agent_id,
        skill=body.skill,
        note=storable(body.note).strip(),
        detail={"to": body.to_agent_id, "skill": body.skill},
    )


@router.post("/tickets/{ticket_id}/snooze")
async def snooze(
    ticket_id: TicketId, body: Snoozed, agent: Answerer, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Set the conversation aside until a time, or until its customer writes; without a time, take it back."""
    if body.until is None:
        return await step(services, agent, Action.WOKE, _wake, ticket_id)
    if not services.clock() < body.until <= services.clock() + LONGEST_SNOOZE:
        raise Problem(400, "bad_request", "Snooze until a time within the next 30 days.")
    return await step(services, agent, Action.SNOOZED, _snooze, ticket_id, body.until)


@router.post("/next")
async def claim_next(agent: Answerer, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Take the customer whose turn it is; ``ticket`` is null when there is none for this agent."""
    now = services.clock()

    def work(session: Transaction) -> dict[str, Any] | None:
        ticket = tickets.claim_next(session, services.tickets, session.get_one(Agent, agent.agent_id), now)
        if ticket is None:
            return None
        audit.record(session, Action.CLAIMED, agent.agent_id, now, ticket_id=ticket.id)
        session.flush()
        return views.ticket(session, ticket.id, now)

    return {"ticket": await services.database.run(work)}


@router.get("/events", response_class=StreamingResponse)
async def events(
    request: Request,
    agent: Reader,
    services: DeskServicesOfRequest,
    after: RecordNumber | None = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> EventStream:
    """Stream changes of tickets and new entries; without a number, from now on, with one, as far back as is allowed."""
    asked = None if after is None and not last_event_id else max(after or 0, resume_point(last_event_id))

    def work(session: Transaction) -> int:
        now = services.clock()
        audit.record_reading(session, Action.WATCHED, agent.agent_id, now)
        return stream.start(session, asked, now)

    start = await services.database.run(work)
    events_ = stream.desk_stream(services, request.cookies.get(COOKIE, ""), agent.agent_id, start)
    most = {f"agent {agent.agent_id}": services.connections.streams_per_agent}
    return EventStream(events_, services.open_streams, most)


def _snooze(
    session: Transaction, _services: TicketServices, ticket_id: str, agent: Agent, until: datetime, now: datetime
) -> Ticket:
    return snoozing.snooze(session, ticket_id, agent, until, now)


def _wake(session: Transaction, _services: TicketServices, ticket_id: str, agent: Agent, now: datetime) -> None:
    ticket, conversation = held_by(session, ticket_id, agent)
    snoozing.wake(session, ticket, conversation, now)


def _commitments(given: Sequence[NewCommitment]) -> list[Commitment]:
    return [Commitment(storable(one.text).strip(), one.due_at, one.remind) for one in given]
