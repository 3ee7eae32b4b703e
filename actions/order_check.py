"""Which order a form is about: a number that can exist, and the postcode that proves whose it is.

Every action that shows an order asks here, so that none is a way around what the others count. Wrong pairs are counted
twice: by the shop's database for the order number and for the visitor, over all conversations; and in a slot for this
conversation, where a person who hands it back lets the customer begin anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from actions import wiring
from actions.form_check import Listening
from actions.handing_over import handoff_request
from actions.shop import order_numbers, postcodes
from actions.shop.model import Guessed, LookAgainLater, NoMatch, Order, PersonNeeded
from actions.turn import Choice, Event, Turn, set_slot
from actions.wording import A_PERSON, spoken_wait
from bot.handoff.reasons import ReasonCode

TRIES = "track_order_tries"
"""The slot with this conversation's wrong pairs: when each was tried, in seconds since 1970."""

# "Track another order" is not about the order that was tracked before.
_ANOTHER = re.compile(r"\b(another|other|different|second|next)\b", re.IGNORECASE)


def check_order(heard: Listening) -> Order | None:
    """The order, when number and postcode belong together; never says which of the two is wrong."""
    tries = _recent_tries(heard.slots)
    if _too_many(tries):
        heard.finished = True
        return None
    _read(heard)
    number, postcode = heard.slots.get("order_number"), heard.slots.get("postcode")
    if not (number and postcode):
        return None
    found = _look_up(heard.turn, number, postcode)
    if isinstance(found, Order):
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
        heard.refuse("postcode", "utter_order_and_postcode_differ", number=number)
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
        return wiring.shop().proved_order(number, postcode, turn.visitor)
    return wiring.shop().find_order(number, postcode, turn.visitor, _key(turn, number, postcode))


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
