"""Hand the conversation to a human because the customer wants one."""

from __future__ import annotations

from actions.base import CompanyAction
from actions.handing_over import handoff_request
from actions.languages import handing_over
from actions.turn import Event, Turn, close_form
from bot.handoff.reasons import ReasonCode


class HandToHuman(CompanyAction):
    """Says so, leaves an open form, and hands over all that is known."""

    action_name = "action_hand_to_human"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """One sentence with the request; the gateway says the rest (place in the queue, waiting time)."""
        turn.say(handing_over(turn), data=handoff_request(turn, ReasonCode.CUSTOMER_REQUEST))
        return close_form()
