"""What conversations need from the queue: somebody who takes the customers whom the bot hands over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.contract.reminders import ReminderChange
from bot.gateway.conversations.tables import Conversation, InboxMessage
from bot.gateway.platform.transaction import Transaction
from bot.handoff.request import HandoffRequest


class Reception(Protocol):
    """Everything happens in the caller's transaction; what the customer reads is written into the transcript."""

    def is_command(self, given: Mapping[str, Any]) -> bool:
        """Whether an input is a button of the queue, which the brain must never see."""

    def act(self, session: Transaction, conversation: Conversation, given: Mapping[str, Any], now: datetime) -> bool:
        """Do what such a button says; tells whether the customer needs to hear no more."""

    def heard(self, session: Transaction, conversation: Conversation, message: InboxMessage, now: datetime) -> bool:
        """Look at what a customer wrote whom the bot does not have; tells whether they got a reply."""

    def heard_about_request(
        self, session: Transaction, conversation: Conversation, given: Mapping[str, Any], now: datetime
    ) -> bool:
        """Look at what somebody whom the bot has writes about a request that waits; tells whether that was all of it.

        It is another e-mail address than the one that was left for the answer, or that nobody is needed any more.
        """

    def wish_done(self, session: Transaction, conversation: Conversation, now: datetime) -> None:
        """The bot has finished what it was asked for, and asks nothing: whoever waits for a person waits on."""

    def remind(
        self,
        session: Transaction,
        conversation: Conversation,
        changes: Sequence[ReminderChange],
        message_id: str,
        now: datetime,
    ) -> None:
        """Set and call off reminders, as the turn that answered a message asks for it."""

    def has_room(self, session: Transaction, conversation: Conversation) -> bool:
        """Whether a conversation could be handed over now."""

    def hand_over(
        self, session: Transaction, conversation: Conversation, request: HandoffRequest, now: datetime
    ) -> bool:
        """Put a conversation into the queue, or tell its customer why not; tells whether it is there."""
