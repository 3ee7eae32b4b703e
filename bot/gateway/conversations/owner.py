"""Who answers a conversation: the bot, nobody yet (the queue), or one human. Each change is one checked step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm.attributes import set_committed_value

from bot.gateway.conversations import transcript
from bot.gateway.conversations.tables import Conversation, Delivery, Entry
from bot.gateway.platform.errors import RequestError
from bot.gateway.platform.signals import INBOX, OUTBOX, announce
from bot.gateway.platform.tables import constant
from bot.gateway.platform.transaction import Transaction

BOT = "bot"
QUEUE = "queue"


class OwnerChangedError(RequestError):
    """Somebody else changed the owner first; look again."""

    status, code = 409, "owner_changed"


def human(agent_id: str) -> str:
    """Name an agent as an owner."""
    return f"human:{agent_id}"


def kind(owner: str) -> str:
    """Say what kind of owner that is: ``bot``, ``queue`` or ``human``."""
    return owner.partition(":")[0]


def change_owner(
    session: Transaction,
    conversation: Conversation,
    new_owner: str,
    *,
    expected_version: int,
    now: datetime,
    agent_name: str | None = None,
    position: int | None = None,
    wait: Mapping[str, Any] | None = None,
    answer_to: str | None = None,
) -> Entry:
    """Give a conversation to a new owner, if it is still the one whose version was read; writes the state entry.

    Raises :class:`OwnerChangedError`. When a human takes over, what the bot has not sent yet is cancelled.
    """
    session.flush()
    version = session.execute(
        update(Conversation)
        .where(Conversation.id == conversation.id, Conversation.owner_version == expected_version)
        .values(owner=new_owner, owner_version=expected_version + 1)
        .returning(Conversation.owner_version)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    if version is None:
        raise OwnerChangedError("The conversation has another owner by now.")
    set_committed_value(conversation, "owner", new_owner)
    set_committed_value(conversation, "owner_version", version)
    if kind(new_owner) == "human":
        _cancel_the_bots_words(session, conversation.id)
    announce(session, INBOX)
    return write_state(
        session, conversation, now=now, agent_name=agent_name, position=position, wait=wait, answer_to=answer_to
    )


def write_state(
    session: Transaction,
    conversation: Conversation,
    *,
    now: datetime,
    agent_name: str | None = None,
    position: int | None = None,
    wait: Mapping[str, Any] | None = None,
    answer_to: str | None = None,
) -> Entry:
    """Tell the customer's page who owns the conversation now, the place in the queue (from 1) and the waiting time.

    With ``answer_to`` a person answers at that address, and there is no place to tell.
    """
    detail = {"owner": kind(conversation.owner), "agent_name": agent_name, "position": position, "wait": wait}
    if answer_to is not None:
        detail["answer_to"] = answer_to
    return transcript.append(session, conversation, type="state", author="system", now=now, detail=detail)


def _cancel_the_bots_words(session: Transaction, conversation_id: str) -> None:
    by_the_bot = select(Entry.id).where(Entry.conversation_id == conversation_id, Entry.author == "bot")
    session.execute(
        update(Delivery)
        .where(
            Delivery.conversation_id == conversation_id,
            Delivery.state == constant("waiting"),
            Delivery.entry_id.in_(by_the_bot),
        )
        .values(state="cancelled")
        .execution_options(synchronize_session=False)
    )
    announce(session, OUTBOX)
