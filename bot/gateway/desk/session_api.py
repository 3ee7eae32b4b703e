"""Signing in and out at the desk, and changing one's own password."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StrictStr

from bot.gateway.desk import accounts, devices, sign_in
from bot.gateway.desk.access import COOKIE, Anybody, AnybodyWriting
from bot.gateway.desk.devices import Device
from bot.gateway.desk.roles import permissions
from bot.gateway.desk.services import DeskServices, DeskServicesOfRequest
from bot.gateway.desk.sign_in import SESSION_LASTS, SignedIn
from bot.gateway.desk.tries import TooManyTriesError
from bot.gateway.platform.client_address import client_address
from bot.gateway.platform.errors import Problem
from bot.handoff.limits import storable

# Argon2 takes 64 MB and a core for each password; a crowd at the door must not take the machine.
PASSWORDS_AT_ONCE = 2

router = APIRouter()
_passwords = ThreadPoolExecutor(PASSWORDS_AT_ONCE, "password")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(_Strict):
    """What an agent types to sign in."""

    username: StrictStr = Field(max_length=accounts.LONGEST_USERNAME)
    password: StrictStr = Field(max_length=accounts.LONGEST_PASSWORD)


class NewPassword(_Strict):
    """The current password and the new one."""

    old: StrictStr = Field(max_length=accounts.LONGEST_PASSWORD)
    new: StrictStr = Field(min_length=accounts.SHORTEST_PASSWORD, max_length=accounts.LONGEST_PASSWORD)


@router.post("/session")
async def open_session(
    request: Request, response: Response, body: Credentials, services: DeskServicesOfRequest
) -> dict[str, Any]:
    """Sign in: sets the cookie, answers who it is and the value for the CSRF header."""
    address = client_address(request)
    username = storable(body.username)
    device = _device(request, services)
    right = await _password_is_right(services, username, address, device, body.password)
    opened = (
        await services.database.run(sign_in.open_session, username, address, device, services.clock())
        if right
        else None
    )
    if opened is None:
        await services.database.run(sign_in.note_wrong_password, username, address, services.clock())
        raise Problem(401, "wrong_password", "The name or the password is wrong.")
    agent, token = opened
    _give_cookie(request, response, services, COOKIE, token, SESSION_LASTS)
    _give_cookie(
        request, response, services, devices.COOKIE, device.renewed(agent.agent_id, services.clock()), devices.LASTS
    )
    return _session(agent)


@router.get("/session")
async def see_session(agent: Anybody) -> dict[str, Any]:
    """Say who is signed in in this browser."""
    return _session(agent)


@router.delete("/session", status_code=204)
async def close_session(response: Response, agent: AnybodyWriting, services: DeskServicesOfRequest) -> None:
    """Sign out, in every browser."""
    await services.database.run(sign_in.close_session, agent.agent_id, services.clock())
    response.delete_cookie(COOKIE, path="/api/desk")


@router.post("/password", status_code=204)
async def change_password(
    request: Request, response: Response, body: NewPassword, agent: AnybodyWriting, services: DeskServicesOfRequest
) -> None:
    """Choose a new password; every session ends, and the new one opens the next."""
    address = client_address(request)
    device = _device(request, services)
    if not await _password_is_right(services, agent.username, address, device, body.old):
        raise Problem(403, "wrong_password", "The current password is wrong.")
    loop = asyncio.get_running_loop()
    hashed = await loop.run_in_executor(_passwords, accounts.hash_password, body.new)
    await services.database.run(sign_in.change_password, agent.agent_id, address, device, hashed, services.clock())
    response.delete_cookie(COOKIE, path="/api/desk")


async def _password_is_right(
    services: DeskServices, username: str, address: str, device: Device, password: str
) -> bool:
    """Compare slowly, and not at all once somebody guesses."""
    try:
        known = await services.database.run(sign_in.note_try, username, address, device, services.clock())
    except TooManyTriesError as error:
        message = "Too many wrong passwords. Please wait a while and try again."
        raise Problem(429, "too_many_tries", message, {"Retry-After": str(error.seconds)}) from error
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_passwords, accounts.password_is_right, known, password)


def _device(request: Request, services: DeskServices) -> Device:
    return Device(request.cookies.get(devices.COOKIE, ""), services.device_key)


def _give_cookie(
    request: Request, response: Response, services: DeskServices, name: str, value: str, lasts: timedelta
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(lasts.total_seconds()),
        path="/api/desk",
        httponly=True,
        samesite="strict",
        # The scheme is the trusted proxy's, where there is one.
        secure=request.url.scheme == "https" or services.https,
    )


def _session(agent: SignedIn) -> dict[str, Any]:
    return {
        "agent": {"id": agent.agent_id, "name": agent.name, "role": agent.role.value},
        "may": sorted(one.value for one in permissions(agent.role)),
        "csrf": agent.csrf,
    }
