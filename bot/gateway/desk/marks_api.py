"""The route by which agents and trainers say whether the assistant was right."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from pydantic import Field, StrictStr

from bot.gateway.channels.streaming import LARGEST_SEQ
from bot.gateway.desk import marks, views
from bot.gateway.desk.access import writing
from bot.gateway.desk.marks import Verdict
from bot.gateway.desk.roles import Permission
from bot.gateway.desk.services import DeskServicesOfRequest
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.desk.steps import Strict, TicketId, unknown
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import Ticket

router = APIRouter()
_Marker = Annotated[SignedIn, Depends(writing(Permission.MARK))]


class Mark(Strict):
    """What is said of a turn; null takes the mark back."""

    verdict: Verdict | None
    meant: StrictStr | None = Field(None, max_length=64)
    """The intent that a wrong turn should have seen."""


@router.post("/tickets/{ticket_id}/turns/{seq}/mark")
async def mark_turn(
    ticket_id: TicketId,
    seq: Annotated[int, Path(ge=1, le=LARGEST_SEQ)],
    body: Mark,
    agent: _Marker,
    services: DeskServicesOfRequest,
) -> dict[str, Any]:
    """Mark a turn of the assistant by its trace; whoever may read the conversation may, and the last mark stands."""

    def work(session: Transaction) -> dict[str, Any]:
        if session.get(Ticket, ticket_id) is None:
            raise unknown()
        message_id = marks.message_of(session, ticket_id, seq)
        marks.mark(session, message_id, body.verdict, body.meant, agent.agent_id, services.clock(), ticket_id)
        return {"entry": views.entry_at(session, ticket_id, seq)}

    return await services.database.run(work)
