"""Yes or no with no form open: to the form that was offered again, or to nothing in particular."""

from __future__ import annotations

from bot.contract import names
from bot.kit.base import CompanyAction
from bot.kit.parking import give_up, go_on, was_offered
from bot.kit.turn import Event, Turn


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
        turn.say("utter_what_next")
        return give_up(turn) if turn.intent == names.LEAVE_PARKED_FORM or was_offered(turn) else []
