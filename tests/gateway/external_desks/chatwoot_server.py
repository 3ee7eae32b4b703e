"""A local server that behaves like Chatwoot: one account, one API inbox with an agent bot, its agents, its webhook.

Its rules are those of Chatwoot's API reference and source: a contact with a known ``source_id`` is found again; a new
conversation of an inbox with a bot is ``pending``; the client API lists the last twenty public messages; the bot's
token may write messages and set status and priority, and nothing else; events are signed over ``timestamp.body`` and
brought once, with five seconds' patience.
"""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.gateway.external_desks.chatwoot import signature
from tests.gateway.external_desks.local_server import LocalServer

ACCOUNT = 3
INBOX = "local-inbox-identifier"
TOKEN = "local-bot-token-for-tests"
SECRET = "local-webhook-secret-for-tests-0123456789"
LISTED = 20


@dataclass
class Conversation:
    """A conversation as Chatwoot keeps it."""

    id: int
    source_id: str
    status: str = "pending"
    priority: str | None = None
    assignee: dict[str, Any] | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def from_customer(self) -> list[str]:
        """What the customer wrote, as agents see it."""
        return [one["content"] for one in self.messages if one["message_type"] == 0]

    @property
    def notes(self) -> list[str]:
        """The private notes."""
        return [one["content"] for one in self.messages if one["private"]]


@dataclass
class ChatwootServer(LocalServer):
    """One account; set ``webhook`` to where its events go."""

    webhook: str = ""
    contacts: dict[str, dict[str, Any]] = field(default_factory=dict)
    conversations: dict[int, Conversation] = field(default_factory=dict)
    refused_tokens: int = 0
    _next: int = 100

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Answer one request of the client API or of the account's API."""
        parts = [unquote(part) for part in urlsplit(path).path.strip("/").split("/")]
        data = json.loads(body) if body else {}
        if parts[:5] == ["public", "api", "v1", "inboxes", INBOX]:
            return self._client_api(method, parts[5:], data)
        if parts[:4] == ["api", "v1", "accounts", str(ACCOUNT)]:
            if headers.get("api_access_token") != TOKEN:
                self.refused_tokens += 1
                return 401, {"error": "Invalid Access Token"}
            return self._bot_api(method, parts[4:], data)
        return 404, {"error": "Resource could not be found"}

    def _client_api(self, method: str, parts: list[str], data: dict[str, Any]) -> tuple[int, Any]:
        match method, parts:
            case "POST", ["contacts"]:
                source = data.get("source_id") or str(uuid.uuid4())
                self.contacts.setdefault(source, {"source_id": source, "name": data.get("name")})
                return 200, self.contacts[source]
            case "GET", ["contacts", source, "conversations"] if source in self.contacts:
                return 200, [{"id": one.id, "status": one.status} for one in self._of(source)]
            case "POST", ["contacts", source, "conversations"] if source in self.contacts:
                made = Conversation(self._number(), source)
                self.conversations[made.id] = made
                return 200, {"id": made.id, "status": made.status}
            case "GET", ["contacts", source, "conversations", number, "messages"] if self._is(source, number):
                public = [one for one in self.conversations[int(number)].messages if not one["private"]]
                return 200, public[-LISTED:]
            case "POST", ["contacts", source, "conversations", number, "messages"] if self._is(source, number):
                conversation = self.conversations[int(number)]
                message = self._message(conversation, data["content"], 0, {"type": "contact", "id": 1})
                if conversation.status == "resolved":
                    conversation.status = "open"
                return 200, message
        return 404, {"error": "Resource could not be found"}

    def _bot_api(self, method: str, parts: list[str], data: dict[str, Any]) -> tuple[int, Any]:
        if method != "POST" or len(parts) != 3 or int(parts[1]) not in self.conversations:
            return 404, {"error": "Resource could not be found"}
        conversation = self.conversations[int(parts[1])]
        match parts[2]:
            case "messages":
                sender = {"type": "agent_bot", "id": 9, "name": "Warmline"}
                return 200, self._message(conversation, data["content"], 1, sender, private=bool(data.get("private")))
            case "toggle_status" if data.get("status") in ("open", "resolved", "pending", "snoozed"):
                self._set_status(conversation, data["status"])
                return 200, {"payload": {"success": True, "current_status": conversation.status}}
            case "toggle_priority" if data.get("priority") in (None, "urgent", "high", "medium", "low"):
                conversation.priority = data["priority"]
                return 200, {}
        return 422, {"error": "not allowed"}

    # What agents do there.

    def assign(self, number: int, agent: dict[str, Any]) -> None:
        """An agent takes a conversation."""
        with self._lock:
            conversation = self.conversations[number]
            conversation.assignee = agent
            self._tell({"event": "conversation_updated", **self._shown(conversation)})

    def reply(self, number: int, agent: dict[str, Any], text: str, *, private: bool = False) -> dict[str, Any]:
        """An agent writes to the customer, or a note to colleagues."""
        with self._lock:
            conversation = self.conversations[number]
            return self._message(conversation, text, 1, {**agent, "type": "user"}, private=private)

    def set_status(self, number: int, status: str) -> None:
        """An agent resolves a conversation, or gives it back to the bot (``pending``)."""
        with self._lock:
            self._set_status(self.conversations[number], status)

    def bring_again(self) -> None:
        """Bring the last event again, as a proxy between may."""
        event, delivery = self._last
        self.later(lambda: self._post(event, delivery))

    def only(self) -> Conversation:
        """The one conversation that there is."""
        (conversation,) = self.conversations.values()
        return conversation

    def _message(
        self,
        conversation: Conversation,
        text: str,
        message_type: int,
        sender: dict[str, Any],
        *,
        private: bool = False,
    ) -> dict[str, Any]:
        message = {
            "id": self._number(),
            "content": text,
            "message_type": message_type,
            "private": private,
            "created_at": int(time.time()),
        }
        conversation.messages.append(message)
        self._tell(
            {
                "event": "message_created",
                **message,
                "message_type": "incoming" if message_type == 0 else "outgoing",
                "sender": sender,
                "conversation": self._shown(conversation),
                "account": {"id": ACCOUNT, "name": "Local"},
            }
        )
        return message

    def _set_status(self, conversation: Conversation, status: str) -> None:
        if conversation.status != status:
            conversation.status = status
            self._tell({"event": "conversation_status_changed", **self._shown(conversation)})

    def _shown(self, conversation: Conversation) -> dict[str, Any]:
        return {
            "id": conversation.id,
            "status": conversation.status,
            "contact_inbox": {"source_id": conversation.source_id},
            "meta": {"assignee": conversation.assignee},
            "updated_at": time.time(),
        }

    def _tell(self, event: dict[str, Any]) -> None:
        delivery = str(uuid.uuid4())
        self._last = (event, delivery)
        self.later(lambda: self._post(event, delivery))

    def _post(self, event: dict[str, Any], delivery: str) -> None:
        if not self.webhook:
            return
        body = json.dumps(event).encode()
        timestamp = str(int(time.time()))
        headers = {
            "X-Chatwoot-Signature": signature(SECRET.encode(), timestamp, body),
            "X-Chatwoot-Timestamp": timestamp,
            "X-Chatwoot-Delivery": delivery,
        }
        self.post(self.webhook, event, body, headers)

    def _of(self, source: str) -> list[Conversation]:
        return [one for one in self.conversations.values() if one.source_id == source]

    def _is(self, source: str, number: str) -> bool:
        return number.isdigit() and int(number) in {one.id for one in self._of(source)}

    def _number(self) -> int:
        self._next += 1
        return self._next
