"""The routes of canned replies: everybody who answers reads them, supervisors keep them."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Path
from pydantic import Field, StrictStr

from bot.gateway.conversations.inbox import LONGEST_TEXT
from bot.gateway.desk import audit, canned
from bot.gateway.desk.access import Reader, writing
from bot.gateway.desk.audit import Action
from bot.gateway.desk.roles import Permission
from bot.gateway.desk.services import DeskServices, DeskServicesOfRequest
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.desk.steps import Strict
from bot.gateway.platform.errors import Problem
from bot.gateway.platform.transaction import Transaction
from bot.handoff.limits import storable

T = TypeVar("T")

router = APIRouter(prefix="/canned")
_Keeper = Annotated[SignedIn, Depends(writing(Permission.SUPERVISE))]
_ReplyId = Annotated[str, Path(max_length=36, alias="reply_id")]


class CannedText(Strict):
    """A canned reply; ``{customer_name}``, ``{agent_name}`` and the names of slots are filled in."""

    shortcut: StrictStr = Field(min_length=1, max_length=33)
    title: StrictStr = Field(min_length=1, max_length=100)
    text: StrictStr = Field(min_length=1, max_length=LONGEST_TEXT)


@router.get("")
async def list_canned(_agent: Reader, services: DeskServicesOfRequest) -> dict[str, Any]:
    """List them by shortcut."""
    return {"replies": await services.database.read(canned.listed)}


@router.post("", status_code=201)
async def create_canned(body: CannedText, agent: _Keeper, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Write a new one."""
    return await _save(services, agent, None, body)


@router.post("/starter", status_code=201)
async def start_canned(agent: _Keeper, services: DeskServicesOfRequest) -> dict[str, Any]:
    """Write a first set of replies; a shortcut that is taken stays as it is."""

    def work(session: Transaction) -> list[dict[str, Any]]:
        now = services.clock()
        written = canned.start(session, agent.agent_id, now)
        for one in written:
            audit.record(session, Action.SAVED_CANNED_REPLY, agent.agent_id, now, subject_id=one["id"])
        return written

    return {"replies": await services.database.run(work)}


@router.post("/{reply_id}")
async def change_canned(
    reply_id: _ReplyId, body: CannedText, agent: _Keeper, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Change one."""
    return await _save(services, agent, reply_id, body)


@router.delete("/{reply_id}", status_code=204)
async def remove_canned(reply_id: _ReplyId, agent: _Keeper, services: DeskServicesOfRequest) -> None:
    """Take one away."""

    def work(session: Transaction) -> None:
        canned.remove(session, reply_id)
        audit.record(session, Action.REMOVED_CANNED_REPLY, agent.agent_id, services.clock(), subject_id=reply_id)

    await services.database.run(work)


async def _save(services: DeskServices, agent: SignedIn, reply_id: str | None, body: CannedText) -> dict[str, Any]:
    title, text = " ".join(storable(body.title).split()), storable(body.text).strip()
    if not title or not text:
        raise Problem(400, "bad_request", "The title or the text is empty.")

    def work(session: Transaction) -> dict[str, Any]:
        now = services.clock()
        saved = canned.save(session, reply_id, storable(body.shortcut), title, text, agent.agent_id, now)
        audit.record(session, Action.SAVED_CANNED_REPLY, agent.agent_id, now, subject_id=saved["id"])
        return {"reply": saved}

    return await services.database.run(work)
