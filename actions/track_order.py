"""Say where an order is, to someone who knows its postcode."""

from __future__ import annotations

from actions.order_check import OTHERS, go_on_with, order_of, other_orders, proved
from actions.shop.model import Order, OrderState
from actions.wording import spoken_day
from bot.dialogue.several_values import spoken_list
from bot.kit.agreed import agree
from bot.kit.base import CompanyAction
from bot.kit.parking import offer_again
from bot.kit.turn import Choice, Event, Turn, set_slot

_SENTENCES = {
    OrderState.BEING_PACKED: "utter_order_being_packed",
    OrderState.SHIPPED: "utter_order_shipped",
    OrderState.OUT_FOR_DELIVERY: "utter_order_out_for_delivery",
    OrderState.DELIVERED: "utter_order_delivered",
    OrderState.READY_FOR_PICKUP: "utter_order_ready_for_pickup",
    OrderState.CANCELLED: "utter_order_cancelled",
}

TRY_AGAIN = Choice("Try again", "/track_order")


class TrackOrder(CompanyAction):
    """Ends `track_order_form`: the order's state, or why we do not go on."""

    action_name = "action_track_order"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Look once more: the form has checked, and the order may have changed since."""
        order = order_of(turn, TRY_AGAIN)
        if not isinstance(order, Order):
            return [*order, set_slot(OTHERS, None)]
        return [_tell(turn, order), *_go_on_with_others(turn)]


def _go_on_with_others(turn: Turn) -> list[Event]:
    """Tell those that the same words have proved, and ask for the postcode of the next that they have not."""
    named = other_orders(turn.tracker.slots)
    elsewhere = []
    told: list[Event] = []
    for number in named:
        other = proved(turn, number)
        if other is not None:
            told = [_tell(turn, other)]
        else:
            elsewhere.append(number)
    if not elsewhere:
        return [*told, *([set_slot(OTHERS, None)] if named else []), *offer_again(turn)]
    several = len(elsewhere) > 1
    turn.say(
        "utter_orders_elsewhere" if several else "utter_order_elsewhere",
        numbers=spoken_list(elsewhere),
        next=elsewhere[0],
    )
    return [*told, *go_on_with(elsewhere[0], turn, "track_order_form"), set_slot(OTHERS, elsewhere[1:] or None)]


def _tell(turn: Turn, order: Order) -> Event:
    return agree(
        turn,
        _SENTENCES[order.state],
        number=order.number,
        model=order.product.model,
        kind=order.product.kind,
        day=spoken_day(order.day) if order.day else "",
        placed=spoken_day(order.placed_on),
        store=order.store or "",
    )
