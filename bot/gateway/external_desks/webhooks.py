"""Any system as the desk, by signed webhooks in both directions (Standard Webhooks, https://www.standardwebhooks.com).

What goes out: ``ticket.opened`` with the ``handoff/1``, ``message.created`` for each line of the customer's,
``ticket.ended``. What may come back: ``ticket.claimed``, ``message.created``, ``note.created``, ``ticket.returned``,
``ticket.resolved``. `docs/outside-desks.md` has every field. The id of a message is the same on every try, so that
either side can tell a repeat.
"""

from __future__ import annotations

import binascii
import json
from datetime import datetime
from typing import Any

import httpx
from fastapi import APIRouter, Request, Response
from standardwebhooks import Webhook, WebhookVerificationError

from bot.errors import SettingError
from bot.gateway.channels.protocol import NotNow, Refused
from bot.gateway.external_desks import arrivals
from bot.gateway.external_desks.calling import TIMEOUT, Answer, call
from bot.gateway.external_desks.protocol import (
    AgentStep,
    Brought,
    Case,
    Ending,
    ExternalAgent,
    Line,
    StepKind,
    Taken,
)
from bot.gateway.platform.body_limit import LARGEST_WEBHOOK
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database
from bot.gateway.platform.errors import Problem
from bot.gateway.tickets.services import TicketServices
from bot.handoff.limits import storable
from bot.settings import Settings
from bot.untrusted.json_reading import NotJsonError, read_json

NAME = "webhooks"
TITLE = "The outside desk"
WEBHOOK = "/desks/webhooks"

# As long as a reply at our own desk may be.
LONGEST_TEXT = 4000
LONGEST_NAME = 100
LONGEST_ID = 128
# The specification asks for 24 to 64 bytes (https://github.com/standard-webhooks/standard-webhooks).
SHORTEST_SECRET = 24
# Standard Webhooks: "410 Gone" means that the receiver wants no more of these.
GONE = 410

_STEPS: dict[str, StepKind] = {
    "ticket.claimed": "claimed",
    "message.created": "said",
    "note.created": "noted",
    "ticket.returned": "returned",
    "ticket.resolved": "resolved",
}


class SignedWebhooks:
    """One address and one secret, as an :class:`~bot.gateway.external_desks.protocol.ExternalDesk`."""

    name = NAME
    title = TITLE

    def __init__(self, settings: Settings, database: Database, clock: Clock, services: TicketServices) -> None:
        if not settings.desk_webhook_url.startswith(("https://", "http://")):
            raise SettingError("WARMLINE_DESK_WEBHOOK_URL is missing: set it to the address that takes our events.")
        self._webhook = _webhook(settings.desk_webhook_secret)
        self._clock = clock
        self._url = settings.desk_webhook_url
        self._client = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)
        self.router = _router(self._webhook, database, clock, services)

    async def open(self, case: Case) -> Brought:
        """Send ``ticket.opened`` with the whole package; the other side names the case by the ticket's id."""
        data = {"ticket": case.ticket_id, "conversation": case.conversation_id, "handoff": case.package}
        return await self._send(f"{case.ticket_id}.opened", "ticket.opened", data, case.ticket_id)

    async def bring(self, external_id: str, line: Line) -> Brought:
        """Send ``message.created`` with the customer's line."""
        data = {"ticket": external_id, "seq": line.seq, "text": line.text, "at": _moment(line.at), "author": "customer"}
        return await self._send(f"{external_id}.{line.seq}", "message.created", data, str(line.seq))

    async def end(self, external_id: str, ticket_id: str, ending: Ending) -> Brought:
        """Send ``ticket.ended`` and how."""
        return await self._send(
            f"{ticket_id}.ended", "ticket.ended", {"ticket": external_id, "ending": ending}, external_id
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _send(self, message_id: str, kind: str, data: dict[str, Any], taken_as: str) -> Brought:
        now = self._clock()
        body = json.dumps({"type": kind, "timestamp": _moment(now), "data": data}, ensure_ascii=False)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": self._webhook.sign(message_id, now, body),
        }
        answer = await call(self._client, TITLE, "POST", self._url, headers=headers, content=body.encode())
        if isinstance(answer, Answer):
            return Taken(taken_as)
        if isinstance(answer, Refused) and answer.status != GONE:
            # The specification: anything but 2xx is tried again, 410 Gone is the end.
            return NotNow(0, answer.why)
        return answer


def _webhook(secret: str) -> Webhook:
    problem = (
        "WARMLINE_DESK_WEBHOOK_SECRET is missing or wrong: set it to whsec_ and 24 to 64 random bytes in base64, "
        "the same on both sides."
    )
    try:
        length = len(binascii.a2b_base64(secret.removeprefix("whsec_").encode(), strict_mode=True))
    except (binascii.Error, ValueError) as error:
        raise SettingError(problem) from error
    if length < SHORTEST_SECRET:
        raise SettingError(problem)
    return Webhook(secret)


def _router(webhook: Webhook, database: Database, clock: Clock, services: TicketServices) -> APIRouter:
    router = APIRouter(tags=["Outside desks"])

    @router.post(WEBHOOK, status_code=204, summary="Events from an outside desk")
    async def take(request: Request) -> Response:
        """Take one event; the same ``webhook-id`` again changes nothing."""
        body = await request.body()
        try:
            webhook.verify(body, dict(request.headers), json_parse=False)
        except (WebhookVerificationError, ValueError) as error:
            # The library splits and decodes the header before it compares: a malformed one is a ValueError there.
            raise Problem(401, "wrong_signature", "The signature is missing, wrong or too old.") from error
        step = _read(body, request.headers["webhook-id"])
        await database.run(arrivals.take, services, NAME, step, clock())
        return Response(status_code=204)

    return router


def _read(body: bytes, message_id: str) -> AgentStep:
    """Read an event that is surely ours; a mistake in it is told, so that its sender can fix it."""
    try:
        event = read_json(body, largest=LARGEST_WEBHOOK)
    except NotJsonError as error:
        raise Problem(400, "bad_request", str(error)) from error
    data = event.get("data") if isinstance(event, dict) else None
    kind = _STEPS.get(str(event.get("type"))) if isinstance(event, dict) else None
    if kind is None or not isinstance(data, dict):
        raise Problem(400, "bad_request", f"type: one of {', '.join(_STEPS)}; data: an object.")
    agent = data.get("agent")
    if not isinstance(agent, dict):
        raise Problem(400, "bad_request", "data.agent: an object with id and name.")
    text = _word(data, "text", LONGEST_TEXT, blank=kind not in ("said", "noted"))
    return AgentStep(
        event_id=message_id,
        kind=kind,
        agent=ExternalAgent(_word(agent, "id", 32), _word(agent, "name", LONGEST_NAME)),
        text=text,
        ticket_id=_word(data, "ticket", LONGEST_ID),
    )


def _word(data: dict[str, Any], name: str, longest: int, *, blank: bool = False) -> str:
    value = data.get(name, "" if blank else None)
    if not isinstance(value, str) or len(value) > longest or not (blank or value.strip()):
        raise Problem(400, "bad_request", f"{name}: a text of 1 to {longest} characters.")
    return storable(value)


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
