"""What each desk route requires: a session, the page's own header on writes, and a permission.

A route takes ``Annotated[SignedIn, Depends(reading(Permission.READ))]`` or ``writing(…)``; there is no other way to
learn who calls. ``tests/gateway/desk/test_authorisation.py`` states for every route who may call it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Security
from fastapi.security import APIKeyCookie, APIKeyHeader

from bot.gateway.desk import sign_in
from bot.gateway.desk.roles import Permission, permissions
from bot.gateway.desk.services import DeskServicesOfRequest
from bot.gateway.desk.sign_in import SignedIn
from bot.gateway.platform.errors import Problem

COOKIE = "warmline_desk"
CSRF_HEADER = "X-Warmline-CSRF"


# Both also tell the API's description how one proves who one is; the answers are ours.
_Cookie = Annotated[str | None, Security(APIKeyCookie(name=COOKIE, scheme_name="desk_session", auto_error=False))]
_Csrf = Annotated[str | None, Security(APIKeyHeader(name=CSRF_HEADER, scheme_name="desk_csrf", auto_error=False))]


async def signed_in(services: DeskServicesOfRequest, token: _Cookie = None) -> SignedIn:
    """Whoever's session the cookie opens, whatever they may do."""
    found = await services.database.read(sign_in.who, token or "", services.clock())
    if found is None:
        raise Problem(401, "signed_out", "Sign in first.")
    return found


Anybody = Annotated[SignedIn, Depends(signed_in)]


async def with_csrf(agent: Anybody, csrf: _Csrf = None) -> SignedIn:
    """The same, from a page of ours: another site can make a browser send the cookie, never the header."""
    if not sign_in.csrf_is_right(agent, csrf):
        raise Problem(403, "wrong_csrf", "This page is out of date. Please reload it.")
    return agent


AnybodyWriting = Annotated[SignedIn, Depends(with_csrf)]


def reading(needed: Permission) -> Callable[[SignedIn], Awaitable[SignedIn]]:
    """Make the dependency of a route that only reads."""

    async def allowed(agent: Anybody) -> SignedIn:
        return _checked(agent, needed)

    return allowed


def writing(needed: Permission) -> Callable[[SignedIn], Awaitable[SignedIn]]:
    """Make the dependency of a route that changes something."""

    async def allowed(agent: AnybodyWriting) -> SignedIn:
        return _checked(agent, needed)

    return allowed


def _checked(agent: SignedIn, needed: Permission) -> SignedIn:
    if needed not in permissions(agent.role):
        raise Problem(403, "not_allowed", "Your role does not allow that.")
    return agent


Reader = Annotated[SignedIn, Depends(reading(Permission.READ))]
Answerer = Annotated[SignedIn, Depends(writing(Permission.ANSWER))]
Supervisor = Annotated[SignedIn, Depends(reading(Permission.SUPERVISE))]
Administrator = Annotated[SignedIn, Depends(reading(Permission.ADMINISTER))]
AdministratorWriting = Annotated[SignedIn, Depends(writing(Permission.ADMINISTER))]
Auditor = Annotated[SignedIn, Depends(reading(Permission.AUDIT))]
