"""Which order a form is about: a number that can exist, and the postcode that proves whose it is.

Every action that shows an order asks here, so that none is a way around what the others count. Wrong pairs are counted
twice: by the shop's database for the order number and for the visitor, over all conversations; and in a slot for this
conversation, where a person who hands it back lets the customer begin anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions import wiring
from actions.shop import order_numbers, postcodes
from actions.shop.model import Guessed, LookAgainLater, NoMatch, Order, PersonNeeded
from actions.visitors import visitor_of
from actions.wording import spoken_wait
from bot.dialogue.several_values import each_once, in_pairs, spoken_list
from bot.handoff.reasons import ReasonCode
from bot.kit.choices import A_PERSON
from bot.kit.form_check import Listening
from bot.kit.handing_over import handoff_request
from bot.kit.turn import Choice, Event, Turn, followed_by, set_slot

TRIES = "track_order_tries"
"""The slot with this conversation's wrong pairs: when each was tried, in seconds since 1970."""

OTHERS = "other_orders"
"""The slot with the other orders that the customer named beside the one at hand."""

NEXT = "next_order"
"""The slot with the one of them that a form goes on with when it opens again."""

MOST_AT_ONCE = 5
"""Orders of one message; nobody waits for more, and each is looked up."""

# "Track another order" is not about the order that was tracked before.
_ANOTHER = re.compile(r"\b(another|other|different|second|next)\b", re.IGNORECASE)


def check_order(heard: Listening) -> Order | None:
    """The order, when number and postcode belong together; never says which of the two is wrong."""
    tries = _recent_tries(heard.slots)
    if _too_many(tries):
        heard.finished = True
        return None
    if not _take_up_next(heard):
        _read(heard)
    number, postcode = heard.slots.get("order_number"), heard.slots.get("postcode")
    if not (number and postcode):
        return None
    numbers = (number, *other_orders(heard.slots))
    found = _look_up_each(heard, numbers, postcode) if len(numbers) > 1 else _look_up(heard.turn, number, postcode)
    if isinstance(found, Order):
        if len(numbers) > 1:
            rest = [other for other in numbers if other != found.number]
            heard.slots.update({"order_number": found.number, "postcode": found.postcode, OTHERS: rest})
        return found
    if found is None:
        return None
    if isinstance(found, PersonNeeded):
        heard.finished = True
        return None
    if isinstance(found, LookAgainLater):
        heard.refuse("postcode", "utter_order_look_again_later", choices=(A_PERSON,), wait=spoken_wait(found.seconds))
        return None
    heard.slots["postcode"] = None
    if heard.turn.entity("postcode") is None:
        return None  # a postcode from earlier in the conversation was worth a look, and is no try of the customer's
    tries = [*tries, int(wiring.now())]
    heard.slots[TRIES] = tries
    if _too_many(tries):
        heard.finished = True
    else:
        several = len(numbers) > 1
        heard.refuse("postcode", "utter_orders_and_postcode_differ" if several else "utter_order_and_postcode_differ")
    return None


def order_of(turn: Turn, try_again: Choice) -> Order | list[Event]:
    """The order that an action is about once its form has ended; else it says why there is none, and what follows."""
    if _too_many(_recent_tries(turn.tracker.slots)):
        turn.say("utter_order_not_matched_final", data=handoff_request(turn, ReasonCode.REPEATED_FAILURE))
        return []
    number, postcode = turn.slot("order_number"), turn.slot("postcode")
    found = _look_up(turn, number, postcode) if number and postcode else NoMatch()
    if isinstance(found, Order):
        return found
    if found is None:
        return []
    if isinstance(found, PersonNeeded):
        evidence = _evidence(number, found)
        turn.say("utter_order_needs_person", data=handoff_request(turn, ReasonCode.POLICY, evidence))
        return []
    if isinstance(found, LookAgainLater):
        wait = spoken_wait(found.seconds)
        turn.say("utter_order_look_again_later", choices=[try_again, A_PERSON], wait=wait)
        return [set_slot("postcode", None)]
    turn.say("utter_order_not_matched", choices=[try_again, A_PERSON])
    return [set_slot("order_number", None), set_slot("postcode", None)]


def _look_up(turn: Turn, number: str, postcode: str) -> Order | NoMatch | LookAgainLater | PersonNeeded | None:
    """What the shop says of a pair; None in a shadow turn, which neither counts nor shows what was not shown before."""
    if turn.shadow:
        return wiring.shop().proved_order(number, postcode, visitor_of(turn))
    return wiring.shop().find_order(number, postcode, visitor_of(turn), _key(turn, number, postcode))


def _look_up_each(
    heard: Listening, numbers: Sequence[str], postcode: str
) -> Order | NoMatch | LookAgainLater | PersonNeeded | None:
    """The first of several orders that the customer has proved; all that match are proved for this conversation."""
    turn = heard.turn
    places = each_once(map(_canonical_postcode, turn.entities("postcode"))) if not heard.resumed else ()
    if pairs := in_pairs(numbers, places):
        found = [_look_up(turn, *pair) for pair in pairs]
        return next((one for one in found if isinstance(one, Order)), found[0])
    if turn.shadow:
        return next((one for one in (_look_up(turn, number, postcode) for number in numbers) if one), None)
    key = _key(turn, " ".join(numbers), postcode)
    several = wiring.shop().find_orders(numbers, postcode, visitor_of(turn), key)
    return several[0] if isinstance(several, tuple) else several


def other_orders(slots: Mapping[str, Any]) -> list[str]:
    """The other orders of which the customer spoke, in the order in which they were named."""
    others = slots.get(OTHERS)
    return [str(number) for number in others] if isinstance(others, list) else []


def proved(turn: Turn, number: str) -> Order | None:
    """Another order, if this conversation has proved it by a postcode that was said; counts nothing."""
    places = each_once([turn.slot("postcode"), *map(_canonical_postcode, turn.entities("postcode"))])
    found = (wiring.shop().proved_order(number, place, visitor_of(turn)) for place in places)
    return next((order for order in found if order is not None), None)


def _key(turn: Turn, number: str, postcode: str) -> str:
    """The same for the same pair in the same message: a turn that is taken again counts once.

    Hashed, so that the table of what is counted holds no postcode that a customer wrote.
    """
    if not turn.message_id:
        raise ValueError("a message without an id cannot be counted once")
    return hashlib.sha256(f"{turn.message_id}\n{number}\n{postcode}".encode()).hexdigest()


def _recent_tries(slots: Mapping[str, Any]) -> list[int]:
    """This conversation's wrong pairs within the window; conversations in messengers go on for years."""
    tries = slots.get(TRIES)
    since = wiring.now() - wiring.limits().guesses.window.total_seconds()
    return [tried for tried in tries if tried > since] if isinstance(tries, list) else []


def _too_many(tries: list[int]) -> bool:
    return len(tries) >= wiring.limits().guesses.in_one_conversation


def _evidence(number: str, needed: PersonNeeded) -> str:
    """Why a person goes on, for the person, who must not take the customer's word for whose order it is."""
    hours = int(wiring.limits().guesses.window.total_seconds() // 3600)
    if needed.guessed is Guessed.ORDER:
        what = f"{needed.guesses} wrong postcodes were given for {number} in the last {hours} hours, perhaps by others"
    else:
        what = f"From where this customer writes, {needed.guesses} wrong postcodes were given in the last {hours} hours"
    return f"{what}: please make sure who is asking before you say anything about an order."


def go_on_with(number: str, turn: Turn, form: str) -> list[Event]:
    """The events that open a form again for another order that the customer named."""
    rest = [other for other in other_orders(turn.tracker.slots) if other != number]
    return [set_slot(NEXT, number), set_slot(OTHERS, rest or None), followed_by(form)]


def _take_up_next(heard: Listening) -> bool:
    """Whether the form opens again for the next order: the message's words belong to the one before."""
    number = heard.slots.get(NEXT)
    if not number:
        return False
    heard.slots[NEXT] = None
    if not (heard.opening and heard.resumed):
        return False
    known = proved(heard.turn, str(number))
    heard.slots.update(order_number=number, postcode=known.postcode if known else None)
    return True


def _read(heard: Listening) -> None:
    """The numbers by their check digits, the postcode by its shape."""
    said = each_once(map(_canonical_number, heard.turn.entities("order_number"))) if not heard.resumed else ()
    if heard.opening and not heard.resumed:
        heard.slots[OTHERS] = None
    if heard.opening and not said and not heard.resumed and _ANOTHER.search(heard.turn.text):
        heard.slots["order_number"] = None
    elif "order_number" in heard.candidates:
        _read_numbers(heard, said or each_once([_canonical_number(heard.candidates["order_number"])]))
    if "postcode" in heard.candidates:
        heard.slots["postcode"] = postcodes.canonical(str(heard.candidates["postcode"]))
        places = each_once(map(_canonical_postcode, heard.turn.entities("postcode"))) if not heard.resumed else ()
        if len(places) > 1 and not in_pairs(said, places):
            heard.which_one("postcode", places)


def _read_numbers(heard: Listening, said: Sequence[str]) -> None:
    """The first that can exist is the one at hand; the others follow it, and what cannot exist is named."""
    valid = [number for number in said if order_numbers.is_valid(number)]
    valid, beyond = valid[:MOST_AT_ONCE], valid[MOST_AT_ONCE:]
    if not valid:
        heard.refuse("order_number", "utter_order_number_wrong")
        return
    mistyped = [number for number in said if not order_numbers.is_valid(number)]
    if mistyped:
        heard.remark("utter_orders_mistyped", numbers=spoken_list(mistyped))
    if beyond:
        heard.remark("utter_orders_beyond", numbers=spoken_list(beyond))
    heard.slots["order_number"] = valid[0]
    others = valid[1:] or [number for number in other_orders(heard.slots) if number != valid[0]]
    heard.slots[OTHERS] = others or None


def _canonical_number(value: object) -> str | None:
    return order_numbers.canonical(str(value))


def _canonical_postcode(value: object) -> str | None:
    return postcodes.canonical(str(value))
