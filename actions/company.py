"""What the kit is told of this company: what customers tell, how it reads, and what a waiting form is called."""

from __future__ import annotations

from typing import Any

from actions import wiring
from actions.order_check import OTHERS, TRIES
from actions.return_methods import collection_day
from actions.wording import spoken_day, spoken_visit
from bot.dialogue.parking import Parked
from bot.kit.company import Company, InWords

TOLD = (
    "order_number",
    "product",
    "problem",
    "return_reason",
    "return_method",
    "postcode",
    "appointment",
    "email",
    "phone",
)
"""In the order in which an agent wants to read it."""

SENSITIVE = frozenset({"email", "phone", "postcode"})


def company() -> Company:
    """Called by the action server when it starts: a setting that makes no sense is then said to the operator."""
    wiring.limits()
    return Company(
        told=TOLD,
        sensitive=SENSITIVE,
        in_words=in_words,
        counters=(TRIES,),
        beside_forms=(OTHERS,),
        thing=thing,
    )


def in_words(slot: str, value: Any) -> InWords | None:
    """A visit by its day, and the way back by its name."""
    if slot == "appointment":
        visit = wiring.shop().appointment_slot(str(value))
        return InWords("Technician's visit", None if visit is None else spoken_visit(visit))
    if slot == "return_method":
        day = collection_day(value)
        return InWords("How it goes back", "to a store" if day is None else f"collected on {spoken_day(day)}")
    return None


def thing(parked: Parked) -> str:
    """What a customer would call a form that waits: ``the visit for your hob``."""
    if parked.form == "book_technician_form":
        product = parked.slots.get("product")
        return f"the visit for your {product}" if product else "booking a technician"
    number = parked.slots.get("order_number")
    if parked.form == "return_item_form":
        return f"the return of order {number}" if number else "the return"
    return f"tracking order {number}" if number else "tracking your order"
