"""Who is at work: an agent's own presence, the team, the supervisor's page."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends

from bot.gateway.desk import audit, supervision
from bot.gateway.desk.access import Answerer, Reader, Supervisor, writing
from bot.gateway.desk.audit import Action
from bot.gateway.desk.roles import Permission
from bot.gateway.desk.services import DeskServicesOfRequest
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.desk.steps import Strict, TicketId, step
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import presence

router = APIRouter()
_SupervisorWriting = Annotated[SignedIn, Depends(writing(Permission.SUPERVISE))]


class Chosen(Strict):
    """What an agent says of themselves."""

    presence: Literal["online", "away", "offline"]


@router.get("/team")
async def see_team(_agent: Reader, services: DeskServicesOfRequest) -> dict[str, Any]:
    """List everybody who answers customers, by name, and whether they are there."""
    return {"agents": await services.database.read(supervision.team, services.clock())}


@router.post("/presence", status_code=204)
async def choose_presence(body: Chosen, agent: Answerer, services: DeskServicesOfRequest) -> None:
    """Say whether new conversations may come."""

    def work(session: Transaction) -> None:
        now = services.clock()
        presence.choose(session, agent.agent_id, body.presence, now)
        audit.record(session, Action.CHOSE_PRESENCE, agent.agent_id, now, presence=body.presence)

    await services.database.run(work)


@router.get("/supervision")
async def see_supervision(agent: Supervisor, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Show who waits, who works, the service levels of the last seven days, promises and what came of them."""
    return await services.database.report(supervision.overview, agent.agent_id, services.clock())


@router.post("/tickets/{ticket_id}/release")
async def release(ticket_id: TicketId, agent: _SupervisorWriting, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Put a colleague's conversation back into the queue."""
    return await step(services, agent, Action.RELEASED, supervision.release, ticket_id)
