"""Yes or no with no form open: to the form that was offered again, or to nothing in particular."""

from __future__ import annotations

from bot.contract import names
from bot.dialogue.offers import DECLINE, intent_of
from bot.dialogue.replies import went_well
from bot.kit.base import CompanyAction
from bot.kit.parking import give_up, go_on, was_offered
from bot.kit.turn import Choice, Event, Turn


class AnswerOffer(CompanyAction):
    """For `affirm`, `deny` and the button that leaves what was offered."""

    action_name = "action_answer_offer"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Go on with what was offered, or leave it; else ask what to do."""
        if turn.open_form:
            return []
        if turn.intent == names.AFFIRM and was_offered(turn):
            return go_on(turn)
        if turn.intent == names.AFFIRM and went_well(turn.text):
            turn.say("utter_went_well")
            return []
        if turn.intent == names.AFFIRM and (choices := _shown_just_before(turn)):
            turn.say("utter_which_of_these", choices=choices)
            return []
        turn.say("utter_what_next")
        return give_up(turn) if turn.intent == names.LEAVE_PARKED_FORM or was_offered(turn) else []


def _shown_just_before(turn: Turn) -> list[Choice]:
    """The choices under what the assistant said last, where a yes leaves open which of them is meant."""
    turns = turn.earlier()
    next(turns, None)
    _, followed = next(turns, ({}, []))
    said = [event for event in followed if event.get("event") == "bot"]
    buttons = ((said[-1].get("data") or {}).get("buttons") or []) if said else []
    choices = [Choice(str(button["title"]), str(button["payload"])) for button in buttons]
    return choices if sum(intent_of(choice.payload) not in DECLINE for choice in choices) > 1 else []
