"""Ask for an order, with the postcode that proves whose it is where that is not known yet."""

from __future__ import annotations

from bot.kit.base import CompanyAction
from bot.kit.turn import Event, Turn


class AskTrackedOrder(CompanyAction):
    """The first question of `track_order_form`."""

    action_name = "action_ask_track_order_form_order_number"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Both at once; most people have both at hand."""
        turn.say("utter_ask_tracked_order" if turn.slot("postcode") else "utter_ask_tracked_order_and_postcode")
        return []


class AskReturnedOrder(CompanyAction):
    """The first question of `return_item_form`."""

    action_name = "action_ask_return_item_form_order_number"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Both at once."""
        turn.say("utter_ask_returned_order" if turn.slot("postcode") else "utter_ask_returned_order_and_postcode")
        return []
