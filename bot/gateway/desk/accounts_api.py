"""The administrator's routes: accounts and their roles."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from bot.gateway.desk import account_changes, accounts
from bot.gateway.desk.access import Administrator, AdministratorWriting
from bot.gateway.desk.account_changes import Work
from bot.gateway.desk.roles import Role
from bot.gateway.desk.services import DeskServicesOfRequest
from bot.gateway.platform.errors import Problem
from bot.gateway.platform.transaction import Transaction
from bot.handoff.limits import storable

T = TypeVar("T")

router = APIRouter(prefix="/users")
AccountId = Annotated[str, Path(max_length=36, alias="user_id")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class WorkOfAnAgent(_Strict):
    """What an agent can do, and how many conversations at once."""

    skills: list[Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]] = Field(max_length=50)
    languages: list[Annotated[StrictStr, Field(pattern=r"^[a-z]{2,3}$")]] = Field(min_length=1, max_length=20)
    capacity: StrictInt = Field(ge=1, le=50)


class NewAccount(_Strict):
    """An account that is to be opened; ``name`` is what customers see."""

    username: StrictStr = Field(min_length=1, max_length=accounts.LONGEST_USERNAME)
    name: StrictStr = Field(min_length=1, max_length=accounts.LONGEST_NAME)
    role: Role
    work: WorkOfAnAgent | None = None
    """What they can do; without it general questions in English."""


class ChangedAccount(_Strict):
    """What is to change; what is left out stays as it is."""

    name: StrictStr | None = Field(None, min_length=1, max_length=accounts.LONGEST_NAME)
    role: Role | None = None
    disabled: StrictBool | None = None
    work: WorkOfAnAgent | None = None


@router.get("")
async def list_accounts(_agent: Administrator, services: DeskServicesOfRequest) -> dict[str, Any]:
    """List all accounts by name."""
    return {"users": await services.database.read(account_changes.listed, services.clock())}


@router.post("", status_code=201)
async def create_account(
    body: NewAccount, agent: AdministratorWriting, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Open an account; the answer holds its password, which is shown only once."""
    name = _worded(body.name)

    def work(session: Transaction) -> tuple[dict[str, Any], str]:
        now = services.clock()
        return account_changes.create(
            session, agent.agent_id, storable(body.username), name, body.role, now, _work(body.work)
        )

    user, password = await services.database.run(work)
    return {"user": user, "password": password}


@router.post("/{user_id}")
async def change_account(
    user_id: AccountId, body: ChangedAccount, agent: AdministratorWriting, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Change a name or a role, close an account or open it again."""
    name = None if body.name is None else _worded(body.name)
    new_work = _work(body.work)

    def work(session: Transaction) -> dict[str, Any]:
        now = services.clock()
        return account_changes.change(
            session, agent.agent_id, user_id, now, name=name, role=body.role, disabled=body.disabled, work=new_work
        )

    return {"user": await services.database.run(work)}


@router.post("/{user_id}/password")
async def new_password(
    user_id: AccountId, agent: AdministratorWriting, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Give an account a new password, which is shown only once, and sign it out everywhere."""

    def work(session: Transaction) -> str:
        return account_changes.new_password(session, agent.agent_id, user_id, services.clock())

    return {"password": await services.database.run(work)}


def _work(given: WorkOfAnAgent | None) -> Work | None:
    return None if given is None else Work(tuple(given.skills), tuple(given.languages), given.capacity)


def _worded(name: str) -> str:
    text = " ".join(storable(name).split())
    if not text:
        raise Problem(400, "bad_request", "The name is empty.")
    return text
