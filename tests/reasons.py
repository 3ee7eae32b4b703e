"""One dialogue for each reason of ``handoff/1``: what customers say until it applies, and what they are told then."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from actions.shop.seed import DEMO_ORDERS
from bot.handoff.reasons import ReasonCode

_OUT_FOR_DELIVERY = DEMO_ORDERS[0]
_OVER_THE_LIMIT = next(demo for demo in DEMO_ORDERS if demo.six == "310007")


@dataclass(frozen=True)
class HandedOver:
    """The last message is the one that hands over; none before it does."""

    code: ReasonCode
    messages: tuple[str, ...]
    told: str
    """The beginning of what the customer hears in that turn."""
    shop_is_away: bool = False
    """Whether the company's system fails under the last message."""


DIALOGUES = (
    HandedOver(ReasonCode.CUSTOMER_REQUEST, ("can I talk to a real person please",), "Of course."),
    HandedOver(ReasonCode.NOT_UNDERSTOOD, ("???", "?!?!"), "I'm sorry, I'm not getting this right."),
    HandedOver(
        ReasonCode.OUT_OF_SCOPE,
        ("who won the football world cup in 1966?", "write me a poem about the sea", "ok, a person then please"),
        "All right. I'll ask one of our team",
    ),
    HandedOver(
        ReasonCode.NO_ANSWER,
        ("who are your technicians employed by", "what training do your technicians have"),
        "I'm sorry, I still haven't found an answer, and I'd rather not guess.",
    ),
    HandedOver(
        ReasonCode.REPEATED_FAILURE,
        ("track my order", _OUT_FOR_DELIVERY.number, "M1 1AE", "M1 1AF", "M1 1AH"),
        "I'm sorry, I can't match that order number and postcode",
    ),
    HandedOver(
        ReasonCode.POLICY,
        ("I want to send something back", _OVER_THE_LIMIT.number, _OVER_THE_LIMIT.postcode),
        "A return of this value needs the approval of one of our team",
    ),
    HandedOver(
        ReasonCode.UPSET_CUSTOMER,
        (
            "where is my order",
            "LF-1000017, but that was due last week",
            "this is ridiculous, I've asked you three times now and you people just don't listen. I'm fed up with you",
        ),
        "I'm truly sorry that it has come to this.",
    ),
    HandedOver(
        ReasonCode.TECHNICAL_FAILURE,
        ("track my order", _OUT_FOR_DELIVERY.number, _OUT_FOR_DELIVERY.postcode),
        "I'm sorry, something has gone wrong on our side.",
        shop_is_away=True,
    ),
    HandedOver(ReasonCode.DANGER, ("there is smoke coming out of my dryer",), "Please get everybody out"),
)


@contextmanager
def orders_away(shop_database: Path) -> Iterator[None]:
    """The company's system fails at every look at an order."""
    with closing(sqlite3.connect(shop_database, timeout=10)) as connection:
        connection.execute("ALTER TABLE orders RENAME TO orders_away")
        try:
            yield
        finally:
            connection.execute("ALTER TABLE orders_away RENAME TO orders")
