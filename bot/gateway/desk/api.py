"""The desk's API: sign in, see who waits, claim, write, give back, resolve (``docs/reference/web-api.md``)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr
from sqlalchemy.orm import Session

from bot.gateway.channels.streaming import EVENT_STREAM_HEADERS, LARGEST_SEQ, resume_point
from bot.gateway.conversations.inbox import LONGEST_TEXT
from bot.gateway.desk import accounts, sign_in, stream, views
from bot.gateway.desk.replies import reply
from bot.gateway.desk.sign_in import SESSION_LASTS, SignedIn, TooManyTriesError
from bot.gateway.parts import Parts, PartsOfRequest
from bot.gateway.problems import Problem
from bot.gateway.queue import tickets
from bot.gateway.tables import Agent, Ticket
from bot.handoff.limits import storable

T = TypeVar("T")

COOKIE = "warmline_desk"
CSRF_HEADER = "X-Warmline-CSRF"
# Argon2 takes 64 MB and a core for each password; a crowd at the door must not take the machine.
PASSWORDS_AT_ONCE = 2

router = APIRouter(prefix="/api/desk", tags=["desk"])
_passwords = ThreadPoolExecutor(PASSWORDS_AT_ONCE, "password")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(_Strict):
    """What an agent types to sign in."""

    username: StrictStr = Field(max_length=accounts.LONGEST_USERNAME)
    password: StrictStr = Field(max_length=1000)


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


async def _signed_in(request: Request, parts: PartsOfRequest) -> SignedIn:
    found = await parts.database.read(sign_in.who, request.cookies.get(COOKIE, ""), parts.clock())
    if found is None:
        raise Problem(401, "signed_out", "Sign in first.")
    return found


Reader = Annotated[SignedIn, Depends(_signed_in)]


async def _may_write(agent: Reader, csrf: Annotated[str | None, Header(alias=CSRF_HEADER)] = None) -> SignedIn:
    if not sign_in.csrf_is_right(agent, csrf):
        raise Problem(403, "wrong_csrf", "This page is out of date: load it again.")
    return agent


Writer = Annotated[SignedIn, Depends(_may_write)]
TicketId = Annotated[str, Path(max_length=36, alias="ticket_id")]


@router.post("/session")
async def open_session(
    request: Request, response: Response, body: Credentials, parts: PartsOfRequest
) -> dict[str, Any]:
    """Sign in: sets the cookie, answers who it is and the value for the CSRF header."""
    address = request.client.host if request.client else ""
    username = storable(body.username)
    try:
        known = await parts.database.run(sign_in.note_try, username, address, parts.clock())
    except TooManyTriesError as error:
        message = "Too many wrong passwords. Please wait a while and try again."
        raise Problem(429, "too_many_tries", message, {"Retry-After": str(error.seconds)}) from error
    loop = asyncio.get_running_loop()
    right = await loop.run_in_executor(_passwords, accounts.password_is_right, known, body.password)
    opened = await parts.database.run(sign_in.open_session, username, address, parts.clock()) if right else None
    if opened is None:
        raise Problem(401, "wrong_password", "That name and password do not fit together.")
    agent, token = opened
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(SESSION_LASTS.total_seconds()),
        path="/api/desk",
        httponly=True,
        samesite="strict",
        secure=parts.settings.public_url.startswith("https://"),
    )
    return _session(agent)


@router.get("/session")
async def see_session(agent: Reader) -> dict[str, Any]:
    """Say who is signed in in this browser."""
    return _session(agent)


@router.delete("/session", status_code=204)
async def close_session(request: Request, response: Response, _agent: Writer, parts: PartsOfRequest) -> None:
    """Sign out."""
    await parts.database.run(sign_in.close_session, request.cookies.get(COOKIE, ""))
    response.delete_cookie(COOKIE, path="/api/desk")


@router.get("/tickets")
async def list_tickets(
    agent: Reader,
    parts: PartsOfRequest,
    which: Annotated[Literal["waiting", "mine", "team", "closed"], Query(alias="list")] = "waiting",
) -> dict[str, Any]:
    """List tickets, oldest first."""
    return {"tickets": await parts.database.read(views.tickets, which, agent.agent_id, parts.clock())}


@router.get("/tickets/{ticket_id}")
async def see_ticket(ticket_id: TicketId, _agent: Reader, parts: PartsOfRequest) -> dict[str, Any]:
    """Show a ticket, its package and its conversation, with notes and traces."""
    found = await parts.database.read(views.ticket_and_story, ticket_id, parts.clock())
    if found is None:
        raise _unknown()
    return found


@router.post("/tickets/{ticket_id}/claim")
async def claim(ticket_id: TicketId, agent: Writer, parts: PartsOfRequest) -> dict[str, Any]:
    """Take a waiting conversation; of several agents at once, one gets it."""
    return await _change(parts, agent, tickets.claim, ticket_id)


@router.post("/tickets/{ticket_id}/messages", status_code=202)
async def write(ticket_id: TicketId, body: Reply, agent: Writer, parts: PartsOfRequest) -> dict[str, Any]:
    """Write to the customer; the same number and text again change nothing."""
    text = storable(body.text)
    if not text.strip():
        raise Problem(400, "bad_request", "The message is empty.")

    def work(session: Session) -> int:
        return reply(session, ticket_id, session.get_one(Agent, agent.agent_id), body.client_seq, text, now).seq

    now = parts.clock()
    return {"seq": await _refusing(parts, work)}


@router.post("/tickets/{ticket_id}/return")
async def give_back(ticket_id: TicketId, body: GivenBack, agent: Writer, parts: PartsOfRequest) -> dict[str, Any]:
    """Give the conversation back to the bot, with a note."""
    return await _change(parts, agent, tickets.give_back, ticket_id, storable(body.note).strip())


@router.post("/tickets/{ticket_id}/resolve")
async def resolve(ticket_id: TicketId, body: Resolved, agent: Writer, parts: PartsOfRequest) -> dict[str, Any]:
    """Finish the conversation."""
    return await _change(parts, agent, tickets.resolve, ticket_id, body.outcome, storable(body.note).strip())


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


def _session(agent: SignedIn) -> dict[str, Any]:
    return {"agent": {"id": agent.agent_id, "name": agent.name, "role": agent.role}, "csrf": agent.csrf}


def _unknown() -> Problem:
    return Problem(404, "unknown_ticket", "There is no such ticket.")


async def _change(
    parts: Parts,
    agent: SignedIn,
    step: Callable[..., Ticket],
    ticket_id: str,
    *given: str,
) -> dict[str, Any]:
    """Take one step with a ticket and answer how it stands then."""
    now = parts.clock()

    def work(session: Session) -> dict[str, Any]:
        step(session, ticket_id, session.get_one(Agent, agent.agent_id), *given, now)
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
