"""Take a conversation up again that a human has handed back."""

from __future__ import annotations

from actions.base import CompanyAction
from actions.turn import Event, Turn, set_slot
from actions.upset_customer import HANDED_OVER


class WelcomeBack(CompanyAction):
    """Greets the customer by what happened; the agent's note is for colleagues and stays unsaid."""

    action_name = "action_welcome_back"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Name the agent where the gateway names them."""
        event = turn.metadata.get("event") or {}
        agent = str((event.get("data") or {}).get("agent") or "")
        if agent:
            turn.say("utter_welcome_back_from", agent=agent)
        else:
            turn.say("utter_welcome_back")
        return [set_slot(HANDED_OVER, None)]
