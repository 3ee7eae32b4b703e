"""Tell a customer, in their own language where we can, that the assistant does not speak it, and offer a person."""

from __future__ import annotations

from bot.contract import names
from bot.handoff.reasons import ReasonCode
from bot.kit.base import CompanyAction
from bot.kit.handing_over import handoff_request
from bot.kit.languages import can_be_told, handing_over, language_of
from bot.kit.not_understood import MARK, second_time_running
from bot.kit.parking import put_aside
from bot.kit.turn import Event, Turn, followed_by, set_slot


class OtherLanguage(CompanyAction):
    """The first time running a sentence and a button, the second time a handoff; an open form waits meanwhile."""

    action_name = "action_other_language"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """The buttons stand with the responses in ``domain.yml``, in the same language."""
        events = [set_slot(MARK, names.OTHER_LANGUAGE)]
        language = language_of(turn)
        if second_time_running(turn):
            turn.say(handing_over(turn), data=handoff_request(turn, ReasonCode.NOT_UNDERSTOOD))
            return [*events, *put_aside(turn), followed_by("action_listen")]
        turn.say(f"utter_other_language_{language}" if can_be_told(language) else "utter_other_language")
        return [*events, followed_by("action_listen")]
