"""The audit log's route: who read and did what, for supervisors and administrators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from bot.gateway.desk import audit
from bot.gateway.desk.access import Auditor
from bot.gateway.desk.audit import Action
from bot.gateway.desk.services import DeskServicesOfRequest
from bot.gateway.platform.request_values import RecordNumber
from bot.gateway.platform.transaction import Transaction

router = APIRouter()
_Id = Annotated[str | None, Query(max_length=36)]


@router.get("/audit")
async def see_audit(
    agent: Auditor,
    services: DeskServicesOfRequest,
    before: RecordNumber | None = None,
    by: _Id = None,
    ticket: _Id = None,
) -> dict[str, Any]:
    """Show the newest records, or those below a number, of one agent or one ticket; reading is recorded too."""

    def work(session: Transaction) -> dict[str, Any]:
        found = audit.page(session, before=before, agent_id=by, ticket_id=ticket)
        # Each page, from wherever somebody begins; leafing on is the same reading.
        audit.record_reading(
            session, Action.READ_AUDIT, agent.agent_id, services.clock(), ticket_id=ticket, subject_id=by
        )
        return found

    return await services.database.run(work)
