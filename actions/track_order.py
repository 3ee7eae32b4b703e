"""Say where an order is, to someone who knows its postcode."""

from __future__ import annotations

from actions import wiring
from actions.base import CompanyAction
from actions.handing_over import handoff_request
from actions.order_check import MOST_TRIES
from actions.shop.model import Order, OrderState
from actions.turn import Choice, Event, Turn, set_slot
from actions.wording import A_PERSON, spoken_day
from bot.handoff.reasons import ReasonCode

_SENTENCES = {
    OrderState.BEING_PACKED: "utter_order_being_packed",
    OrderState.SHIPPED: "utter_order_shipped",
    OrderState.OUT_FOR_DELIVERY: "utter_order_out_for_delivery",
    OrderState.DELIVERED: "utter_order_delivered",
    OrderState.READY_FOR_PICKUP: "utter_order_ready_for_pickup",
    OrderState.CANCELLED: "utter_order_cancelled",
}


class TrackOrder(CompanyAction):
    """Ends `track_order_form`: the order's state, or why we do not go on."""

    action_name = "action_track_order"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Look once more: the form has checked, and the order may have changed since."""
        number, postcode = turn.slot("order_number"), turn.slot("postcode")
        if (turn.slot("track_order_tries") or 0) >= MOST_TRIES:
            turn.say("utter_order_not_matched_final", data=handoff_request(turn, ReasonCode.REPEATED_FAILURE))
            return []
        order = wiring.shop().find_order(number, postcode) if number and postcode else None
        if order is None:
            turn.say("utter_order_not_matched", choices=[Choice("Try again", "/track_order"), A_PERSON])
            return [set_slot("order_number", None), set_slot("postcode", None)]
        _tell(turn, order)
        return [set_slot("track_order_tries", 0)]


def _tell(turn: Turn, order: Order) -> None:
    turn.say(
        _SENTENCES[order.state],
        number=order.number,
        model=order.product.model,
        kind=order.product.kind,
        day=spoken_day(order.day) if order.day else "",
        placed=spoken_day(order.placed_on),
        store=order.store or "",
    )
