"""Hear a complaint: sorry first, then what happened in the customer's own words, then a person who has all of it."""

from __future__ import annotations

from bot.handoff.reasons import ReasonCode
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON
from bot.kit.handing_over import handoff_request
from bot.kit.parking import put_aside
from bot.kit.turn import Event, Turn
from bot.nlu.tone.complaints import tells_what


class TakeComplaint(CompanyAction):
    """For `complain`, and for what the customer writes right after it."""

    action_name = "action_take_complaint"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Ask what happened, or offer a person; what is told then goes to one with everything before it."""
        told = complaint_so_far(turn)
        if len(told) > 1:
            turn.say("utter_handing_over_complaint", data=handoff_request(turn, ReasonCode.POLICY, "\n".join(told)))
            return put_aside(turn)
        heard = bool(told) and tells_what(told[-1])
        turn.say("utter_complaint_heard" if heard else "utter_complain", choices=[A_PERSON])
        return []


def complaint_so_far(turn: Turn) -> list[str]:
    """What the customer has written of the complaint that is being heard, the first words first."""
    told: list[str] = []
    for number, (said, followed) in enumerate(turn.earlier()):
        if number and not any(event.get("name") == TakeComplaint.action_name for event in followed):
            break
        text = str(said.get("text") or "")
        if text and not text.startswith("/"):
            told.append(text)
    return told[::-1]
