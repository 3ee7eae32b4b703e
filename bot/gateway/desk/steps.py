"""How a route takes a step with a ticket: one transaction, the audit log in it, and the queue's refusals as answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Path
from pydantic import BaseModel, ConfigDict
from sqlalchemy.orm import Session

from bot.gateway.desk import audit, marks, notes, suggestions, views
from bot.gateway.desk.audit import Action
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.parts import Parts
from bot.gateway.platform.errors import Problem
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.tables import Agent, Ticket

T = TypeVar("T")

TicketId = Annotated[str, Path(max_length=36, alias="ticket_id")]


class Strict(BaseModel):
    """A request's body: a field that nobody knows is a mistake."""

    model_config = ConfigDict(extra="forbid")


def unknown() -> Problem:
    """What a ticket that is not there gets."""
    return Problem(404, "unknown_ticket", "There is no such ticket.")


async def step(
    parts: Parts,
    agent: SignedIn,
    action: Action,
    work: Callable[..., Ticket | None],
    ticket_id: str,
    *given: Any,
    detail: Mapping[str, Any] | None = None,
    **named: Any,
) -> dict[str, Any]:
    """Take one step with a ticket and answer how it stands then."""
    now = parts.clock()

    def take(session: Session) -> dict[str, Any]:
        work(session, ticket_id, session.get_one(Agent, agent.agent_id), *given, now, **named)
        audit.record(session, action, agent.agent_id, now, ticket_id=ticket_id, **(detail or {}))
        session.flush()
        found = views.ticket(session, ticket_id, now)
        assert found is not None
        return found

    return await refusing(parts, take)


async def refusing(parts: Parts, work: Callable[[Session], T]) -> T:
    """Run a transaction and give the queue's refusals their answers."""
    try:
        return await parts.database.run(work)
    except tickets.UnknownTicketError as error:
        raise unknown() from error
    except tickets.AlreadyClaimedError as error:
        raise Problem(409, "already_claimed", str(error)) from error
    except tickets.NotWaitingError as error:
        raise Problem(409, "not_waiting", str(error)) from error
    except tickets.NotYoursError as error:
        raise Problem(409, "not_yours", str(error)) from error
    except tickets.AtCapacityError as error:
        raise Problem(409, "at_capacity", str(error)) from error
    except (tickets.UnknownColleagueError, notes.UnknownColleagueError) as error:
        raise Problem(409, "unknown_colleague", str(error)) from error
    except marks.UnknownTurnError as error:
        raise Problem(404, "unknown_turn", str(error)) from error
    except marks.BadMarkError as error:
        raise Problem(400, "bad_request", str(error)) from error
    except suggestions.UnknownSuggestionError as error:
        raise Problem(404, "unknown_suggestion", str(error)) from error
