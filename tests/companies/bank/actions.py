"""What the bank does: blocks cards and sends money."""

import requests
from rasa_sdk import Action
from rasa_sdk.events import AllSlotsReset

LOOKED_UP_BY = requests.get


class Block(Action):
    """Blocks the card."""

    def name(self):
        return "action_block"

    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(response="utter_card_blocked")
        return [AllSlotsReset()]


class Send(Action):
    """Sends the money."""

    def name(self):
        return "action_send"

    def run(self, dispatcher, tracker, domain):
        if tracker.get_intent_of_latest_message() != "bye":
            dispatcher.utter_message(response="utter_sent")
        return []
