"""Check what customers tell `track_order_form`: a number that can exist, and the postcode that proves whose it is."""

from __future__ import annotations

import re

from actions import wiring
from actions.form_check import FormCheck, Listening
from actions.shop import order_numbers, postcodes
from actions.track_order import MOST_TRIES

# "Track another order" is not about the order that was tracked before.
_ANOTHER = re.compile(r"\b(another|other|different|second|next)\b", re.IGNORECASE)


class ValidateTrackOrderForm(FormCheck):
    """Never says whether an order exists: only number and postcode together are right or wrong."""

    action_name = "validate_track_order_form"
    form = "track_order_form"

    def check(self, heard: Listening) -> None:
        """The number by its check digit, the postcode by its shape, both by the shop."""
        tries = heard.slots.get("track_order_tries") or 0
        if tries >= MOST_TRIES:
            heard.finished = True
            return
        if heard.opening and heard.turn.entity("order_number") is None and _ANOTHER.search(heard.turn.text):
            heard.slots["order_number"] = None
        elif "order_number" in heard.candidates:
            number = order_numbers.canonical(str(heard.candidates["order_number"]))
            heard.slots["order_number"] = number
            if number is None or not order_numbers.is_valid(number):
                heard.refuse("order_number", "utter_order_number_wrong", number=number or "")
        if "postcode" in heard.candidates:
            heard.slots["postcode"] = postcodes.canonical(str(heard.candidates["postcode"]))
        number, postcode = heard.slots.get("order_number"), heard.slots.get("postcode")
        if not (number and postcode) or wiring.shop().find_order(number, postcode) is not None:
            return
        heard.slots["postcode"] = None
        if heard.turn.entity("postcode") is None:
            return  # a postcode from earlier in the conversation was worth a look, and is no try
        heard.slots["track_order_tries"] = tries + 1
        if tries + 1 >= MOST_TRIES:
            heard.finished = True
        else:
            heard.refuse("postcode", "utter_order_and_postcode_differ", number=number)
