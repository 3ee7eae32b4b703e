"""What the gateway adds to a hand-off request, so that the package tells a human the whole story."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from bot.gateway.conversations.tables import Conversation, Entry
from bot.gateway.platform.transaction import Transaction
from bot.gateway.tickets.tables import Ticket
from bot.handoff import package
from bot.handoff.reasons import ReasonCode
from bot.handoff.request import HandoffRequest
from bot.handoff.summary import Line

# More lines than 64 kB hold in any conversation but the most monosyllabic one.
MOST_LINES = 500
# Who is upset should not wait behind who is curious, and nobody before who is in danger.
URGENCY = {ReasonCode.UPSET_CUSTOMER: "high", ReasonCode.DANGER: "urgent"}


def package_of(
    session: Transaction,
    conversation: Conversation,
    request: HandoffRequest,
    *,
    ticket: Ticket,
    position: int,
    wait: Mapping[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    """Build the ``handoff/1`` package of a conversation as it is in this transaction."""
    customer = conversation.customer
    return package.build(
        id=ticket.id,
        created_at=now,
        conversation=package.Conversation(
            conversation.id,
            conversation.channel,
            conversation.account,
            conversation.locale,
            conversation.started_at,
        ),
        customer=package.Customer(
            customer.get("id") or conversation.id,
            customer.get("name"),
            bool(customer.get("verified")),
            customer.get("attributes") or {},
        ),
        request=request,
        transcript=_lines(session, conversation),
        routing=package.Routing(skill=ticket.skill, priority=ticket.priority, language=ticket.language),
        # No minutes until hand-offs have been timed: an invented waiting time is worse than none.
        promise=package.ExpectedWait(
            position=position, wait_minutes=None if wait is None or wait["too_wide"] else wait["p90_minutes"]
        ),
    )


def _lines(session: Transaction, conversation: Conversation) -> list[Line]:
    """What everybody said, and the humans' notes; not what the bot was kept from saying."""
    said = or_(Entry.type == "note", (Entry.type == "message") & Entry.visible_to_customer)
    newest = session.scalars(
        select(Entry).where(Entry.conversation_id == conversation.id, said).order_by(Entry.seq.desc()).limit(MOST_LINES)
    ).all()
    return [Line(entry.seq, entry.at, entry.author, entry.type, entry.text) for entry in reversed(newest)]
