"""Short ways to make what the gateway's tests are about."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.gateway.conversations.inbox import Chose, InboundMessage, Said
from bot.gateway.conversations.services import ConversationServices
from bot.gateway.conversations.tables import Conversation, Entry, InboxMessage
from bot.gateway.platform.clock import utc_now
from bot.gateway.tickets.notices import Notice
from bot.gateway.tickets.reception import TicketReception
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.states import TICKET
from bot.gateway.tickets.tables import Ticket
from bot.wording.files import product_catalogue
from bot.wording.sentences import Wording


class MovableClock:
    """The real time, moved forward by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead

    def advance(self, seconds: float) -> None:
        """Let time pass without waiting."""
        self.ahead += timedelta(seconds=seconds)


def said(text: str, number: int | str = 1, address: str = "chat", channel: str = "telegram") -> InboundMessage:
    """A customer's text on a messaging channel."""
    return InboundMessage(channel, "default", address, f"{address}:{number}", Said(text), {"name": "Ada"})


def chose(token: str, number: int | str, address: str = "chat", channel: str = "telegram") -> InboundMessage:
    """A customer's press on a button."""
    return InboundMessage(channel, "default", address, f"{address}:{number}", Chose(token))


def conversation(session: Session, channel: str = "telegram", address: str = "chat") -> Conversation:
    """Read the only conversation at that address."""
    return session.scalars(
        select(Conversation).where(Conversation.channel == channel, Conversation.address == address)
    ).one()


def new_conversation(session: Session, name: str = "c1", channel: str = "telegram", owner: str = "bot") -> Conversation:
    """Write a conversation."""
    made = Conversation(
        id=name,
        channel=channel,
        account="default",
        address=name,
        owner=owner,
        customer={"id": name, "name": None, "verified": False, "attributes": {}},
        started_at=utc_now(),
    )
    session.add(made)
    session.flush()
    return made


def story(session: Session) -> list[tuple[str, str, str]]:
    """Everything that stands in all transcripts: type, author, text."""
    entries = session.scalars(select(Entry).order_by(Entry.conversation_id, Entry.seq))
    return [(entry.type, entry.author, entry.text) for entry in entries]


def words(said: Wording | tuple[Wording, ...] | Notice | str, locale: str = "en") -> str:
    """What a customer reads where the company has no words of its own."""
    if isinstance(said, str):
        return said
    return product_catalogue().say(said.said if isinstance(said, Notice) else said, locale)


def messages(session: Session, author: str | None = None) -> list[str]:
    """The texts of all messages, or of one author's."""
    return [text for kind, who, text in story(session) if kind == "message" and author in (None, who)]


def outcomes(session: Session) -> list[str | None]:
    """What became of each message in the inbox, in order."""
    return list(session.scalars(select(InboxMessage.outcome).order_by(InboxMessage.id)))


def packages(session: Session) -> list[dict[str, Any]]:
    """The packages of all tickets."""
    return list(session.scalars(select(Ticket.package).order_by(Ticket.created_at)))


def conversation_services(tickets: TicketServices | None = None) -> ConversationServices:
    """What the conversations have of a gateway whose tickets have these services."""
    tickets = tickets or TicketServices()
    return ConversationServices(TicketReception(tickets), tickets.wording)


def brought_to(ticket: Ticket, state: str) -> Ticket:
    """Take a ticket to the state in which a test needs it, by a human where none leads there from the queue."""
    if state not in (ticket.state, *TICKET.steps[ticket.state]):
        ticket.state = "accepted"
    if ticket.state != state:
        ticket.state = state
    return ticket
