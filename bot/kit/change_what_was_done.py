"""Say how what was booked or registered just before can be changed: "actually, make it Tuesday"."""

from __future__ import annotations

import time

from bot.contract.names import AGREEMENTS
from bot.dialogue.agreements import last_done
from bot.kit.base import CompanyAction
from bot.kit.choices import A_PERSON
from bot.kit.turn import Event, Turn


class ChangeWhatWasDone(CompanyAction):
    """For `change_what_was_done`, which the arbiter sets only where there is something to change."""

    action_name = "action_change_what_was_done"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """What stands, how the customer can change it, and a person who can."""
        done = last_done(turn.slot(AGREEMENTS), time.time())
        if done is None or done.changes is None:
            turn.say("utter_talk_nothing_agreed")
            return []
        turn.say(done.changes.response, choices=(A_PERSON,), **done.values)
        return []
