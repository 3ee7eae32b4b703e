"""When something may be sent back without a person: the company's rules, as its articles state them."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum

from actions.shop.model import Order, OrderState

# knowledge_index/articles/returns-policy.md: within 30 days of delivery.
RETURN_DAYS = 30

# The same article: what is ordered from 15 November to 24 December can be brought back until 31 January.
CHRISTMAS_FROM, CHRISTMAS_TO, CHRISTMAS_UNTIL = (11, 15), (12, 24), (1, 31)

# knowledge_index/articles/internal-refund-limits.md: what an adviser may refund in one case without asking. The
# assistant may do what an adviser may, and no more.
HIGHEST_VALUE_PENCE = 35000


class Verdict(Enum):
    """What may be done about a wish to send an order back."""

    ALLOWED = "allowed"
    NOT_DELIVERED = "not_delivered"
    CANCELLED = "cancelled"
    TOO_LATE = "too_late"
    OVER_LIMIT = "over_limit"

    @property
    def needs_person(self) -> bool:
        """Whether a rule of the company wants a human to decide."""
        return self in {Verdict.TOO_LATE, Verdict.OVER_LIMIT}


def last_day(order: Order) -> date | None:
    """The last day of a delivered order's return period."""
    if order.state is not OrderState.DELIVERED or order.day is None:
        return None
    ends = order.day + timedelta(days=RETURN_DAYS)
    placed = order.placed_on
    if CHRISTMAS_FROM <= (placed.month, placed.day) <= CHRISTMAS_TO:
        return max(ends, date(placed.year + 1, *CHRISTMAS_UNTIL))
    return ends


def judge(order: Order, today: date) -> Verdict:
    """Whether the order may be sent back, and if not, why."""
    if order.state is OrderState.CANCELLED:
        return Verdict.CANCELLED
    ends = last_day(order)
    if ends is None:
        return Verdict.NOT_DELIVERED
    if today > ends:
        return Verdict.TOO_LATE
    return Verdict.OVER_LIMIT if order.product.price_pence > HIGHEST_VALUE_PENCE else Verdict.ALLOWED
