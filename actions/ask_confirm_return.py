"""Sum up a return before it is registered, or ask what to change in it."""

from __future__ import annotations

from actions.order_check import order_of
from actions.return_methods import collection_day, price
from actions.return_reasons import read_reason
from actions.shop.model import Order
from actions.validate_return_item_form import AGAIN
from actions.wording import spoken_day
from bot.kit.base import CompanyAction
from bot.kit.turn import Choice, Event, Turn, close_form, set_slot

YES = Choice("Yes, register it", "/affirm")
NO = Choice("No, change something", "/deny")
ANOTHER_WAY = Choice("Another day or way", f'/inform{{"return_method": "{AGAIN}"}}')
ANOTHER_REASON = Choice("Another reason", f'/inform{{"return_reason": "{AGAIN}"}}')
STOP = Choice("Don't return it", "/stop")
TRY_AGAIN = Choice("Try again", "/return_item")


class AskConfirmReturn(CompanyAction):
    """The last question of `return_item_form`."""

    action_name = "action_ask_return_item_form_confirm_return"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Everything that will be registered, in one message, and what a returned appliance must be like."""
        if turn.slot("return_change_asked"):
            turn.say("utter_what_to_change_in_return", choices=[ANOTHER_WAY, ANOTHER_REASON, STOP])
            return [set_slot("return_change_asked", None)]
        order = order_of(turn, TRY_AGAIN)
        if not isinstance(order, Order):
            return [*order, *close_form()]  # a form that was left open for days: the proof is asked for again
        reason = read_reason(str(turn.slot("return_reason")))
        day = collection_day(turn.slot("return_method"))
        if not reason.ours:
            turn.say("utter_return_must_be_unused")
        turn.say(
            "utter_confirm_return_collection" if day else "utter_confirm_return_store",
            choices=[YES, NO],
            number=order.number,
            model=order.product.model,
            kind=order.product.kind,
            day=spoken_day(day) if day else "",
            price=price(reason),
        )
        return []
