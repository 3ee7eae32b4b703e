"""What every action owes, kept in one place: it says how it ended, and its failure reaches the customer and a human.

rasa-sdk creates every class here without arguments and at once; what an action needs it takes from the company's own
wiring, or from :mod:`bot.kit.company`, when it runs. Actions block (a database, a file), so each runs in a thread of
its own and none holds up another customer's.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from rasa_sdk import Action

from bot.contract.names import ACTION_OUTCOME
from bot.contract.outcome import REFUSED_IN_SHADOW, ActionOutcome
from bot.contract.reading import as_json
from bot.handoff.reasons import ReasonCode
from bot.kit.handing_over import handoff_request
from bot.kit.turn import Event, Turn, close_form, set_slot

logger = logging.getLogger(__name__)


def outcome(name: str, error: str | None = None) -> Event:
    """The event by which an action says how it ended; ``error`` never holds what a customer wrote."""
    return set_slot(ACTION_OUTCOME, as_json(ActionOutcome(name, error is None, error)))


def failed_already(turn: Turn) -> bool:
    """Whether another action has failed in this very turn."""
    _, followed = next(turn.earlier(), (None, []))
    ended = [event.get("value") or {} for event in followed if event.get("name") == ACTION_OUTCOME]
    return any(not value.get("ok", True) and value.get("error") != REFUSED_IN_SHADOW for value in ended)


def write_key(turn: Turn, action: str) -> str:
    """Message, action, and the how manieth call of it in this turn: the same turn taken again has the same keys."""
    if not turn.message_id:
        raise ValueError("a message without an id cannot be acted on once")
    ended = [
        event["value"]
        for followed in turn.followed_this_message()
        for event in followed
        if event.get("name") == ACTION_OUTCOME and event.get("value")
    ]
    calls = sum(1 for value in ended if value["name"] == action)
    return f"{turn.message_id}/{action}/{calls}"


class CompanyAction(Action, ABC):  # type: ignore[misc]  # rasa_sdk is not installed where mypy runs
    """An action of a company or of the kit; a subclass writes :meth:`act` and nothing else."""

    action_name: ClassVar[str]
    read_only: ClassVar[bool] = False
    """Whether it changes nothing outside the conversation: a shadow turn runs no other."""
    repeatable: ClassVar[bool] = False
    """Whether it may run again for the same message, after a try whose end nobody knows: it writes under
    :func:`write_key` and remembers the result. What only reads may always."""

    def name(self) -> str:
        """The name in ``domain.yml``."""
        return self.action_name

    @abstractmethod
    def act(self, turn: Turn) -> list[Event]:
        """Answer the turn; return the events that follow."""

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Event]:
        """Called by rasa-sdk: act, whatever happens, and say how it ended."""
        turn = Turn(tracker, dispatcher)
        if failed_already(turn):
            # The customer has been told and handed over; going on as if nothing had happened would contradict that.
            return self.ending()
        if turn.shadow and not self.read_only:
            return [outcome(self.action_name, REFUSED_IN_SHADOW)]
        try:
            events = await asyncio.to_thread(self.act, turn)
        except Exception as error:
            return self.failed(turn, error)
        return [*events, *self.ending()]

    def ending(self) -> list[Event]:
        """What is added to the events of an action that went well."""
        return [outcome(self.action_name)]

    def failed(self, turn: Turn, error: Exception) -> list[Event]:
        """Tell the customer, hand the conversation over, leave the form; the log never has what the customer wrote."""
        # The type says what kind of fault it was; a message could quote the customer (an address, a bad value).
        kind = type(error).__name__
        place = _without_text(error)
        logger.error("%s failed with %s, message %s", self.action_name, kind, turn.message_id, exc_info=place)
        del turn.dispatcher.messages[:]
        request = handoff_request(turn, ReasonCode.TECHNICAL_FAILURE, f"{self.action_name} failed: {kind}")
        turn.say("utter_technical_failure", data=request)
        return [*close_form(), outcome(self.action_name, kind)]


class _ActionError(Exception):
    """Stands for an error in the log: its place, without its words."""


def _without_text(error: Exception) -> tuple[type[_ActionError], _ActionError, Any]:
    """The error as the log may have it: where it happened, without what it says."""
    return _ActionError, _ActionError(type(error).__name__), error.__traceback__
