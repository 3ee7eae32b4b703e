"""The desk's API, put together (``docs/reference/web-api.md``)."""

from __future__ import annotations

from fastapi import APIRouter

from bot.gateway.desk import (
    accounts_api,
    audit_api,
    canned_api,
    help_api,
    marks_api,
    session_api,
    supervision_api,
    tickets_api,
)

router = APIRouter(prefix="/api/desk", tags=["desk"])
for _part in (session_api, supervision_api, tickets_api, help_api, marks_api, canned_api, accounts_api, audit_api):
    router.include_router(_part.router)
