"""Tables: reserved, moved, and checked while the form is open."""

from __future__ import annotations

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.events import SlotSet

LARGEST_TABLE = 12
WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


class Reserve(Action):
    """Reserves the table that the form asked for."""

    def name(self) -> str:
        return "action_reserve"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_table_reserved")
        return [SlotSet("guests", None)]


class Move(Action):
    """Moves a table to another day."""

    def name(self) -> str:
        return "action_move_booking"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_moved")
        return []


class CheckTable(FormValidationAction):
    """Looks whether so many guests can sit together."""

    def name(self) -> str:
        return "validate_table_form"

    def validate_guests(self, value, dispatcher, tracker, domain):
        number = WORDS.get(str(value).lower()) or (int(value) if str(value).isdigit() else 0)
        return {"guests": value if 0 < number <= LARGEST_TABLE else None}
