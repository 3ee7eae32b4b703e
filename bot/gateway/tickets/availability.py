"""Whether anybody is at work to take a ticket, and what to tell the customer if nobody is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.gateway.conversations.tables import Conversation
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import hours, presence, zones
from bot.gateway.tickets.desk_settings import DeskSettings
from bot.gateway.tickets.services import TicketServices
from bot.gateway.tickets.tables import Ticket
from bot.wording.sentences import Wording, wording


@dataclass(frozen=True)
class Availability:
    """How things stand at the desk for one ticket."""

    kind: Literal["open", "nobody_online", "closed"]
    opens_at: datetime | None = None
    """When the desk opens next; none while it is open, or when it never does."""
    theirs: ZoneInfo | None = None
    """The customer's time zone, where it is known."""

    @property
    def somebody(self) -> bool:
        """Whether somebody is there."""
        return self.kind == "open"

    def said(self, settings: DeskSettings, now: datetime) -> Wording | None:
        """What the customer is told besides the place in the queue; none when somebody is there."""
        if self.kind == "open":
            return None
        if self.kind == "nobody_online":
            return wording("queue.nobody")
        if self.opens_at is None:
            return wording("queue.closed")
        return wording("queue.closed_until", time=hours.spoken(settings, self.opens_at, now, self.theirs))


def of(session: Transaction, services: TicketServices, ticket: Ticket, now: datetime) -> Availability:
    """How things stand for this ticket."""
    settings = services.desk
    # Whoever is there will do in the end: skill and language stop to matter with time.
    if presence.at_work(session, now):
        return Availability("open")
    if settings.outside != "none" and hours.is_open(settings, now):
        # Who is at work at another desk, that desk knows.
        return Availability("open")
    if hours.is_open(settings, now):
        return Availability("nobody_online")
    theirs = zones.zone_of(session.get(Conversation, ticket.conversation_id))
    return Availability("closed", hours.next_open(settings, now), theirs)
