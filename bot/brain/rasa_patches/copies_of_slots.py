"""A slot is copied without the detour that `copy.copy` takes: Rasa copies each slot some twenty times a turn."""

from __future__ import annotations

from rasa.shared.core.slots import Slot

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.shared.core.trackers",
        "DialogueStateTracker.__init__",
        "8d424aecbb063228776b962be8e4b05de818104848b5fda90504bdc22ce85272",
    ),
)
"""The one place where slots are copied, with `copy.copy`; a slot says nothing about how it is copied."""


def copy_of_slot(self: Slot) -> Slot:
    """What `copy.copy` makes of a slot."""
    copied = object.__new__(type(self))
    copied.__dict__.update(self.__dict__)
    return copied


def install() -> None:
    """Say so, in this process."""
    Slot.__copy__ = copy_of_slot
