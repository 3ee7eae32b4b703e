"""Leave a form that the customer gives up; where another waits behind it, that one is offered at once."""

from __future__ import annotations

from bot.kit.base import CompanyAction
from bot.kit.parking import offer_again, waits
from bot.kit.turn import Event, Turn


class LeaveForm(CompanyAction):
    """For `stop` in an open form; a rule closes the form behind it."""

    action_name = "action_leave_form"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """One sentence, and the form that waits."""
        if not waits(turn):
            turn.say("utter_stopped")
            return []
        turn.say("utter_stopped_this_one")
        return offer_again(turn)
