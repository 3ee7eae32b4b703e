"""Three desks behind one face, for the contract: how agents there see a case, and what they can do with it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx

from tests.gateway.external_desks.chatwoot_server import ChatwootServer
from tests.gateway.external_desks.webhook_desk import WebhookDesk
from tests.gateway.serving import PATIENCE

AGENTS = {"Ines": 21, "Omar": 22}


class DeskInUse(Protocol):
    """A desk as its agents use it, in a world with one customer at a time."""

    server: Any
    """The stand-in with its faults; none for our own desk."""

    async def shown(self) -> str:
        """Wait until the waiting case is shown; answers everything that an agent can read of it."""

    async def claim(self, agent: str) -> None:
        """An agent takes it."""

    async def reply(self, agent: str, text: str) -> None:
        """An agent writes to the customer."""

    async def note(self, agent: str, text: str) -> None:
        """An agent writes to colleagues."""

    async def give_back(self, agent: str) -> None:
        """An agent returns it to the bot."""

    async def resolve(self, agent: str) -> None:
        """An agent finishes it."""

    async def heard(self) -> list[str]:
        """What the customer wrote after the hand-off, as the desk shows it."""

    async def is_over(self) -> bool:
        """Whether the desk shows the case as nobody's business any more."""


async def until(question: Callable[[], Any], what: str) -> Any:
    """Wait until a question (a coroutine function or a plain one) answers something true; answers that."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = question()
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer:
                return answer
            await asyncio.sleep(0.02)
    raise AssertionError(what)


@dataclass
class InChatwoot:
    """Agents who sit in Chatwoot."""

    server: ChatwootServer

    async def shown(self) -> str:
        """The private note at the top, once the conversation is open."""

        def ready() -> str:
            found = list(self.server.conversations.values())
            return found[-1].notes[0] if found and found[-1].status == "open" and found[-1].notes else ""

        return str(await until(ready, "Chatwoot shows nothing"))

    async def claim(self, agent: str) -> None:
        """Assign it to themselves."""
        self.server.assign(self._number, self._user(agent))

    async def reply(self, agent: str, text: str) -> None:
        """Answer."""
        self.server.reply(self._number, self._user(agent), text)

    async def note(self, agent: str, text: str) -> None:
        """Write a private note."""
        self.server.reply(self._number, self._user(agent), text, private=True)

    async def give_back(self, agent: str) -> None:
        """Set it to pending."""
        self.server.conversations[self._number].assignee = self._user(agent)
        self.server.set_status(self._number, "pending")

    async def resolve(self, agent: str) -> None:
        """Resolve it."""
        self.server.conversations[self._number].assignee = self._user(agent)
        self.server.set_status(self._number, "resolved")

    async def heard(self) -> list[str]:
        """The customer's messages."""
        return self.server.only().from_customer

    async def is_over(self) -> bool:
        """Not open any more."""
        return self.server.only().status != "open"

    @property
    def _number(self) -> int:
        return self.server.only().id

    def _user(self, agent: str) -> dict[str, Any]:
        return {"id": AGENTS[agent], "name": agent, "type": "user"}


@dataclass
class BehindWebhooks:
    """Agents whose system takes signed webhooks."""

    server: WebhookDesk

    async def shown(self) -> str:
        """The package as it came."""
        (opened,) = await until(lambda: self.server.of("ticket.opened"), "no ticket arrived")
        return str(opened["handoff"])

    async def claim(self, agent: str) -> None:
        """Say who has it."""
        self._tell("ticket.claimed", agent)

    async def reply(self, agent: str, text: str) -> None:
        """Answer."""
        self._tell("message.created", agent, text=text)

    async def note(self, agent: str, text: str) -> None:
        """Write a note."""
        self._tell("note.created", agent, text=text)

    async def give_back(self, agent: str) -> None:
        """Return it."""
        self._tell("ticket.returned", agent)

    async def resolve(self, agent: str) -> None:
        """Finish it."""
        self._tell("ticket.resolved", agent)

    async def heard(self) -> list[str]:
        """The customer's messages, in the order of their numbers."""
        return [one["text"] for one in sorted(self.server.of("message.created"), key=lambda one: one["seq"])]

    async def is_over(self) -> bool:
        """An end arrived."""
        return bool(self.server.of("ticket.ended"))

    def _tell(self, kind: str, agent: str, **more: str) -> None:
        ticket = self.server.of("ticket.opened")[0]["ticket"]
        self.server.tell(kind, {"ticket": ticket, "agent": {"id": str(AGENTS[agent]), "name": agent}, **more})


@dataclass
class AtOurDesk:
    """Agents who sit at our own desk, by its API."""

    url: str
    passwords: dict[str, str]
    server: None = None
    _clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    _ticket: str = ""
    _handed_over_at: int = 0
    _sent: int = 0

    async def shown(self) -> str:
        """The first waiting ticket with its package."""

        async def first() -> str:
            listed = await self._get("Ines", "/api/desk/tickets?list=waiting")
            return listed["tickets"][0]["id"] if listed["tickets"] else ""

        self._ticket = await until(first, "no ticket waits")
        story = await self._get("Ines", f"/api/desk/tickets/{self._ticket}")
        self._handed_over_at = story["entries"][-1]["seq"]
        return str(story["handoff"])

    async def claim(self, agent: str) -> None:
        """Claim it, or have it transferred by whoever has it."""
        story = await self._get(agent, f"/api/desk/tickets/{self._ticket}")
        holder = story["ticket"]["agent"]
        if holder is None or holder["name"] == agent:
            await self._post(agent, "claim", {})
            return
        me = (await self._get(agent, "/api/desk/session"))["agent"]["id"]
        await self._post(agent, "presence", {"presence": "online"}, whole="/api/desk/presence")
        await self._post(holder["name"], "transfer", {"to_agent_id": me})

    async def reply(self, agent: str, text: str) -> None:
        """Answer; the first reply takes the case, as it does elsewhere."""
        await self.claim(agent)
        self._sent += 1
        await self._post(agent, "messages", {"client_seq": self._sent, "text": text})

    async def note(self, agent: str, text: str) -> None:
        """Write a note."""
        self._sent += 1
        await self._post(agent, "notes", {"client_seq": self._sent, "text": text})

    async def give_back(self, agent: str) -> None:
        """Return it."""
        await self.claim(agent)
        await self._post(agent, "return", {"note": ""})

    async def resolve(self, agent: str) -> None:
        """Finish it."""
        await self.claim(agent)
        await self._post(agent, "resolve", {"outcome": "solved", "note": ""})

    async def heard(self) -> list[str]:
        """The customer's entries since the hand-off."""
        story = await self._get("Ines", f"/api/desk/tickets/{self._ticket}")
        after = [one for one in story["entries"] if one["seq"] > self._handed_over_at]
        return [one["text"] for one in after if one["author"] == "customer" and one["type"] == "message"]

    async def is_over(self) -> bool:
        """Closed."""
        story = await self._get("Ines", f"/api/desk/tickets/{self._ticket}")
        return story["ticket"]["state"] not in ("queued", "accepted")

    async def close(self) -> None:
        """Close the browsers."""
        for client in self._clients.values():
            await client.aclose()

    async def _get(self, agent: str, path: str) -> Any:
        answer = await (await self._client(agent)).get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def _post(self, agent: str, step: str, body: dict[str, Any], whole: str = "") -> None:
        client = await self._client(agent)
        answer = await client.post(whole or f"/api/desk/tickets/{self._ticket}/{step}", json=body)
        assert answer.status_code < 300, answer.text

    async def _client(self, agent: str) -> httpx.AsyncClient:
        if agent not in self._clients:
            client = httpx.AsyncClient(base_url=self.url, timeout=PATIENCE, trust_env=False)
            signed_in = await client.post(
                "/api/desk/session", json={"username": agent.lower(), "password": self.passwords[agent]}
            )
            assert signed_in.status_code in (200, 201), signed_in.text
            client.headers["X-Warmline-CSRF"] = signed_in.json()["csrf"]
            self._clients[agent] = client
        return self._clients[agent]
