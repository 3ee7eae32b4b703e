"""An agent's routes: see who waits, claim, write, give back, resolve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr
from sqlalchemy.orm import Session

from bot.gateway.channels.streaming import EVENT_STREAM_HEADERS, LARGEST_SEQ, resume_point
from bot.gateway.conversations.inbox import LONGEST_TEXT
from bot.gateway.desk import audit, stream, views
from bot.gateway.desk.access import COOKIE, Answerer, Reader
from bot.gateway.desk.audit import Action
from bot.gateway.desk.replies import reply
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.parts import Parts, PartsOfRequest
from bot.gateway.problems import Problem
from bot.gateway.queue import tickets
from bot.gateway.tables import Agent, Ticket
from bot.handoff.limits import storable

T = TypeVar("T")

router = APIRouter()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Reply(_Strict):
    """A message to the customer, with the page's own number for it."""

    client_seq: StrictInt = Field(ge=1, le=LARGEST_SEQ)
    text: StrictStr = Field(min_length=1, max_length=LONGEST_TEXT)


class GivenBack(_Strict):
    """What the bot and later readers should know."""

    note: StrictStr = Field("", max_length=LONGEST_TEXT)


class Resolved(_Strict):
    """How it ended."""

    outcome: Literal["solved", "not_solved", "no_reply"]
    note: StrictStr = Field("", max_length=LONGEST_TEXT)


TicketId = Annotated[str, Path(max_length=36, alias="ticket_id")]


@router.get("/tickets")
async def list_tickets(
    agent: Reader,
    parts: PartsOfRequest,
    which: Annotated[Literal["waiting", "mine", "team", "closed"], Query(alias="list")] = "waiting",
) -> dict[str, Any]:
    """List tickets, oldest first."""
    return {"tickets": await parts.database.read(views.tickets, which, agent.agent_id, parts.clock())}


@router.get("/tickets/{ticket_id}")
async def see_ticket(ticket_id: TicketId, agent: Reader, parts: PartsOfRequest) -> dict[str, Any]:
    """Show a ticket, its package and its conversation, with notes and traces."""
    now = parts.clock()

    def work(session: Session) -> dict[str, Any] | None:
        found = views.ticket_and_story(session, ticket_id, now)
        if found is not None:
            audit.record(session, Action.READ_TICKET, agent.agent_id, now, ticket_id=ticket_id)
        return found

    found = await parts.database.run(work)
    if found is None:
        raise _unknown()
    return found


@router.post("/tickets/{ticket_id}/claim")
async def claim(ticket_id: TicketId, agent: Answerer, parts: PartsOfRequest) -> dict[str, Any]:
    """Take a waiting conversation; of several agents at once, one gets it."""
    return await _change(parts, agent, Action.CLAIMED, tickets.claim, ticket_id)


@router.post("/tickets/{ticket_id}/messages", status_code=202)
async def write(ticket_id: TicketId, body: Reply, agent: Answerer, parts: PartsOfRequest) -> dict[str, Any]:
    """Write to the customer; the same number and text again change nothing."""
    text = storable(body.text)
    if not text.strip():
        raise Problem(400, "bad_request", "The message is empty.")

    def work(session: Session) -> int:
        seq = reply(session, ticket_id, session.get_one(Agent, agent.agent_id), body.client_seq, text, now).seq
        audit.record(session, Action.WROTE, agent.agent_id, now, ticket_id=ticket_id, seq=seq)
        return seq

    now = parts.clock()
    return {"seq": await _refusing(parts, work)}


@router.post("/tickets/{ticket_id}/return")
async def give_back(ticket_id: TicketId, body: GivenBack, agent: Answerer, parts: PartsOfRequest) -> dict[str, Any]:
    """Give the conversation back to the bot, with a note."""
    return await _change(parts, agent, Action.RETURNED, tickets.give_back, ticket_id, storable(body.note).strip())


@router.post("/tickets/{ticket_id}/resolve")
async def resolve(ticket_id: TicketId, body: Resolved, agent: Answerer, parts: PartsOfRequest) -> dict[str, Any]:
    """Finish the conversation."""
    note = storable(body.note).strip()
    return await _change(
        parts, agent, Action.RESOLVED, tickets.resolve, ticket_id, body.outcome, note, detail={"outcome": body.outcome}
    )


@router.get("/events", response_class=StreamingResponse)
async def events(
    request: Request,
    _agent: Reader,
    parts: PartsOfRequest,
    after: Annotated[int | None, Query(ge=0, le=2**53)] = None,
    last_event_id: Annotated[str | None, Header()] = None,
) -> StreamingResponse:
    """Stream changes of tickets and new entries; without a number, from now on."""
    if after is None and not last_event_id:
        after = await parts.database.read(stream.latest)
    start = max(after or 0, resume_point(last_event_id))
    events_ = stream.desk_stream(parts, request.cookies.get(COOKIE, ""), start)
    return StreamingResponse(events_, media_type="text/event-stream", headers=EVENT_STREAM_HEADERS)


def _unknown() -> Problem:
    return Problem(404, "unknown_ticket", "There is no such ticket.")


async def _change(
    parts: Parts,
    agent: SignedIn,
    action: Action,
    step: Callable[..., Ticket],
    ticket_id: str,
    *given: str,
    detail: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Take one step with a ticket and answer how it stands then."""
    now = parts.clock()

    def work(session: Session) -> dict[str, Any]:
        step(session, ticket_id, session.get_one(Agent, agent.agent_id), *given, now)
        audit.record(session, action, agent.agent_id, now, ticket_id=ticket_id, **(detail or {}))
        session.flush()
        found = views.ticket(session, ticket_id, now)
        assert found is not None
        return found

    return await _refusing(parts, work)


async def _refusing(parts: Parts, work: Callable[[Session], T]) -> T:
    """Run a transaction and give the queue's refusals their answers."""
    try:
        return await parts.database.run(work)
    except tickets.UnknownTicketError as error:
        raise _unknown() from error
    except tickets.AlreadyClaimedError as error:
        raise Problem(409, "already_claimed", str(error)) from error
    except tickets.NotWaitingError as error:
        raise Problem(409, "not_waiting", str(error)) from error
    except tickets.NotYoursError as error:
        raise Problem(409, "not_yours", str(error)) from error
    except tickets.AtCapacityError as error:
        raise Problem(409, "at_capacity", str(error)) from error
    except tickets.UnknownColleagueError as error:
        raise Problem(404, "unknown_colleague", str(error)) from error
