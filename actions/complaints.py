"""How complaints that are made twice are put the second time, in every form."""

from __future__ import annotations

from collections.abc import Mapping

IN_OTHER_WORDS: Mapping[str, str] = {
    "utter_order_and_postcode_differ": "utter_order_and_postcode_differ_again",
    "utter_orders_and_postcode_differ": "utter_order_and_postcode_differ_again",
    "utter_no_technicians_there": "utter_no_technicians_there_again",
    "utter_hint_email": "utter_email_wrong_again",
    "utter_hint_return_reason": "utter_return_reason_again",
}
"""What is said in place of a complaint that was just made."""

SAYS_WHEN = frozenset({"utter_order_look_again_later", "utter_appointment_taken", "utter_no_collection_then"})
"""Complaints about us: each is news, and no try of the customer's."""
