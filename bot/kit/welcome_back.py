"""Take a conversation up again that a human has handed back: acknowledge it, take over what changed, count anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.kit.base import CompanyAction
from bot.kit.company import company
from bot.kit.handing_over import told_slots
from bot.kit.not_understood import MARK
from bot.kit.parking import offer_again
from bot.kit.turn import Event, Turn, close_form, set_slot
from bot.kit.upset_customer import HANDED_OVER

# What counts towards giving up: a stretch with a human ends it, or the bot would hand off again at its next stumble.
COUNTERS = (MARK, HANDED_OVER)
# More promises than these are read in the story above, where the human made them.
MOST_REPEATED = 3


class WelcomeBack(CompanyAction):
    """Greets the customer by what happened; the agent's note is for colleagues and stays unsaid."""

    action_name = "action_welcome_back"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """Name the agent and what they promised; a form that waits is offered again, the corrected details stay."""
        data = (turn.metadata.get("event") or {}).get("data") or {}
        agent = str(data.get("agent") or "")
        promised = _promises(data)
        if agent and promised:
            turn.say("utter_welcome_back_promised", agent=agent, promises="\n".join(f"- {one}" for one in promised))
        elif agent:
            turn.say("utter_welcome_back_from", agent=agent)
        else:
            turn.say("utter_welcome_back")
        emptied = (set_slot(name, None) for name in (*COUNTERS, *company().counters))
        return [*close_form(), *emptied, *_changed(data), *offer_again(turn)]


def _promises(data: Mapping[str, Any]) -> list[str]:
    texts = [str(one.get("text") or "") for one in data.get("commitments") or [] if isinstance(one, Mapping)]
    return [text for text in texts if text][:MOST_REPEATED]


def _changed(data: Mapping[str, Any]) -> list[Event]:
    """The slots that the human corrected; only those that hold what customers tell us."""
    changed = data.get("changed_slots")
    if not isinstance(changed, Mapping):
        return []
    return [set_slot(name, changed[name]) for name in told_slots() if name in changed]
