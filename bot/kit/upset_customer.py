"""Hand an upset customer to a human, warmly and at once: nobody wants to argue with a program."""

from __future__ import annotations

from bot.handoff.reasons import ReasonCode
from bot.kit.base import CompanyAction
from bot.kit.handing_over import handoff_request
from bot.kit.parking import put_aside
from bot.kit.turn import Event, Turn, set_slot

HANDED_OVER = "upset_handed_over"
"""The slot that keeps it from happening twice until a human has handed the conversation back."""


class UpsetCustomer(CompanyAction):
    """Says sorry, puts an open form aside, and hands over all that is known."""

    action_name = "action_upset_customer"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """One sentence with the request; the gateway puts it before others in the line."""
        turn.say("utter_handing_over_upset", data=handoff_request(turn, ReasonCode.UPSET_CUSTOMER))
        return [*put_aside(turn), set_slot(HANDED_OVER, True)]
