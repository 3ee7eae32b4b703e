"""Offer real free visits for `book_technician_form`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from actions import wiring
from actions.appointments import LATER, OFFERED_AT_ONCE, in_order, read_day, read_window
from actions.shop.closed_days import no_visits_on
from actions.shop.model import AppointmentSlot
from actions.wording import spoken_day, spoken_visit
from bot.dialogue.several_values import each_once, in_turns, spoken_list
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON
from bot.kit.turn import Choice, Event, Turn, set_slot


class AskAppointment(CompanyAction):
    """Up to four visits as buttons: on the day that was asked for, else the nearest."""

    action_name = "action_ask_book_technician_form_appointment"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Offer visits and remember which, so that "the second one" means something."""
        shop, today, postcode = wiring.shop(), wiring.today(), str(turn.slot("postcode"))
        day, window = read_day(turn.slot("wanted_date")), read_window(turn.slot("wanted_time"))
        free = shop.free_appointments(postcode, today, day, window)
        unwanted = set(turn.slot("unwanted_days") or ())
        free = _on_other_days(free, unwanted)
        days = each_once(map(read_day, turn.slot("wanted_days") or ()))
        on_days = [[slot for slot in free if slot.day == each] for each in days]
        if any(on_days):
            return _offer_among(turn, days, on_days)
        if day and free:
            offered, response = free[:OFFERED_AT_ONCE], "utter_offer_on_day"
        elif day or window:
            # Nothing fits: what comes after that day, else whatever there is.
            after = max(day or today, today)
            nearest = (
                free
                or _on_other_days(shop.free_appointments(postcode, after), unwanted)
                or _on_other_days(shop.free_appointments(postcode, today), unwanted)
            )
            offered = nearest[:OFFERED_AT_ONCE]
            closed = day is not None and no_visits_on(day)
            nothing = "utter_offer_instead_of_closed" if closed else "utter_offer_instead"
            response = "utter_offer_visits" if free else nothing
        else:
            # At the end of the diary from the start again.
            offered = (_behind(free, turn.slot("offer_after")) or free)[:OFFERED_AT_ONCE]
            response = "utter_offer_visits"
        if days:
            turn.say("utter_nothing_then", when=spoken_list([spoken_day(each) for each in days], "or"))
        if not offered:
            turn.say("utter_no_visits", choices=[A_PERSON])
            return [set_slot("offered_appointments", None)]
        turn.say(response, choices=_buttons(offered), when=f"on {spoken_day(day)}" if day else "then")
        return [set_slot("offered_appointments", [slot.id for slot in offered])]


def _offer_among(turn: Turn, days: Sequence[date], on_days: Sequence[Sequence[AppointmentSlot]]) -> list[Event]:
    """Visits on each of several days that the customer named; a day on which nothing is free is named too."""
    full = [spoken_day(day) for day, slots in zip(days, on_days, strict=True) if not slots]
    if full:
        turn.say("utter_nothing_then", when=spoken_list(full, "or"))
    offered = in_turns(on_days, OFFERED_AT_ONCE)
    left = [spoken_day(day) for day, slots in zip(days, on_days, strict=True) if slots]
    turn.say("utter_offer_on_day", choices=_buttons(offered), when=f"on {spoken_list(left)}")
    return [set_slot("offered_appointments", [slot.id for slot in offered])]


def _on_other_days(free: tuple[AppointmentSlot, ...], unwanted: set[str]) -> tuple[AppointmentSlot, ...]:
    """The visits on days that the customer has not ruled out."""
    return tuple(slot for slot in free if slot.day.isoformat() not in unwanted)


def _behind(free: tuple[AppointmentSlot, ...], slot_id: object) -> tuple[AppointmentSlot, ...]:
    """The free visits later than one that was offered, which may be taken by now."""
    last = wiring.shop().appointment_slot(str(slot_id)) if slot_id else None
    if last is None:
        return free
    return tuple(slot for slot in free if in_order(slot) > in_order(last))


def _buttons(offered: tuple[AppointmentSlot, ...]) -> list[Choice]:
    visits = [Choice(spoken_visit(slot), f'/inform{{"appointment": "{slot.id}"}}') for slot in offered]
    return [*visits, Choice("Other times", f'/inform{{"appointment": "{LATER}"}}')]
