"""A conversation that is about to be handed over, and the agents who could take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.channels.services import ChannelServices
from bot.gateway.conversations import inbox, transcript
from bot.gateway.conversations.inbox import InboundMessage, Said
from bot.gateway.conversations.payloads import Payloads
from bot.gateway.conversations.tables import Conversation, Delivery, Entry, InboxMessage
from bot.gateway.platform.connection_settings import Connections
from bot.gateway.platform.database import Database
from bot.gateway.tickets import life_cycle as tickets
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Agent
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest, Slot

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone.utc)
REQUEST = HandoffRequest(ReasonCode.CUSTOMER_REQUEST, slots={"order_number": Slot("LF-1234566")})


@dataclass
class Scene:
    """One database and a clock that goes on by a second each time it is read."""

    database: Database
    payloads: Payloads
    now: datetime = NOON
    agents: dict[str, Agent] = field(default_factory=dict)
    services: TicketServices = field(default_factory=TicketServices)
    _sent: int = 0

    def clock(self) -> datetime:
        """The next second."""
        self.now += timedelta(seconds=1)
        return self.now

    async def says(self, who: str, text: str, channel: str = "telegram") -> str:
        """A customer writes; answers the conversation's id."""
        self._sent += 1
        message = InboundMessage(channel, "default", who, f"m{self._sent}", Said(text), {"name": who.title()})
        receipt = await self.database.run(inbox.receive, message, payloads=self.payloads, allowed={}, now=self.clock())
        return receipt.conversation_id

    async def handled(self) -> None:
        """The worker has dealt with everything that came in."""

        def work(session: Session) -> None:
            for message in session.scalars(select(InboxMessage).where(InboxMessage.handled_at.is_(None))):
                message.handled_at, message.outcome = self.now, "answered"

        await self.database.run(work)

    async def hand_off(self, conversation_id: str, request: HandoffRequest = REQUEST) -> str:
        """The bot gives up; answers the ticket's id."""

        def work(session: Session) -> str:
            conversation = transcript.lock(session, conversation_id)
            assert conversation is not None
            return tickets.open_ticket(session, self.services, conversation, request, self.clock()).id

        return await self.database.run(work)

    async def agent(self, name: str) -> Agent:
        """An agent who works here."""

        def work(session: Session) -> Agent:
            agent = Agent(id=f"agent-{name}", username=name.lower(), name=name, role="agent", password_hash="none")
            session.add(agent)
            return agent

        self.agents[name] = await self.database.run(work)
        return self.agents[name]

    async def take(self, step: Any, *given: Any) -> Any:
        """Take one step with a ticket, as the API does."""
        return await self.database.run(step, self.services, *given, self.clock())

    def channel_services(self) -> ChannelServices:
        """What a channel has of the gateway."""
        return ChannelServices(self.database, self.clock, self.payloads, "", Connections(), self.services)

    async def abandon(self, conversation_id: str) -> Any:
        """The customer wants the bot back."""

        def work(session: Session) -> Any:
            conversation = transcript.lock(session, conversation_id)
            assert conversation is not None
            return tickets.abandon(session, self.services, conversation, self.clock())

        return await self.database.run(work)

    async def conversation(self, conversation_id: str) -> Conversation:
        """The conversation's row as it is now."""

        def work(session: Session) -> Conversation:
            return session.get_one(Conversation, conversation_id)

        return await self.database.read(work)

    async def entries(self, conversation_id: str) -> list[Entry]:
        """Everything in the conversation's story."""
        return await self.database.read(transcript.entries_after, conversation_id, 0, customers_only=False)

    async def texts(self, conversation_id: str, author: str) -> list[str]:
        """What one side said."""
        return [
            one.text for one in await self.entries(conversation_id) if one.author == author and one.type == "message"
        ]

    async def states(self, conversation_id: str) -> list[tuple[str, Any]]:
        """Each change of state with the agent's name or the position."""
        found = [one.detail or {} for one in await self.entries(conversation_id) if one.type == "state"]
        return [(one["owner"], one["agent_name"] or one["position"]) for one in found]

    async def rows(self, table: type[Any]) -> list[Any]:
        """A whole table, in order."""

        def work(session: Session) -> list[Any]:
            return list(session.scalars(select(table).order_by(table.id)))

        return await self.database.read(work)

    async def deliveries(self) -> list[tuple[str, str]]:
        """The outbox: what, and how it stands."""

        def work(session: Session) -> list[tuple[str, str]]:
            found = session.execute(
                select(Entry.text, Delivery.state).join(Delivery, Delivery.entry_id == Entry.id).order_by(Delivery.id)
            )
            return [(text, state) for text, state in found]

        return await self.database.read(work)
