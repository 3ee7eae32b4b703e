"""Somebody is in danger: fixed words with the emergency number, an urgent ticket, and nothing else."""

from __future__ import annotations

from bot.handoff.emergency import first_words
from bot.handoff.reasons import ReasonCode
from bot.kit.base import CompanyAction
from bot.kit.company import content
from bot.kit.handing_over import handoff_request
from bot.kit.parking import put_aside
from bot.kit.turn import Event, Turn


class Danger(CompanyAction):
    """Says what to do first and hands over; an open form waits until a human has handed the conversation back."""

    action_name = "action_danger"
    read_only = True

    def act(self, turn: Turn) -> list[Event]:
        """One message with the request; the gateway puts it before all others in the line."""
        danger = turn.message.get("danger") or {}
        said = content().catalogue().say(first_words(str(danger.get("kind")), content().country), turn.locale)
        text = " ".join(part for part in (said, str(danger.get("add") or "")) if part)
        turn.quote(text, handoff_request(turn, ReasonCode.DANGER))
        return put_aside(turn)
