"""A tracker store that keeps nothing: each dialogue lives only during the turn that brought it.

`endpoints.yml` names this class. Without a gateway (`rasa shell`, `rasa test`) it is Rasa's store in memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.brain.components.message_keys import TALK, TONE
from bot.brain.dialogue_state import NO_FORM, done_last, last_decision, only_offer, stands_of
from bot.contract.names import REQUESTED_SLOT, RETURNED_BY_HUMAN, TAKES_COMPLAINT
from bot.dialogue import current_turn
from bot.dialogue.current_turn import Mood
from bot.dialogue.form_input import OpenForm
from bot.dialogue.slot_mappings import entities_of, fillings_of
from bot.dialogue.talk import NOTHING_SAID
from bot.nlu.reading.acts import ASKS_AGAIN
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
        tell_pipeline(tracker, self.domain)
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Leave the dialogue with the turn; nothing is kept here."""
        turn = current_turn.current()
        if turn is None:
            await super().save(tracker)
        else:
            turn.tracker = tracker


def tell_pipeline(tracker: DialogueStateTracker | None, domain: Domain) -> None:
    """Leave what of a dialogue matters to the pipeline where its components look for it; None at the beginning."""
    current_turn.set_open_form(open_form(tracker, domain) if tracker is not None else None)
    current_turn.set_mood(mood_of(tracker) if tracker is not None else Mood())
    current_turn.set_offered(only_offer(tracker) if tracker is not None else None)
    current_turn.set_stands(stands_of(tracker, domain.responses) if tracker is not None else NOTHING_SAID)
    current_turn.set_done_last(done_last(tracker) if tracker is not None else "")
    current_turn.set_last_decision(last_decision(tracker) if tracker is not None else "")


def open_form(tracker: DialogueStateTracker, domain: Domain) -> OpenForm | None:
    """The form that waits for an answer, and what fills its requested slot by the domain's mappings."""
    name = tracker.active_loop_name
    if name in NO_FORM:
        return None
    requested = tracker.get_slot(REQUESTED_SLOT)
    slot = tracker.slots.get(requested) if requested else None
    asked = [
        (each, tracker.slots[each].mappings) for each in domain.required_slots_for_form(name) if each in tracker.slots
    ]
    fillings = fillings_of(slot.mappings if slot is not None else (), name, requested)
    return OpenForm(name, requested, fillings, entities_of(asked, name))


def mood_of(tracker: DialogueStateTracker) -> Mood:
    """How the customer's last messages sounded; what was before a human handed the conversation back is forgotten."""
    earlier: list[Earlier] = []
    for event in reversed(tracker.events):
        if not isinstance(event, UserUttered):
            continue
        if event.intent_name == RETURNED_BY_HUMAN or len(earlier) == WINDOW - 1:
            break
        sounded = event.parse_data.get(TONE)
        if (event.parse_data.get(TALK) or {}).get("act") in ASKS_AGAIN:
            continue  # "are you sure?" is no anger
        if isinstance(sounded, Mapping) and event.text:
            earlier.append(Earlier(event.text, float(sounded["message"])))
    slot = tracker.slots.get(HANDED_OVER)
    return Mood(tuple(reversed(earlier)), bool(slot is not None and slot.value), _complains(tracker))


def _complains(tracker: DialogueStateTracker) -> bool:
    """Whether the last thing that was done is that a complaint was heard."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return False
        if isinstance(event, ActionExecuted) and event.action_name == TAKES_COMPLAINT:
            return True
    return False
