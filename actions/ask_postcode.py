"""Ask where the technician is to come, or say what can be done where none comes, for `book_technician_form`."""

from __future__ import annotations

from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON, LEAVE_IT
from bot.kit.form_check import MISSED
from bot.kit.turn import Event, Turn


class AskPostcode(CompanyAction):
    """A place that our technicians do not drive to has a way on of its own, and is not asked for in circles."""

    action_name = "action_ask_book_technician_form_postcode"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """The plain question; with the day where none was named, so that one answer has both."""
        uncovered = turn.slot("uncovered")
        if uncovered:
            # Never twice in the same words: who insists on the place hears both in turns.
            missed = (turn.slot(MISSED) or {}).get("times", 1)
            again = uncovered == turn.known_before().get("uncovered") and missed % 2 == 1
            response = "utter_no_technicians_there_again" if again else "utter_no_technicians_there"
            turn.say(response, choices=(A_PERSON, LEAVE_IT), postcode=str(uncovered))
        elif turn.slot("wanted_date") or turn.slot("wanted_time") or turn.slot("wanted_soonest"):
            turn.say("utter_ask_place_of_visit")
        else:
            turn.say("utter_ask_place_and_day_of_visit")
        return []
