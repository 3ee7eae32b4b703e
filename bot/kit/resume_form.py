"""Go on with a form that waits: "ok, so where were we?"."""

from __future__ import annotations

from bot.kit.base import CompanyAction
from bot.kit.parking import go_on
from bot.kit.turn import Event, Turn


class ResumeForm(CompanyAction):
    """For `resume_form`; in an open form the form asks again by itself."""

    action_name = "action_resume_form"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Open the form that was left last, or ask what to do."""
        if turn.open_form:
            return []
        events = go_on(turn)
        if not events:
            turn.say("utter_what_next")
        return events
