"""Which order a form is about: a number that can exist, and the postcode that proves whose it is."""

from __future__ import annotations

import re

from actions import wiring
from actions.form_check import Listening
from actions.shop import order_numbers, postcodes
from actions.shop.model import Order

MOST_TRIES = 3
"""Wrong pairs of number and postcode in one conversation before a person is offered: nobody may try them all."""

# "Track another order" is not about the order that was tracked before.
_ANOTHER = re.compile(r"\b(another|other|different|second|next)\b", re.IGNORECASE)


def check_order(heard: Listening) -> Order | None:
    """The order, when number and postcode belong together; never says which of the two is wrong.

    Every form that looks at orders counts its wrong pairs in the same slot, so that none is a way around the others.
    """
    tries = heard.slots.get("track_order_tries") or 0
    if tries >= MOST_TRIES:
        heard.finished = True
        return None
    _read(heard)
    number, postcode = heard.slots.get("order_number"), heard.slots.get("postcode")
    if not (number and postcode):
        return None
    order = wiring.shop().find_order(number, postcode)
    if order is not None:
        return order
    heard.slots["postcode"] = None
    if heard.turn.entity("postcode") is None:
        return None  # a postcode from earlier in the conversation was worth a look, and is no try
    heard.slots["track_order_tries"] = tries + 1
    if tries + 1 >= MOST_TRIES:
        heard.finished = True
    else:
        heard.refuse("postcode", "utter_order_and_postcode_differ", number=number)
    return None


def _read(heard: Listening) -> None:
    """The number by its check digit, the postcode by its shape."""
    if heard.opening and heard.turn.entity("order_number") is None and _ANOTHER.search(heard.turn.text):
        heard.slots["order_number"] = None
    elif "order_number" in heard.candidates:
        number = order_numbers.canonical(str(heard.candidates["order_number"]))
        heard.slots["order_number"] = number
        if number is None or not order_numbers.is_valid(number):
            heard.refuse("order_number", "utter_order_number_wrong", number=number or "")
    if "postcode" in heard.candidates:
        heard.slots["postcode"] = postcodes.canonical(str(heard.candidates["postcode"]))
