"""Check what customers tell `book_technician_form`, and take corrections at any point of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from actions import wiring
from actions.appointments import LATER, Wish, choose, read_day, read_place, read_window
from actions.complaints import IN_OTHER_WORDS, SAYS_WHEN
from actions.shop import postcodes
from actions.shop.model import Window
from actions.visitors import visitor_of
from bot.dialogue.replies import Reply, named_field, read_reply
from bot.dialogue.several_values import days_meant, each_once
from bot.dialogue.statements import statement_in
from bot.kit.choices import A_PERSON
from bot.kit.form_check import FormCheck, Listening
from bot.nlu.entities.values import email as canonical_email

# What a technician reads on a telephone; longer stories stay in the conversation.
LONGEST_PROBLEM = 500

CALLED = {
    "product": ("appliance", "product", "machine", "model"),
    "problem": ("problem", "fault", "description"),
    "postcode": ("postcode", "post code", "address"),
    "appointment": ("day", "date", "time", "visit", "slot", "appointment", "earlier", "later", "sooner"),
    "email": ("email", "e mail", "mail", "email address", "e mail address"),
}
"""What customers call each answer, to change it by name."""

_CORRECTIONS = ("product", "postcode", "email", "appointment", "date", "time")
"""Entities that change the booking, whatever else the message says: "yes, but on Wednesday" is no yes."""


class ValidateBookTechnicianForm(FormCheck):
    """Appliance, problem, address, visit, e-mail, and a yes to all of it."""

    action_name = "validate_book_technician_form"
    form = "book_technician_form"
    in_other_words = IN_OTHER_WORDS
    says_when = SAYS_WHEN
    may_be_unknown: ClassVar[Mapping[str, str]] = {"problem": "the customer doesn't know what is wrong"}

    def check(self, heard: Listening) -> None:
        """Each in turn; a correction of one takes back what depended on it."""
        if heard.opening and not heard.resumed:
            # What was said of an earlier visit is no part of this one; a form that opens again after its visit was
            # taken keeps it.
            heard.slots.update(
                problem=None, appointment=None, offer_after=None, confirm_booking=None, unwanted_days=None
            )
            heard.slots["wanted_days"] = None
            if not wiring.shop().may_book(visitor_of(heard.turn)):
                # Nobody answers five questions to hear then that nothing can be booked.
                heard.finished = True
                return
        self._product(heard)
        self._problem(heard)
        self._postcode(heard)
        self._appointment(heard)
        self._email(heard)
        self._confirmation(heard)

    def _product(self, heard: Listening) -> None:
        if "product" not in heard.candidates:
            return
        value = str(heard.candidates["product"]).lower()
        known = {name for product in wiring.shop().products() for name in (product.model.lower(), product.kind)}
        heard.slots["product"] = value
        if value not in known:
            heard.refuse("product", "utter_product_unknown")
        elif len(several := self._appliances(heard)) > 1:
            heard.which_one("product", several, has_buttons=True)

    @staticmethod
    def _appliances(heard: Listening) -> tuple[str, ...]:
        """The appliances of which the message asks for a visit; "my washing machine, a Heron 9" is one."""
        turn = heard.turn
        if heard.resumed or not (heard.opening or turn.requested_slot == "product"):
            return ()
        kinds = {product.model.lower(): product.kind for product in wiring.shop().products()}
        said = each_once(str(value).lower() for value in turn.entities("product"))
        models = {kinds[value] for value in said if value in kinds}
        return tuple(value for value in said if value in kinds or (value in kinds.values() and value not in models))

    def _problem(self, heard: Listening) -> None:
        told = heard.told_beside_a_question("problem")
        if told:
            heard.slots["problem"] = told[:LONGEST_PROBLEM]
            return
        if "problem" in heard.candidates and (heard.resumed or not heard.opening):
            text = statement_in(str(heard.candidates["problem"] or ""))[:LONGEST_PROBLEM]
            is_one = not heard.unknown and not heard.turn.is_mostly("postcode", "email", "phone", "order_number")
            heard.slots["problem"] = text if text and is_one else None

    def _postcode(self, heard: Listening) -> None:
        if "postcode" not in heard.candidates:
            return
        postcode = postcodes.canonical(str(heard.candidates["postcode"]))
        heard.slots["postcode"] = postcode
        if postcode is None:
            return
        places = each_once(postcodes.canonical(str(value)) for value in heard.turn.entities("postcode"))
        if len(places) > 1 and not heard.resumed:
            heard.which_one("postcode", places)
            return
        if not wiring.shop().has_technicians(postcode):
            heard.refuse("postcode", "utter_no_technicians_there", choices=(A_PERSON,), postcode=postcode)
            heard.slots["appointment"] = None
            return
        booked = heard.slots.get("appointment")
        slot = wiring.shop().appointment_slot(str(booked)) if booked else None
        if slot is None or slot.area != postcodes.area(postcode):
            heard.slots["appointment"] = None

    def _appointment(self, heard: Listening) -> None:
        if heard.opening and heard.resumed:
            return  # the visit that was chosen before; its area was held against the postcode
        wish = Wish() if heard.resumed or not heard.taken else self._wish(heard)
        if "appointment" in heard.candidates:
            # A mapping put a day or the whole text here; what it means, the wish says.
            heard.slots["appointment"] = None
        if not wish:
            return
        heard.slots["appointment"] = None
        offered: Sequence[str] = heard.slots.get("offered_appointments") or ()
        heard.slots["offer_after"] = offered[-1] if wish.later and offered else None
        heard.slots["wanted_date"] = wish.day.isoformat() if wish.day else None
        heard.slots["wanted_days"] = [day.isoformat() for day in wish.days] or None
        heard.slots["wanted_time"] = wish.window.value if wish.window else None
        postcode = heard.slots.get("postcode")
        if postcode and not heard.opening:
            heard.slots["appointment"] = choose(wiring.shop(), postcode, wiring.today(), wish)
            if wish.slot_id and heard.slots["appointment"] is None:
                heard.refuse("appointment", "utter_appointment_taken")

    def _wish(self, heard: Listening) -> Wish:
        """What the message says about the visit; a time of day alone belongs to the day chosen or asked for."""
        turn = heard.turn
        pressed = turn.entity("appointment")
        asked = turn.requested_slot == "appointment"
        excluded = self._ruled_out_days(heard)
        days = tuple(day for day in days_meant(turn.text, map(read_day, turn.entities("date"))) if day not in excluded)
        day, window = days[0] if days else read_day(turn.entity("date")), self._window(heard)
        if excluded and (day is None or day in excluded):
            chosen = wiring.shop().appointment_slot(str(heard.slots.get("appointment")))
            if chosen and chosen.day in excluded:
                heard.slots["appointment"] = None
            heard.slots.update(wanted_date=None, wanted_days=None, wanted_time=None, offer_after=None)
            return Wish()
        if pressed and pressed != LATER:
            return Wish(slot_id=str(pressed))
        if len(days) > 1:
            return Wish(days=days, window=window)
        if day or window:
            chosen = wiring.shop().appointment_slot(str(heard.slots.get("appointment")))
            return Wish(day=day or (chosen.day if chosen else read_day(heard.slots.get("wanted_date"))), window=window)
        if pressed == LATER or (asked and turn.intent == "deny"):
            return Wish(later=True)
        offered: Sequence[str] = heard.slots.get("offered_appointments") or ()
        if asked and turn.intent == "affirm" and len(offered) == 1:
            return Wish(slot_id=offered[0])
        if asked and not turn.is_choice:
            return Wish(slot_id=read_place(turn.text, offered))
        return Wish()

    @staticmethod
    def _window(heard: Listening) -> Window | None:
        """The half of the day that is wanted: none of several, and the other one where one is ruled out."""
        windows = each_once(map(read_window, heard.turn.entities("time")))
        excluded = set(map(read_window, heard.turn.ruled_out("time")))
        left = [window for window in windows or tuple(Window) if window not in excluded]
        return left[0] if len(left) == 1 else None

    @staticmethod
    def _ruled_out_days(heard: Listening) -> set[date]:
        """The days on which the customer cannot, remembered for what is offered: "not on Monday"."""
        days = {day for day in map(read_day, heard.turn.ruled_out("date")) if day}
        if days:
            kept = {*(heard.slots.get("unwanted_days") or ()), *(day.isoformat() for day in days)}
            heard.slots["unwanted_days"] = sorted(kept)
        return days

    def _email(self, heard: Listening) -> None:
        if "email" not in heard.candidates:
            return
        # The syntax only: the confirmation that is sent proves the rest.
        emails = [canonical_email(str(value)) for value in heard.turn.entities("email")]
        several = each_once(email.text for email in emails if email.valid)
        if len(several) > 1 and not heard.resumed:
            heard.which_one("email", several)
            return
        email = canonical_email(str(heard.candidates["email"]))
        heard.slots["email"] = email.text
        if not email.valid:
            heard.refuse("email", "utter_hint_email")

    def _confirmation(self, heard: Listening) -> None:
        answer = heard.candidates.get("confirm_booking") if not heard.resumed else None
        corrected = any(heard.turn.entity(name) is not None or heard.turn.ruled_out(name) for name in _CORRECTIONS)
        heard.slots["confirm_booking"] = True if answer is True and not corrected else None
        heard.slots["change_asked"] = True if answer is False and not corrected else None
        if heard.turn.requested_slot == "confirm_booking" and heard.taken and not corrected:
            self._change_by_name(heard)

    @staticmethod
    def _change_by_name(heard: Listening) -> None:
        """Ask again for what the customer wants changed: "the day", "another email", "can it be earlier?"."""
        turn = heard.turn
        if heard.resumed or turn.is_choice or read_reply(turn.text) is not Reply.CHANGE:
            return
        field = named_field(turn.text, CALLED)
        if field:
            heard.slots[field] = None
        if field == "appointment":
            heard.slots.update(wanted_date=None, wanted_days=None, wanted_time=None, offer_after=None)
