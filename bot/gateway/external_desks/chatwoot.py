"""Chatwoot as the desk: an API inbox for the customer's side, an agent bot's token for ours, its webhooks for theirs.

https://developers.chatwoot.com/api-reference and https://www.chatwoot.com/hc/user-guide/articles/1677693021. The
customer's lines go through the inbox's client API; the package (a private note), the status and the priority through
the agent bot API. A conversation there is ``pending`` while the bot has it, ``open`` for humans, ``resolved`` at the
end, and an agent who sets it back to ``pending`` returns it to the bot.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
from typing import Any
from urllib.parse import quote

import httpx
from fastapi import APIRouter, Request, Response

from bot.errors import SettingError
from bot.gateway.channels.protocol import NotNow, Refused
from bot.gateway.external_desks import arrivals
from bot.gateway.external_desks.calling import TIMEOUT, Answer, call
from bot.gateway.external_desks.chatwoot_events import read_event
from bot.gateway.external_desks.protocol import Brought, Case, Ending, Line, Taken
from bot.gateway.external_desks.wording import ending_for_agents, package_for_agents
from bot.gateway.platform.body_limit import LARGEST_WEBHOOK
from bot.gateway.platform.clock import Clock
from bot.gateway.platform.database import Database
from bot.gateway.platform.errors import Problem
from bot.gateway.tickets.services import TicketServices
from bot.settings import Settings
from bot.untrusted.json_reading import NotJsonError, read_json

log = logging.getLogger(__name__)

NAME = "chatwoot"
TITLE = "Chatwoot"
WEBHOOK = "/desks/chatwoot/webhook"
SIGNATURE_HEADER = "X-Chatwoot-Signature"
TIMESTAMP_HEADER = "X-Chatwoot-Timestamp"
DELIVERY_HEADER = "X-Chatwoot-Delivery"

# A time in seconds since 1970, far beyond any that can be meant.
_SECONDS = re.compile(r"[0-9]{1,12}")
# An event older than this is a replay, or a clock that is wrong (Standard Webhooks recommends the same).
OLDEST_EVENT = 300
# Chatwoot's own name for our high priority.
PRIORITIES = {"high": "urgent", "urgent": "urgent", "low": "low"}
_STATUS_AT_THE_END: dict[Ending, str] = {
    "abandoned": "pending",
    "returned": "pending",
    "completed": "resolved",
    "failed": "resolved",
    "taken_over": "resolved",
}


class Chatwoot:
    """One API inbox of one account, as an :class:`~bot.gateway.external_desks.protocol.ExternalDesk`."""

    name = NAME
    title = TITLE

    def __init__(self, settings: Settings, database: Database, clock: Clock, services: TicketServices) -> None:
        for name, value in (
            ("WARMLINE_CHATWOOT_URL", settings.chatwoot_url),
            ("WARMLINE_CHATWOOT_ACCOUNT", settings.chatwoot_account),
            ("WARMLINE_CHATWOOT_INBOX", settings.chatwoot_inbox),
            ("WARMLINE_CHATWOOT_TOKEN", settings.chatwoot_token),
            ("WARMLINE_CHATWOOT_SECRET", settings.chatwoot_secret),
        ):
            if not value:
                raise SettingError(f"{name} is missing: docs/outside-desks.md says where Chatwoot shows it.")
        if not settings.chatwoot_account.isdigit():
            raise SettingError("WARMLINE_CHATWOOT_ACCOUNT is the account's number, as in the dashboard's address.")
        self.router = _router(
            settings.chatwoot_secret.encode(), int(settings.chatwoot_account), database, clock, services
        )
        self._inbox = f"/public/api/v1/inboxes/{quote(settings.chatwoot_inbox, safe='')}"
        self._account = f"/api/v1/accounts/{settings.chatwoot_account}"
        self._bot = {"api_access_token": settings.chatwoot_token}
        self._client = httpx.AsyncClient(base_url=settings.chatwoot_url, timeout=TIMEOUT, trust_env=False)

    async def open(self, case: Case) -> Brought:
        """Find or make the customer's conversation, note the package, and give it to the humans.

        Each step finds what an earlier try has done; only the private note can stand twice, and then says so.
        """
        contact = f"{self._inbox}/contacts/{quote(case.conversation_id, safe='')}"
        known: dict[str, Any] = {"source_id": case.conversation_id, "identifier": case.customer_id}
        if case.customer_name:
            known["name"] = case.customer_name
        made = await self._call("POST", f"{self._inbox}/contacts", known)
        if not isinstance(made, Answer):
            return made
        listed = await self._call("GET", f"{contact}/conversations")
        if not isinstance(listed, Answer):
            return listed
        number = _newest(listed.body)
        if number is None:
            opened = await self._call("POST", f"{contact}/conversations", {})
            if not isinstance(opened, Answer):
                return opened
            number = _newest([opened.body])
            if number is None:
                return NotNow(0, f"{TITLE} did not say which conversation it created", maybe_sent=True)
        conversation = f"{self._account}/conversations/{number}"
        steps: list[tuple[str, dict[str, Any]]] = [
            (f"{conversation}/messages", _note(package_for_agents(case))),
            (f"{conversation}/toggle_status", {"status": "open"}),
        ]
        priority = PRIORITIES.get(str(case.package["routing"]["priority"]))
        if priority is not None:
            steps.append((f"{conversation}/toggle_priority", {"priority": priority}))
        for path, body in steps:
            done = await self._call("POST", path, body, self._bot)
            if not isinstance(done, Answer):
                return done
        return Taken(f"{case.conversation_id}:{number}")

    async def bring(self, external_id: str, line: Line) -> Brought:
        """Write the customer's line; one that may have arrived before is looked for first."""
        source, number = _parts(external_id)
        messages = f"{self._inbox}/contacts/{quote(source, safe='')}/conversations/{number}/messages"
        if line.again:
            found = await self._call("GET", messages)
            if not isinstance(found, Answer):
                return found
            earlier = _incoming_after(found.body, line)
            if earlier is not None:
                return Taken(earlier)
        sent = await self._call("POST", messages, {"content": line.text, "echo_id": f"{line.ticket_id}:{line.seq}"})
        if not isinstance(sent, Answer):
            return sent
        return Taken(str(sent.body.get("id", "")) if isinstance(sent.body, dict) else "")

    async def end(self, external_id: str, ticket_id: str, ending: Ending) -> Brought:
        """Note why the case is over and set its status."""
        number = _parts(external_id)[1]
        conversation = f"{self._account}/conversations/{number}"
        for path, body in (
            ("messages", _note(ending_for_agents(ending))),
            ("toggle_status", {"status": _STATUS_AT_THE_END[ending]}),
        ):
            done = await self._call("POST", f"{conversation}/{path}", body, self._bot)
            if not isinstance(done, Answer):
                return done
        return Taken(external_id)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Answer | NotNow | Refused:
        return await call(self._client, TITLE, method, path, headers=headers, json=body)


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What Chatwoot puts into ``X-Chatwoot-Signature``: HMAC-SHA256 over ``timestamp.body``, in hex."""
    return "sha256=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _router(secret: bytes, account: int, database: Database, clock: Clock, services: TicketServices) -> APIRouter:
    router = APIRouter(tags=["Outside desks"])

    @router.post(WEBHOOK, status_code=204, summary="Events from Chatwoot")
    async def webhook(request: Request) -> Response:
        """Take one event; what has no use here is answered like the rest, so that Chatwoot is content."""
        body = await request.body()
        timestamp = request.headers.get(TIMESTAMP_HEADER, "")
        given = request.headers.get(SIGNATURE_HEADER, "")
        expected = signature(secret, timestamp, body)
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode()):
            raise Problem(401, "wrong_secret", "The signature is missing or wrong.")
        if not _SECONDS.fullmatch(timestamp) or abs(clock().timestamp() - int(timestamp)) > OLDEST_EVENT:
            raise Problem(401, "too_old", "This event is too old.")
        try:
            event = read_json(body, largest=LARGEST_WEBHOOK)
        except NotJsonError as error:
            raise Problem(400, "bad_request", str(error)) from error
        step = read_event(event, account, request.headers.get(DELIVERY_HEADER, ""))
        if step is not None:
            await database.run(arrivals.take, services, NAME, step, clock())
        return Response(status_code=204)

    return router


def _note(text: str) -> dict[str, Any]:
    return {"content": text, "message_type": "outgoing", "private": True}


def _newest(conversations: Any) -> int | None:
    numbers = [
        one["id"]
        for one in (conversations if isinstance(conversations, list) else ())
        if isinstance(one, dict) and isinstance(one.get("id"), int)
    ]
    return max(numbers, default=None)


def _parts(external_id: str) -> tuple[str, str]:
    """The contact's source id, which is our conversation's, and the number of the conversation there."""
    source, _, number = external_id.rpartition(":")
    return source, number


def _incoming_after(messages: Any, line: Line) -> str | None:
    """The id of the customer's line, if it stands among the messages that came after the line before it."""
    after = int(line.after) if line.after and line.after.isdigit() else 0
    for message in messages if isinstance(messages, list) else ():
        if not isinstance(message, dict) or not isinstance(message.get("id"), int):
            continue
        is_theirs = message.get("message_type") in (0, "incoming")
        if is_theirs and message["id"] > after and message.get("content") == line.text:
            return str(message["id"])
    return None
