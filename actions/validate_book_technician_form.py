"""Check what customers tell `book_technician_form`, and take corrections at any point of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from actions import wiring
from actions.appointments import LATER, Wish, choose, read_day, read_place, read_window, speaks_of_soonest
from actions.complaints import IN_OTHER_WORDS, SAYS_WHEN
from actions.faults import LONGEST_PROBLEM, fault_told, fault_told_before
from actions.models_named import product_by_first_word
from actions.shop import postcodes
from actions.shop.model import Window
from actions.visitors import visitor_of
from actions.wording import spoken_day, spoken_visit
from bot.dialogue.asking_again import as_slot as missed_slot
from bot.dialogue.asking_again import missed_again
from bot.dialogue.corrections import takes_back
from bot.dialogue.inside_form import asks_what_there_is
from bot.dialogue.replies import Reply, named_field, names_instead_of_agreeing, read_reply
from bot.dialogue.several_values import days_meant, each_once
from bot.dialogue.statements import statement_in, tells_only_age
from bot.dialogue.told import beside_values, is_only_values, told_before, without_told_before
from bot.kit.choices import A_PERSON
from bot.kit.form_check import MISSED, FormCheck, Listening
from bot.nlu.entities.values import email as canonical_email

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


_NAMES_ANOTHER = re.compile(
    r"\b(?:it'?s|it is|is|was|meant|have|got)\s+(?:actually\s+)?(?:an?|my|the)\s+(?!wrong)\w+", re.IGNORECASE
)
""" "It's a microwave, not an oven" names what it is instead; "not the oven" alone does not."""

MOST_OF_A_DAY = {Window.MORNING: "in the morning", Window.AFTERNOON: "in the afternoon"}


class ValidateBookTechnicianForm(FormCheck):
    """Appliance, problem, address, visit, e-mail, and a yes to all of it."""

    action_name = "validate_book_technician_form"
    form = "book_technician_form"
    in_other_words = IN_OTHER_WORDS
    says_when = SAYS_WHEN
    may_be_unknown: ClassVar[Mapping[str, str]] = {"problem": "fault not known"}
    said_back = ("product", "problem", "postcode", "appointment", "wanted_date", "wanted_time", "email")

    def check(self, heard: Listening) -> None:
        """Each in turn; a correction of one takes back what depended on it."""
        if heard.opening and not heard.resumed:
            # What was said of an earlier visit is no part of this one; a form that opens again after its visit was
            # taken keeps it.
            heard.slots.update(
                problem=None, appointment=None, offer_after=None, confirm_booking=None, unwanted_days=None
            )
            heard.slots.update(
                wanted_days=None, wanted_date=None, wanted_time=None, wanted_soonest=None, uncovered=None
            )
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
            self._product_taken_back(heard)
            if heard.opening and not heard.resumed and heard.slots.get("product") is None:
                heard.slots["product"] = product_by_first_word(heard.turn.text, wiring.shop().products())
            return
        value = str(heard.candidates["product"]).lower()
        known = {name for product in wiring.shop().products() for name in (product.model.lower(), product.kind)}
        heard.slots["product"] = value
        if value not in known:
            heard.refuse("product", "utter_product_unknown")
        elif len(several := self._appliances(heard)) > 1:
            heard.which_one("product", several, has_buttons=True)

    @staticmethod
    def _product_taken_back(heard: Listening) -> None:
        """ "It's a microwave, not an oven": what is said instead is nothing that we repair."""
        product = heard.slots.get("product")
        if not heard.taken or heard.resumed or product is None or product not in heard.turn.ruled_out("product"):
            return
        heard.slots["product"] = None
        if _NAMES_ANOTHER.search(heard.turn.text):
            heard.refuse("product", "utter_product_unknown", choices=(A_PERSON,))

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
        turn = heard.turn
        if heard.opening and not heard.resumed:
            heard.slots["problem"] = fault_told(turn) or fault_told_before(turn, heard.slots.get("product"))
        elif "problem" in heard.candidates and turn.requested_slot == "problem":
            heard.slots["problem"] = self._own_words(heard)
        elif heard.taken and not heard.resumed and heard.slots.get("problem") is None:
            heard.slots["problem"] = fault_told(turn)

    @staticmethod
    def _own_words(heard: Listening) -> str | None:
        """The fault in the customer's words; a day, a postcode or a correction is none, and nothing is said twice."""
        turn = heard.turn
        if heard.unknown or read_reply(turn.text) is Reply.GO_AHEAD or is_only_values(turn.text, turn.places()):
            return None
        if told_before(turn.text):
            again = without_told_before(turn.text)
            earlier = fault_told_before(turn, heard.slots.get("product"))
            return (again if len(again.split()) > 1 else earlier or again or None) or None
        if takes_back(turn.text) and (turn.entity("product") or turn.ruled_out("product")):
            return fault_told(turn)
        told = statement_in(turn.text)
        if told == turn.text.strip() and turn.places():
            told = beside_values(turn.text, turn.places()) or told
        return None if tells_only_age(told) else told[:LONGEST_PROBLEM] or None

    def _postcode(self, heard: Listening) -> None:
        if "postcode" not in heard.candidates:
            offered = heard.slots.get("uncovered") and not heard.opening and heard.turn.requested_slot == "postcode"
            if offered and heard.taken and not heard.resumed and heard.turn.intent == "affirm":
                heard.finished = True  # yes to a person, where no technician of ours comes
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
            # Nobody answers more questions for a visit that cannot be; the question says why, and what can be done.
            if heard.slots.get("uncovered") == postcode:
                heard.slots[MISSED] = missed_slot(missed_again(heard.slots.get(MISSED), "postcode"))
            heard.slots.update(postcode=None, uncovered=postcode, appointment=None)
            heard.ask_next = "postcode"
            return
        heard.slots["uncovered"] = None
        booked = heard.slots.get("appointment")
        slot = wiring.shop().appointment_slot(str(booked)) if booked else None
        if slot is None or slot.area != postcodes.area(postcode):
            heard.slots["appointment"] = None

    def _appointment(self, heard: Listening) -> None:
        goes_on = heard.turn.intent == "resume_form" and heard.slots.get("appointment") is None
        if heard.opening and heard.resumed and not goes_on:
            return  # the visit that was chosen before; its area was held against the postcode
        wish = Wish() if (heard.resumed and not goes_on) or not heard.taken else self._wish(heard)
        if "appointment" in heard.candidates:
            # A mapping put a day or the whole text here; what it means, the wish says.
            heard.slots["appointment"] = None
        if not wish:
            if heard.turn.requested_slot == "appointment" and asks_what_there_is(heard.turn.text):
                heard.ask_next = "appointment"
            self._choose_what_was_wanted(heard)
            return
        heard.slots["appointment"] = None
        offered: Sequence[str] = heard.slots.get("offered_appointments") or ()
        heard.slots["offer_after"] = offered[-1] if wish.later and offered else None
        heard.slots["wanted_date"] = wish.day.isoformat() if wish.day else None
        heard.slots["wanted_days"] = [day.isoformat() for day in wish.days] or None
        heard.slots["wanted_time"] = wish.window.value if wish.window else None
        heard.slots["wanted_soonest"] = wish.soonest or None
        postcode = heard.slots.get("postcode")
        if postcode:
            heard.slots["appointment"] = choose(wiring.shop(), postcode, wiring.today(), wish)
            if wish.slot_id and heard.slots["appointment"] is None:
                heard.refuse("appointment", "utter_appointment_taken")

    @staticmethod
    def _choose_what_was_wanted(heard: Listening) -> None:
        """The day and the half of it that were said before the postcode was."""
        slots = heard.slots
        if not heard.taken or heard.resumed or slots.get("appointment") or heard.turn.requested_slot == "appointment":
            return
        wanted = Wish(
            day=read_day(slots.get("wanted_date")),
            window=read_window(slots.get("wanted_time")),
            soonest=bool(slots.get("wanted_soonest")),
        )
        if slots.get("postcode") and wanted and not slots.get("wanted_days"):
            slots["appointment"] = choose(wiring.shop(), str(slots["postcode"]), wiring.today(), wanted)

    def _wish(self, heard: Listening) -> Wish:
        """What the message says about the visit; a time of day alone belongs to the day chosen or asked for."""
        turn = heard.turn
        pressed = turn.entity("appointment")
        asked = turn.requested_slot == "appointment"
        excluded = self._ruled_out_days(heard)
        days = tuple(day for day in days_meant(turn.text, map(read_day, turn.entities("date"))) if day not in excluded)
        if len(days) > 1 and takes_back(turn.text):
            # "Make it Friday, I have the dentist on Wednesday": the day that was chosen is the one that is given up.
            before = wiring.shop().appointment_slot(str(heard.slots.get("appointment")))
            days = tuple(each for each in days if before is None or each != before.day) or days
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
        if window and day is None and not asked and speaks_of_soonest(turn.text):
            return Wish(soonest=True, window=window)
        if day or window:
            chosen = wiring.shop().appointment_slot(str(heard.slots.get("appointment")))
            return Wish(day=day or (chosen.day if chosen else read_day(heard.slots.get("wanted_date"))), window=window)
        offered: Sequence[str] = heard.slots.get("offered_appointments") or ()
        if asked and not turn.is_choice and (pointed := read_place(turn.text, offered)):
            return Wish(slot_id=pointed)  # "the first one", whatever it sounds like
        if pressed == LATER or (asked and turn.intent == "deny" and not takes_back(turn.text)):
            return Wish(later=True)
        if not asked and not turn.is_choice and speaks_of_soonest(turn.text):
            return Wish(soonest=True, window=window)
        if asked and turn.intent == "affirm" and len(offered) == 1:
            return Wish(slot_id=offered[0])
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
        only_names = not heard.turn.is_choice and names_instead_of_agreeing(heard.turn.text, CALLED)
        heard.slots["confirm_booking"] = True if answer is True and not corrected and not only_names else None
        heard.slots["change_asked"] = True if answer is False and not corrected else None
        at_summary = heard.turn.requested_slot == "confirm_booking" and heard.taken and not corrected
        if at_summary and not self._change_by_name(heard):
            self._other_fault(heard)

    @staticmethod
    def _other_fault(heard: Listening) -> None:
        """ "No, both rings are dead": the fault in other words."""
        turn = heard.turn
        told = None if heard.resumed or turn.intent == "affirm" else fault_told(turn)
        if told:
            heard.slots.update(problem=told, change_asked=None)

    @staticmethod
    def _change_by_name(heard: Listening) -> bool:
        """Ask again for what the customer wants changed: "the day", "another email", "can it be earlier?"."""
        turn = heard.turn
        changes = read_reply(turn.text) is Reply.CHANGE or (
            turn.intent == "affirm" and names_instead_of_agreeing(turn.text, CALLED)
        )
        if heard.resumed or turn.is_choice or not changes:
            return False
        field = named_field(turn.text, CALLED)
        if field:
            heard.slots.update({field: None, "change_asked": None})
        if field == "appointment":
            heard.slots.update(wanted_date=None, wanted_days=None, wanted_time=None, offer_after=None)
        return bool(field)

    def in_words(self, names: Sequence[str], heard: Listening) -> list[str]:
        """The appliance with its fault, the place, the visit or the day that is wanted, and the address."""
        slots, phrases = heard.slots, []
        if "product" in names:
            fault = f" ({slots['problem']})" if "problem" in names else ""
            phrases.append(f"the {appliance(str(slots['product']))}{fault}")
        elif "problem" in names:
            phrases.append(f"\N{LEFT DOUBLE QUOTATION MARK}{slots['problem']}\N{RIGHT DOUBLE QUOTATION MARK}")
        if "postcode" in names:
            phrases.append(str(slots["postcode"]))
        moment = self._moment(slots, names) if heard.opening or heard.turn.requested_slot != "appointment" else ""
        return [*phrases, *([moment] if moment else []), *([str(slots["email"])] if "email" in names else [])]

    @staticmethod
    def _moment(slots: Mapping[str, object], names: Sequence[str]) -> str:
        if "appointment" in names:
            slot = wiring.shop().appointment_slot(str(slots["appointment"]))
            return spoken_visit(slot) if slot else ""
        asked_next = all(slots.get(name) is not None for name in ("product", "problem", "postcode"))
        if asked_next or not {"wanted_date", "wanted_time"} & set(names):
            return ""  # the visits on offer name the day
        day, window = read_day(slots.get("wanted_date")), read_window(slots.get("wanted_time"))
        return " ".join([*([spoken_day(day)] if day else []), *([MOST_OF_A_DAY[window]] if window else [])])


def appliance(value: str) -> str:
    """``Tern 45`` for the model, ``dishwasher`` for the kind: as the catalogue writes it."""
    models = {product.model.lower(): product.model for product in wiring.shop().products()}
    return models.get(value, value)
