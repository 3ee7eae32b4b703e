"""A tracker store that keeps nothing: each dialogue lives only during the turn that brought it.

`endpoints.yml` names this class. Without a gateway (`rasa shell`, `rasa test`) it is Rasa's store in memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.components.message_keys import TONE
from bot.brain.dialogue_state import only_offer
from bot.contract.names import REQUESTED_SLOT, RETURNED_BY_HUMAN
from bot.dialogue import current_turn
from bot.dialogue.current_turn import Mood
from bot.dialogue.form_input import OpenForm
from bot.dialogue.slot_mappings import fillings_of
from bot.nlu.tone.trend import WINDOW, Earlier

HANDED_OVER = "upset_handed_over"
"""The slot that an action sets when it hands over for the customer's tone, and empties when they are back."""


class WarmlineTrackerStore(InMemoryTrackerStore):
    """Hands out the dialogue that the turn lends, and gives the turn the new one."""

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue so far, or None at its beginning; tells the pipeline what of it matters."""
        turn = current_turn.current()
        # The channel has rebuilt it already: Rasa would take an error here for a database that is away, and go on with
        # an empty dialogue in memory.
        tracker = await super().retrieve(sender_id) if turn is None else turn.lent
        current_turn.set_open_form(open_form(tracker, self.domain) if tracker is not None else None)
        current_turn.set_mood(mood_of(tracker) if tracker is not None else Mood())
        current_turn.set_offered(only_offer(tracker) if tracker is not None else None)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Leave the dialogue with the turn; nothing is kept here."""
        turn = current_turn.current()
        if turn is None:
            await super().save(tracker)
        else:
            turn.tracker = tracker


def open_form(tracker: DialogueStateTracker, domain: Domain) -> OpenForm | None:
    """The form that waits for an answer, and what fills its requested slot by the domain's mappings."""
    name = tracker.active_loop_name
    if not name:
        return None
    requested = tracker.get_slot(REQUESTED_SLOT)
    slot = tracker.slots.get(requested) if requested else None
    return OpenForm(name, requested, fillings_of(slot.mappings if slot is not None else (), name, requested))


def mood_of(tracker: DialogueStateTracker) -> Mood:
    """How the customer's last messages sounded; what was before a human handed the conversation back is forgotten."""
    earlier: list[Earlier] = []
    for event in reversed(tracker.events):
        if not isinstance(event, UserUttered):
            continue
        if event.intent_name == RETURNED_BY_HUMAN or len(earlier) == WINDOW - 1:
            break
        sounded = event.parse_data.get(TONE)
        if isinstance(sounded, Mapping) and event.text:
            earlier.append(Earlier(event.text, float(sounded["message"])))
    slot = tracker.slots.get(HANDED_OVER)
    return Mood(tuple(reversed(earlier)), bool(slot is not None and slot.value))
