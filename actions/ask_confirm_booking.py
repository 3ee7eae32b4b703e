"""Sum up a booking before it is made, or ask what to change in it."""

from __future__ import annotations

from actions import wiring
from actions.appointments import LATER
from actions.validate_book_technician_form import appliance
from actions.wording import spoken_visit
from bot.kit.base import CompanyAction
from bot.kit.turn import Choice, Event, Turn, set_slot

YES = Choice("Yes, book it", "/affirm")
NO = Choice("No, change something", "/deny")
ANOTHER_TIME = Choice("Another time", f'/inform{{"appointment": "{LATER}"}}')
STOP = Choice("Don't book", "/stop")


class AskConfirmBooking(CompanyAction):
    """The last question of `book_technician_form`."""

    action_name = "action_ask_book_technician_form_confirm_booking"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Everything that will be booked, in one message."""
        if turn.slot("change_asked"):
            turn.say("utter_what_to_change", choices=[ANOTHER_TIME, STOP])
            return [set_slot("change_asked", None)]
        slot = wiring.shop().appointment_slot(str(turn.slot("appointment")))
        turn.say(
            "utter_confirm_booking",
            choices=[YES, NO],
            appliance=appliance(str(turn.slot("product"))),
            visit=spoken_visit(slot) if slot else "",
        )
        return []
