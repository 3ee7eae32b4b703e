"""Book a technician's visit, once."""

from __future__ import annotations

from actions import wiring
from actions.shop.model import BookingRequest, LimitReached, SlotTaken
from actions.visitors import visitor_of
from actions.wording import spoken_visit
from bot.dialogue.agreements import Changes
from bot.handoff.reasons import ReasonCode
from bot.kit.agreed import agree
from bot.kit.base import CompanyAction, write_key
from bot.kit.choices import A_PERSON
from bot.kit.handing_over import handoff_request
from bot.kit.parking import offer_again
from bot.kit.turn import Event, Turn, followed_by, set_slot

_WANTED = ("product", "problem", "postcode", "appointment", "email")
_FORGOTTEN = (
    "problem", "appointment", "confirm_booking", "wanted_date", "wanted_days", "wanted_time", "wanted_soonest",
)  # fmt: skip
"""What belonged to this visit only; appliance, postcode and e-mail stay for the next wish."""

_CHANGES = Changes("utter_change_visit", ("date", "time", "product", "postcode", "email"))


class BookTechnician(CompanyAction):
    """Ends `book_technician_form`."""

    action_name = "action_book_technician"
    repeatable = True  # the shop remembers what it did under a key

    def act(self, turn: Turn) -> list[Event]:
        """Book, or offer other visits when somebody else was quicker."""
        if turn.slot("uncovered"):
            evidence = f"A visit to {turn.slot('uncovered')} is wanted, where our own technicians do not drive."
            turn.say("utter_handing_over", data=handoff_request(turn, ReasonCode.CUSTOMER_REQUEST, evidence))
            return [set_slot("uncovered", None)]
        if not turn.slot("confirm_booking") and not wiring.shop().may_book(visitor_of(turn)):
            return _no_more(turn)  # the form has ended at once
        wanted = {name: turn.slot(name) for name in _WANTED}
        if not turn.slot("confirm_booking") or not all(wanted.values()):
            raise ValueError("the form ended without the customer's yes or without a detail")
        request = BookingRequest(
            slot_id=wanted["appointment"],
            appliance=wanted["product"],
            problem=wanted["problem"],
            postcode=wanted["postcode"],
            email=wanted["email"],
        )
        result = wiring.shop().book(request, visitor_of(turn), write_key(turn, self.action_name))
        if isinstance(result, LimitReached):
            return _no_more(turn)
        if isinstance(result, SlotTaken):
            turn.say("utter_appointment_taken")
            return [
                set_slot("appointment", None),
                set_slot("confirm_booking", None),
                followed_by("book_technician_form"),
            ]
        visit = spoken_visit(result.slot)
        this_one = {
            "product": request.appliance,
            "postcode": request.postcode,
            "date": result.slot.day.isoformat(),
            "time": result.slot.window.value,
        }
        known = {"reference": result.reference, "visit": visit, "email": request.email}
        agreed = agree(turn, "utter_booked", _CHANGES, this_one, **known)
        return [agreed, *(set_slot(name, None) for name in _FORGOTTEN), *offer_again(turn)]


def _no_more(turn: Turn) -> list[Event]:
    """What was said of the visit stays, for the person who arranges it."""
    turn.say("utter_no_more_bookings", choices=[A_PERSON])
    return [set_slot("confirm_booking", None)]
