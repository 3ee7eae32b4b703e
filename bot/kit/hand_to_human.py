"""Hand the conversation to a human because the customer wants one."""

from __future__ import annotations

from bot.handoff.reasons import ReasonCode
from bot.kit.base import CompanyAction
from bot.kit.handing_over import handoff_request
from bot.kit.languages import IN_OUR_LANGUAGE, handing_over
from bot.kit.not_understood import was_out_of_scope
from bot.kit.parking import put_aside
from bot.kit.turn import Event, Turn


class HandToHuman(CompanyAction):
    """Says so, puts an open form aside, and hands over all that is known."""

    action_name = "action_hand_to_human"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """One sentence with the request; the gateway says the rest (place in the queue, waiting time)."""
        # Who takes the person that was offered wants what we could not do, which is worth knowing.
        offered = was_out_of_scope(turn)
        code = ReasonCode.OUT_OF_SCOPE if offered else ReasonCode.CUSTOMER_REQUEST
        said = handing_over(turn)
        if offered and said == IN_OUR_LANGUAGE:
            said = "utter_handing_over_out_of_scope"
        turn.say(said, data=handoff_request(turn, code))
        return put_aside(turn)
