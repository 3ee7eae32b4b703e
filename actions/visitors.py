"""Who asks, for the limits of what customers may do by themselves."""

from __future__ import annotations

from actions.shop.model import Visitor
from bot.kit.turn import Turn


def visitor_of(turn: Turn) -> Visitor:
    """Without a gateway only the conversation is known."""
    origin, customer = turn.customer.get("origin"), turn.customer.get("id")
    return Visitor(
        conversation=turn.conversation,
        origin=str(origin) if origin else None,
        customer=str(customer) if customer else None,
    )
