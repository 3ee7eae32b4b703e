"""How the tickets receive customers: :class:`bot.gateway.conversations.reception.Reception` for our own queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.contract.reminders import ReminderChange
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets import asking, later, meanwhile, reminders
from bot.gateway.tickets.services import TicketServices
from bot.handoff.request import HandoffRequest


class TicketReception:
    """Keeps nothing but its services: all else stands in the database."""

    def __init__(self, services: TicketServices) -> None:
        self._services = services

    def is_command(self, given: Mapping[str, Any]) -> bool:
        """See :func:`bot.gateway.tickets.later.is_command`."""
        return later.is_command(given)

    def act(self, session: Transaction, conversation: Conversation, given: Mapping[str, Any], now: datetime) -> bool:
        """See :func:`bot.gateway.tickets.later.act`."""
        return later.act(session, self._services, conversation, given, now)

    def heard(self, session: Transaction, conversation: Conversation, message: InboxMessage, now: datetime) -> bool:
        """See :func:`bot.gateway.tickets.later.heard`."""
        return later.heard(session, self._services, conversation, message.input, now, message.message_id)

    def heard_about_request(
        self, session: Transaction, conversation: Conversation, given: Mapping[str, Any], now: datetime
    ) -> bool:
        """See `later.corrects_address` and `meanwhile.needs_nobody`."""
        text = str(given.get("text") or "") if given.get("type") == "text" else ""
        return later.corrects_address(session, self._services, conversation, given, now) or meanwhile.needs_nobody(
            session, self._services, conversation, text, now
        )

    def wish_done(self, session: Transaction, conversation: Conversation, now: datetime) -> None:
        """See :func:`bot.gateway.tickets.meanwhile.wish_done`."""
        meanwhile.wish_done(session, self._services, conversation, now)

    def remind(
        self,
        session: Transaction,
        conversation: Conversation,
        changes: Sequence[ReminderChange],
        message_id: str,
        now: datetime,
    ) -> None:
        """See :func:`bot.gateway.tickets.reminders.change`."""
        reminders.change(session, conversation, changes, message_id, now)

    def has_room(self, session: Transaction, conversation: Conversation) -> bool:
        """See :func:`bot.gateway.tickets.asking.no_room`."""
        return asking.no_room(session, self._services, conversation) is None

    def hand_over(
        self, session: Transaction, conversation: Conversation, request: HandoffRequest, now: datetime
    ) -> bool:
        """See :func:`bot.gateway.tickets.asking.hand_over`."""
        return asking.hand_over(session, self._services, conversation, request, now)
