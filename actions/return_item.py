"""Send an order back: register the return once, or say why not, or let a person decide."""

from __future__ import annotations

from actions import wiring
from actions.order_check import go_on_with, order_of, other_orders
from actions.return_methods import collection_day, price
from actions.return_reasons import read_reason
from actions.shop.model import AlreadyReturned, CollectionFull, LimitReached, Order, OrderState, Return, ReturnRequest
from actions.shop.return_rules import HIGHEST_VALUE_PENCE, RETURN_DAYS, Verdict, judge
from actions.visitors import visitor_of
from actions.wording import spoken_day
from bot.dialogue.agreements import Changes
from bot.handoff.reasons import ReasonCode
from bot.kit.agreed import agree
from bot.kit.base import CompanyAction, write_key
from bot.kit.choices import A_PERSON
from bot.kit.handing_over import handoff_request
from bot.kit.parking import offer_again
from bot.kit.turn import Choice, Event, Turn, followed_by, set_slot

_FORGOTTEN = ("return_reason", "return_method", "confirm_return", "offered_returns", "wanted_collection")
"""What belonged to this return only; order and postcode stay for the next wish."""

_CHANGES = Changes("utter_change_return", ("date", "order_number", "return_reason", "return_method"))

TRY_AGAIN = Choice("Try again", "/return_item")
ANOTHER_ORDER = Choice("Return another order", "/return_item")
HOW_TO_CANCEL = Choice("How to cancel an order", '/knowledge_question{"article": "cancel-order"}')
# The same article, which says what can be done on the day itself.
HOW_TO_REFUSE = Choice("What I can do on the day", '/knowledge_question{"article": "cancel-order"}')
WHEN_REFUNDED = Choice("When a refund arrives", '/knowledge_question{"article": "refund-times"}')

_WHY_A_PERSON = {Verdict.TOO_LATE: "utter_return_too_late", Verdict.OVER_LIMIT: "utter_return_of_value"}
"""The customer hears why, and never the limit itself: that is for the company's own eyes."""


class ReturnItem(CompanyAction):
    """Ends `return_item_form`, however it ended."""

    action_name = "action_return_item"
    repeatable = True  # the shop remembers what it did under a key

    def act(self, turn: Turn) -> list[Event]:
        """What may be done is judged once more: the form has checked, and the order may have changed since."""
        order = order_of(turn, TRY_AGAIN)
        if not isinstance(order, Order):
            return order
        verdict = judge(order, wiring.today())
        if verdict.needs_person:
            evidence = _evidence(order, verdict)
            turn.say(_WHY_A_PERSON[verdict], data=handoff_request(turn, ReasonCode.POLICY, evidence))
            return _forget()
        if verdict is not Verdict.ALLOWED:
            _say_why_not(turn, order, verdict)
            return [*_forget(), *_next_return(turn)]
        return self._register(turn, order)

    def _register(self, turn: Turn, order: Order) -> list[Event]:
        earlier = wiring.shop().find_return(order.number)
        words, method = turn.slot("return_reason"), turn.slot("return_method")
        if earlier is not None and not turn.slot("confirm_return"):
            told = _tell(turn, order, earlier, "utter_return_exists")
            return [told, *_forget(), *_next_return(turn)]
        if not (words and method and turn.slot("confirm_return")):
            raise ValueError("the form ended without the customer's yes or without a detail")
        request = ReturnRequest(order.number, read_reason(words), words, collection_day(method))
        result = wiring.shop().register_return(request, visitor_of(turn), write_key(turn, self.action_name))
        if isinstance(result, LimitReached):
            turn.say("utter_no_more_returns", choices=[A_PERSON])
            return [set_slot("confirm_return", None)]
        if isinstance(result, CollectionFull):
            turn.say("utter_no_collection_then", when=spoken_day(result.day))
            again = [set_slot("return_method", None), set_slot("confirm_return", None)]
            return [*again, followed_by("return_item_form")]
        if isinstance(result, AlreadyReturned):
            told = _tell(turn, order, result.earlier, "utter_return_exists")
        else:
            told = _tell(turn, order, result, "utter_return_registered", _CHANGES)
        others = other_orders(turn.tracker.slots)
        return [told, *_forget(), *(_next_return(turn) if others else offer_again(turn))]


def _next_return(turn: Turn) -> list[Event]:
    """Go on with the next order that the customer named; without one, forget this one and offer a form that waits."""
    others = other_orders(turn.tracker.slots)
    if not others:
        return [set_slot("order_number", None), *offer_again(turn)]
    turn.say("utter_next_return", number=others[0])
    return go_on_with(others[0], turn, "return_item_form")


def _forget() -> list[Event]:
    return [set_slot(name, None) for name in _FORGOTTEN]


def _evidence(order: Order, verdict: Verdict) -> str:
    """Why a person decides, for the person: facts of the order and the rule, nothing that the customer is told."""
    day = order.day.isoformat() if order.day else "?"
    if verdict is Verdict.TOO_LATE:
        return f"{order.number} was delivered on {day}: the return period of {RETURN_DAYS} days is over."
    pounds = order.product.price_pence / 100
    limit = HIGHEST_VALUE_PENCE / 100
    return f"{order.number} is worth £{pounds:.2f}: returns over £{limit:.2f} want a person's approval."


_TO_CANCEL = ("utter_return_not_delivered", HOW_TO_CANCEL)
_WHY_NOT = {
    OrderState.BEING_PACKED: _TO_CANCEL,
    OrderState.SHIPPED: _TO_CANCEL,
    OrderState.READY_FOR_PICKUP: _TO_CANCEL,
    OrderState.OUT_FOR_DELIVERY: ("utter_return_on_the_van", HOW_TO_REFUSE),
    OrderState.CANCELLED: ("utter_return_cancelled", WHEN_REFUNDED),
}


def _say_why_not(turn: Turn, order: Order, verdict: Verdict) -> None:
    said, way_on = _WHY_NOT[order.state if verdict is Verdict.NOT_DELIVERED else OrderState.CANCELLED]
    turn.say(
        said,
        choices=[way_on, ANOTHER_ORDER],
        number=order.number,
        model=order.product.model,
        kind=order.product.kind,
        day=spoken_day(order.day) if order.day else "",
    )


def _tell(turn: Turn, order: Order, registered: Return, first: str, changes: Changes | None = None) -> Event:
    """The number, then what happens next; both can be said again."""
    known = {"reference": registered.reference, "number": order.number, "model": order.product.model}
    told = agree(turn, first, changes, {"order_number": order.number}, **known)
    if registered.collect_on is None:
        turn.say("utter_return_to_store", reference=registered.reference)
        return told
    turn.say(
        "utter_return_collected",
        reference=registered.reference,
        day=spoken_day(registered.collect_on),
        price=price(registered.reason),
    )
    if order.product.kind == "fridge":
        turn.say("utter_return_defrost")
    return told
