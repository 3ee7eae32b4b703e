"""Check what customers tell `return_item_form`, and take corrections at any point of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from actions import wiring
from actions.appointments import read_day
from actions.complaints import IN_OTHER_WORDS, SAYS_WHEN
from actions.order_check import check_order, other_orders
from actions.return_methods import STORE, collection, collection_day, pointed_at, speaks_of_collection, speaks_of_store
from actions.return_reasons import LONGEST_REASON, REASON, read_reason, reason_told
from actions.shop.model import ReturnReason
from actions.shop.return_rules import Verdict, judge
from actions.wording import spoken_day
from bot.dialogue.replies import Reply, named_field, names_instead_of_agreeing, read_reply
from bot.dialogue.several_values import days_meant, each_once, spoken_list
from bot.dialogue.statements import statement_in
from bot.dialogue.told import beside_values, is_only_values, told_before, told_in_words, without_told_before
from bot.kit.form_check import FormCheck, Listening
from bot.kit.turn import Turn

AGAIN = "again"
"""The value of the buttons that ask for a reason or a way once more."""

FEWEST_WORDS = 3
"""A refusal with fewer is "no" or "no thanks", and says nothing of the reason."""

CALLED = {
    "return_reason": ("reason", "why"),
    "order_number": ("order", "order number", "number", "item", "appliance", "product", "machine", "model"),
    "postcode": ("postcode", "post code", "address"),
    "return_method": (
        "day", "date", "time", "way", "method", "return method", "collection", "collection day", "pickup", "pick up",
        "store", "how", "earlier", "later", "sooner",
    ),
}  # fmt: skip
"""What customers call each answer, to change it by name."""

MOST_WORDS_OF_A_NAME = 3
"""A message of so few words that names a field is about that field: "day", "order number please"."""

_REASON_IS = re.compile(
    r"(?:no,?\s+)?(?:(?:the|my)\s+)?(?:real\s+)?reason\s+(?:is|was|should\s+be)(?:\s+that)?[\s:]+(?P<words>\S.*)",
    re.IGNORECASE | re.DOTALL,
)

_CORRECTIONS = ("order_number", "postcode", "return_reason", "return_method", "date")
"""Entities that change the return, whatever else the message says: "yes, but on Wednesday" is no yes."""


def _only_names(turn: Turn) -> bool:
    return not turn.is_choice and names_instead_of_agreeing(turn.text, CALLED)


class ValidateReturnItemForm(FormCheck):
    """Whose order it is, whether it may go back, why, how, and a yes to all of it."""

    action_name = "validate_return_item_form"
    form = "return_item_form"
    in_other_words = IN_OTHER_WORDS
    says_when = SAYS_WHEN
    said_back = ("order_number", "return_reason", "return_method")
    may_be_unknown: ClassVar[Mapping[str, str]] = {"return_reason": "no particular reason"}

    def check(self, heard: Listening) -> None:
        """Each in turn; an order that cannot go back, or not without a person, ends the form at once."""
        if heard.opening and not heard.resumed:
            heard.slots.update(return_reason=None, return_method=None, return_change_asked=None)
            heard.slots.update(unwanted_days=None, wanted_days=None, wanted_collection=None)
        self._order(heard)
        if heard.finished:
            return
        self._reason(heard)
        corrected = self._method(heard)
        self._confirmation(heard, corrected)

    def _order(self, heard: Listening) -> None:
        """Only when something new was said of it: a turn that is taken again must not trip over its own return."""
        if not {"order_number", "postcode"} & set(heard.candidates):
            return
        named_before = other_orders(heard.slots)
        order = check_order(heard)
        others = other_orders(heard.slots)
        if others and not named_before and not heard.resumed and not heard.finished:
            heard.remark(
                "utter_one_return_at_a_time", first=str(heard.slots["order_number"]), others=spoken_list(others)
            )
        if order is None:
            return
        may = judge(order, wiring.today())
        heard.finished = may is not Verdict.ALLOWED or wiring.shop().find_return(order.number) is not None

    def _reason(self, heard: Listening) -> None:
        told = heard.told_beside_a_question("return_reason")
        if told:
            heard.slots["return_reason"] = " ".join(told.split())[:LONGEST_REASON]
            return
        turn = heard.turn
        if heard.opening and not heard.resumed:
            heard.slots["return_reason"] = reason_told(turn) or turn.entity("return_reason")
            return
        if "return_reason" not in heard.candidates:
            if heard.taken and not heard.resumed and heard.slots.get("return_reason") is None:
                heard.slots["return_reason"] = reason_told(turn)
            return
        # Of "I changed my mind, the colour is wrong" an entity is a part; the warehouse reads all of it.
        asked = turn.requested_slot == "return_reason" and not turn.is_choice and not heard.resumed
        said = statement_in(turn.text) if asked else str(heard.candidates["return_reason"] or "")
        words = " ".join(said.split())[:LONGEST_REASON]
        if asked and told_before(turn.text):
            words = without_told_before(turn.text) or self._reason_before(turn)
        elif asked and said == turn.text.strip() and turn.places(without="return_reason"):
            words = (
                " ".join(beside_values(turn.text, turn.places(without="return_reason")).split())[:LONGEST_REASON]
                or words
            )
        is_one = not asked or not (
            heard.unknown
            or is_only_values(turn.text, turn.places(without="return_reason"))
            or self._says_only_how(turn.text)
        )
        heard.slots["return_reason"] = words if words and words != AGAIN and is_one else None
        if asked and turn.intent == "deny" and len(words.split()) < FEWEST_WORDS and "reason" not in words.lower():
            heard.refuse("return_reason", "utter_hint_return_reason")

    @staticmethod
    def _reason_before(turn: Turn) -> str:
        """The reason that an earlier message told."""
        told = (told_in_words(said.text, said.places, REASON) for said in turn.said_before(since="action_return_item"))
        return next((words[:LONGEST_REASON] for words in told if words), "")

    @staticmethod
    def _says_only_how(text: str) -> bool:
        """Whether "I'll bring it to the store" says how it goes back, and no more."""
        return (speaks_of_store(text) or speaks_of_collection(text)) and not told_in_words(text, (), REASON)

    def _method(self, heard: Listening) -> bool:
        """Put the way into its slot; whether the message said anything about it."""
        if heard.opening and heard.resumed:
            return False  # the way that was chosen before
        if "return_method" in heard.candidates:
            # A mapping put a day or the whole text here; what it means is found out below.
            heard.slots["return_method"] = None
        if heard.resumed or not heard.taken:
            return False
        excluded = self._ruled_out(heard)
        wanted = self._wanted(heard, excluded)
        if wanted is None:
            return bool(excluded)
        heard.slots["return_method"] = None
        day = collection_day(wanted)
        if wanted == STORE:
            heard.slots["return_method"] = STORE
        elif day is not None and day in wiring.shop().collection_days(wiring.today()):
            heard.slots["return_method"] = wanted
        elif day is not None:
            heard.refuse("return_method", "utter_no_collection_then", when=spoken_day(day))
        return True

    @staticmethod
    def _ruled_out(heard: Listening) -> set[date]:
        """The days on which nobody shall come, remembered for what is offered; a chosen one is taken back."""
        turn = heard.turn
        if turn.requested_slot not in {"return_method", "confirm_return"}:
            return set()
        days = set(each_once(map(read_day, turn.ruled_out("date"))))
        if days:
            kept = {*(heard.slots.get("unwanted_days") or ()), *(day.isoformat() for day in days)}
            heard.slots["unwanted_days"] = sorted(kept)
        method = heard.slots.get("return_method")
        if days and (method == STORE or collection_day(method) in days):
            heard.slots["return_method"] = None
        if turn.ruled_out("time") or turn.entity("time"):
            heard.remark("utter_no_collection_times")
        return days

    def _wanted(self, heard: Listening, excluded: set[date]) -> str | None:
        """The way that the message names: a button, a day, a store, or "the first one"; ``again`` when it leaves open
        which day.
        """
        turn = heard.turn
        if turn.entity("return_method"):
            return str(turn.entity("return_method"))
        if heard.opening or turn.requested_slot not in {"return_method", "confirm_return"}:
            return self._said_unasked(heard)
        days = tuple(day for day in days_meant(turn.text, map(read_day, turn.entities("date"))) if day not in excluded)
        heard.slots["wanted_days"] = [day.isoformat() for day in days] if len(days) > 1 else None
        if len(days) > 1 or (days and speaks_of_store(turn.text)):
            return AGAIN
        if days:
            return collection(days[0])
        if turn.is_choice:
            return None
        if speaks_of_store(turn.text):
            return STORE
        if turn.requested_slot == "return_method":
            pointed = pointed_at(turn.text, heard.slots.get("offered_returns") or ())
            if pointed:
                return pointed
        already = collection_day(heard.slots.get("return_method"))
        if speaks_of_collection(turn.text):
            heard.slots["wanted_collection"] = True
        return AGAIN if speaks_of_collection(turn.text) and already is None else None

    @staticmethod
    def _said_unasked(heard: Listening) -> str | None:
        """A way that is named while something else is asked: only by its own words, as a day may be of anything."""
        turn = heard.turn
        if turn.is_choice:
            return None
        if speaks_of_store(turn.text) and not turn.entities("date"):
            return STORE
        if not speaks_of_collection(turn.text):
            return None
        heard.slots["wanted_collection"] = True
        days = each_once(map(read_day, turn.entities("date")))
        return collection(days[0]) if len(days) == 1 else None

    def _confirmation(self, heard: Listening, corrected: bool) -> None:
        answer = heard.candidates.get("confirm_return") if not heard.resumed else None
        corrected = corrected or any(heard.turn.entity(name) is not None for name in _CORRECTIONS)
        agreed = answer is True and not corrected and not _only_names(heard.turn)
        heard.slots["confirm_return"] = True if agreed else None
        heard.slots["return_change_asked"] = True if answer is False and not corrected else None
        if heard.turn.requested_slot == "confirm_return" and heard.taken and not heard.resumed and not corrected:
            self._change(heard)

    @staticmethod
    def _change(heard: Listening) -> None:
        """What the customer wants changed, by its value or by its name: "it's faulty", "the day", "another item"."""
        turn = heard.turn
        if turn.is_choice or (turn.intent == "affirm" and not _only_names(turn)):
            return
        given = _REASON_IS.match(turn.text)
        if given or read_reason(turn.text) is not ReturnReason.OTHER:
            words = given["words"] if given else turn.text
            heard.slots["return_reason"] = " ".join(words.split())[:LONGEST_REASON]
            heard.slots["return_change_asked"] = None
            return
        names_it = read_reply(turn.text) is Reply.CHANGE or len(turn.text.split()) <= MOST_WORDS_OF_A_NAME
        field = named_field(turn.text, CALLED) if names_it else None
        if field:
            heard.slots[field] = None
            heard.slots["return_change_asked"] = None
        if field == "return_method":
            heard.slots["wanted_days"] = None

    def in_words(self, names: Sequence[str], heard: Listening) -> list[str]:
        """The order, the reason in quotation marks, and the way back."""
        slots, phrases = heard.slots, []
        if "order_number" in names:
            phrases.append(f"order {slots['order_number']}")
        if "return_reason" in names:
            phrases.append(f"\N{LEFT DOUBLE QUOTATION MARK}{slots['return_reason']}\N{RIGHT DOUBLE QUOTATION MARK}")
        if "return_method" in names:
            day = collection_day(slots["return_method"])
            phrases.append("taking it to a store" if day is None else f"the collection on {spoken_day(day)}")
        return phrases
