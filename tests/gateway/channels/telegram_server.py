"""A local server that behaves like ``api.telegram.org`` towards a bot, faults included.

Its rules are those of https://core.telegram.org/bots/api: updates go to the webhook one after another with the
secret header, and again after any answer that is not 2xx; ``sendMessage`` refuses texts over 4,096 UTF-16 units and
``callback_data`` outside 1 to 64 bytes; a blocked bot gets 403, an impatient one 429 with ``retry_after``.
"""

from __future__ import annotations

import json
import queue
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.gateway.loopback import Answer, Loopback

TOKEN = "123456:local-token-for-tests"
LONGEST_TEXT = 4096
# The real server waits longer and longer; a test should not.
REDELIVERY_PAUSE = 0.05


@dataclass
class Fault:
    """What the next ``sendMessage`` meets instead of success."""

    status: int
    retry_after: int | None = None
    after_sending: bool = False
    """The message reaches the customer, but the connection ends before the answer."""


@dataclass
class Sent:
    """A message that reached a customer."""

    chat_id: int
    message_id: int
    text: str
    buttons: list[dict[str, str]]
    at: float


@dataclass
class Delivered:
    """An update that was brought to the webhook, and the answer."""

    update: dict[str, Any]
    status: int


@dataclass
class TelegramServer:
    """One bot's Telegram: its customers, its webhook and what it sent."""

    messages_per_second: float | None = None
    """Above this pace in one chat there is a 429; none: any pace."""
    sent: list[Sent] = field(default_factory=list)
    answered_callbacks: list[str] = field(default_factory=list)
    callback_texts: list[str] = field(default_factory=list)
    delivered: list[Delivered] = field(default_factory=list)
    faults: deque[Fault] = field(default_factory=deque)
    refusals: list[tuple[int, str]] = field(default_factory=list)
    blocked: set[int] = field(default_factory=set)
    webhook: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> TelegramServer:
        self._updates: queue.Queue[dict[str, Any] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._next_update = 1000
        self._next_message = 1
        self._loopback = Loopback(self._serve)
        self._thread = threading.Thread(target=self._deliver)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._updates.put(None)
        self._loopback.close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The API's address, as in ``WARMLINE_TELEGRAM_API``."""
        return self._loopback.url

    def _serve(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Answer | None:
        found = self._answer(path, body) if method == "POST" else (405, {})
        return None if found is None else (*found, {})

    # What customers do

    def says(self, text: str, chat: int = 77, name: str = "Ada") -> dict[str, Any]:
        """A customer types a text."""
        return self.push({"message": self.message(chat, name, text=text)})

    def taps(self, sent: Sent, title: str, name: str = "Ada") -> dict[str, Any]:
        """A customer taps a button below a message."""
        data = next(button["callback_data"] for button in sent.buttons if button["text"] == title)
        return self.push(
            {
                "callback_query": {
                    "id": f"cb-{sent.message_id}-{title}",
                    "from": person(sent.chat_id, name),
                    "message": {"message_id": sent.message_id, "date": 0, "chat": private_chat(sent.chat_id, name)},
                    "chat_instance": "1",
                    "data": data,
                }
            }
        )

    def blocks(self, chat: int = 77) -> dict[str, Any]:
        """A customer blocks the bot."""
        self.blocked.add(chat)
        return self._membership(chat, "member", "kicked")

    def unblocks(self, chat: int = 77) -> dict[str, Any]:
        """A customer changes their mind."""
        self.blocked.discard(chat)
        return self._membership(chat, "kicked", "member")

    def message(self, chat: int = 77, name: str = "Ada", **content: Any) -> dict[str, Any]:
        """A Message object of a private chat."""
        with self._lock:
            self._next_message += 1
            number = self._next_message
        return {
            "message_id": number,
            "date": int(time.time()),
            "chat": private_chat(chat, name),
            "from": person(chat, name),
            **content,
        }

    def push(self, update: dict[str, Any], update_id: int | None = None) -> dict[str, Any]:
        """Bring any update to the webhook, after those before it."""
        with self._lock:
            self._next_update += 1
            whole = {"update_id": self._next_update if update_id is None else update_id, **update}
        self._updates.put(whole)
        return whole

    def wait(self, *, sent: int | None = None, delivered: int | None = None, seconds: float = 60) -> None:
        """Wait until so many messages were sent, or so many updates were taken with a 2xx."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            taken = sum(1 for one in self.delivered if one.status < 300)
            if (sent is None or len(self.sent) >= sent) and (delivered is None or taken >= delivered):
                return
            time.sleep(0.02)
        raise AssertionError(f"waited {seconds} s: sent {self.sent}, delivered {self.delivered}, {self.refusals}")

    # What the server does

    def _membership(self, chat: int, old: str, new: str) -> dict[str, Any]:
        return self.push(
            {
                "my_chat_member": {
                    "chat": private_chat(chat, "Ada"),
                    "from": person(chat, "Ada"),
                    "date": 0,
                    "old_chat_member": {"user": {"id": 1}, "status": old},
                    "new_chat_member": {"user": {"id": 1}, "status": new},
                }
            }
        )

    def _deliver(self) -> None:
        with httpx.Client(timeout=10) as client:
            while (update := self._updates.get()) is not None:
                while not self._stopping.is_set():
                    status = self._post(client, update)
                    self.delivered.append(Delivered(update, status))
                    if 200 <= status < 300:
                        break
                    time.sleep(REDELIVERY_PAUSE)

    def _post(self, client: httpx.Client, update: dict[str, Any]) -> int:
        if "url" not in self.webhook or self._stopping.is_set():
            return 0
        headers = {}
        if self.webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.webhook["secret_token"]
        try:
            answer = client.post(self.webhook["url"], json=update, headers=headers)
        except httpx.HTTPError:
            return 0
        # An answer to an update may carry one call of a method.
        if answer.status_code == 200 and answer.content and answer.json().get("method") == "answerCallbackQuery":
            self._answer_callback(answer.json())
        return answer.status_code

    def _answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]] | None:
        if not path.startswith(f"/bot{TOKEN}/"):
            return self._refuse(401, "Unauthorized")
        method = path.rsplit("/", 1)[1]
        data = json.loads(body or b"{}")
        if method == "sendMessage":
            return self._send_message(data)
        if method == "answerCallbackQuery":
            self._answer_callback(data)
            return 200, {"ok": True, "result": True}
        if method == "sendChatAction":
            return 200, {"ok": True, "result": True}
        if method == "setWebhook":
            self.webhook = data
            return 200, {"ok": True, "result": True, "description": "Webhook was set"}
        return self._refuse(404, "Not Found: method not found")

    def _answer_callback(self, data: dict[str, Any]) -> None:
        self.answered_callbacks.append(data["callback_query_id"])
        if "text" in data:
            self.callback_texts.append(data["text"])

    def _send_message(self, data: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        with self._lock:
            fault = self.faults.popleft() if self.faults else None
            if fault is not None and not fault.after_sending:
                return self._refuse(fault.status, "Fault ordered by the test", fault.retry_after)
            refused = self._fault_of(data)
            if refused is not None:
                return refused
            self._next_message += 1
            keyboard = data.get("reply_markup", {}).get("inline_keyboard", [])
            message = Sent(
                int(data["chat_id"]),
                self._next_message,
                data["text"],
                [button for row in keyboard for button in row],
                time.monotonic(),
            )
            self.sent.append(message)
        if fault is not None:
            return None
        return 200, {"ok": True, "result": {"message_id": message.message_id, "chat": {"id": message.chat_id}}}

    def _fault_of(self, data: dict[str, Any]) -> tuple[int, dict[str, Any]] | None:
        text, chat = data.get("text"), int(data.get("chat_id", 0))
        if not isinstance(text, str) or not text.strip():
            return self._refuse(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
            return self._refuse(400, "Bad Request: message is too long")
        for row in data.get("reply_markup", {}).get("inline_keyboard", []):
            for button in row:
                if not button.get("text"):
                    return self._refuse(400, "Bad Request: button text is empty")
                if "url" not in button and not 1 <= len(button.get("callback_data", "").encode()) <= 64:
                    return self._refuse(400, "Bad Request: BUTTON_DATA_INVALID")
        if chat in self.blocked:
            return self._refuse(403, "Forbidden: bot was blocked by the user")
        if self.messages_per_second is not None:
            before = [one.at for one in self.sent if one.chat_id == chat]
            if before and time.monotonic() - before[-1] < 0.95 / self.messages_per_second:
                return self._refuse(429, "Too Many Requests: retry after 1", 1)
        return None

    def _refuse(self, status: int, text: str, retry_after: int | None = None) -> tuple[int, dict[str, Any]]:
        self.refusals.append((status, text))
        answer: dict[str, Any] = {"ok": False, "error_code": status, "description": text}
        if retry_after is not None:
            answer["parameters"] = {"retry_after": retry_after}
        return status, answer


def person(number: int, name: str) -> dict[str, Any]:
    """A User object."""
    return {"id": number, "is_bot": False, "first_name": name, "language_code": "en"}


def private_chat(number: int, name: str) -> dict[str, Any]:
    """A Chat object of a private conversation."""
    return {"id": number, "type": "private", "first_name": name}
