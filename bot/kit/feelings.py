"""Answer what moves the customer: in a sentence of its own, and with a person where one is needed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.handoff.reasons import ReasonCode
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON
from bot.kit.handing_over import handoff_request
from bot.kit.parking import put_aside
from bot.kit.turn import Event, Turn, followed_by

_SAYS: Mapping[str, str] = {
    "praise": "utter_praise",
    "sarcasm": "utter_sarcasm",
    "insult": "utter_insult",
    "distress": "utter_distress",
}
_OFFERS_PERSON = frozenset({"sarcasm", "insult", "distress"})
_HANDS_OVER: Mapping[str, str] = {"bereavement": "utter_condolence", "threat": "utter_handing_over_threat"}
"""These need a person, and no menu."""


class AnswerFeeling(CompanyAction):
    """For `feeling`; what moves the customer stands in the decision."""

    action_name = "action_answer_feeling"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """One sentence; an open form goes on afterwards, unless a person takes over."""
        moved = str(turn.decision.get("feeling") or "")
        if moved in _HANDS_OVER:
            turn.say(_HANDS_OVER[moved], data=handoff_request(turn, ReasonCode.POLICY))
            return [*put_aside(turn), followed_by("action_listen")]
        turn.say(_SAYS[moved], choices=[A_PERSON] if moved in _OFFERS_PERSON and not turn.open_form else [])
        return [followed_by(turn.open_form or "action_listen")]
