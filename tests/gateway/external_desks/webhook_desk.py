"""A local system that takes signed webhooks as a desk and sends its own (Standard Webhooks), faults included."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from standardwebhooks import Webhook

from tests.gateway.external_desks.local_server import LocalServer

SECRET = "whsec_bG9jYWwtc2VjcmV0LWZvci10ZXN0cy0wMTIzNDU2Nzg5"


@dataclass
class WebhookDesk(LocalServer):
    """Keeps what it was told by the id of each message, as the specification asks; set ``webhook`` to our address."""

    webhook: str = ""
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    repeats: int = 0
    forged: int = 0

    def handle(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any]:
        """Check the signature and keep an event once."""
        try:
            event = Webhook(SECRET).verify(body, headers)
        except Exception:
            self.forged += 1
            return 401, {}
        message_id = {name.lower(): value for name, value in headers.items()}["webhook-id"]
        if message_id in self.events:
            self.repeats += 1
        self.events.setdefault(message_id, event)
        return 204, None

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of all events of a kind, in the order of their arrival."""
        return [event["data"] for event in self.events.values() if event["type"] == kind]

    def tell(self, kind: str, data: dict[str, Any]) -> None:
        """Send an event of our own."""
        self._last = (kind, data, f"msg_{uuid.uuid4().hex}")
        self.bring_again()

    def bring_again(self) -> None:
        """Send the last event again, with the same id."""
        kind, data, message_id = self._last
        self.later(lambda: self._post(kind, data, message_id))

    def _post(self, kind: str, data: dict[str, Any], message_id: str) -> None:
        now = datetime.now(tz=timezone.utc)
        body = json.dumps({"type": kind, "timestamp": now.isoformat(), "data": data})
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign(message_id, now, body),
        }
        self.post(self.webhook, {"type": kind, "data": data}, body.encode(), headers)
