"""How a route takes a step with a ticket: one transaction, the audit log in it, and the queue's refusals as answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Path
from pydantic import BaseModel, ConfigDict

from bot.gateway.desk import audit, views
from bot.gateway.desk.audit import Action
from bot.gateway.desk.services import DeskServices
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.refusals import UnknownTicketError
from bot.gateway.tickets.tables import Agent, Ticket

T = TypeVar("T")

TicketId = Annotated[str, Path(max_length=36, alias="ticket_id")]


class Strict(BaseModel):
    """A request's body: a field that nobody knows is a mistake."""

    model_config = ConfigDict(extra="forbid")


def unknown() -> UnknownTicketError:
    """What a ticket that is not there gets."""
    return UnknownTicketError("There is no such ticket.")


async def step(
    services: DeskServices,
    agent: SignedIn,
    action: Action,
    work: Callable[..., Ticket | None],
    ticket_id: str,
    *given: Any,
    detail: Mapping[str, Any] | None = None,
    **named: Any,
) -> dict[str, Any]:
    """Take one step with a ticket and answer how it stands then."""
    now = services.clock()

    def take(session: Transaction) -> dict[str, Any]:
        work(session, services.tickets, ticket_id, session.get_one(Agent, agent.agent_id), *given, now, **named)
        audit.record(session, action, agent.agent_id, now, ticket_id=ticket_id, **(detail or {}))
        session.flush()
        found = views.ticket(session, ticket_id, now)
        assert found is not None
        return found

    return await services.database.run(take)
