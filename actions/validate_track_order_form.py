"""Check what customers tell `track_order_form`: a number that can exist, and the postcode that proves whose it is."""

from __future__ import annotations

from actions.complaints import IN_OTHER_WORDS, SAYS_WHEN
from actions.order_check import check_order
from bot.kit.form_check import FormCheck, Listening


class ValidateTrackOrderForm(FormCheck):
    """Never says whether an order exists: only number and postcode together are right or wrong."""

    action_name = "validate_track_order_form"
    form = "track_order_form"
    in_other_words = IN_OTHER_WORDS
    says_when = SAYS_WHEN

    def check(self, heard: Listening) -> None:
        """The number by its check digit, the postcode by its shape, both by the shop."""
        check_order(heard)
