"""What was taken back is not searched for where nothing can have been: Rasa asks for it some ten times a turn."""

from __future__ import annotations

from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.shared.core.trackers",
        "DialogueStateTracker.applied_events",
        "e00ddaefc15915bef814b784f0a7a16fadf7c5c65f1c13d55cb39479d88d823e",
    ),
)

_TAKE_NOTHING_BACK = frozenset({ActionExecuted, BotUttered, DefinePrevUserUtteredFeaturization, SlotSet, UserUttered})
"""Kinds of events that leave those before them as they are, where no form is among them."""

RASAS_OWN = DialogueStateTracker.applied_events


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """Rasa's `DialogueStateTracker.applied_events`."""
    if _TAKE_NOTHING_BACK.issuperset(map(type, self.events)):
        return list(self.events)
    return RASAS_OWN(self)


def install() -> None:
    """Put it in the place of Rasa's own, in this process."""
    DialogueStateTracker.applied_events = applied_events
