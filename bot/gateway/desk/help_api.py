"""What helps an agent: searching the knowledge, suggestions and their fate, the filled wrap-up."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import Field, StrictInt, StrictStr
from sqlalchemy import select

from bot.gateway.channels.streaming import LARGEST_SEQ
from bot.gateway.desk import audit, report, suggestions, wrap_up
from bot.gateway.desk.access import Answerer, Reader, reading, writing
from bot.gateway.desk.audit import Action
from bot.gateway.desk.roles import Permission
from bot.gateway.desk.services import DeskServicesOfRequest
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.desk.steps import Strict, TicketId, unknown
from bot.gateway.platform.errors import Problem
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.holding import held_by
from bot.gateway.tickets.tables import Agent, Ticket
from bot.handoff.limits import storable

MOST_FOUND = 12
LONGEST_QUERY = 500

router = APIRouter()
_Trainer = Annotated[SignedIn, Depends(reading(Permission.TEACH))]
# A search changes nothing, but a query does not belong into an address, which servers write into their logs.
_Searcher = Annotated[SignedIn, Depends(writing(Permission.READ))]


class Query(Strict):
    """What is looked for."""

    query: StrictStr = Field(min_length=1, max_length=LONGEST_QUERY)


class Rejected(Strict):
    """The offer that is put away."""

    offer: StrictInt = Field(ge=0, le=9)


@router.post("/search")
async def search(body: Query, agent: _Searcher, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Search the articles, internal ones too: those are marked, and for the agent's eyes only."""
    query = storable(body.query).strip()
    if not query:
        raise Problem(400, "bad_request", "There is nothing to search for.")
    found = await services.brain.search(query, MOST_FOUND)
    if found is None:
        raise Problem(503, "search_away", "The articles cannot be searched right now.")
    await services.database.run(
        lambda session: audit.record(session, Action.SEARCHED, agent.agent_id, services.clock(), results=len(found))
    )
    return {"results": [vars(one) for one in found]}


@router.post("/tickets/{ticket_id}/suggestions/{seq}/reject", status_code=204)
async def reject_suggestion(
    ticket_id: TicketId,
    seq: Annotated[int, Path(ge=1, le=LARGEST_SEQ)],
    body: Rejected,
    agent: Answerer,
    services: DeskServicesOfRequest,
) -> None:
    """Put an offer away; trainers see it."""

    def work(session: Transaction) -> None:
        now = services.clock()
        _, conversation = held_by(session, ticket_id, session.get_one(Agent, agent.agent_id))
        suggestions.rejected(session, conversation.id, seq, body.offer, agent.agent_id, now)
        audit.record(session, Action.REJECTED_SUGGESTION, agent.agent_id, now, ticket_id=ticket_id, seq=seq)

    await services.database.run(work)


@router.get("/tickets/{ticket_id}/wrap-up")
async def see_wrap_up(ticket_id: TicketId, agent: Reader, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Fill the wrap-up form as far as rules can; it quotes the customer."""

    now = services.clock()

    def note(session: Transaction) -> None:
        if session.scalar(select(Ticket.id).where(Ticket.id == ticket_id)) is not None:
            audit.record_reading(session, Action.READ_WRAP_UP, agent.agent_id, now, ticket_id=ticket_id)

    # Written down before anybody sees it; the look itself is long, and not for the thread that writes.
    await services.database.run(note)
    filled = await services.database.read(wrap_up.filled, ticket_id, now)
    if filled is None:
        raise unknown()
    return filled


@router.get("/suggestions")
async def see_suggestions(agent: _Trainer, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Show what became of the suggestions of the last 30 days."""

    now = services.clock()
    await services.database.run(
        lambda session: audit.record_reading(session, Action.READ_SUGGESTIONS, agent.agent_id, now)
    )
    return await services.database.report(report.report, now)
